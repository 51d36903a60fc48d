"""Where no entry has a word, those that have much of it: decided by how rare its parts are."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.partly import ENOUGH_OF_A_WORD, enough_parts
from allmende.retrieval.protocol import Document, Index, Matching, Query


@pytest.mark.parametrize(
    ("worth", "chosen"),
    [
        ({"hund": 3.0, "steuer": 1.0}, [("hund",)]),
        ({"hund": 1.2, "steuer": 1.0}, [("hund",), ("steuer",)]),
        ({"bewohner": 4.0, "park": 2.0, "ausweis": 2.0}, [("bewohner",), ("ausweis", "park")]),
        ({"mast": 1.0}, [("mast",)]),
    ],
)
def test_the_rarer_parts_are_enough_and_the_commoner_only_together(
    worth: Mapping[str, float], chosen: list[tuple[str, ...]]
) -> None:
    assert list(enough_parts(worth)) == chosen


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 20), min_size=1))
def test_whatever_is_worth_enough_holds_one_of_the_choices_and_each_choice_is_the_smallest(
    worth: Mapping[str, float],
) -> None:
    choices = list(enough_parts(worth))
    least = ENOUGH_OF_A_WORD * sum(worth.values())
    for chosen in choices:
        assert sum(worth[part] for part in chosen) >= least
        assert all(sum(worth[part] for part in chosen if part != left) < least for left in chosen)
    assert any(set(chosen) <= set(worth) for chosen in choices)


PARKING = [
    Document("bewohner", "solution", "B", {"title": "Sprechstunde", "summary": "Für jeden Bewohner"}),
    Document("parken", "solution", "P", {"title": "Ausweis zum Parken im Park"}),
    Document("park", "solution", "K", {"title": "Pflege im Park"}),
    *(Document(f"a{number}", "solution", "A", {"title": "Ausweis"}) for number in range(9)),
    *(Document(f"p{number}", "solution", "P", {"title": "Bänke im Park"}) for number in range(9)),
    *(Document(f"x{number}", "solution", "X", {"title": "Etwas anderes"}) for number in range(40)),
]


@pytest.fixture
def parking(index: Index) -> Index:
    index.rebuild(lambda: PARKING)
    return index


def test_a_common_part_alone_is_too_little(parking: Index) -> None:
    result = parking.search(Query("Bewohnerparkausweis", limit=50))
    assert sorted(hit.id for hit in result.hits) == ["bewohner", "parken"]
    assert (result.total, result.by_words, result.required, result.matching) == (2, 2, 0, Matching.FEWER)


def test_where_all_parts_there_are_are_common_nothing_is_found(parking: Index) -> None:
    result = parking.search(Query("Museumspark"))
    assert (result.total, result.required, result.unknown) == (0, 0, ("Museumspark",))


def test_what_is_left_out_here_is_found_where_any_word_will_do(parking: Index) -> None:
    assert parking.search(Query("Museumspark", any_word=True)).total == 11


def test_filters_and_counts_follow(parking: Index) -> None:
    query = Query("Bewohnerparkausweis", facets=("kind",))
    assert parking.search(query).facets == {"kind": {"solution": 2}}
