"""How many pages a second people who have not signed in get, from the page cache and without it.

    python -m benchmarks.anonymous_pages [seconds]

The server runs as in production, with two workers; the load, eight connections, runs on the same machine and takes its
share of it. Without the cache means: with a session cookie that leads nowhere, so that every page is made anew. Cached
and uncached rounds take turns, three each. In the end the catalogue changes, and the next request has to show it.
"""

import datetime
import json
import math
import sys
from pathlib import Path
from typing import Any

from benchmarks.support import environment, report, server

ROUNDS = 3
BAR_RATE, BAR_RATIO = 1_500, 10
UNCACHED = {"Cookie": "sessionid=nobody"}


def _pages() -> dict[str, str]:
    return {
        "search page": "/suche",
        "start page": "/",
        "solution": f"/loesungen/{_some_solution().public_id}",
    }


def _some_solution() -> Any:
    from allmende.catalogue.models import Solution

    return Solution.objects.filter(state="published").order_by("-published_at")[0]


def _measure(address: str, seconds: int) -> dict[str, list[server.Load]]:
    rates: dict[str, list[server.Load]] = {"cached": [], "uncached": []}
    # Threads of a fresh server connect to the database and read templates at their first request.
    for headers in ({}, UNCACHED):
        server.load(address, seconds=2, headers=headers)
    for _ in range(ROUNDS):
        rates["cached"].append(server.load(address, seconds=seconds))
        rates["uncached"].append(server.load(address, seconds=seconds, headers=UNCACHED))
    return rates


def _stale_answers(address: str) -> list[str]:
    """Change the catalogue under a page that both workers keep; the pages that did not show it at once."""
    from allmende.catalogue.actions import withdraw
    from allmende.lib.actors import Actor

    solution = _some_solution()
    for _ in range(20):
        if solution.name not in server.get(f"{address}/suche").decode():
            raise RuntimeError("the newest solution does not stand on the search page")
    staff = Actor("person", "messung", frozenset({("catalogue_editor", None)}))
    withdraw(solution, reason="Messung", by=staff, now=datetime.datetime.now(datetime.UTC))
    answers = [server.get(f"{address}/suche").decode() for _ in range(20)]
    return [answer for answer in answers if solution.name in answer]


def _run(data_dir: Path, seconds: int) -> None:
    environment.enter(data_dir)
    report.machine("granian", "whitenoise")
    rows, best = [], (0.0, 0.0)
    with server.serve(data_dir) as address:
        for name, path in _pages().items():
            rates = _measure(f"{address}{path}", seconds)
            cached, uncached = ([load.per_second for load in rates[kind]] for kind in ("cached", "uncached"))
            failed = sum(load.failed for loads in rates.values() for load in loads)
            ratios = [fast / slow for fast, slow in zip(cached, uncached, strict=True) if slow]
            rows.append(
                (
                    name,
                    report.median(cached),
                    max(cached),
                    report.median(uncached),
                    max(uncached),
                    report.median(ratios or [math.inf]),  # no page made within a round
                    failed,
                )
            )
            if name == "search page":
                best = max(cached), report.median(ratios or [0.0])
        stale = _stale_answers(address)
    heads = ("page", "cached/s", "best", "uncached/s", "best", "ratio", "failed")
    print(
        f"{environment.SOLUTIONS:,} solutions; {ROUNDS} rounds of {seconds} s, made by {server.generator()}\n"
    )
    report.table(heads, rows)
    report.bar(
        f"cached search page ≥ {BAR_RATE:,}/s", f"{best[0]:.0f} in the best round", holds=best[0] >= BAR_RATE
    )
    report.bar(f"cached ≥ {BAR_RATIO} × uncached", f"{best[1]:.1f} in the median", holds=best[1] >= BAR_RATIO)
    report.bar("a change shows at the next request", f"{len(stale)} stale of 20", holds=not stale)
    print(json.dumps({"cached_per_second": round(best[0]), "ratio": round(best[1], 1), "stale": len(stale)}))


def main(seconds: int = 5) -> None:
    with environment.copy_of(environment.catalogue()) as data_dir:
        _run(data_dir, seconds)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
