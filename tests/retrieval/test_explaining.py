"""Why an entry stands where it stands: everything that is said can be checked against the search itself."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.retrieval import explaining, ordering
from allmende.retrieval.protocol import (
    COUNTED,
    Alternative,
    Document,
    Evidence,
    Explanation,
    How,
    Query,
    Result,
)
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.retrieval.ties import tie
from tests.retrieval.conftest import DEFINITION, emptied_at_last
from tests.retrieval.test_against_reference import documents, queries

Embedded = Callable[[], TantivyIndex]

CATALOGUE = [
    Document(
        "b1",
        "solution",
        "Mängelmelder",
        {"title": "Mängelmelder", "summary": "Menschen melden Mängel an Straßen", "body": "Für jede Straße."},
        {"field": ("verkehr",)},
        {"published": 3},
    ),
    Document(
        "c1",
        "solution",
        "Genehmigung",
        {"title": "Genehmigung für den Bau", "body": "Antrag auf Baugenehmigung und Genehmigungen am Bau"},
        {"field": ("bauen",)},
        {"published": 2},
    ),
    Document(
        "d1",
        "solution",
        "Parken",
        {"title": "Handyparken", "summary": "Parken per Telefon"},
        {},
        {"published": 1},
    ),
    *(Document(f"t{n}", "solution", "Zwilling", {"title": "Zwilling"}) for n in range(5)),
]


@pytest.fixture
def filled(embedded: Embedded) -> TantivyIndex:
    index = embedded()
    index.rebuild(lambda: CATALOGUE)
    return index


def explained(index: TantivyIndex, query: Query, identity: str) -> Explanation:
    explanation = index.explain(query, identity)
    assert explanation is not None
    return explanation


def ways(explanation: Explanation) -> list[tuple[str, How, tuple[str, ...], tuple[str, ...]]]:
    return [(one.asked, one.how, one.found, one.fields) for one in explanation.evidence]


def test_a_word_is_shown_in_the_forms_and_fields_it_stands_in(filled: TantivyIndex) -> None:
    explanation = explained(filled, Query("strassen"), "b1")
    assert ways(explanation)[0] == ("strassen", How.WORD, ("Straßen", "Straße"), ("summary", "body"))
    assert (explanation.rank, explanation.total, explanation.equals, explanation.missing) == (1, 1, 0, ())
    assert {one.part for one in explanation.evidence} == {""}


def test_a_part_of_a_compound_is_shown_where_it_is_a_word_and_where_it_is_a_part(
    filled: TantivyIndex,
) -> None:
    explanation = explained(filled, Query("Baugenehmigung"), "c1")
    parts = {one.found for one in explanation.evidence if one.how is How.PART}
    assert ("Genehmigung", "Baugenehmigung", "Genehmigungen") in parts
    assert ("Bau", "Baugenehmigung") in parts
    assert {one.part for one in explanation.evidence if one.how is How.PART} == {"bau", "genehmigung"}
    assert {one.part for one in explanation.evidence if one.how is not How.PART} == {""}
    words = [one for one in explanation.evidence if one.how is How.WORD]
    assert [(one.found, one.fields) for one in words] == [(("Baugenehmigung",), ("body",))]


def test_a_synonym_says_whose_it_is(filled: TantivyIndex) -> None:
    query = Query("Falschparker", alternatives=(Alternative("Falschparker", "Handyparken", "Vokabular"),))
    (evidence,) = [one for one in explained(filled, query, "d1").evidence if one.how is How.SYNONYM]
    assert (evidence.asked, evidence.source) == ("Falschparker", "Vokabular")
    assert "Handyparken" in evidence.found


def test_what_an_entry_lacks_is_named_as_it_was_typed(filled: TantivyIndex) -> None:
    explanation = explained(filled, Query("Mängel RAUMSCHIFF online", any_word=True), "b1")
    assert explanation.missing == ("RAUMSCHIFF", "online")


def test_equals_are_counted_and_follow_by_the_rule_of_ties(filled: TantivyIndex) -> None:
    twins = sorted((f"t{n}" for n in range(5)), key=lambda one: tie("zwilling", one))
    found = [explained(filled, Query("Zwilling"), one) for one in twins]
    assert [(one.rank, one.equals) for one in found] == [(n, 4) for n in range(1, 6)]


def test_what_is_not_found_is_not_explained(filled: TantivyIndex) -> None:
    assert filled.explain(Query("Zwilling"), "b1") is None
    assert filled.explain(Query("Zwilling"), "nobody") is None
    assert filled.explain(Query("Mängel", filters={"field": ["bauen"]}), "b1") is None
    assert filled.explain(Query("Mängel", scope={"kind": ["town"]}), "b1") is None


def test_filters_move_the_rank_and_not_what_words_are_worth(filled: TantivyIndex) -> None:
    everything = explained(filled, Query("Bau Straßen", any_word=True), "b1")
    filtered = explained(filled, Query("Bau Straßen", any_word=True, filters={"field": ["verkehr"]}), "b1")
    assert (everything.total, filtered.total, filtered.rank) == (2, 1, 1)
    assert filtered.evidence == everything.evidence


def test_in_another_order_words_are_told_and_count_for_nothing(filled: TantivyIndex) -> None:
    explanation = explained(filled, Query("Bau Straßen", any_word=True, order="newest"), "b1")
    assert (explanation.rank, explanation.total, explanation.score) == (1, 2, 0.0)
    assert (explanation.lexical_weight, explanation.meaning_weight, explanation.weighing) == (
        0.0,
        0.0,
        "newest",
    )
    assert explanation.lexical == pytest.approx(sum(one.score for one in explanation.evidence), abs=1e-4)


def test_where_nothing_was_asked_there_is_a_rank_and_nothing_more(filled: TantivyIndex) -> None:
    explanation = explained(filled, Query(), "c1")
    assert (explanation.rank, explanation.total, explanation.score, explanation.evidence) == (2, 8, 0.0, ())


def test_the_rank_is_exact_as_far_as_it_is_counted(embedded: Embedded) -> None:
    index = embedded()
    index.rebuild(
        lambda: [
            Document(
                f"e{n:04}", "solution", f"E{n}", {"title": "Baum " * (1 + n % 7), "body": "Ast " * (n % 5)}
            )
            for n in range(1500)
        ]
    )
    hits = (
        index.search(Query("Baum", limit=1000)).hits
        + index.search(Query("Baum", offset=1000, limit=1000)).hits
    )
    for rank in (1, 2, 214, 215, 999, 1000, 1001, 1301, 1500):
        explanation = explained(index, Query("Baum"), hits[rank - 1].id)
        assert (explanation.rank, explanation.total) == (rank if rank <= COUNTED else None, 1500)
        assert explanation.score == pytest.approx(hits[rank - 1].score, abs=1e-4)
        assert_adds_up(explanation)
        equals = sum(hit.score == hits[rank - 1].score for hit in hits) - 1
        is_counted = hits[rank - 1].score > hits[COUNTED - 1].score
        assert explanation.equals == (equals if is_counted else None)


def test_further_back_than_is_counted_an_entry_is_explained_by_words_and_meaning_all_the_same(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "COUNTED", 5)
    monkeypatch.setattr(explaining, "COUNTED", 5)
    index = embedded()
    index.rebuild(
        lambda: [Document(f"e{n}", "solution", f"E{n}", {"title": "Baum " * (1 + n)}) for n in range(12)]
    )
    query = Query("Baum", meaning={f"e{n}": n / 100 for n in range(0, 12, 2)})
    for hit in index.search(query).hits:
        explanation = explained(index, query, hit.id)
        assert (explanation.score, explanation.similarity) == (
            pytest.approx(hit.score, abs=1e-4),
            hit.similarity,
        )
        assert_adds_up(explanation)
    ranks = [explained(index, query, hit.id).rank for hit in index.search(query).hits]
    assert ranks == [1, 2, 3, 4, 5, *[None] * 7]
    by_name = replace(query, order="name")
    found = [explained(index, by_name, hit.id).rank for hit in index.search(by_name).hits]
    assert found == [1, 2, 3, 4, 5, *[None] * 7]


alternatives = st.lists(
    st.builds(
        Alternative, st.sampled_from(("Straße", "Raumschiff", "Ort")), st.sampled_from(("Baum", "Wasser Ort"))
    ),
    max_size=2,
).map(tuple)
similarities = st.dictionaries(
    st.sampled_from([f"{letter}{number}" for letter in "abcxyz" for number in range(4)]),
    st.floats(-1, 1, width=32),
    max_size=8,
)
several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@several
@given(st.lists(documents, min_size=1, max_size=3), queries, alternatives, similarities)
def test_every_hit_is_explained_by_what_the_search_says(
    batches: list[list[Document]], query: Query, other: tuple[Alternative, ...], meaning: Mapping[str, float]
) -> None:
    query = replace(query, alternatives=other, meaning=meaning, offset=0, limit=100)
    with emptied_at_last() as folder:
        index = TantivyIndex(Path(folder) / "index", DEFINITION)
        index.rebuild(lambda: batches[0])
        for batch in batches[1:]:
            index.put(batch)
        result = index.search(query)
        for rank, hit in enumerate(result.hits, start=1):
            explanation = explained(index, query, hit.id)
            assert (explanation.rank, explanation.total) == (rank, result.total)
            assert explanation.score == pytest.approx(hit.score, abs=1e-4)
            assert explanation.similarity == hit.similarity
            assert_adds_up(explanation)
            if query.order == "relevance" and result.words:
                assert explanation.equals == same_score(result, hit.score)
        found = {hit.id for hit in result.hits}
        for document in batches[0]:
            assert (index.explain(query, document.id) is not None) == (document.id in found)


def test_hits_of_real_questions_to_real_pages_are_explained(shared_data: Path, embedded: Embedded) -> None:
    folder = shared_data / "retrieval" / "omos-qa"
    pages = [json.loads(line) for line in (folder / "documents.jsonl").read_text("utf-8").splitlines()[:150]]
    questions = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()[:12]]
    index = embedded()
    index.rebuild(
        lambda: [
            Document(page["id"], "page", page["title"], {"title": page["title"], "body": page["text"]})
            for page in pages
        ]
    )
    near = {page["id"]: (number % 90) / 100 for number, page in enumerate(pages)}
    for number, question in enumerate(questions):
        query = Query(question["text"], any_word=True, meaning=near if number % 2 else {}, limit=150)
        result = index.search(query)
        for rank in range(1, result.total, 29):
            explanation = explained(index, query, result.hits[rank - 1].id)
            assert (explanation.rank, explanation.total) == (rank, result.total)
            assert explanation.score == pytest.approx(result.hits[rank - 1].score, abs=1e-4)
            assert_adds_up(explanation)


def same_score(result: Result, score: float) -> int:
    return sum(hit.score == score for hit in result.hits) - 1


def assert_adds_up(explanation: Explanation) -> None:
    said = explanation
    assert sum(one.score for one in said.evidence) == pytest.approx(said.lexical, abs=1e-4)
    total = said.lexical_weight * said.lexical_share + said.meaning_weight * said.meaning_share
    assert total == pytest.approx(said.score, abs=1e-4)
    assert 0.0 <= said.lexical_share <= 1.0
    assert 0.0 <= said.meaning_share <= 1.0
    assert all(stands_somewhere(one) for one in said.evidence)


def stands_somewhere(evidence: Evidence) -> bool:
    return bool(evidence.found and evidence.fields and evidence.score > 0)
