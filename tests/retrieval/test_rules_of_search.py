"""The rules of the protocol, for every engine."""

import hashlib
from dataclasses import replace

import pytest

from allmende.retrieval.protocol import Alternative, Document, Index, Matching, Query, Range, Result
from allmende.retrieval.ties import tie


def ids(result: Result) -> list[str]:
    return [hit.id for hit in result.hits]


def test_all_words_must_occur(index: Index) -> None:
    result = index.search(Query("Straße Schaden"))
    assert (sorted(ids(result)), result.total, result.matching, result.required) == (
        ["a1", "b1"],
        2,
        Matching.ALL,
        2,
    )


def test_a_word_may_stand_in_any_field(index: Index) -> None:
    assert ids(index.search(Query("Baumkataster Ort"))) == ["c1"]


def test_where_no_entry_has_all_words_fewer_do_and_the_result_says_so(index: Index) -> None:
    result = index.search(Query("Maengelmelder Baumkataster"))
    assert (sorted(ids(result)), result.matching, result.required) == (["b1", "c1"], Matching.FEWER, 1)


def test_words_that_nobody_has_are_left_aside(index: Index) -> None:
    result = index.search(Query("Schaden Raumschiff"))
    assert (sorted(ids(result)), result.matching) == (["a1", "b1"], Matching.FEWER)


def test_nothing_is_found_where_nobody_has_any_word(index: Index) -> None:
    result = index.search(Query("Raumschiff", facets=("field",)))
    assert (result.total, result.hits, result.facets) == (0, (), {"field": {}})


def test_any_word_is_enough_where_that_is_asked(index: Index) -> None:
    assert sorted(ids(index.search(Query("Baum Schaden", any_word=True)))) == ["a1", "b1", "c1"]


BUILDING = [
    Document("k1", "solution", "K1", {"title": "Baugenehmigung online"}),
    Document("k2", "solution", "K2", {"title": "Genehmigung für den Bau einer Scheune"}),
    Document("k3", "solution", "K3", {"title": "Baugenehmigungsverfahren"}),
    Document("k4", "solution", "K4", {"title": "Genehmigung von Festen"}),
    Document("k5", "solution", "K5", {"title": "Neubau"}),
]


@pytest.fixture
def building(index: Index) -> Index:
    index.put(BUILDING)
    return index


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Baugenehmigung", ["k1", "k2", "k3"]),
        ("Bau-Genehmigung", ["k1", "k2", "k3"]),
        ("Genehmigung", ["k1", "k2", "k3", "k4"]),
        ("Bau", ["k1", "k2", "k3", "k5"]),
        ("Baugenehmigungsverfahren", ["k3"]),
        ("Verfahren zur Genehmigung", ["k3"]),
        ("Genehmigung Bau Verfahren", ["k3"]),
    ],
)
def test_a_word_is_found_where_all_of_its_parts_are(building: Index, typed: str, found: list[str]) -> None:
    result = building.search(Query(typed))
    assert (sorted(ids(result)), result.matching, result.unknown) == (found, Matching.ALL, ())


def test_a_part_alone_is_not_the_word(building: Index) -> None:
    building.remove(["k1", "k2", "k3"])
    result = building.search(Query("Baugenehmigung Festen"))
    assert (ids(result), result.matching, result.required) == (["k4"], Matching.FEWER, 1)


def test_where_nobody_has_a_word_much_of_it_is_enough(building: Index) -> None:
    result = building.search(Query("Raumgenehmigungsverfahren"))
    assert (sorted(ids(result)), result.required) == (["k3"], 0)
    assert (result.matching, result.unknown) == (Matching.FEWER, ("Raumgenehmigungsverfahren",))


def test_where_one_word_is_found_parts_of_the_other_are_not_enough(building: Index) -> None:
    result = building.search(Query("Neubau Festgesetz"))
    assert (ids(result), result.required, result.unknown) == (["k5"], 1, ("Festgesetz",))


def test_with_any_word_a_part_of_one_is_enough(building: Index) -> None:
    result = building.search(Query("Baugesetz Scheune", any_word=True))
    assert sorted(ids(result)) == ["k1", "k2", "k3", "k5"]
    assert (result.matching, result.required, result.unknown) == (Matching.FEWER, 1, ("Baugesetz",))


