"""Small numbers are hidden so that nobody works them out from the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.demand.small_numbers import LEAST, total_of, without_small_ones

COUNTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 30), max_size=8)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, {}),
        ({"a": 0, "b": 9}, {"b": 9}),
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        # One alone would be the total less the rest: the next smaller one goes with it.
        ({"a": 4, "b": 9, "c": 12}, {"a": None, "b": None, "c": 12}),
        # Two ones are two ones whatever stands there: three together are enough to hide among.
        ({"a": 1, "b": 1, "c": 8, "d": 9}, {"a": None, "b": None, "c": None, "d": 9}),
        ({"a": 2, "b": 3, "c": 8}, {"a": None, "b": None, "c": 8}),
        ({"a": 3}, {"a": None}),
        ({"a": 5}, {"a": 5}),
    ],
)
def test_what_is_hidden_stands_in_the_table(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert without_small_ones(counts) == shown


@given(COUNTS)
def test_no_small_number_is_shown_and_no_other_number_is_changed(counts: dict[str, int]) -> None:
    shown = without_small_ones(counts)
    assert set(shown) == {name for name, number in counts.items() if number}
    assert all(number is None or number == counts[name] >= LEAST for name, number in shown.items())


@given(COUNTS)
def test_the_total_gives_no_hidden_number_away(counts: dict[str, int]) -> None:
    """Either nothing is hidden, or at least two are, with more than one way to add up to what is missing."""
    shown = without_small_ones(counts)
    hidden = [counts[name] for name, number in shown.items() if number is None]
    if not hidden or len(hidden) == len(shown) == 1:
        return
    assert len(hidden) >= 2
    assert sum(hidden) >= LEAST or len(hidden) == len(shown)


@pytest.mark.parametrize(
    ("counts", "total"), [({}, 0), ({"a": 4}, None), ({"a": 2, "b": 2}, None), ({"a": 2, "b": 3}, 5)]
)
def test_a_small_total_is_not_told(counts: dict[str, int], total: int | None) -> None:
    assert total_of(counts) == total
