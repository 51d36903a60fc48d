"""A sample of `benchmarks/quality.py`: what search has reached, it keeps.

Floors lie slightly below the figures in `benchmarks/RESULTS.md`. Who changes the ranking for the better raises them.
"""

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from numpy.typing import NDArray

from allmende.retrieval.meaning.factory import BUILTIN, embedder
from allmende.retrieval.meaning.protocol import Embedder, MeaningUnavailable
from benchmarks.support import judged, measures, nearness, rankers
from benchmarks.support.judged import Judged
from benchmarks.support.rankers import Ranker
from benchmarks.support.remembered import Remembered

OMOS_WORDS = {"nDCG@10": 0.745, "R@10": 0.905, "R@100": 0.955}
OMOS_SAMPLE_BOTH = {"nDCG@10": 0.935, "R@10": 0.965, "R@100": 0.99}
COMPOUNDS_WORDS = {"nDCG@10": 0.855, "R@10": 0.85, "R@100": 0.885}
COMPOUNDS_SAMPLE_BOTH = {"nDCG@10": 0.955, "R@10": 0.97, "R@100": 0.98}

EVERY, EVERY_COMPOUND = 12, 4
"""Each so many-th question where entries are embedded, which takes minutes for all of them."""


def by_words(judgements: Judged, folder: Path) -> dict[str, float]:
    return reached(rankers.lexical(rankers.index(judgements.entries, folder / "index")), judgements)


def by_both(judgements: Judged, model: Embedder, folder: Path) -> dict[str, float]:
    ours = rankers.index(judgements.entries, folder / "index")
    vectors = nearness.store(judgements.entries, model, folder / "vectors")
    return reached(nearness.hybrid(ours, vectors, model), judgements)


def reached(rank: Ranker, judgements: Judged) -> dict[str, float]:
    ranked = [(rank(question.text), question.grades) for question in judgements.questions]
    return {
        "nDCG@10": fmean(measures.ndcg(ids, grades) for ids, grades in ranked),
        "R@10": fmean(measures.recall(ids, grades, 10) for ids, grades in ranked),
        "R@100": fmean(measures.recall(ids, grades, 100) for ids, grades in ranked),
    }


def below(measured: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in measured.items() if value < floors[name]}


@pytest.fixture(scope="module")
def model() -> Embedder:
    try:
        made = embedder(BUILTIN)
    except MeaningUnavailable as error:
        pytest.skip(f"Ohne Modell: {error}")
    assert made is not None
    return made


def test_questions_to_municipal_pages_are_answered_by_words_alone(shared_data: Path, tmp_path: Path) -> None:
    assert below(by_words(judged.omos(shared_data), tmp_path), OMOS_WORDS) == {}


def test_compounds_find_their_parts_and_parts_their_compounds(tmp_path: Path) -> None:
    assert below(by_words(judged.compounds(), tmp_path), COMPOUNDS_WORDS) == {}


def test_a_sample_of_questions_is_answered_by_words_and_meaning(
    shared_data: Path, model: Embedder, tmp_path: Path
) -> None:
    sample = judged.sample(judged.omos(shared_data), EVERY)
    assert below(by_both(sample, model, tmp_path), OMOS_SAMPLE_BOTH) == {}


def test_meaning_does_not_lose_what_compounds_find(model: Embedder, tmp_path: Path) -> None:
    assert (
        below(
            by_both(judged.sample(judged.compounds(), EVERY_COMPOUND), model, tmp_path), COMPOUNDS_SAMPLE_BOTH
        )
        == {}
    )


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


class Counting:
    """An embedder that says what it was asked for; the vector of a text is its length."""

    name = "counting"
    dimensions = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32)

    def query(self, text: str) -> NDArray[np.float32]:
        self.asked.append(f"? {text}")
        return np.array([len(text), 2], np.float32)


def test_vectors_that_were_computed_once_are_not_computed_again(tmp_path: Path) -> None:
    model, file = Counting(), tmp_path / "vectors.sqlite3"
    first = Remembered(model, file).passages(["a", "bb", "a"])
    again = Remembered(model, file)
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert again.passages(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert [again.query("a").tolist(), again.query("a").tolist()] == [[1, 2], [1, 2]]
    assert model.asked == ["a", "bb", "ccc", "? a"]


def test_a_sample_keeps_the_answers_to_its_questions(shared_data: Path) -> None:
    sample = judged.sample(judged.omos(shared_data), EVERY)
    entries = {entry.id for entry in sample.entries}
    assert [question.id for question in sample.questions if set(question.grades) - entries] == []
    assert (len(sample.questions), len(sample.entries) < 150) == (31, True)