def test_all_parts_somewhere_in_the_index_make_a_word_known_but_not_found(index: Index) -> None:
    index.put(
        [
            Document("p1", "solution", "P1", {"title": "Wasser"}),
            Document("p2", "solution", "P2", {"title": "Turm"}),
        ]
    )
    result = index.search(Query("Wasserturm"))
    assert (sorted(ids(result)), result.unknown, result.required) == (["p1", "p2"], (), 0)


SYNONYMS = (Alternative("Scheune", "Neubau", "vocabulary"),)


def test_an_alternative_counts_as_the_word(building: Index) -> None:
    found = building.search(Query("Scheune", alternatives=SYNONYMS))
    assert (sorted(ids(found)), found.matching) == (["k2", "k5"], Matching.ALL)


def test_without_the_word_the_alternative_is_enough(building: Index) -> None:
    building.remove(["k2"])
    found = building.search(Query("Scheune", alternatives=SYNONYMS))
    assert (ids(found), found.matching, found.unknown) == (["k5"], Matching.ALL, ())


@pytest.mark.parametrize(
    ("typed", "instead", "found"),
    [
        ("Ställe", "Genehmigung Feste", ["k4"]),
        ("Ställe", "Baugenehmigung", ["k1"]),
        ("Ställe", "Baugenehmigungen", ["k1"]),
        ("Ställe", "Baugenehmigung online", ["k1"]),
        ("Ställe", "Baugenehmigung Scheune", []),
        ("Ställe", "Bau Scheune", ["k2"]),
        ("Ställe", "Raumschiff Scheune", []),
        ("Ställe", "der die das", []),
        ("Ställe", "", []),
        ("", "Scheune", []),
        ("Stall", "Neubau", ["k5"]),
        ("große Ställe", "Neubau", []),
    ],
)
def test_an_alternative_needs_all_of_its_words_and_what_it_stands_for(
    building: Index, typed: str, instead: str, found: list[str]
) -> None:
    result = building.search(Query("Ställe", alternatives=(Alternative(typed, instead),)))
    assert sorted(ids(result)) == found


def test_an_alternative_for_several_words_counts_as_all_of_them(building: Index) -> None:
    query = Query("großer Stall Neubau", alternatives=(Alternative("großer Stall", "Scheune"),))
    building.put([Document("k6", "solution", "K6", {"title": "Neubau einer Scheune"})])
    result = building.search(query)
    assert (ids(result), result.matching, result.required) == (["k6"], Matching.ALL, 3)
    assert building.search(replace(query, alternatives=())).unknown == ("großer", "Stall")


def test_a_form_that_is_not_taken_apart_alike_is_still_the_word(index: Index) -> None:
    index.put(
        [
            Document("h1", "solution", "H1", {"title": "Arbeitgeber"}),
            Document("h2", "solution", "H2", {"title": "Arbeitgeberinnen"}),
        ]
    )
    for typed in ("Arbeitgeber", "Arbeitgeberin", "Arbeitgeberinnen"):
        assert sorted(ids(index.search(Query(typed)))) == ["h1", "h2"]


def test_what_was_asked_before_does_not_change_what_is_found(index: Index) -> None:
    """Both forms have one index word and different parts."""
    entries = {
        "h2": "Antragsteller",
        "h3": "Antrag stellen",
        "h4": "Stellung zum Antrag",
    }
    found = {"Antragsteller": ["h2", "h3"], "Antragstellung": ["h2", "h4"]}
    for order in (list(found), list(found)[::-1]):
        index.rebuild(
            lambda: [Document(one, "solution", one, {"title": title}) for one, title in entries.items()]
        )
        for typed in (*order, *order):
            assert sorted(ids(index.search(Query(typed)))) == found[typed]


@pytest.mark.parametrize("typed", ["Burgerburo", "Bürgerburo", "Bürgerbüro", "Buergerbuero"])
def test_a_word_typed_without_its_dots_is_known_and_found(index: Index, typed: str) -> None:
    """Typed so it is not taken apart, and is the same index word all the same."""
    index.put([Document("h1", "solution", "H1", {"title": "Bürgerbüro"})])
    result = index.search(Query(typed))
    assert (ids(result), result.unknown, result.matching) == (["h1"], (), Matching.ALL)


