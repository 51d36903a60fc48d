"""The written order: the same for everybody, whatever comes in whatever order."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.demand.matching.order import Place, columns, in_order, met_share, points
from allmende.demand.statements import MET, UNKNOWN, UNMET, Wanted

MUST, SHOULD = Wanted("open_source", True, "must"), Wanted("documentation", True, "should")
shares = st.floats(0, 1, allow_nan=False)
verdict = st.sampled_from([MET, UNKNOWN, UNMET])
asked = st.lists(st.tuples(verdict, st.sampled_from([1, 2])), max_size=12)
places = st.lists(
    st.builds(Place, st.text("abcdef", min_size=1, max_size=4), st.integers(0, 2), shares),
    unique_by=lambda place: place.identity,
    max_size=12,
)


def test_what_fails_a_must_stands_behind_everything_that_fails_none():
    best_failing, worst = Place("a", 1, 0.99), Place("b", 0, 0.01)
    assert in_order([best_failing, worst], "bedarf") == [worst, best_failing]


def test_fewer_failed_musts_stand_before_more():
    assert [each.identity for each in in_order([Place("a", 2, 0.9), Place("b", 1, 0.1)], "")] == ["b", "a"]


def test_of_equal_points_the_rule_of_the_search_decides_and_not_the_id():
    tied = [Place("a", 0, 0.5), Place("b", 0, 0.5), Place("c", 0, 0.5)]
    for question in ("wasser", "baum", "bus"):
        assert "".join(each.identity for each in in_order(tied, question)) == _by_digest(question, "abc")


def _by_digest(question, letters):
    """As documented: the lower SHA-256 of question, blank and id comes first."""
    return "".join(
        sorted(letters, key=lambda each: hashlib.sha256(f"{question} {each}".encode()).hexdigest())
    )


@given(places, st.randoms(use_true_random=False), st.text("xyz ", max_size=5))
def test_the_order_does_not_depend_on_the_order_in_which_things_come(found, random, question):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert in_order(shuffled, question) == in_order(found, question)


@given(places, st.text("xyz", max_size=3))
def test_nobody_is_lost_or_doubled(found, question):
    assert sorted(each.identity for each in in_order(found, question)) == sorted(
        each.identity for each in found
    )


@given(asked, st.sampled_from([1, 2]), shares)
def test_a_criterion_that_is_met_and_comes_to_the_others_never_lowers_the_points(said, weight, nearness):
    verdicts, weights = [each[0] for each in said], [each[1] for each in said]
    before = points(nearness, met_share(verdicts, weights))
    assert points(nearness, met_share([*verdicts, MET], [*weights, weight])) >= before


@given(asked, shares)
def test_what_turns_from_unknown_to_met_never_lowers_the_points(said, nearness):
    verdicts, weights = [each[0] for each in said], [each[1] for each in said]
    better = [MET if each == UNKNOWN else each for each in verdicts]
    assert points(nearness, met_share(better, weights)) >= points(nearness, met_share(verdicts, weights))


@given(asked)
def test_unknown_counts_neither_as_met_nor_as_failed(said):
    verdicts = [np.array([each[0]], dtype=np.int8) for each in said]
    wanted = [MUST if each[1] == 2 else SHOULD for each in said]
    counted = columns(verdicts, wanted, 1)
    musts = [each[0] for each in said if each[1] == 2]
    assert (int(counted.failed[0]), int(counted.unknown[0])) == (musts.count(UNMET), musts.count(UNKNOWN))
    assert float(counted.share[0]) == pytest.approx(
        met_share([each[0] for each in said], [each[1] for each in said])
    )


def test_a_must_counts_twice_as_much_as_a_should():
    assert met_share([MET, UNKNOWN], [2, 1]) == pytest.approx(2 / 3)


def test_where_nothing_is_asked_everything_is_met():
    assert met_share([], []) == 1.0
