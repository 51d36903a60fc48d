"""How good search is, on judged collections, side by side with other engines.

OMoS-QA and XQuAD-de need the shared data, PostgreSQL has to be installed; what is missing is left out and said.
Differences are to our own search, question by question, with 95 % intervals (paired bootstrap, 2,000 resamples).
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from allmende.retrieval.meaning.factory import BUILTIN, embedder
from allmende.retrieval.meaning.protocol import Embedder, MeaningUnavailable
from benchmarks.support import judged, nearness, rankers, report
from benchmarks.support.judged import Judged
from benchmarks.support.measures import Scores, difference, held_out, ndcg, recall, tuned
from benchmarks.support.rankers import Ranker
from benchmarks.support.remembered import Remembered
from tools import postgres

LEXICAL, MEANING, HYBRID = "ours, words", "ours, meaning", "ours, hybrid"
COLUMNS = ("nDCG@10", "R@10", "R@100")


@dataclass(frozen=True)
class Measured:
    """One ranker on one set; for each question what `COLUMNS` says."""

    name: str
    columns: tuple[Scores, Scores, Scores]

    def mean(self, column: int) -> float:
        return float(self.columns[column].mean())


def measure(name: str, rank: Ranker, judgements: Judged) -> Measured:
    ranked = [(rank(question.text), question.grades) for question in judgements.questions]
    return Measured(
        name,
        (
            np.array([ndcg(ids, grades) for ids, grades in ranked]),
            np.array([recall(ids, grades, 10) for ids, grades in ranked]),
            np.array([recall(ids, grades, 100) for ids, grades in ranked]),
        ),
    )


def main() -> None:
    report.machine("tantivy", "numpy")
    model = _model()
    with ExitStack() as stack:
        address = _postgresql(stack)
        for judgements in _sets():
            _one_set(judgements, model, address)


def _model() -> Embedder | None:
    """The model that comes inside a package; what it has computed once is kept."""
    try:
        made = embedder(BUILTIN)
    except MeaningUnavailable as error:
        print(f"LEFT OUT  meaning: {error}\n")
        return None
    return Remembered(made) if made else None


def _postgresql(stack: ExitStack) -> str | None:
    programs = postgres.find()
    if programs is None:
        print(f"LEFT OUT  PostgreSQL is not installed: {postgres.HOW_TO_GET_IT}\n")
        return None
    return stack.enter_context(postgres.running(programs))


def _sets() -> list[Judged]:
    shared = judged.shared_data()
    if shared is None:
        print("LEFT OUT  OMoS-QA and XQuAD-de: no shared data (ALLMENDE_SHARED_DATA)\n")
        return [judged.compounds()]
    return [judged.omos(shared), judged.xquad(shared), judged.compounds()]


def _one_set(judgements: Judged, model: Embedder | None, address: str | None) -> None:
    with _rankers(judgements, model, address) as named:
        rows = [measure(name, rank, judgements) for name, rank in named.items()]
    print(
        f"{judgements.name}: {len(judgements.questions)} questions over {len(judgements.entries)} entries\n"
    )
    _means(rows)
    _differences(rows)
    if judgements.questions[0].kind:
        _kinds(rows, judgements)
    _bars({row.name: row for row in rows}, judgements.name)


@contextmanager
def _rankers(judgements: Judged, model: Embedder | None, address: str | None) -> Iterator[dict[str, Ranker]]:
    entries = judgements.entries
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as folder, ExitStack() as stack:
        ours = rankers.index(entries, Path(folder) / "index")
        named: dict[str, Ranker] = {LEXICAL: rankers.lexical(ours)}
        if model:
            vectors = nearness.store(entries, model, Path(folder) / "vectors")
            named[MEANING] = nearness.meaning(vectors, model)
            named[HYBRID] = nearness.hybrid(ours, vectors, model)
        named["SQLite FTS5"] = rankers.sqlite(entries)
        if address:
            found = stack.enter_context(rankers.postgresql(entries, address))
            named |= {f"PostgreSQL {function}": rank for function, rank in found.items()}
        named["tantivy, default"] = rankers.tantivy_plain(entries)
        named["tantivy, German"] = rankers.tantivy_german(entries)
        yield named


def _means(rows: Sequence[Measured]) -> None:
    halves: tuple[tuple[str, Callable[[Scores], Scores]], ...] = (
        ("", lambda scores: scores),
        (" tuned", tuned),
        (" held out", held_out),
    )
    heads = ["", *(f"{column}{half}" for column in COLUMNS for half, _ in halves)]
    report.table(
        heads,
        (
            [row.name, *(f"{part(scores).mean():.3f}" for scores in row.columns for _, part in halves)]
            for row in rows
        ),
    )


def _differences(rows: Sequence[Measured]) -> None:
    """To ours: to hybrid where there is one, and by words alone where words alone are compared."""
    by_name = {row.name: row for row in rows}
    for reference in (by_name[name] for name in (HYBRID, LEXICAL) if name in by_name):
        lines = (
            [
                row.name,
                *(
                    str(difference(mine, theirs))
                    for mine, theirs in zip(row.columns, reference.columns, strict=True)
                ),
            ]
            for row in rows
            if row is not reference
        )
        report.table([f"against {reference.name}", *COLUMNS], lines)


def _kinds(rows: Sequence[Measured], judgements: Judged) -> None:
    kinds = np.array([question.kind for question in judgements.questions])
    names = sorted(set(kinds))
    report.table(
        ["nDCG@10 by kind", *(f"{name} ({(kinds == name).sum()})" for name in names)],
        ([row.name, *(f"{row.columns[0][kinds == name].mean():.3f}" for name in names)] for row in rows),
    )


_BARS: dict[tuple[str, str], tuple[float | None, float | None, float | None]] = {
    ("OMoS-QA", HYBRID): (0.78, 0.93, 0.985),
    ("OMoS-QA", LEXICAL): (0.72, 0.88, 0.967),
    ("XQuAD-de", HYBRID): (0.96, None, None),
    ("Compounds", LEXICAL): (0.80, None, None),
}


def _bars(rows: dict[str, Measured], name: str) -> None:
    for (of, ranker), wanted in _BARS.items():
        if of != name or ranker not in rows:
            continue
        for column, (least, head) in enumerate(zip(wanted, COLUMNS, strict=True)):
            if least is not None:
                reached = rows[ranker].mean(column)
                report.bar(f"{name}, {ranker}, {head} ≥ {least}", f"{reached:.3f}", holds=reached >= least)
    if HYBRID in rows:
        best = max(rows[part].mean(0) for part in (LEXICAL, MEANING))
        reached = rows[HYBRID].mean(0)
        report.bar(
            f"{name}, hybrid ≥ better part − .01",
            f"{reached:.3f} to {best:.3f}",
            holds=reached >= best - 0.01,
        )
    print(flush=True)


if __name__ == "__main__":
    main()
