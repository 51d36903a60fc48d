"""What is proposed for mistyped words."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.retrieval.compounds import split
from allmende.retrieval.directory import Home
from allmende.retrieval.mistakes import DOUBLED, HEARD, NEXT_KEY, ORDINARY, SPELT_OUT, SWAPPED, distance
from allmende.retrieval.protocol import Document, Query, Result
from allmende.retrieval.spelling import MOST_COMMON
from allmende.retrieval.surfaces import FOLDER, WORDLIST_VERSION
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.retrieval.text import normalise
from tests.retrieval.conftest import DEFINITION
from tests.retrieval.typos import OTHER_SPELLINGS, OTHER_WORDS, RIGHT, SPLIT_OR_JOINED, TYPOS


def catalogue() -> list[Document]:
    meant = sorted({*TYPOS.values(), "Termin", "Bauantrag", "Hundesteuer", "anmelden"})
    documents = [Document(f"m{n}", "solution", word, {"title": word}) for n, word in enumerate(meant)]
    return [
        *documents,
        *(
            Document(f"o{n}", "solution", word, {"summary": word})
            for n, word in enumerate(OTHER_WORDS.split())
        ),
        Document("s1", "solution", "Sperrmüll", {"title": "Sperrmüll anmelden"}),
        Document("s2", "solution", "Hundesteuer", {"title": "Hundesteuer online anmelden"}),
        Document("s3", "solution", "Bauantrag", {"title": "Bauantrag online stellen"}),
        Document("s5", "solution", "Licht", {"title": "Beleuchtung für den Parkplatz"}),
        Document("s4", "solution", "Termin", {"title": "Einen Termin buchen"}),
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    index = TantivyIndex(tmp_path_factory.mktemp("spelling") / "index", DEFINITION)
    index.rebuild(catalogue)
    return index


def corrected(index: TantivyIndex, text: str) -> str:
    return index.search(Query(text)).corrected


def understood(index: TantivyIndex, typed: str, meant: str) -> bool:
    """Corrected, or found as typed because the analysis reads it that way (parts of compounds, linking letters)."""
    result = index.search(Query(typed))
    if result.corrected:
        return result.corrected == meant
    return not result.unknown and result.hits[0].id == index.search(Query(meant)).hits[0].id


@pytest.mark.parametrize(("typed", "meant"), [*TYPOS.items(), *OTHER_SPELLINGS.items()])
def test_a_mistyped_word_is_recognised(filled: TantivyIndex, typed: str, meant: str) -> None:
    assert understood(filled, typed, meant)


@pytest.mark.parametrize(("typed", "meant"), SPLIT_OR_JOINED.items())
def test_words_wrongly_apart_or_together_are_recognised(filled: TantivyIndex, typed: str, meant: str) -> None:
    assert understood(filled, typed, meant)


@pytest.mark.parametrize("right", RIGHT)
def test_a_right_word_is_left_alone(filled: TantivyIndex, right: str) -> None:
    assert corrected(filled, right) == ""


def test_only_the_unknown_word_of_a_query_is_replaced(filled: TantivyIndex) -> None:
    assert corrected(filled, "  Hundesteier, online anmelden!") == "  Hundesteuer, online anmelden!"


def test_several_mistyped_words_are_replaced_at_once(filled: TantivyIndex) -> None:
    assert corrected(filled, "Hundesteier onlien anmedlen") == "Hundesteuer online anmelden"


def test_a_word_nobody_knows_does_not_keep_another_from_being_corrected(filled: TantivyIndex) -> None:
    assert corrected(filled, "Raumschiff Wohngelt") == "Raumschiff Wohngeld"


def test_the_letter_before_a_hyphen_stays(filled: TantivyIndex) -> None:
    assert corrected(filled, "E-Rechnunng") == "E-Rechnung"


def test_another_ending_does_not_hide_the_word(filled: TantivyIndex) -> None:
    assert corrected(filled, "Terminvereinbarrungen") == "Terminvereinbarung"


def test_a_part_of_a_compound_that_no_text_has_is_corrected(filled: TantivyIndex) -> None:
    assert corrected(filled, "Parkplatzbeleuchtunng") == "Parkplatzbeleuchtung"
    assert corrected(filled, "Theaterbeleuchtunng") == ""


def test_of_two_words_as_near_the_one_that_finds_more_is_proposed(
    embedded: Callable[[], TantivyIndex],
) -> None:
    index = embedded()
    index.rebuild(
        lambda: [
            Document("a", "solution", "A", {"title": "Vortrag"}),
            *(Document(f"b{n}", "solution", "B", {"title": "Vertrag"}) for n in range(3)),
        ]
    )
    assert corrected(index, "Vxrtrag") == "Vertrag"
    index.put(Document(f"c{n}", "solution", "C", {"title": "Vortrag"}) for n in range(9))
    assert corrected(index, "Vxrtrag") == "Vortrag"


def test_a_word_is_proposed_as_texts_write_it_most_often(embedded: Callable[[], TantivyIndex]) -> None:
    index = embedded()
    index.rebuild(
        lambda: [Document("a", "solution", "A", {"title": "SPERRMÜLL", "body": "Sperrmüll und Sperrmüll"})]
    )
    assert corrected(index, "spermül") == "Sperrmüll"


def test_beside_words_that_are_found_only_what_is_quite_near_is_proposed(
    embedded: Callable[[], TantivyIndex],
) -> None:
    index = embedded()
    index.rebuild(
        lambda: [
            Document("a", "solution", "A", {"title": "Falschparken wird geahndet"}),
            Document("b", "solution", "B", {"title": "Nachricht an alle"}),
        ]
    )
    assert corrected(index, "Nachricht gesendet") == ""
    assert corrected(index, "Nachricht geandet") == "Nachricht geahndet"
    assert corrected(index, "gesendet") == "geahndet"


def test_words_come_and_go_with_the_entries_they_stand_in(embedded: Callable[[], TantivyIndex]) -> None:
    index = embedded()
    index.rebuild(list)
    assert corrected(index, "Sperrmül") == ""
    index.put([Document("a", "solution", "A", {"title": "Sperrmüll"})])
    assert corrected(index, "Sperrmül") == "Sperrmüll"
    index.put([Document("a", "solution", "A", {"title": "Grünschnitt"})])
    assert (corrected(index, "Sperrmül"), corrected(index, "Grünschnit")) == ("", "Grünschnitt")
    index.remove(["a"])
    assert corrected(index, "Grünschnit") == ""
    index.put([Document("b", "solution", "B", {"title": "Sperrmüll"})])
    assert corrected(index, "Sperrmül") == "Sperrmüll"


def test_nothing_outside_the_readers_scope_is_proposed(embedded: Callable[[], TantivyIndex]) -> None:
    index = embedded()
    index.rebuild(
        lambda: [
            Document("a", "draft", "A", {"title": "Sperrmüll"}),
            Document("b", "solution", "B", {"title": "Baum"}),
        ]
    )
    assert index.search(Query("Sperrmül", scope={"kind": ["solution"]})).corrected == ""
    assert index.search(Query("Sperrmül", scope={"kind": ["draft"]})).corrected == "Sperrmüll"


def test_filters_change_nothing(filled: TantivyIndex) -> None:
    result = filled.search(Query("Wohngelt", filters={"field": ["verkehr"]}))
    assert (result.total, result.corrected) == (0, "Wohngeld")


def test_without_its_words_an_index_answers_and_says_what_it_lacks(
    embedded: Callable[[], TantivyIndex],
) -> None:
    index = embedded()
    index.rebuild(lambda: [Document("a", "solution", "A", {"title": "Sperrmüll"})])
    shutil.rmtree(Home(index.root).current() / FOLDER)
    index = embedded()
    assert (index.search(Query("Sperrmüll")).total, corrected(index, "Sperrmül")) == (1, "")
    assert index.stats().needs_rebuild == "without a list of its words that can be read"
    index.rebuild(lambda: [Document("a", "solution", "A", {"title": "Sperrmüll"})])
    assert (corrected(index, "Sperrmül"), index.stats().needs_rebuild) == ("Sperrmüll", "")


LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzäöüß")


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A word of the catalogue, and the same with one letter wrong, missing, added or swapped."""
    word = draw(st.sampled_from([word for word in TYPOS.values() if len(word) > 6 and word.isalpha()]))
    at = draw(st.integers(1, len(word) - 2))
    letter = draw(LETTERS)
    kinds = [
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ]
    return word, draw(st.sampled_from(kinds))


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ("Bundesteuer", "Hundesteuer"),
        ("Hauskauf", "Hauslauf"),
        ("Radwege", "Badwege"),
        ("Grundstück", "Mundstück"),
    ],
)
def test_a_word_made_of_known_words_is_no_mistake_for_another(
    embedded: Callable[[], TantivyIndex], there: str, typed: str
) -> None:
    index = embedded()
    index.rebuild(lambda: [Document(str(n), "solution", "A", {"title": there}) for n in range(3)])
    assert corrected(index, typed) == ""


FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(slips())
def test_one_slip_in_a_long_word_leads_to_it_or_to_a_nearer_one(
    filled: TantivyIndex, slip: tuple[str, str]
) -> None:
    word, typed = slip
    result = filled.search(Query(typed))
    if result.unknown and not split(typed):
        there = distance(normalise(typed), normalise(word), 2.0)
        assert result.corrected
        assert distance(normalise(typed), normalise(result.corrected), 2.0) <= there + MOST_COMMON


WORDS = st.sampled_from([*TYPOS, *RIGHT, *OTHER_WORDS.split(), "für", "die", "E-Akte"])


@FEW
@given(st.lists(WORDS | st.text(max_size=8), max_size=6).map(" ".join), st.booleans())
def test_a_proposal_finds_as_many_words_as_before_and_no_fewer_entries(
    filled: TantivyIndex, typed: str, any_word: bool
) -> None:
    query = Query(typed, any_word=any_word)
    before = filled.search(query)
    if not before.corrected:
        return
    after = filled.search(replace(query, text=before.corrected))
    assert before.corrected != typed
    assert standing(after) >= standing(before)
    assert len(after.unknown) <= len(before.unknown)
    assert filled.search(query).corrected == before.corrected


def standing(result: Result) -> tuple[float, int]:
    return (result.required / max(1, len(result.words)) if result.total else 0.0), result.total


