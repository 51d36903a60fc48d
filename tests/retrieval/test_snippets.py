from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.protocol import Fragment
from allmende.retrieval.snippets import SNIPPET_LENGTH, highlight, snippet
from allmende.retrieval.text import query_tokens

FIELDS = ("summary", "body")


def words(typed: str) -> list[str]:
    return [token.word for token in query_tokens(typed)]


def shown(fragments: tuple[Fragment, ...]) -> str:
    return "".join(f"[{one.text}]" if one.highlighted else one.text for one in fragments)


def test_asked_words_are_marked_in_whatever_form_they_stand() -> None:
    assert shown(highlight("Die Straßen, der Maengelmelder.", words("Mängelmelder Strasse"))) == (
        "Die [Straßen], der [Maengelmelder]."
    )


def test_a_word_with_two_readings_is_marked_once() -> None:
    assert shown(highlight("Die E-Akte kommt", words("E-Akte") + words("Akte"))) == "Die [E-Akte] kommt"


def test_the_field_that_shows_more_of_the_words_wins_and_the_first_of_equals() -> None:
    texts = {"summary": "Meldet Schäden", "body": "Schäden an Straßen"}
    assert shown(snippet(texts, FIELDS, words("Schaden Straße"))) == "[Schäden] an [Straßen]"
    assert shown(snippet(texts, FIELDS, words("Schaden"))) == "Meldet [Schäden]"


def test_without_an_asked_word_the_first_field_begins() -> None:
    texts = {"summary": "", "body": "wort " * 100}
    assert shown(snippet(texts, FIELDS, [])).startswith("wort wort")
    assert shown(snippet(texts, FIELDS, [])).endswith("wort …")


def test_nothing_to_show_is_nothing() -> None:
    assert snippet({}, FIELDS, words("Straße")) == ()


def test_a_late_word_is_shown_with_what_stands_around_it() -> None:
    text = "eins " * 150 + "Straße und Weg " + "zwei " * 150
    cut = shown(snippet({"body": text}, FIELDS, words("Straße Weg")))
    assert cut.startswith("… eins")
    assert "eins [Straße] und [Weg] zwei" in cut
    assert cut.endswith("zwei …")


def test_the_densest_stretch_is_chosen() -> None:
    text = "Straße " + "eins " * 100 + "Weg und Straße " + "zwei " * 100
    assert "[Weg] und [Straße]" in shown(snippet({"body": text}, FIELDS, words("Straße Weg")))


def test_a_text_without_blanks_is_cut_all_the_same() -> None:
    assert len(shown(snippet({"body": "x" * 5_000}, FIELDS, words("Straße")))) == SNIPPET_LENGTH + 2


@given(st.text(max_size=600), st.text(max_size=40))
def test_fragments_are_pieces_of_the_text_in_order(text: str, typed: str) -> None:
    assert "".join(one.text for one in highlight(text, words(typed))) == text
    cut = "".join(one.text for one in snippet({"body": text}, FIELDS, words(typed)))
    assert cut.removeprefix("… ").removesuffix(" …") in text or cut in text
    assert len(cut) <= SNIPPET_LENGTH + 4


def test_a_word_is_marked_for_its_part_and_a_part_for_the_word() -> None:
    assert shown(highlight("Genehmigung, Baugenehmigungsverfahren, Bau", words("Genehmigung"))) == (
        "[Genehmigung], [Baugenehmigungsverfahren], Bau"
    )
    [asked] = query_tokens("Baugenehmigung")
    assert (
        shown(highlight("Genehmigung für den Umbau", [asked.word, *asked.parts]))
        == "[Genehmigung] für den Umbau"
    )


def test_the_place_is_found_however_a_word_is_spelled() -> None:
    for typed, written in (
        ("Straße", "STRASSENFEST"),
        ("Strasse", "Wasserstraßen"),
        ("E-Akte", "E-Akten"),
        ("Fuß", "Fussweg"),
        ("Grün", "Gruenflaeche"),
        ("Museum", "Museen"),
        ("Virus", "Virenschutz"),
        ("Thema", "Themen"),
        ("Kriterium", "Kriterien"),
        ("Stadt", "Großstädte"),
    ):
        text = "eins " * 150 + f"({written}) " + "zwei " * 100
        [asked] = query_tokens(typed)
        cut = shown(snippet({"body": text}, FIELDS, [asked.word, *asked.parts]))
        assert f"eins ([{written}]) zwei" in cut


def test_a_form_unlike_its_word_is_marked_in_a_name_and_not_looked_for_in_long_texts() -> None:
    assert shown(highlight("Fachleute", words("Mann"))) == "[Fachleute]"
    assert shown(snippet({"body": "Fachleute"}, FIELDS, words("Mann"))) == "Fachleute"


@given(st.text("Straße Wegéäö-ﬁİ\u0308\u00ad", max_size=400), st.text("Straße Wegéäö", max_size=12))
def test_what_is_marked_in_a_piece_is_marked_in_the_whole(text: str, typed: str) -> None:
    asked = words(typed)
    cut = "".join(
        f"[{one.text}]" if one.highlighted else one.text for one in snippet({"body": text}, FIELDS, asked)
    )
    assert cut.removeprefix("… ").removesuffix(" …") in shown(highlight(text, asked))
