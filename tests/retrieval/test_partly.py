"""Where no entry has a word, those that have much of it: decided by how rare its parts are."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.partly import enough_parts, is_enough
from allmende.retrieval.protocol import Document, Index, Matching, Query


@pytest.mark.parametrize(
    ("worth", "there", "chosen"),
    [
        ({"hund": 3.0, "steuer": 1.0}, "hund steuer", ["hund"]),
        ({"hund": 3.0, "steuer": 1.0}, "hund", ["hund"]),
        ({"hund": 3.0, "steuer": 1.0}, "steuer", []),
        ({"hund": 1.2, "steuer": 1.0}, "hund steuer", ["hund", "steuer"]),
        ({"hund": 1.2, "steuer": 1.0}, "steuer", ["steuer"]),
        (
            {"bewohner": 4.0, "park": 2.0, "ausweis": 2.0},
            "bewohner park ausweis",
            ["bewohner", "ausweis park"],
        ),
        ({"bewohner": 4.0, "park": 2.0, "ausweis": 2.0}, "park", ["park"]),
        ({"bewohner": 4.0, "park": 2.0, "ausweis": 2.0}, "ausweis", []),
        ({"bewohner": 4.0, "park": 2.0, "ausweis": 2.0}, "park ausweis", ["park", "ausweis park"]),
        ({"mast": 1.0}, "mast", ["mast"]),
        ({"mast": 1.0}, "", []),
    ],
)
def test_the_rarer_parts_are_enough_and_the_general_last_one_alone_seldom_is(
    worth: Mapping[str, float], there: str, chosen: list[str]
) -> None:
    smallest = [one for one in chosen if not any(set(other.split()) < set(one.split()) for other in chosen)]
    assert [" ".join(one) for one in enough_parts(worth, there.split())] == smallest


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 20), min_size=1), st.data())
def test_whatever_is_enough_holds_one_of_the_choices_and_each_choice_is_the_smallest(
    worth: Mapping[str, float], data: st.DataObject
) -> None:
    there = data.draw(st.lists(st.sampled_from(sorted(worth)), unique=True))
    choices = list(enough_parts(worth, there))
    has = data.draw(st.lists(st.sampled_from(there), unique=True)) if there else []
    assert is_enough(worth, there, has) == any(set(chosen) <= set(has) for chosen in choices)
    for chosen in choices:
        assert not any(is_enough(worth, there, [part for part in chosen if part != left]) for left in chosen)


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


def test_where_only_the_general_part_is_there_nothing_is_found(parking: Index) -> None:
    result = parking.search(Query("Museumspark"))
    assert (result.total, result.required, result.unknown) == (0, 0, ("Museumspark",))


def test_a_telling_part_is_enough_where_the_others_are_nowhere(parking: Index) -> None:
    assert parking.search(Query("Parkmuseum")).total == 11


def test_what_is_left_out_here_is_found_where_any_word_will_do(parking: Index) -> None:
    assert parking.search(Query("Museumspark", any_word=True)).total == 11


def test_filters_and_counts_follow(parking: Index) -> None:
    query = Query("Bewohnerparkausweis", facets=("kind",))
    assert parking.search(query).facets == {"kind": {"solution": 2}}
