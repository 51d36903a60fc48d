"""How fast one search is in the process, on a generated and seeded catalogue.

    python benchmarks/retrieval.py [entries] [repetitions]

Printed for each kind of query: entries found, median and 95th percentile in milliseconds for a whole page (20 hits
with snippets, exact total, counts of ten facets), and beside it the engine's own aggregations for the same counts.
"""

import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from allmende.retrieval.protocol import Definition, Document, Order, Query, Range
from allmende.retrieval.tantivy_index import TantivyIndex

FACETS = {
    "field": 16,
    "type": 8,
    "delivery": 6,
    "price": 6,
    "licence": 20,
    "size": 7,
    "land": 16,
    "maturity": 5,
    "language": 6,
    "source": 12,
}
DEFINITION = Definition(
    weights={"title": 3, "summary": 2, "tags": 2, "body": 1},
    facets=tuple(FACETS),
    numbers=("published",),
    orders={"name": Order(), "newest": Order("published", descending=True)},
)
SYLLABLES = (
    *(
        "ber",
        "gel",
        "stadt",
        "amt",
        "ver",
        "plan",
        "bau",
        "ord",
        "nung",
        "was",
        "ser",
        "park",
        "raum",
        "mel",
        "der",
    ),
    *("such", "ant", "rag", "bild", "ung", "heim", "land", "see"),
)


def vocabulary(random_: random.Random, size: int) -> list[str]:
    words = {"".join(random_.choices(SYLLABLES, k=random_.choice((2, 3, 3, 4)))) for _ in range(size * 2)}
    return sorted(words)[:size]


def documents(count: int, seed: int = 7) -> Iterator[Document]:
    """Words follow a Zipf-like law: the first stands in nearly every entry."""
    random_ = random.Random(seed)
    words = vocabulary(random_, 8_000)
    random_.shuffle(words)
    totals = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))

    def text(length: int) -> str:
        return " ".join(random_.choices(words, cum_weights=totals, k=length))

    for number in range(count):
        facets = {
            facet: tuple(
                {
                    f"{facet}{min(int(random_.expovariate(4 / size)), size - 1)}"
                    for _ in range(random_.choice((1, 1, 2, 3)))
                }
            )
            for facet, size in FACETS.items()
        }
        name = text(3).title()
        texts = {"title": name, "summary": text(20), "tags": text(4), "body": text(120)}
        yield Document(
            f"{random_.getrandbits(50):013x}",
            "solution",
            name,
            texts,
            facets,
            {"published": 20_000 + number % 900},
        )


def queries(count: int) -> dict[str, Query]:
    random_ = random.Random(7)
    words = vocabulary(random_, 8_000)
    random_.shuffle(words)
    page_50 = min(980, count // 2)
    first = {facet: (f"{facet}0", f"{facet}1") for facet in FACETS}
    three = {facet: first[facet] for facet in ("field", "type", "land")}
    return {
        "no text": Query(),
        "no text, by name": Query(order="name"),
        "no text, newest, page 50": Query(order="newest", offset=page_50),
        "no text, by name, page 50": Query(order="name", offset=page_50),
        "common word": Query(words[0]),
        "common word, page 50": Query(words[0], offset=page_50),
        "common word, by name": Query(words[0], order="name"),
        "common word, 3 facets chosen": Query(words[0], filters=three),
        "common word, all 10 facets chosen": Query(words[0], filters=first),
        "common word, range": Query(words[0], ranges={"published": Range(20_100, 20_500)}),
        "two common words": Query(f"{words[0]} {words[5]}"),
        "word of a quarter": Query(words[60]),
        "rare word": Query(words[7_000]),
        "rare words, none has all": Query(" ".join(words[6_000:6_004])),
        "sentence of 12 words": Query(" ".join(words[10:400:33])),
        "unknown word": Query("xyzzy"),
    }


def measured(call: Callable[[], object], repetitions: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    seconds.sort()
    return statistics.median(seconds) * 1_000, seconds[int(len(seconds) * 0.95)] * 1_000


def main(count: int = 20_000, repetitions: int = 40) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = TantivyIndex(Path(folder) / "index", DEFINITION)
        start = time.perf_counter()
        index.rebuild(lambda: documents(count))
        print(
            f"{count} entries indexed in {time.perf_counter() - start:.1f} s, {index.stats().bytes / 1e6:.0f} MB\n"
        )
        print(f"{'query':38}{'found':>8}{'median':>9}{'p95':>9}{'no facets':>11}")
        for name, query in queries(count).items():
            counted = Query(**{**vars(query), "facets": tuple(FACETS)})
            total = index.search(counted).total
            median, p95 = measured(lambda counted=counted: index.search(counted), repetitions)
            bare, _ = measured(lambda query=query: index.search(query), repetitions)
            print(f"{name:38}{total:8}{median:9.2f}{p95:9.2f}{bare:11.2f}")
        changes(index, repetitions // 4)
        print(f"{'suggestion':38}{'':8}{measured(lambda: index.suggest('ver'), repetitions)[0]:9.2f}")


def changes(index: TantivyIndex, repetitions: int) -> None:
    """One entry changed and found by another reader, from the first byte to the answer."""
    other = TantivyIndex(index.root, DEFINITION)
    changed = iter(list(documents(repetitions, seed=11)))
    median, p95 = measured(lambda: (index.put([next(changed)]), other.search(Query("stadt"))), repetitions)
    print(f"{'one entry put and found':38}{'':8}{median:9.2f}{p95:9.2f}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