@FEW
@given(st.lists(st.sampled_from(OTHER_WORDS.split()), max_size=3), st.sampled_from(sorted(TYPOS)))
def test_known_words_stay_as_they_are(filled: TantivyIndex, known: list[str], mistyped: str) -> None:
    """Unless two of them, or one and its unknown neighbour, are one word in the texts."""
    proposal = corrected(filled, ", ".join([*known, mistyped]))
    assert not proposal or proposal.split(", ")[: len(known)] == known


@FEW
@given(st.text(max_size=12), st.text(max_size=12), st.floats(0, 4))
def test_the_distance_is_that_of_damerau_and_levenshtein_or_less(one: str, other: str, limit: float) -> None:
    found = distance(one, other, limit)
    assert found == distance(one, other, limit)
    assert (found == 0.0) == (one == other)
    assert found == float("inf") or 0.0 <= found <= limit


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("baum", "baum", 0.0),
        ("strase", "straße", DOUBLED),
        ("strasse", "straße", SPELT_OUT),
        ("maengel", "mängel", SPELT_OUT),
        ("gebür", "gebühr", DOUBLED),
        ("ammt", "amt", DOUBLED),
        ("beschied", "bescheid", DOUBLED),
        ("wohngelt", "wohngeld", HEARD),
        ("bauanrtag", "bauantrag", SWAPPED),
        ("bsum", "baum", NEXT_KEY),
        ("bxum", "baum", ORDINARY),
        ("bum", "baum", ORDINARY),
        ("xx", "baum", float("inf")),
    ],
)
def test_what_is_easily_mistyped_costs_less(typed: str, meant: str, expected: float) -> None:
    assert distance(typed, meant, 2.0) == expected


def test_an_index_with_a_list_of_words_of_before_answers_takes_changes_and_asks_for_a_rebuild(
    embedded: Callable[[], TantivyIndex],
) -> None:
    embedded().rebuild(catalogue)
    directory = Home(embedded().root).current()
    about = json.loads((directory / "about.json").read_text())
    assert about.pop("wordlist") == WORDLIST_VERSION
    (directory / "about.json").write_text(json.dumps(about))
    (directory / FOLDER).rename(directory / "words")

    index = embedded()
    assert index.stats().needs_rebuild == "made with another wordlist"
    index.put([Document("new", "solution", "Zaubermühle", {"title": "Zaubermühle"})])
    assert [hit.id for hit in index.search(Query("Zaubermühle")).hits] == ["new"]
    assert corrected(index, "Zaubermüle") == "Zaubermühle"
    assert embedded().stats().needs_rebuild == "made with another wordlist"
    index.rebuild(lambda: [Document("new", "solution", "Zaubermühle", {"title": "Zaubermühle"})])
    assert index.stats().needs_rebuild == ""
