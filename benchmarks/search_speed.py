"""How fast search is on 100,000 generated entries, beside SQLite, PostgreSQL and tantivy as it comes.

    python -m benchmarks.search_speed [entries] [rounds]
    python -m benchmarks.search_speed 1000000 3 alone     # our own engine only: the index takes minutes

What is timed is a whole page: how many are found, six facets counted, 20 hits with snippets. Engines take turns with
each question, so that a busy moment of the machine hits all alike; beside the clock stands the time of the processor,
which it does not touch. Our own index is kept under var/bench and made anew when analyser, fields or entries change.
"""

import itertools
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from allmende.retrieval.dictionary import FIELD_WORDS
from allmende.retrieval.meaning.factory import BUILTIN, embedder
from allmende.retrieval.meaning.protocol import Placed
from allmende.retrieval.meaning.vectors import VectorStore
from allmende.retrieval.protocol import Definition, Order
from allmende.retrieval.tantivy_index import TantivyIndex
from benchmarks.support import report
from benchmarks.support.entries import FACETS, entries
from benchmarks.support.speed_engines import Engine, Ours, SQLite, Tantivy, postgresql
from benchmarks.support.speed_queries import Question, mix
from tools import postgres
from tools.steps import CHECKOUT, VAR, fingerprint

DEFINITION = Definition(
    weights={"title": 8, "summary": 3, "tags": 3, "body": 1},
    facets=tuple(FACETS),
    numbers=("published", "uses"),
    orders={
        "name": Order(),
        "newest": Order("published", descending=True),
        "uses": Order("uses", descending=True),
    },
)
"""As the marketplace has it, with the facets of the entries here."""

BARS_MS = {100_000: 10.0, 1_000_000: 40.0}
BAR_HYBRID_MS, BAR_TIMES, BAR_MEGABYTES, BAR_INDEXED = 40.0, 30.0, 400, 3_000
NEAREST, TOPICS = 300, 400


@dataclass
class Timed:
    """Milliseconds of the clock and of the processor, call by call."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    found: list[int] = field(default_factory=list)

    def call(self, call: Callable[[], int], used: Callable[[], float] = time.process_time) -> None:
        processor, clock = used(), time.perf_counter()
        self.found.append(call())
        self.clock.append((time.perf_counter() - clock) * 1_000)
        self.processor.append((used() - processor) * 1_000)

    def add(self, other: "Timed") -> None:
        self.clock += other.clock
        self.processor += other.processor
        self.found += other.found

    @property
    def columns(self) -> list[float | int]:
        """Found in the median, clock p50, p95 and the longest, processor p50 and p95."""
        at = report.percentile
        return [
            int(at(self.found, 0.5)),
            *(at(self.clock, 0.5), at(self.clock, 0.95), max(self.clock)),
            *(at(self.processor, 0.5), at(self.processor, 0.95)),
        ]


HEADS = ("query", "found", "p50 ms", "p95 ms", "longest", "processor p50", "p95")
Taken = dict[str, Timed]
"""By kind of question."""


def main(count: int = 100_000, rounds: int = 3, only: str = "") -> None:
    report.machine("tantivy", "numpy", "psycopg")
    home = _kept_index(count)
    _reading_process(home, count, rounds)
    if only != "alone":
        _side_by_side(home, count, rounds)
        _hybrid(home, count, rounds)
        _changes(min(count, 20_000))


# Our own index


def _kept_index(count: int) -> Path:
    home = VAR / "bench" / f"search-{count}"
    index = TantivyIndex(home, DEFINITION)
    here = CHECKOUT / "benchmarks" / "support"
    mark = fingerprint([here / "entries.py", here / "words.py", FIELD_WORDS], str(count))
    stamp = VAR / "bench" / f"search-{count}.mark"
    now = index.stats()
    if now.documents == count and not now.needs_rebuild and stamp.exists() and stamp.read_text() == mark:
        return home
    stamp.unlink(missing_ok=True)
    _indexed(index, entries(count), count, "made as they came")
    stamp.write_text(mark)
    return home


def _indexed(index: TantivyIndex, documents: Any, count: int, how: str) -> float:
    """Entries a second."""
    clock, processor = time.perf_counter(), time.process_time()
    index.rebuild(lambda: documents)
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(
        f"{count:,} entries indexed ({how}) in {clock:.1f} s: {count / clock:,.0f}/s, {count / processor:,.0f} per "
        f"second of the processor, {index.stats().bytes / 1e6:,.0f} MB\n",
        flush=True,
    )
    return count / clock


# A process that reads


def _reading_process(home: Path, count: int, rounds: int) -> None:
    """Its times and its memory, with nothing else in it."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        taken, memory = pool.apply(_read, (home, rounds))
    print(f"A process that only reads, {count:,} entries, load {os.getloadavg()[0]:.1f}")
    whole = _print(taken)
    if bar := BARS_MS.get(count):
        p95 = report.percentile(whole.clock, 0.95)
        report.bar(f"p95 over the mix ≤ {bar:.0f} ms", f"{p95:.1f}", holds=p95 <= bar)
    said = ", ".join(f"{name} {size} MB" for name, size in memory.items())
    report.bar(f"memory ≤ {BAR_MEGABYTES} MB", said, holds=memory["at most"] <= BAR_MEGABYTES)
    print()