def test_a_filter_does_not_change_how_words_match(index: Index) -> None:
    result = index.search(Query("Straße Schaden", filters={"field": ["nichts"]}))
    assert (result.total, result.matching, result.required) == (0, Matching.ALL, 2)


def test_the_scope_does(index: Index) -> None:
    """Among towns no entry has both words: what other kinds hold is none of this reader's business."""
    result = index.search(Query("Schaden Straßberg", scope={"kind": ["town"]}))
    assert (ids(result), result.matching) == (["d1"], Matching.FEWER)


def test_values_widen_and_facets_narrow(index: Index) -> None:
    assert sorted(ids(index.search(Query(filters={"field": ["verkehr", "umwelt"]})))) == ["a1", "b1", "c1"]
    assert ids(index.search(Query(filters={"field": ["umwelt"], "land": ["nrw"]}))) == ["a1"]


def test_an_empty_choice_is_no_filter_but_an_empty_scope_is_empty(index: Index) -> None:
    assert index.search(Query(filters={"field": []})).total == 4
    assert index.search(Query(scope={"field": []})).total == 0


def test_a_facet_keeps_its_counts_when_it_is_chosen_from_and_shrinks_the_others(index: Index) -> None:
    result = index.search(Query(filters={"field": ["umwelt"]}, facets=("field", "land", "kind")))
    assert result.facets == {
        "field": {"umwelt": 2, "verkehr": 2},
        "land": {"nrw": 1},
        "kind": {"solution": 2},
    }
    assert result.total == 2


def test_a_chosen_value_is_counted_even_with_nothing(index: Index) -> None:
    result = index.search(Query("Baum", filters={"land": ["nrw"]}, facets=("land",)))
    assert result.facets == {"land": {"nrw": 0}}


def test_facets_alone_are_those_of_the_result(index: Index) -> None:
    query = Query("Straße", filters={"land": ["nrw"]}, facets=("field", "land", "unknown"))
    assert index.facets(query) == index.search(query).facets


def test_a_filter_nobody_knows_finds_nothing(index: Index) -> None:
    assert index.search(Query(filters={"colour": ["red"]})).total == 0


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        (Range(5, 5), ["b1"]),
        (Range(6, None), ["a1", "c1"]),
        (Range(None, 5), ["b1"]),
        (Range(), ["a1", "b1", "c1"]),
        (Range(or_unknown=True), ["a1", "b1", "c1", "d1"]),
        (Range(9, 9, or_unknown=True), ["a1", "c1", "d1"]),
        (Range(9, 5), []),
        (Range(-(10**40), 10**40), ["a1", "b1", "c1"]),
    ],
)
def test_ranges_include_their_ends_and_leave_the_unknown_out_unless_told(
    index: Index, bounds: Range, found: list[str]
) -> None:
    assert ids(index.search(Query(ranges={"published": bounds}))) == found


def test_a_range_over_an_unknown_number_finds_nothing(index: Index) -> None:
    assert index.search(Query(ranges={"weight": Range(1, 2)})).total == 0


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("relevance", ["a1", "b1", "c1", "d1"]),
        ("nonsense", ["a1", "b1", "c1", "d1"]),
        ("name", ["a1", "c1", "b1", "d1"]),
        ("newest", ["a1", "c1", "b1", "d1"]),
        ("cheapest", ["c1", "b1", "a1", "d1"]),
    ],
)
def test_orders_put_the_unknown_last_and_equals_by_id(index: Index, order: str, found: list[str]) -> None:
    assert ids(index.search(Query(order=order))) == found


@pytest.mark.parametrize(
    ("offset", "limit", "found"),
    [
        (0, 2, ["a1", "b1"]),
        (2, 2, ["c1", "d1"]),
        (3, 5, ["d1"]),
        (4, 5, []),
        (10**9, 20, []),
        (-5, 1, ["a1"]),
        (0, 0, []),
    ],
)
def test_pages_follow_each_other(index: Index, offset: int, limit: int, found: list[str]) -> None:
    result = index.search(Query(offset=offset, limit=limit))
    assert (ids(result), result.total) == (found, 4)


def test_equal_hits_follow_each_other_by_the_rule_of_ties_over_all_pages(index: Index) -> None:
    twins = [
        Document(f"t{number:03}", "solution", "Zwilling", {"title": "Zwilling"})
        for number in range(90, 0, -1)
    ]
    index.put(twins[:50])
    index.put(twins[50:])
    pages = [ids(index.search(Query("Zwilling", offset=offset, limit=7))) for offset in range(0, 90, 7)]
    expected = sorted((twin.id for twin in twins), key=lambda one: tie("zwilling", one))
    assert [identity for page in pages for identity in page] == expected


