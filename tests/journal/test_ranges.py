"""Sets of ids as text: one text for each set, and nothing lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.journal import ranges

IDS = st.sets(st.integers(1, 60))


@given(IDS)
def test_a_set_comes_back_from_its_text(ids: set[int]) -> None:
    text = ranges.to_text(ranges.of_ids(ids))
    found = ranges.from_text(text)
    assert list(ranges.ids(found)) == sorted(ids)
    assert (ranges.size(found), ranges.to_text(found)) == (len(ids), text)


@given(IDS, IDS)
def test_what_is_left_is_the_difference_of_the_sets(ids: set[int], taken: set[int]) -> None:
    left = ranges.without(ranges.of_ids(ids), ranges.of_ids(taken))
    assert left == ranges.of_ids(ids - taken)


@given(IDS, IDS)
def test_joining_is_the_union(one: set[int], other: set[int]) -> None:
    assert ranges.joined([*ranges.of_ids(one), *ranges.of_ids(other)]) == ranges.of_ids(one | other)


@given(IDS, IDS)
def test_ids_are_told_inside_from_outside(ids: set[int], wanted: set[int]) -> None:
    inside = list(ranges.inside(sorted(ids), ranges.of_ids(wanted)))
    outside = list(ranges.inside(sorted(ids), ranges.of_ids(wanted), not_=True))
    assert (inside, outside) == (sorted(ids & wanted), sorted(ids - wanted))


@pytest.mark.parametrize(
    "text", ["5-3", "1,2", "1-2,2-4", "4,1", "1-2-3", "x", "1,", " 1", "01", "1-1", "1--2"]
)
def test_a_text_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        ranges.from_text(text)


@given(st.text(alphabet="0123456789-, ", max_size=8))
def test_whatever_text_is_read_is_its_own_text(text: str) -> None:
    try:
        found = ranges.from_text(text)
    except ValueError:
        return
    assert ranges.to_text(found) == text
