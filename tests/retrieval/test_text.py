import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.retrieval import dictionary, joined
from allmende.retrieval.text import (
    ANALYSER_VERSION,
    MAX_QUERY_LENGTH,
    MAX_QUERY_WORDS,
    MAX_TOKEN_LENGTH,
    STOP_WORDS,
    analyser,
    clean,
    document_parts,
    document_words,
    fold,
    normalise,
    prefix_words,
    query_tokens,
    sort_key,
    stretches,
    surfaces,
    tokens,
)

german = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüßABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜẞ -", max_size=60)


def asked(typed: str) -> list[str]:
    return [token.word for token in query_tokens(typed)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mängelmelder", "Maengelmelder"),
        ("Straße", "Strasse"),
        ("STRAẞE", "straße"),
        ("Fußgängerüberweg", "Fussgaengerueberweg"),
        ("Bürgerbeteiligung", "Buergerbeteiligungen"),
        ("Fahrräder", "Fahrrad"),
        ("Häuser", "Haus"),
        ("Lösung", "Loesungen"),
        ("Bürger\u00adbeteiligung", "Bürgerbeteiligung"),
        ("Ma\u0308ngel", "Mängel"),
        ("Ｓｍａｒｔ", "smart"),
        ("Café", "Cafe"),
        ("E-Akte", "eAkte"),
        ("E\u2010Akte", "E\u2011Akte"),
        ("Bürger:innen", "Bürger"),
        ("Bürger*innen", "Bürger"),
        ("Bürger_innen", "Bürger"),
        ("Smart-City-Plattform", "smart city plattformen"),
        ("cities", "Cities"),
        ("data spaces", "Data Space"),
    ],
)
def test_two_spellings_meet(one: str, other: str) -> None:
    assert asked(one) == asked(other)


@pytest.mark.parametrize(("one", "other"), [("Quelle", "Qülle"), ("Akte", "E-Akte"), ("Haushalt", "Haus")])
def test_what_is_different_stays_apart(one: str, other: str) -> None:
    assert asked(one) != asked(other)


def test_the_electronic_file_is_found_as_a_file_but_not_the_other_way_round() -> None:
    assert document_words("E-Akte") == ["eakt", "akt"]
    assert asked("E-Akte") == ["eakt"]


def test_stop_words_go_in_both_languages_and_both_spellings() -> None:
    assert document_words("Die Stadt und für fuer über den Bürger of the city") == ["stadt", "burg", "city"]


def test_it_is_a_topic_and_no_pronoun() -> None:
    assert document_words("IT-Sicherheit") == ["it", "sich"]


def test_offsets_count_characters_of_the_text_as_it_came() -> None:
    typed = "Die „Mängel\u00admelder“ in \U0001f600 E-Akte"
    assert [(typed[token.start : token.end], token.word, token.extra) for token in tokens(typed)] == [
        ("Mängel\u00admelder", "mangelmeld", False),
        ("E-Akte", "eakt", False),
        ("E-Akte", "akt", True),
    ]


def test_only_wanted_words_are_given_where_some_are_named() -> None:
    assert [token.word for token in tokens("Bürger melden Schäden", only={"meld"})] == ["meld"]


def test_one_sign_may_be_several_words() -> None:
    assert document_words("½") == ["1", "2"]


def test_a_query_asks_for_each_word_once_and_for_not_too_many() -> None:
    assert asked("Straße Strassen straße") == ["strass"]
    assert len(asked(" ".join(f"wort{number}" for number in range(100)))) == MAX_QUERY_WORDS


def test_a_query_of_ten_million_characters_is_cut() -> None:
    assert asked("x " * 5_000_000) == ["x"]
    assert asked("a" * MAX_QUERY_LENGTH + "b") == ["a" * MAX_TOKEN_LENGTH]


def test_no_word_is_longer_than_a_word() -> None:
    assert document_words("z" * 500) == ["z" * MAX_TOKEN_LENGTH]


def test_stop_words_are_kept_folded() -> None:
    assert {word for word in STOP_WORDS if fold(word) != word} == set()


def test_names_are_ordered_as_in_a_phone_book_of_din_5007() -> None:
    names = ["Zug", "Ärger", "Arm", "ähnlich", "Öl", "Ofen", "Über-Land", "überall", "4. Stelle", "(Klammer)"]
    assert sorted(names, key=sort_key) == [
        "4. Stelle",
        "ähnlich",
        "Ärger",
        "Arm",
        "(Klammer)",
        "Ofen",
        "Öl",
        "Über-Land",
        "überall",
        "Zug",
    ]


def test_what_no_engine_takes_becomes_a_blank() -> None:
    assert clean("a\x00b\ud800c") == "a b c"


@given(st.text())
def test_normalising_twice_changes_nothing(typed: str) -> None:
    assert normalise(normalise(typed)) == normalise(typed)


@given(st.text())
def test_any_text_gives_words_that_survive_being_joined_and_split(typed: str) -> None:
    words = document_words(typed)
    assert " ".join(words).split() == words
    assert all(word.isalnum() and len(word) <= MAX_TOKEN_LENGTH for word in words)


@settings(max_examples=30)
@given(st.text())
def test_the_same_text_gives_the_same_words_whatever_was_kept_from_before(typed: str) -> None:
    words = document_words(typed)
    dictionary.forget()
    assert document_words(typed) == words


@given(german, german)
def test_words_do_not_depend_on_their_neighbours(one: str, other: str) -> None:
    assert document_words(f"{one} {other}") == document_words(one) + document_words(other)


@given(st.text())
def test_offsets_lie_in_the_text_and_ascend(typed: str) -> None:
    places = [(token.start, token.end) for token in tokens(typed)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(typed) for start, end in places)