def _read(home: Path, rounds: int) -> tuple[Taken, dict[str, int]]:
    engine = Ours(TantivyIndex(home, DEFINITION))
    engine.ask(Question("Verwaltung"))
    taken = _asked({"ours": engine}, rounds)["ours"]
    return taken, _memory()


def _memory() -> dict[str, int]:
    """Of this process, in MB: the most it ever had, and what is its own now and what are pages of files."""
    names = {"VmHWM": "at most", "RssAnon": "its own", "RssFile": "mapped files"}
    lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    return {names[line[0][:-1]]: int(line[1]) // 1_024 for line in lines if line and line[0][:-1] in names}


def _asked(engines: dict[str, Engine], rounds: int, kinds: Sequence[str] = ()) -> dict[str, Taken]:
    """Each question in each round by each engine in turn."""
    questions = {kind: those for kind, those in mix().items() if not kinds or kind in kinds}
    taken: dict[str, Taken] = {name: {kind: Timed() for kind in questions} for name in engines}
    for _ in range(rounds):
        for kind, those in questions.items():
            for question, (name, engine) in itertools.product(those, engines.items()):
                taken[name][kind].call(
                    lambda engine=engine, question=question: engine.ask(question), engine.processor
                )
    return taken


def _print(taken: Taken) -> Timed:
    whole = Timed()
    for timed in taken.values():
        whole.add(timed)
    report.table(HEADS, [(kind, *timed.columns) for kind, timed in {**taken, "all": whole}.items()])
    return whole


# Beside others


def _side_by_side(home: Path, count: int, rounds: int) -> None:
    with _engines(home, count) as engines:
        taken = {name: _print_one(name, those) for name, those in _asked(engines, max(1, rounds - 1)).items()}
    ours = taken.pop("ours")
    for name, other in taken.items():
        mean = statistics.fmean(other.clock) / statistics.fmean(ours.clock)
        median, p95 = (
            report.percentile(other.clock, at) / report.percentile(ours.clock, at) for at in (0.5, 0.95)
        )
        said = f"{p95:.1f} times at p95, {mean:.1f} in the mean, {median:.1f} in the median"
        if name == "PostgreSQL":
            report.bar(f"≥ {BAR_TIMES:.0f} times faster than PostgreSQL", said, holds=p95 >= BAR_TIMES)
        else:
            print(f"Time of {name} against ours: {said}")
    print()


def _print_one(name: str, taken: Taken) -> Timed:
    print(f"{name}, taking turns with the others, load {os.getloadavg()[0]:.1f}")
    return _print(taken)


@contextmanager
def _engines(home: Path, count: int) -> Iterator[dict[str, Engine]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allmende-speed-")))
        engines: dict[str, Engine] = {"ours": Ours(TantivyIndex(home, DEFINITION))}
        engines["SQLite"] = _made("SQLite", lambda: SQLite(folder / "entries.sqlite3", entries(count)))
        engines["tantivy"] = _made("tantivy", lambda: Tantivy(folder / "tantivy", entries(count)))
        if programs := postgres.find():
            address = stack.enter_context(postgres.running(programs))
            engines["PostgreSQL"] = _made(
                "PostgreSQL", lambda: stack.enter_context(postgresql(address, entries(count)))
            )
        else:
            print("PostgreSQL is not installed and left out\n")
        yield engines


def _made(name: str, make: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    made = make()
    print(f"{name} filled in {time.perf_counter() - started:.0f} s", flush=True)
    return made


# Words and meaning


def _hybrid(home: Path, count: int, rounds: int) -> None:
    """The question's vector is computed and then left aside: invented entries are near nothing that a model knows. The
    nearest are those of an invented vector, in groups as real ones are, so that fusion has its work.
    """
    model = embedder(BUILTIN)
    if model is None:
        return
    store = VectorStore(VAR / "bench" / f"vectors-{count}", f"{model.name}/invented", model.dimensions)
    if store.needs_rebuild() or len(store.contents()) != count:
        started = time.perf_counter()
        store.rebuild(_placed(count, model.dimensions))
        print(f"{count:,} vectors stored in {time.perf_counter() - started:.1f} s")
    engine, topics = Ours(TantivyIndex(home, DEFINITION)), itertools.cycle(_topics(model.dimensions))
    steps = {step: Timed() for step in ("vector of the question", "nearest", "search with both", "all three")}
    taken: Taken = {kind: Timed() for kind in mix() if kind != "no word"}
    for question in ("Verwaltung", "Wärmeplanung für Quartiere"):
        engine.ask(Question(question), _near(store, next(topics)))
        model.query(question)
    for round_, (kind, questions) in itertools.product(range(rounds), mix().items()):
        for question in questions if kind in taken else ():
            parts = [Timed() for _ in range(3)]
            text, near = f"{question.text} {round_}", {}
            parts[0].call(lambda text=text: len(model.query(text)))
            parts[1].call(lambda near=near: len(near.update(_near(store, next(topics))) or near))
            parts[2].call(lambda question=question, near=near: engine.ask(question, near))
            for timed, part in zip(steps.values(), parts, strict=False):
                timed.add(part)
            whole = Timed(
                *([sum(getattr(part, name)[0] for part in parts)] for name in ("clock", "processor"))
            )
            whole.found = parts[2].found
            taken[kind].add(whole)
            steps["all three"].add(whole)
    print(f"Words and meaning, {count:,} entries, load {os.getloadavg()[0]:.1f}")
    _print(taken)
    report.table(HEADS, [(step, *timed.columns) for step, timed in steps.items()])
    p95 = report.percentile(steps["all three"].clock, 0.95)
    report.bar(f"p95 of words and meaning ≤ {BAR_HYBRID_MS:.0f} ms", f"{p95:.1f}", holds=p95 <= BAR_HYBRID_MS)
    print()


def _near(store: VectorStore, vector: Any) -> dict[str, float]:
    return {near.id: near.similarity for near in store.nearest(vector, NEAREST)}


def _topics(dimensions: int) -> Any:
    """What entries are about, each a direction."""
    return np.random.default_rng(5).standard_normal((TOPICS, dimensions), np.float32)


def _placed(count: int, dimensions: int) -> Iterator[Placed]:
    """One vector in two parts its topic and in one its own, each shifted alike, as a model's are; of length 1."""
    chance, topics = np.random.default_rng(6), _topics(dimensions)
    shift = chance.standard_normal(dimensions, np.float32) * 3
    for number, entry in enumerate(entries(count)):
        own = chance.standard_normal((1, dimensions), np.float32)
        vectors = shift + topics[number % TOPICS] + own
        yield Placed(entry.id, vectors / np.linalg.norm(vectors))


# Writing


def _changes(count: int) -> None:
    made = list(entries(count + 50))
    with tempfile.TemporaryDirectory(prefix="allmende-speed-") as folder:
        index = TantivyIndex(Path(folder) / "index", DEFINITION)
        speeds = [_indexed(index, made[:count], count, "made before") for _ in range(2)]
        report.bar(
            f"indexed a second ≥ {BAR_INDEXED:,}", f"{max(speeds):,.0f}", holds=max(speeds) >= BAR_INDEXED
        )
        put = Timed()
        for entry in made[count:]:
            put.call(lambda entry=entry: len([index.put([entry])]))
        report.table(HEADS, [("one entry put", *put.columns)])


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(*(int(argument) for argument in arguments[:2]), *arguments[2:])
