"""Words for the sort of thing that an entry is: they find it, count little and say what they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from allmende.retrieval.protocol import Alternative, Document, How, Query
from allmende.retrieval.tantivy_index import TantivyIndex
from tests.retrieval.conftest import DEFINITION

SORTED = replace(DEFINITION, classes=("sorts",))


def entry(identity: str, body: str, sorts: str = "") -> Document:
    return Document(identity, "solution", identity, {"title": "Name", "body": body, "sorts": sorts})


CATALOGUE = [
    entry("wallbox", "Lädt Autos", "Energie Straßenbeleuchtung"),
    entry("rechnung", "Rechnet aus", "Energie Straßenbeleuchtung"),
    entry(
        "lampe", "Ein langer Text, in dem irgendwo auch die Straßenbeleuchtung steht. " + "Mehr davon. " * 80
    ),
    entry("beides", "Steuert die Straßenbeleuchtung", "Energie Straßenbeleuchtung"),
    *(entry(f"e{number}", "Etwas anderes") for number in range(20)),
]


@pytest.fixture
def filled(tmp_path: Path) -> TantivyIndex:
    index = TantivyIndex(tmp_path / "index", SORTED)
    index.rebuild(lambda: CATALOGUE)
    return index


def ids(index: TantivyIndex, query: Query) -> list[str]:
    return [hit.id for hit in index.search(query).hits]


@pytest.mark.parametrize("typed", ["Straßenbeleuchtung", "Beleuchtung Straßen", "strassenbeleuchtungen"])
def test_what_says_a_word_itself_comes_before_all_that_are_only_of_its_sort(
    filled: TantivyIndex, typed: str
) -> None:
    found = ids(filled, Query(typed))
    assert (found[:2], sorted(found[2:])) == (["beides", "lampe"], ["rechnung", "wallbox"])


def test_a_sort_counts_far_less_than_one_word_in_a_long_text(filled: TantivyIndex) -> None:
    hits = {hit.id: hit.score for hit in filled.search(Query("Straßenbeleuchtung")).hits}
    assert 0 < 3 * hits["wallbox"] < hits["lampe"]


def test_a_sort_completes_what_a_text_says(filled: TantivyIndex) -> None:
    result = filled.search(Query("Energie Autos"))
    assert ([hit.id for hit in result.hits], result.required, result.unknown) == (["wallbox"], 2, ())


def test_a_word_is_told_as_that_of_a_sort_and_as_nothing_else(filled: TantivyIndex) -> None:
    explanation = filled.explain(Query("Straßenbeleuchtung"), "wallbox")
    assert explanation is not None
    assert [(one.how, one.found, one.fields) for one in explanation.evidence] == [
        (How.CLASS, ("Straßenbeleuchtung",), ("sorts",))
    ]
    assert explanation.missing == ()
    assert explanation.score == pytest.approx(sum(one.score for one in explanation.evidence))


def test_words_of_the_text_are_not_looked_for_among_those_of_the_sort(filled: TantivyIndex) -> None:
    explanation = filled.explain(Query("Straßenbeleuchtung"), "beides")
    assert explanation is not None
    assert {(one.how, one.fields) for one in explanation.evidence} == {
        (How.WORD, ("body",)),
        (How.PART, ("body",)),
        (How.NEIGHBOURS, ("body",)),
        (How.CLASS, ("sorts",)),
    }


def test_another_word_for_it_is_found_in_a_sort_and_counts_still_less(filled: TantivyIndex) -> None:
    other = Alternative("Laternen", "Straßenbeleuchtung", "Vokabular")
    hits = {hit.id: hit.score for hit in filled.search(Query("Laternen", alternatives=(other,))).hits}
    directly = {hit.id: hit.score for hit in filled.search(Query("Straßenbeleuchtung")).hits}
    assert set(hits) == {"beides", "lampe", "rechnung", "wallbox"}
    assert hits["wallbox"] == pytest.approx(directly["wallbox"] / 2)


def test_an_index_made_before_there_were_sorts_answers_on_and_asks_to_be_made_anew(tmp_path: Path) -> None:
    TantivyIndex(tmp_path / "index", DEFINITION).rebuild(lambda: CATALOGUE)
    index = TantivyIndex(tmp_path / "index", SORTED)
    assert sorted(ids(index, Query("Straßenbeleuchtung"))) == ["beides", "lampe"]
    assert index.stats().needs_rebuild == "made with another definition"
    index.put([entry("neu", "Neu", "Straßenbeleuchtung")])
    assert sorted(ids(index, Query("Straßenbeleuchtung"))) == ["beides", "lampe"]
    index.rebuild(lambda: CATALOGUE)
    assert len(ids(index, Query("Straßenbeleuchtung"))) == 4
