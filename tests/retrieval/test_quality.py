"""A sample of `benchmarks/quality.py`: what search has reached, it keeps.

Floors lie slightly below the figures in `benchmarks/RESULTS.md`. Who changes the ranking for the better raises them.
"""

import math
from collections import Counter
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest

from benchmarks.support import judged, measures, rankers
from benchmarks.support.judged import Judged

OMOS_WORDS = {"nDCG@10": 0.74, "R@10": 0.895, "R@100": 0.95}
COMPOUNDS_WORDS = {"nDCG@10": 0.83, "R@10": 0.82, "R@100": 0.86}


def by_words(judgements: Judged, folder: Path) -> dict[str, float]:
    rank = rankers.lexical(rankers.index(judgements.entries, folder / "index"))
    ranked = [(rank(question.text), question.grades) for question in judgements.questions]
    return {
        "nDCG@10": fmean(measures.ndcg(ids, grades) for ids, grades in ranked),
        "R@10": fmean(measures.recall(ids, grades, 10) for ids, grades in ranked),
        "R@100": fmean(measures.recall(ids, grades, 100) for ids, grades in ranked),
    }


def below(reached: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in reached.items() if value < floors[name]}


def test_questions_to_municipal_pages_are_answered_by_words_alone(shared_data: Path, tmp_path: Path) -> None:
    assert below(by_words(judged.omos(shared_data), tmp_path), OMOS_WORDS) == {}


def test_compounds_find_their_parts_and_parts_their_compounds(tmp_path: Path) -> None:
    assert below(by_words(judged.compounds(), tmp_path), COMPOUNDS_WORDS) == {}


def test_the_probe_set_judges_only_what_it_has() -> None:
    probes = judged.compounds()
    entries = [entry.id for entry in probes.entries]
    assert [name for name, count in Counter(entries).items() if count > 1] == []
    assert [question.id for question in probes.questions if set(question.grades) - set(entries)] == []


def test_the_probe_set_asks_each_question_once_and_has_an_answer_to_it() -> None:
    questions = judged.compounds().questions
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.text for question in questions}) == len(questions)
    assert [question.id for question in questions if 2 not in question.grades.values()] == []


def test_the_probe_set_is_as_large_and_of_the_kinds_that_its_page_says() -> None:
    probes = judged.compounds()
    assert (len(probes.questions), len(probes.entries)) == (180, 310)
    assert {question.kind for question in probes.questions} == {
        "whole",
        "parts",
        "head",
        "form",
        "long",
        "trap",
    }


def test_the_best_order_has_a_gain_of_one_and_the_second_place_costs_by_its_logarithm() -> None:
    grades = {"a": 2, "b": 1}
    assert measures.ndcg(["a", "b"], grades) == 1.0
    assert measures.ndcg(["x", "a"], {"a": 1}) == pytest.approx(1 / math.log2(3))
    turned = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert measures.ndcg(["b", "a"], grades) == pytest.approx(turned)
    assert measures.ndcg(["x", "y"], grades) == 0.0


def test_what_stands_below_the_depth_does_not_count() -> None:
    ranked = ["x"] * 10 + ["a"]
    assert measures.ndcg(ranked, {"a": 1}) == 0.0
    assert measures.recall(ranked, {"a": 1, "b": 1}, 10) == 0.0
    assert measures.recall(ranked, {"a": 1, "b": 1}, 11) == 0.5


def test_a_difference_has_the_same_interval_each_time_and_none_where_nothing_differs() -> None:
    random = np.random.default_rng(1)
    ours, theirs = random.random(200), random.random(200)
    first = measures.difference(ours, theirs)
    assert measures.difference(ours, theirs) == first
    assert first.low < first.mean < first.high
    assert measures.difference(ours, ours) == measures.Difference(0.0, 0.0, 0.0)


def test_tuned_and_held_out_halves_make_the_whole() -> None:
    scores = np.arange(7.0)
    assert sorted([*measures.tuned(scores), *measures.held_out(scores)]) == scores.tolist()
