"""Small random catalogues, random queries: the engine and the plain rules must say the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from allmende.retrieval.protocol import Alternative, Document, Hit, Index, Matching, Query, Range, Result
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.retrieval.text import query_tokens
from allmende.retrieval.ties import question, tie
from tests.retrieval.conftest import DEFINITION, emptied_at_last
from tests.retrieval.reference import ReferenceIndex

SIMPLE = ("Straße", "Baum", "Wasser", "E-Akte", "Maengel", "Mängel", "Bürger:innen", "Ort", "der", "4.0")
COMPOUNDS = ("Straßenbaum", "Wasserstraße", "Bäume", "Mängelmelder", "Arbeitgeber", "Arbeitgeberinnen")
WORDS = (*SIMPLE, *COMPOUNDS)
FIELDS = ("verkehr", "umwelt", "mit = und ä", "zwei worte")
LANDS = ("nrw", "hessen", "bayern")

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
values = st.lists(st.sampled_from(FIELDS), max_size=3).map(tuple)
identities = st.sampled_from([f"{letter}{number}" for letter in "abcxyz-é" for number in range(4)])
documents = st.lists(
    st.builds(
        Document,
        id=identities,
        kind=st.sampled_from(("solution", "town")),
        name=texts,
        texts=st.fixed_dictionaries({}, optional={"title": texts, "summary": texts, "body": texts}),
        facets=st.fixed_dictionaries(
            {}, optional={"field": values, "land": st.lists(st.sampled_from(LANDS), max_size=2).map(tuple)}
        ),
        numbers=st.fixed_dictionaries(
            {}, optional={"published": st.integers(-3, 3), "price": st.integers(0, 5)}
        ),
    ),
    max_size=15,
)
choices = st.dictionaries(
    st.sampled_from(("field", "land", "kind", "unknown")),
    st.lists(st.sampled_from((*FIELDS, *LANDS, "solution", "town", "x", "", "verkehr\x00")), max_size=3),
    max_size=3,
)
bounds = st.none() | st.integers(-4, 6)
phrases = st.lists(st.sampled_from((*WORDS, "Raumschiff")), max_size=2).map(" ".join)
queries = st.builds(
    Query,
    text=st.lists(st.sampled_from((*WORDS, "Raumschiff", "Raum", "Ortsbaum")), max_size=5).map(" ".join)
    | st.text(max_size=20),
    scope=st.just({}) | st.just({"kind": ["solution"]}) | choices,
    filters=choices,
    ranges=st.dictionaries(
        st.sampled_from(("published", "price")), st.builds(Range, bounds, bounds, st.booleans()), max_size=2
    ),
    order=st.sampled_from(("relevance", "name", "newest", "cheapest", "x")),
    offset=st.integers(-1, 30),
    limit=st.integers(0, 30),
    facets=st.just(("kind", "field", "land", "unknown")),
    any_word=st.booleans(),
    alternatives=st.lists(st.builds(Alternative, phrases, phrases), max_size=2).map(tuple),
    meaning=st.just({})
    | st.dictionaries(identities, st.sampled_from((-0.2, 0.1, 0.2, 0.3, 0.31, 0.42, 0.5, 0.9)), max_size=32),
)
several = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def filled(folder: str, batches: list[list[Document]], removed: list[str]) -> tuple[Index, Index]:
    """Both engines after the same life: a rebuild, some batches, some removals."""
    engines: tuple[Index, Index] = (
        TantivyIndex(Path(folder) / "index", DEFINITION),
        ReferenceIndex(DEFINITION),
    )
    for engine in engines:
        engine.rebuild(lambda: batches[0])
        for batch in batches[1:]:
            engine.put(batch)
        engine.remove(removed)
    return engines


def outline(result: Result) -> tuple[object, ...]:
    said = result.matching, result.words, result.unknown, result.required
    return result.total, result.by_words, result.facets, len(result.hits), said


def outward(hit: Hit) -> tuple[object, ...]:
    """What the rules say of a hit that no words rank: not what its words would give, and which of them are marked."""
    return hit.id, hit.kind, hit.score, hit.similarity


@several
@given(
    st.lists(documents, min_size=1, max_size=3),
    st.lists(st.sampled_from(["a1", "b2", "x3", "é0"])),
    st.lists(queries),
)
def test_totals_counts_and_orders_are_those_of_the_rules(
    batches: list[list[Document]], removed: list[str], asked: list[Query]
) -> None:
    with emptied_at_last() as folder:
        engine, rules = filled(folder, batches, removed)
        assert list(engine.contents()) == list(rules.contents())
        for query in asked:
            found, expected = engine.search(query), rules.search(query)
            assert outline(found) == outline(expected)
            if found.matching == Matching.NOTHING_ASKED or query.order in DEFINITION.orders:
                assert [outward(hit) for hit in found.hits] == [outward(hit) for hit in expected.hits]


@several
@given(st.lists(documents, min_size=1, max_size=3), queries)
def test_all_pages_together_are_every_hit_once_by_score_and_then_by_the_rule_of_ties(
    batches: list[list[Document]], query: Query
) -> None:
    with emptied_at_last() as folder:
        engine, rules = filled(folder, batches, [])
        everything = Query(**{**vars(query), "order": "relevance", "offset": 0, "limit": 100})
        hits = engine.search(everything).hits
        pages = [
            engine.search(Query(**{**vars(everything), "offset": offset, "limit": 3})).hits
            for offset in range(0, len(hits), 3)
        ]
        assert [hit for page in pages for hit in page] == list(hits)
        asked = bool(query_tokens(query.text))
        keys = [(-hit.score, *(tie(question(query.text), hit.id) if asked else (hit.id,))) for hit in hits]
        assert keys == sorted(keys)
        assert sorted(hit.id for hit in hits) == sorted(hit.id for hit in rules.search(everything).hits)


@several
@given(st.lists(documents, min_size=1, max_size=3), queries, st.integers(0, 100))
def test_everybody_stands_where_the_list_has_them(
    batches: list[list[Document]], query: Query, which: int
) -> None:
    with emptied_at_last() as folder:
        engine = filled(folder, batches, [])[0]
        everything = Query(**{**vars(query), "order": "relevance", "offset": 0, "limit": 100})
        reader = engine._reader()  # type: ignore[attr-defined]
        result = engine.search(everything)
        found = {hit.id for hit in result.hits}
        missing = [
            f"{letter}{number}" for letter in "abc" for number in range(4) if f"{letter}{number}" not in found
        ]
        assert [reader.standing(everything, one) for one in missing] == [None] * len(missing)
        if not result.hits or result.matching == Matching.NOTHING_ASKED:
            return
        place = which % len(result.hits)
        hit, standing = result.hits[place], reader.standing(everything, result.hits[place].id)
        scores = [one.score for one in result.hits]
        assert (standing.rank, standing.total, standing.lexical) == (place + 1, result.total, hit.lexical)
        assert standing.equals == scores.count(hit.score) - 1
        assert standing.similarity == hit.similarity
        weighed = standing.weighing
        assert weighed.lexical_weight + weighed.meaning_weight == pytest.approx(1.0)
        if everything.meaning:
            assert standing.fused.score == hit.score
            assert hit.score == pytest.approx(
                weighed.lexical_weight * standing.fused.lexical_share
                + weighed.meaning_weight * standing.fused.meaning_share
            )


@several
@given(st.lists(documents, min_size=1, max_size=2), queries)
def test_a_count_says_what_choosing_the_value_shows(batches: list[list[Document]], query: Query) -> None:
    with emptied_at_last() as folder:
        engine, _ = filled(folder, batches, [])
        counts = engine.search(query).facets
        for facet, counted in counts.items():
            for value, count in counted.items():
                chosen = Query(**{**vars(query), "filters": {**query.filters, facet: [value]}})
                assert engine.search(chosen).total == count


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.text(), st.dictionaries(st.text(), st.lists(st.text())), st.text())
@example('"', "name", {"field": ["\ud800"]}, "\x00")
@example("(((( AND OR NOT -+ title:* [1 TO 2] ~2^3 \\", "", {"": [""]}, '"')
@example("x" * 10_000_000, "\ud800", {"\ud800": ["\x00"]}, "x" * 10_000_000)
@example("\U0001f600" * 500, "o_name", {"=": ["="]}, "\U0001f600")
def test_any_text_at_all_gets_an_answer(
    index: Index, typed: str, order: str, filters: dict[str, list[str]], started: str
) -> None:
    result = index.search(Query(typed, filters=filters, order=order, facets=tuple(filters)))
    assert result.total >= len(result.hits)
    assert len(index.suggest(started, scope={}, limit=3)) <= 3