def test_who_comes_first_of_equals_alternates_from_question_to_question(index: Index) -> None:
    """And can be worked out by hand, with sha256sum."""
    pair = ["0000000001", "0000000002"]
    words = ("Rot", "Blau", "Gold", "Silber", "Eisen", "Kupfer", "Zink", "Blei")
    text = " ".join(words)
    index.put([Document(one, "solution", "Paar", {"title": text}) for one in pair])
    found = {word: ids(index.search(Query(word))) for word in words}
    assert {tuple(order) for order in found.values()} == {tuple(pair), tuple(pair[::-1])}
    for word, order in found.items():
        digests = {hashlib.sha256(f"{word.lower()} {one}".encode()).hexdigest(): one for one in pair}
        assert order == [digests[one] for one in sorted(digests)]
        assert ids(index.search(Query(f"  {word.upper()} "))) == order
    assert ids(index.search(Query(" ", limit=2))) == pair


def test_twins_with_long_names_and_ids_stay_in_order(index: Index) -> None:
    name = "Ein recht langer Name der sich erst am Ende unterscheidet "
    index.put([Document(f"a-very-long-id-{n % 10}-{n}", "solution", name + str(n // 10)) for n in range(30)])
    found = index.search(Query(order="name", filters={"kind": ["solution"]}, limit=100))
    expected = sorted((f"{n // 10}", f"a-very-long-id-{n % 10}-{n}") for n in range(30))
    assert ids(found)[2:-1] == [identity for _, identity in expected]


@pytest.mark.parametrize(
    "typed", ["", "   ", "!!! ???", "der die das", "\x00", "\U0001f600", '"', "(", "[a:"]
)
def test_what_holds_no_word_finds_everything(index: Index, typed: str) -> None:
    result = index.search(Query(typed))
    assert result.total == 4
    assert result.matching == Matching.NOTHING_ASKED


def test_the_snippet_marks_what_was_asked(index: Index) -> None:
    (hit,) = index.search(Query("Menschen melden")).hits
    assert [one.text for one in hit.snippet if one.highlighted] == ["Menschen", "melden"]


def test_what_is_put_again_replaces_and_the_last_of_equals_wins(index: Index) -> None:
    index.put(
        [
            Document("b1", "solution", "Alt", {"title": "Alt"}),
            Document("b1", "solution", "Neu", {"title": "Neu"}),
        ]
    )
    assert index.search(Query("Mängelmelder")).total == 0
    assert ids(index.search(Query("Neu"))) == ["b1"]
    assert index.search(Query("Alt")).total == 0
    assert index.stats().documents == 4


def test_what_is_removed_is_gone_everywhere(index: Index) -> None:
    index.remove(["b1", "nobody"])
    result = index.search(Query(facets=("field",)))
    assert (ids(result), result.facets) == (["a1", "c1", "d1"], {"field": {"umwelt": 2, "verkehr": 1}})
    assert index.suggest("Mängel", scope={}, limit=5) == ()
    assert [identity for identity, _ in index.contents()] == ["a1", "c1", "d1"]


def test_every_change_is_a_new_generation(index: Index) -> None:
    before = index.generation()
    index.remove(["b1"])
    after = index.generation()
    index.put([Document("b1", "solution", "B")])
    assert len({before, after, index.generation()}) == 3
    assert index.search(Query()).generation == index.generation()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mä", ["Mängelmelder"]),
        ("maen", ["Mängelmelder"]),
        ("stras", ["Straßberg"]),
        ("", []),
        ("!", []),
        ("xy", []),
        ("mängelmelder x", []),
    ],
)
def test_names_are_suggested_by_their_beginnings(index: Index, typed: str, found: list[str]) -> None:
    assert [one.text for one in index.suggest(typed, scope={}, limit=5)] == found


def test_suggestions_keep_to_the_scope_and_the_limit(index: Index) -> None:
    assert index.suggest("mä", scope={"kind": ["town"]}, limit=5) == ()
    assert index.suggest("mä", scope={}, limit=0) == ()
