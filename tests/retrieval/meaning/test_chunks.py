import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.meaning.chunks import chunks, pieces
from allmende.retrieval.protocol import Document

SENTENCE = "Die Stadt misst den Pegel des Baches jede Stunde."


def sentences(count: int) -> str:
    return " ".join(f"Satz {number} hat genau sechs Wörter." for number in range(count))


def test_a_short_text_is_one_piece_with_its_title() -> None:
    assert pieces("Pegelmesser", SENTENCE) == [f"Pegelmesser. {SENTENCE}"]


def test_a_title_alone_is_a_piece_and_nothing_is_none() -> None:
    assert pieces("Pegelmesser", " \n ") == ["Pegelmesser"]
    assert pieces("", SENTENCE) == [SENTENCE]
    assert pieces(" ", "\n\n") == []


def test_a_title_is_not_said_twice() -> None:
    assert pieces("Die Stadt", SENTENCE) == [SENTENCE]


def test_a_title_that_ends_as_a_sentence_gets_no_second_full_stop() -> None:
    assert pieces("Was steht an?", "Viel.") == ["Was steht an? Viel."]


def test_every_piece_begins_with_the_title() -> None:
    made = pieces("Register", sentences(100), words=60)
    assert len(made) == 10
    assert {piece.split(". ")[0] for piece in made} == {"Register"}


def test_pieces_end_where_sentences_do_and_are_about_equally_long() -> None:
    made = pieces("", sentences(13), words=60)
    assert [len(piece.split()) for piece in made] == [42, 36]
    assert {piece[-1] for piece in made} == {"."}


def test_a_piece_that_is_full_enough_ends_with_its_paragraph() -> None:
    text = f"{sentences(5)}\n\n{sentences(5)}"
    assert [len(piece.split()) for piece in pieces("", text, words=40)] == [30, 30]


def test_short_paragraphs_share_a_piece() -> None:
    assert pieces("", "Eins.\n\nZwei.\n\nDrei.") == ["Eins. Zwei. Drei."]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Das gilt bis zum 3. Oktober im Landkreis Süd.", "Das gilt bis zum 3."),
        ("Frage: Was nun? „Nichts.“ Danach geht es weiter.", "Frage:"),
        ("Preis z. B. vier Euro", "Preis z. B. vier Euro"),
    ],
)
def test_sentences_end_at_their_marks_before_a_capital_letter(text: str, first: str) -> None:
    assert pieces("", text, words=5)[0].startswith(first)


def test_a_sentence_without_end_is_cut() -> None:
    made = pieces("", "wort " * 250, words=100)
    assert [len(piece.split()) for piece in made] == [100, 100, 50]


def test_there_are_no_more_pieces_than_asked_for() -> None:
    assert len(pieces("Titel", sentences(1_000), words=60, most=5)) == 5


def test_a_title_without_end_is_cut() -> None:
    assert len(pieces("Wort " * 500, "Text.")[0].split()) == 31


def test_the_pieces_of_an_entry_are_those_of_all_its_texts_beneath_its_name() -> None:
    document = Document(
        "a", "solution", "Pegelmesser", {"title": "Pegelmesser", "summary": "Warnt.", "body": SENTENCE}
    )
    assert chunks(document) == [f"Pegelmesser. Warnt. {SENTENCE}"]


def test_an_entry_without_words_has_no_pieces() -> None:
    assert chunks(Document("a", "solution", "", {"body": " "})) == []


@given(st.text(), st.text(max_size=2_000), st.integers(1, 50))
def test_no_word_is_lost_or_told_twice_and_none_is_too_long(title: str, text: str, words: int) -> None:
    bodies = pieces("", text, words=words, most=10_000)
    assert " ".join(bodies).split() == text.split()
    assert all(0 < len(body.split()) <= words for body in bodies)
    with_title = pieces(title, text, words=words, most=10_000)
    assert len(with_title) == (len(bodies) or (1 if title.split() else 0))


@given(st.text(st.sampled_from("aB .!?\n:„“–1"), max_size=500))
def test_the_same_text_gives_the_same_pieces_however_its_blanks_are_written(text: str) -> None:
    spaced = text.replace(" ", " \t ")
    assert pieces("Titel", spaced) == pieces("Titel", text)
