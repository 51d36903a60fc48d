import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval import fusion
from allmende.retrieval.fusion import Rule, Weighing, reach, weighing
from allmende.retrieval.protocol import ENOUGH

scores = st.floats(0, 200)
similarities = st.floats(-1, 1)
near = st.lists(similarities, min_size=1, max_size=5)


def weights(best: float, ideal: float) -> tuple[Rule, float, float]:
    weighed = weighing(best, ideal, [0.5, 0.2])
    return weighed.rule, round(weighed.lexical_weight, 3), round(weighed.meaning_weight, 3)


# Weights


def test_words_weigh_the_more_the_more_the_best_entry_says_of_what_was_asked() -> None:
    assert [weights(best, 10.0) for best in (10.0, 7.0, 5.0, 1.0)] == [
        (Rule.WORDS_SAY_MUCH, 0.4, 0.6),
        (Rule.WORDS_SAY_MUCH, 0.31, 0.69),
        (Rule.WORDS_SAY_HALF, 0.25, 0.75),
        (Rule.WORDS_SAY_LITTLE, 0.13, 0.87),
    ]


def test_more_than_all_is_all() -> None:
    """Pairs of neighbours and synonyms add to a score and not to what is ideal."""
    assert weights(25.0, 10.0) == weights(10.0, 10.0)


def test_where_nothing_is_near_words_rank_alone() -> None:
    assert weighing(7.0, 10.0, []) == Weighing(Rule.WORDS_ALONE, 1.0, 0.0, 7.0)


def test_where_no_word_is_found_meaning_ranks_alone() -> None:
    assert weighing(0.0, 10.0, [0.6, 0.25]) == Weighing(Rule.MEANING_ALONE, 0.0, 1.0, 0.0, 0.25)


def test_a_question_without_an_ideal_is_said_in_full() -> None:
    assert weights(7.0, 0.0) == weights(10.0, 10.0)


@given(scores, scores, st.lists(similarities, max_size=5))
def test_weights_add_up_to_one_and_keep_their_bounds(best: float, ideal: float, known: list[float]) -> None:
    weighed = weighing(best, ideal, known)
    assert weighed.lexical_weight + weighed.meaning_weight == pytest.approx(1.0)
    if weighed.rule not in (Rule.WORDS_ALONE, Rule.MEANING_ALONE):
        assert fusion.WORDS_AT_LEAST <= weighed.lexical_weight <= fusion.WORDS_AT_MOST


@given(st.floats(0.1, 100), st.floats(0.1, 100), st.floats(0.1, 100))
def test_the_words_never_weigh_less_where_the_best_entry_says_more(
    one: float, other: float, ideal: float
) -> None:
    low, high = sorted((one, other))
    assert weighing(low, ideal, [0.5]).lexical_weight <= weighing(high, ideal, [0.5]).lexical_weight


# Scores


def test_a_score_is_its_shares_times_their_weights() -> None:
    fused = Weighing(Rule.WORDS_SAY_MUCH, 0.4, 0.6, best=8.0).fused(2.0, 0.5)
    assert (fused.lexical_share, fused.meaning_share, fused.score) == (0.25, 0.5, pytest.approx(0.4))


def test_whose_similarity_is_not_known_has_that_of_the_last_one_known() -> None:
    weighed = weighing(8.0, 10.0, [0.7, 0.2, 0.4])
    assert weighed.fused(8.0, None) == weighed.fused(8.0, 0.2)


def test_nothing_is_below_zero_however_far_it_is() -> None:
    weighed = weighing(8.0, 10.0, [0.7, -0.3])
    assert [weighed.fused(0.0, known).score for known in (None, -0.3, -1.0)] == [0.0, 0.0, 0.0]


def test_words_alone_know_no_share_of_meaning() -> None:
    assert weighing(8.0, 10.0, []).fused(4.0, 0.9) == fusion.Fused(0.5, 0.5, 0.0)


@given(scores, scores, near, scores, st.none() | similarities)
def test_shares_and_scores_lie_between_0_and_1(
    best: float, ideal: float, known: list[float], lexical: float, similarity: float | None
) -> None:
    fused = weighing(best, ideal, known).fused(min(lexical, best), similarity)
    for number in (fused.score, fused.lexical_share, fused.meaning_share):
        assert 0.0 <= number <= 1.0 + 1e-9


@given(st.floats(1, 100), st.floats(1, 100), near, scores, scores, similarities, similarities)
def test_more_words_and_more_nearness_never_score_less(
    best: float, ideal: float, known: list[float], one: float, two: float, near_: float, far: float
) -> None:
    weighed = weighing(best, ideal, known)
    (low, high), (far, near_) = sorted((one, two)), sorted((near_, far))
    assert weighed.fused(low, far).score <= weighed.fused(high, near_).score


@given(st.floats(1, 100), st.floats(1, 100), near, st.lists(st.floats(0, 1), max_size=10))
def test_those_not_known_to_be_near_follow_each_other_as_their_words_rank_them(
    best: float, ideal: float, known: list[float], lexical: list[float]
) -> None:
    """What makes one merge of two lists enough for the whole order."""
    weighed = weighing(best, ideal, known)
    ordered = sorted(share * best for share in lexical)
    fused = [weighed.fused(one, None).score for one in ordered]
    assert fused == sorted(fused)


# What counts as found


@pytest.mark.parametrize(
    ("nearest", "any_word", "found", "least", "at_most"),
    [
        (0.40, False, 0, 0.40, ENOUGH),
        (0.80, False, 0, 0.48, ENOUGH),
        (0.40, False, 1, 0.30, ENOUGH),
        (0.80, False, ENOUGH - 1, 0.48, ENOUGH),
        (0.50, False, ENOUGH, 0.40, ENOUGH),
        (0.80, False, 5_000, 0.56, ENOUGH),
        (0.80, True, 0, 0.05, None),
    ],
)
def test_how_near_is_near_enough(
    nearest: float, any_word: bool, found: int, least: float, at_most: int | None
) -> None:
    within = reach(nearest, any_word=any_word, found=found)
    assert (within.least, within.at_most) == (pytest.approx(least), at_most)


@given(similarities, st.integers(0, 1_000))
def test_the_more_words_find_the_nearer_the_others_must_be(nearest: float, found: int) -> None:
    least = [reach(nearest, any_word=False, found=one).least for one in (found, found + ENOUGH)]
    assert least == sorted(least)
    assert all(math.isfinite(one) and one >= fusion.NEAR for one in least)
