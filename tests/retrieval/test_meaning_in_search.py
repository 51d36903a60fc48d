"""What is near in meaning among the hits of a search: found, counted, ranked and paged."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from allmende.retrieval import fusion
from allmende.retrieval.fusion import Rule
from allmende.retrieval.protocol import ENOUGH, Document, Hit, Matching, Query, Range, Result
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.retrieval.ties import tie

Embedded = Callable[[], TantivyIndex]


def town(identity: str, title: str, land: str = "nrw", published: int = 0) -> Document:
    texts = {"title": title, "summary": f"Über {title}."}
    return Document(identity, "solution", title, texts, {"land": (land,)}, {"published": published})


ENTRIES = [
    town("m1", "Mängelmelder", "nrw", 5),
    town("m2", "Mängelmelder für Straßen", "hessen", 9),
    town("s1", "Schadensmeldung", "nrw", 7),
    town("s2", "Anliegen an die Verwaltung", "hessen", 1),
    town("x1", "Friedhofsverwaltung", "nrw", 3),
    town("x2", "Bibliothek", "bayern", 2),
    Document("t1", "town", "Melderstadt", {"title": "Melderstadt"}, {"land": ("nrw",)}),
]
NEAR = {"s1": 0.6, "m1": 0.55, "s2": 0.45, "x1": 0.2, "x2": 0.05}


@pytest.fixture
def index(embedded: Embedded) -> TantivyIndex:
    made = embedded()
    made.rebuild(lambda: ENTRIES)
    return made


def ids(result: Result) -> list[str]:
    return [hit.id for hit in result.hits]


def by_id(result: Result) -> dict[str, Hit]:
    return {hit.id: hit for hit in result.hits}


# Found and counted


def test_what_is_near_is_found_without_a_word_and_what_is_far_is_not(index: TantivyIndex) -> None:
    result = index.search(Query("Mängelmelder", meaning=NEAR))
    assert (sorted(ids(result)), result.total, result.matching) == (["m1", "m2", "s1", "s2"], 4, Matching.ALL)


def test_without_meaning_the_answer_is_that_of_the_words(index: TantivyIndex) -> None:
    result = index.search(Query("Mängelmelder"))
    assert sorted(ids(result)) == ["m1", "m2"]
    assert [(hit.score, hit.similarity) for hit in result.hits] == [
        (hit.lexical, None) for hit in result.hits
    ]


def test_facets_count_what_is_near_and_a_count_says_what_a_click_shows(index: TantivyIndex) -> None:
    query = Query("Mängelmelder", meaning=NEAR, facets=("land",))
    result = index.search(query)
    assert result.facets == {"land": {"nrw": 2, "hessen": 2}}
    assert index.facets(query) == result.facets
    for land, count in result.facets["land"].items():
        assert index.search(replace(query, filters={"land": [land]})).total == count


def test_a_filter_and_a_range_narrow_what_is_near_too(index: TantivyIndex) -> None:
    query = Query("Mängelmelder", meaning=NEAR)
    assert sorted(ids(index.search(replace(query, filters={"land": ["hessen"]})))) == ["m2", "s2"]
    assert sorted(ids(index.search(replace(query, ranges={"published": Range(5, 8)})))) == ["m1", "s1"]


def test_outside_the_scope_nothing_is_near(index: TantivyIndex) -> None:
    query = Query("Mängelmelder", {"kind": ["solution"]}, meaning={"t1": 0.9, "s1": 0.5})
    result = index.search(query)
    assert (sorted(ids(result)), result.total) == (["m1", "m2", "s1"], 3)


def test_an_id_that_is_not_in_the_index_is_passed_over(index: TantivyIndex) -> None:
    result = index.search(Query("Mängelmelder", meaning={"gone": 0.9, "s1": 0.6}))
    assert sorted(ids(result)) == ["m1", "m2", "s1"]


def test_where_words_find_nothing_only_what_is_near_is_found(index: TantivyIndex) -> None:
    result = index.search(Query("Raumschiff", meaning=NEAR))
    assert (ids(result), result.total, result.unknown) == (["s1", "m1", "s2"], 3, ("Raumschiff",))
    assert [hit.score for hit in result.hits] == [0.6, 0.55, 0.45]


def test_where_nothing_is_near_enough_nothing_is_found(index: TantivyIndex) -> None:
    result = index.search(Query("Raumschiff", meaning={"s1": 0.29, "x1": 0.1}, facets=("land",)))
    assert (result.total, result.hits, result.facets) == (0, (), {"land": {}})


def test_where_nothing_is_asked_nothing_is_near(index: TantivyIndex) -> None:
    assert index.search(Query("der die das", meaning=NEAR)).total == len(ENTRIES)
    assert index.search(Query("", meaning=NEAR)).matching == Matching.NOTHING_ASKED


def many(number: int, title: str) -> list[Document]:
    return [town(f"{title[0].lower()}{place:03}", f"{title} {place}") for place in range(number)]


def test_at_most_a_page_corner_of_entries_comes_without_the_words(index: TantivyIndex) -> None:
    index.put(many(40, "Quelle"))
    near = {f"q{place:03}": 0.6 + place / 1_000 for place in range(40)}
    result = index.search(Query("Mängelmelder", meaning=near))
    assert result.total == 2 + fusion.AT_MOST_ADDED
    assert sorted(set(ids(result)) - {"m1", "m2"}) == [f"q{place:03}" for place in range(30, 40)]


def test_a_result_says_how_many_the_words_alone_find(index: TantivyIndex) -> None:
    """Of a sentence everything somewhat near is found too, however many have a word of it."""
    index.put([*many(60, "Quelle"), *many(80, "Strom")])
    near = {f"s{place:03}": 0.5 for place in range(80)} | {f"q{place:03}": 0.4 for place in range(30)}
    sentence = Query("Wo ist die Quelle?", any_word=True, meaning=near)
    for query, counts in (
        (sentence, (140, 60)),
        (replace(sentence, limit=0), (140, 60)),
        (replace(sentence, meaning={}), (60, 60)),
        (replace(sentence, text="", any_word=False), (147, 147)),
        (replace(sentence, text="Quelle", any_word=False), (70, 60)),
        (replace(sentence, text="Raumschiff", any_word=False), (10, 0)),
        (replace(sentence, text="Mängelmelder", filters={"land": ["hessen"]}), (1, 1)),
        (replace(sentence, text="Mängelmelder", filters={"land": ["nrw"]}), (112, 2)),
        (replace(sentence, order="name"), (140, 60)),
    ):
        result = index.search(query)
        assert (result.total, result.by_words) == counts, query


def test_where_words_find_enough_the_others_must_be_nearer(index: TantivyIndex) -> None:
    index.put(many(ENOUGH, "Quelle"))
    near = {"s1": 0.45, "s2": 0.35}
    assert sorted(set(ids(index.search(Query("Quelle", meaning=near))))) == [
        *(f"q{place:03}" for place in range(ENOUGH)),
        "s1",
    ]
    assert sorted(ids(index.search(Query("Mängelmelder", meaning=near)))) == ["m1", "m2", "s1", "s2"]


def test_how_near_is_near_enough_does_not_hang_on_filters(index: TantivyIndex) -> None:
    index.put([*many(ENOUGH, "Quelle"), town("z1", "Quelle", "bayern")])
    query = Query("Quelle", meaning={"x2": 0.35, "s1": 0.45}, filters={"land": ["bayern"]})
    assert ids(index.search(query)) == ["z1"]


def test_a_sentence_finds_whatever_is_somewhat_near(index: TantivyIndex) -> None:
    near = {**NEAR, "x2": 0.04}
    result = index.search(
        Query("Mängelmelder Raumschiff", {"kind": ["solution"]}, any_word=True, meaning=near)
    )
    assert sorted(ids(result)) == ["m1", "m2", "s1", "s2", "x1"]


# Ranked


def test_hits_say_what_their_words_and_their_meaning_gave(index: TantivyIndex) -> None:
    query = Query("Mängelmelder", meaning=NEAR)
    alone = by_id(index.search(replace(query, meaning={})))
    both = by_id(index.search(query))
    assert {one: both[one].lexical for one in both} == pytest.approx(
        {"m1": alone["m1"].lexical, "m2": alone["m2"].lexical, "s1": 0.0, "s2": 0.0}
    )
    assert {one: both[one].similarity for one in both} == {"m1": 0.55, "m2": None, "s1": 0.6, "s2": 0.45}


def test_who_has_the_word_and_is_near_comes_first(index: TantivyIndex) -> None:
    assert ids(index.search(Query("Mängelmelder", meaning=NEAR)))[:2] == ["m1", "m2"]


def test_words_count_even_for_those_that_have_too_few_to_be_found(index: TantivyIndex) -> None:
    """Of "Mängelmelder Straßen", m1 has one word and is found for its meaning: that word still moves it up."""
    query = Query("Mängelmelder Straßen", meaning={"m1": 0.5, "s1": 0.5})
    result = index.search(query)
    assert ids(result) == ["m2", "m1", "s1"]
    assert by_id(result)["m1"].lexical > 0.0


def test_equals_of_both_kinds_follow_each_other_by_the_rule_of_ties(index: TantivyIndex) -> None:
    index.put([town(one, "Quelle") for one in ("d", "b", "c", "a")])
    near = {"x1": 0.5, "s1": 0.5, "m2": 0.5}
    result = index.search(Query("Raumschiff", meaning=near))
    assert ids(result) == sorted(["m2", "s1", "x1"], key=lambda one: tie("raumschiff", one))
    expected = sorted("abcd", key=lambda one: tie("quelle", one))
    assert ids(index.search(Query("Quelle", meaning={"x1": 0.0}))) == expected
    assert ids(index.search(Query("Quelle", meaning={"c": 0.0, "a": 0.0}))) == expected


def test_a_filter_changes_no_score(index: TantivyIndex) -> None:
    query = Query("Mängelmelder", meaning=NEAR)
    everything = by_id(index.search(query))
    for land in ("nrw", "hessen"):
        for hit in index.search(replace(query, filters={"land": [land]})).hits:
            assert (hit.score, hit.lexical) == (everything[hit.id].score, everything[hit.id].lexical)


def test_other_orders_find_the_same_and_order_it_their_way(index: TantivyIndex) -> None:
    query = Query("Mängelmelder", meaning=NEAR, order="newest")
    result = index.search(query)
    assert (ids(result), result.total) == (["m2", "s1", "m1", "s2"], 4)
    assert {hit.score for hit in result.hits} == {0.0}
    assert [hit.id for hit in result.hits if hit.similarity is not None and not hit.lexical] == ["s1", "s2"]


@pytest.mark.parametrize("limit", [1, 7, 20])
def test_pages_hold_every_entry_once_however_deep(index: TantivyIndex, limit: int) -> None:
    """120 by words, of which some are near; ten more by meaning alone."""
    index.put([*many(120, "Quelle"), *many(15, "Strom")])
    near = {f"q{place:03}": 0.7 - place / 200 for place in range(0, 120, 3)}
    near |= {f"s{place:03}": 0.6 for place in range(15)}
    query = Query("Quelle", meaning=near, limit=limit)
    first = index.search(query)
    assert first.total == 120 + fusion.AT_MOST_ADDED
    hits = [
        hit
        for offset in range(0, first.total + limit, limit)
        for hit in index.search(replace(query, offset=offset)).hits
    ]
    assert len({hit.id for hit in hits}) == len(hits) == first.total
    keys = [(-hit.score, tie("quelle", hit.id)) for hit in hits]
    assert keys == sorted(keys)


def test_an_entry_far_down_by_words_is_brought_to_the_front_by_meaning(index: TantivyIndex) -> None:
    words = [town(f"q{place:03}", "Quelle " * 3) for place in range(200)]
    index.put([*words, town("zz", "Quelle " + "und vieles andere mehr " * 20)])
    assert ids(index.search(Query("Quelle", limit=300)))[-1] == "zz"
    assert ids(index.search(Query("Quelle", meaning={"zz": 0.9, "q000": 0.0})))[0] == "zz"


def test_more_near_entries_than_are_looked_up_are_no_error(index: TantivyIndex) -> None:
    near = {f"n{place}": 0.5 - place / 10_000 for place in range(3_000)} | {"s1": 0.6}
    assert sorted(ids(index.search(Query("Mängelmelder", meaning=near)))) == ["m1", "m2", "s1"]


def test_the_snippet_of_what_is_only_near_is_its_beginning(index: TantivyIndex) -> None:
    shown = by_id(index.search(Query("Mängelmelder", meaning=NEAR)))["s1"].snippet
    assert [(piece.text, piece.highlighted) for piece in shown] == [("Über Schadensmeldung.", False)]


# The place of one


def test_a_standing_is_enough_to_work_out_the_place_again(index: TantivyIndex) -> None:
    query = Query("Mängelmelder Straßen", meaning=NEAR)
    result = index.search(query)
    for rank, hit in enumerate(result.hits, start=1):
        standing = index._reader().standing(query, hit.id)
        assert standing is not None
        assert (standing.rank, standing.total, standing.equals) == (rank, result.total, 0)
        assert (standing.fused.score, standing.lexical, standing.similarity) == (
            hit.score,
            hit.lexical,
            hit.similarity,
        )
        assert standing.weighing.rule == Rule.WORDS_SAY_MUCH


def test_a_place_far_down_is_exact_and_equals_are_counted(index: TantivyIndex) -> None:
    index.put([town(f"q{place:03}", "Quelle") for place in range(150)])
    query = Query("Quelle", meaning={"q149": 0.5, "q000": 0.1})
    reader = index._reader()
    rest = sorted((f"q{place:03}" for place in range(149)), key=lambda one: tie("quelle", one))
    assert [
        (standing.rank, standing.equals)
        for standing in (reader.standing(query, one) for one in ("q149", rest[0], rest[1], rest[148]))
        if standing
    ] == [(1, 0), (2, 148), (3, 148), (150, 148)]


def test_words_alone_have_a_place_too(index: TantivyIndex) -> None:
    standing = index._reader().standing(Query("Mängelmelder"), "m1")
    assert standing is not None
    assert (standing.rank, standing.total, standing.similarity) == (1, 2, None)
    assert (standing.weighing.rule, standing.fused.lexical_share) == (Rule.WORDS_ALONE, 1.0)


def test_who_is_not_found_has_no_place(index: TantivyIndex) -> None:
    reader = index._reader()
    query = Query("Mängelmelder", meaning=NEAR, filters={"land": ["nrw"]})
    assert [reader.standing(query, one) for one in ("x2", "m2", "gone")] == [None, None, None]
    assert reader.standing(Query("", meaning=NEAR), "m1") is None