@given(st.text())
def test_what_a_query_asks_for_is_found_in_the_same_text(typed: str) -> None:
    assert set(asked(typed[:MAX_QUERY_LENGTH])) <= set(document_words(typed))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=30), st.integers(1, 30))
def test_the_beginning_of_a_word_folds_to_a_beginning(word: str, length: int) -> None:
    assert fold(word).startswith(fold(word[:length]))


@given(st.text())
def test_prefix_words_have_letters_and_digits_only(typed: str) -> None:
    assert all(word.isalnum() for word in prefix_words(typed))


@given(st.text())
def test_a_sort_key_is_its_own_sort_key(name: str) -> None:
    assert sort_key(sort_key(name)) == sort_key(name)


def parts_of(typed: str) -> list[tuple[str, ...]]:
    return [token.parts for token in query_tokens(typed)]


def test_a_compound_has_the_stems_of_its_parts() -> None:
    [token] = query_tokens("Parkraumbewirtschaftung")
    assert token.parts == ("park", "raum", "bewirtschaft")


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Genehmigung", ()),
        ("Themen", ("thema",)),
        ("Büros", ("buro",)),
        ("Museen", ("museum",)),
        ("Bürgerbüro", ("burg", "buro")),
        ("Buergerbuero", ("burg", "buro")),
        ("E-Rechnungsworkflow", ()),
        ("Rechnungs-Workflow", ()),
    ],
)
def test_parts_of_words_that_differ_in_spelling(typed: str, parts: tuple[str, ...]) -> None:
    assert parts_of(typed)[0] == parts


@pytest.mark.parametrize(
    ("asked_for", "text"),
    [
        ("Baugenehmigung", "Genehmigung für den Bau"),
        ("Genehmigung", "Das Baugenehmigungsverfahren"),
        ("Parkraum", "Parkraumbewirtschaftung"),
        ("Radweg", "Fahrradwege"),
        ("Thema", "Die Themen der Sitzung"),
        ("Schulhöfe", "ein Hof an jeder Schule"),
        ("Kindergartenplatz", "Platz im Kindergarten"),
    ],
)
def test_the_parts_of_a_query_meet_those_of_a_text(asked_for: str, text: str) -> None:
    wanted = {part for token in query_tokens(asked_for) for part in token.parts or (token.word,)}
    assert wanted - set(document_parts(text)) == set()


@given(st.text())
def test_the_parts_that_a_query_asks_for_are_found_in_the_same_text(typed: str) -> None:
    wanted = {part for token in query_tokens(typed) for part in token.parts or (token.word,)}
    assert wanted - set(document_parts(typed)) == set()


written = st.one_of(
    st.text(),
    st.text(alphabet="aEäß1½_-\u2010.,\u00ad\u200b\u0301 \n\u00a0\u2028\x1c\x85"),
    st.lists(
        st.sampled_from(["Verwaltung,", "(Häuser", "E-Akte.", "Bau-", "und", "–", "Gebäude\u00adbrand"])
    ).map(" ".join),
)


@given(written)
def test_no_word_reaches_over_a_blank(typed: str) -> None:
    assert [word for stretch in stretches(typed) for word in surfaces(stretch)] == surfaces(typed)


@given(written)
def test_what_an_engine_gets_are_the_words_and_parts_of_the_text(typed: str) -> None:
    words, parts = joined.joined(stretches(typed))
    assert words.split() == document_words(typed)
    assert parts.split() == document_parts(typed)


@given(written)
def test_words_alone_say_the_same_as_with_what_stands_around_them(typed: str) -> None:
    assert [said.split() for said in joined.joined(surfaces(typed))] == [
        said.split() for said in joined.joined(stretches(typed))
    ]


def test_what_is_kept_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined, "KEPT", 10)
    dictionary.forget()
    text = " ".join(f"wort{number}, wort{number}" for number in range(100)) + " " + "x" * 5_000
    assert joined.joined(stretches(text))[0].split() == document_words(text)
    assert len(joined._kept) <= 10
    assert len(joined._kept._old) <= 10


@pytest.mark.parametrize(
    "typed",
    [
        "a" * 200_000,
        "ä" * 10_000,
        "und " * 3_000,
        "\x00\x1f\x7f" * 3_000,
        "E-" * 5_000,
        "مرحبا " * 2_000,
        "市役所" * 4_000,
    ],
)
def test_no_text_takes_long(typed: str) -> None:
    began = time.thread_time()
    document_parts(typed)
    query_tokens(typed)
    assert time.thread_time() - began < 1


def test_words_are_also_given_for_one_of_their_parts() -> None:
    text = "Das Baugenehmigungsverfahren und der Bauhof"
    assert [token.word for token in tokens(text, only={"genehm"})] == ["baugenehmigungsverfahr"]


def test_an_index_writes_down_which_lists_its_words_were_made_with() -> None:
    assert analyser() == f"{ANALYSER_VERSION}.{dictionary.fingerprint()}"


@given(
    st.lists(
        st.sampled_from(("Bau", "Genehmigung", "Baugenehmigung", "E-Akte", "der", "x" * 200)), max_size=9
    )
)
def test_looking_for_words_gives_those_tokens_that_are_one_or_have_it_as_a_part(said: list[str]) -> None:
    text = " ".join(said)
    for only in ({"genehm"}, {"bau", "akt"}, {"baugenehm"}, set()):
        wanted = [token for token in tokens(text) if only & {token.word, *token.parts}]
        assert list(tokens(text, only)) == wanted
        assert list(tokens(text, only)) == wanted, "kept words say the same again"
