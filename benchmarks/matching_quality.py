"""How good matching is on the judged needs (tests/demand/matching/judged.toml), beside its own parts.

    python -m benchmarks.matching_quality

Needs the shared data: the catalogue is what `make demo` harvests, with words and meaning as the search has them.
Figures are means with 95 % intervals over resampled needs (bootstrap, 2,000). Weights were tuned on the even needs.
"""

import shutil
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.support import environment, report
from benchmarks.support.judged import shared_data
from benchmarks.support.measures import RESAMPLES, SEED, Scores, area, held_out, ndcg, recall, tuned
from tools.steps import CHECKOUT, PYTHON

JUDGED = CHECKOUT / "tests" / "demand" / "matching" / "judged.toml"
HOME = environment.HOME / "judged"
ORIGINS = {"r": "redaktion", "p": "publiccode-beispiele", "m": "muenchen", "c": "codefor-de", "b": "demo"}
FIRST = 20
"""Places of each need that are looked at for what tells fitting entries from others."""

Need = dict[str, Any]
Ranker = Callable[[Need], Sequence[str]]


def main() -> None:
    report.machine("tantivy", "numpy")
    shared = shared_data()
    if shared is None:
        print("LEFT OUT  the shared data are not here\n")
        return
    _prepare(shared)
    needs = tomllib.loads(JUDGED.read_text("utf-8"))["needs"]
    graded, missing = _grades(needs)
    print(
        f"{len(needs)} needs, {sum(map(len, graded))} grades; {missing} judged entries are not published here\n"
    )
    rows = [
        [
            name,
            *(_told(half(scores)) for half in (tuned, held_out) for scores in _scores(rank, needs, graded)),
        ]
        for name, rank in _rankers().items()
    ]
    report.table(("", "nDCG@10 even", "R@10 even", "nDCG@10 odd", "R@10 odd"), rows)
    print(f"\nWhat tells apart what fits: area under the curve over the first {FIRST} of each need\n")
    report.table(
        ("", "even, at least partly", "even, well", "odd, at least partly", "odd, well"),
        _apart(needs, graded),
    )


def _prepare(shared: Path) -> None:
    """A demo of its own: database, index and vectors; made anew each time, in about a minute."""
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    surroundings = environment.environment(HOME) | {"ALLMENDE_DEMO": "1", "ALLMENDE_SHARED_DATA": str(shared)}
    steps = (
        ["migrate", "--verbosity=0"],
        ["createcachetable"],
        ["load_vocabulary"],
        ["load_regions"],
        ["demo"],
    )
    for step in (*steps, ["index", "rebuild"]):
        command = [str(PYTHON), "-m", "allmende.config.cli", *step]
        subprocess.run(
            command, env=surroundings, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    environment.enter(HOME)
    from allmende.search import actions, meaning

    # Here the answer counts and not when it comes: on a busy machine words alone would be measured.
    meaning.PATIENCE = 60
    while actions.learn(seconds=60, now=datetime.now(UTC)):
        pass


def _grades(needs: Sequence[Need]) -> tuple[list[dict[str, int]], int]:
    from allmende.catalogue.models import Listing

    public = {
        (origin, _stem(key)): public_id
        for origin, key, public_id in Listing.objects.filter(solution__state="published").values_list(
            "origin__code", "key", "solution__public_id"
        )
    }
    graded, missing = [], set()
    for need in needs:
        found: dict[str, int] = {}
        for grade, entries in ((1, need["partly"]), (2, need["fits"])):
            for entry in entries:
                origin, _, key = entry.partition(":")
                public_id = public.get((ORIGINS[origin], key))
                if public_id is None:
                    missing.add(entry)
                else:
                    found[public_id] = max(grade, found.get(public_id, 0))
        graded.append(found)
    return graded, len(missing)


def _stem(key: str) -> str:
    """A folder's name for the demo's software, else a file's without its ending; invented ones have plain keys."""
    if key.endswith("/publiccode.yml"):
        return key.split("/")[0]
    name = key.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[0] if name.endswith((".md", ".yml")) else name


def _rankers() -> dict[str, Ranker]:
    from allmende.demand.matching.finding import compare
    from allmende.demand.matching.nearness import nearest
    from allmende.demand.matching.wanting import Looking
    from allmende.demand.statements import Context, Wanted
    from allmende.lib.actors import Actor

    def looking(need: Need, *, with_criteria: bool = True, with_field: bool = True) -> Looking:
        asked = tuple(Wanted(code, value, weight) for weight, code, value in need["criteria"])
        fields = (need["field"],) if with_field else ()
        return Looking(need["title"], need["problem"], fields, asked if with_criteria else ())

    def text(need: Need) -> Sequence[str]:
        near = nearest(looking(need)).by_id
        return sorted(near, key=lambda key: (-near[key].text, key))

    def whole(need: Need, **how: bool) -> Sequence[str]:
        context = Context(date.today(), Actor.program("benchmark"), need["population"])
        compared = compare(looking(need, **how), context)
        return [compared.match(at, None).solution for at in compared.order]

    return {
        "text alone": text,
        "text and kind": lambda need: whole(need, with_criteria=False, with_field=False),
        "text, kind and field": lambda need: whole(need, with_criteria=False),
        "all, with criteria": whole,
    }


def _apart(needs: Sequence[Need], graded: Sequence[dict[str, int]]) -> list[list[str]]:
    """How well figures that do not lean on the nearest entry tell what fits, beside the points that do."""
    from allmende.demand.matching.finding import compare
    from allmende.demand.matching.nearness import REACH, ask
    from allmende.demand.matching.wanting import Looking
    from allmende.demand.statements import Context, Wanted
    from allmende.lib.actors import Actor

    seen: list[list[tuple[int, dict[str, float]]]] = []
    for need, grades in zip(needs, graded, strict=True):
        asked = tuple(Wanted(code, value, weight) for weight, code, value in need["criteria"])
        looking = Looking(need["title"], need["problem"], (need["field"],), asked)
        compared = compare(looking, Context(date.today(), Actor.program("benchmark"), need["population"]))
        result, _ = ask(looking, kind="solution", limit=REACH)
        hits = {hit.id: hit for hit in result.hits}
        best = max((hit.score for hit in result.hits), default=0.0)
        first = [compared.match(at, None) for at in compared.order[:FIRST]]
        seen.append(
            [
                (
                    grades.get(match.solution, 0),
                    {
                        "points, as shown": match.points,
                        "score of the words, by word asked": hits[match.solution].lexical / len(result.words),
                        "cosine of the meaning": hits[match.solution].similarity or 0.0,
                        "points, times the score of the nearest": match.points * best,
                    },
                )
                for match in first
                if match.solution in hits
            ]
        )
    return [
        [name]
        + [
            f"{area([(row[name], grade >= least) for rows in seen[half::2] for grade, row in rows]):.3f}"
            for half in (0, 1)
            for least in (1, 2)
        ]
        for name in seen[0][0][1]
    ]


def _scores(rank: Ranker, needs: Sequence[Need], graded: Sequence[dict[str, int]]) -> tuple[Scores, Scores]:
    ranked = [rank(need) for need in needs]
    pairs = list(zip(ranked, graded, strict=True))
    return (
        np.array([ndcg(ids, grades) for ids, grades in pairs]),
        np.array([recall(ids, grades, 10) for ids, grades in pairs]),
    )


def _told(scores: Scores) -> str:
    drawn = np.random.default_rng(SEED).integers(0, len(scores), (RESAMPLES, len(scores)))
    low, high = np.percentile(scores[drawn].mean(axis=1), (2.5, 97.5))
    return f"{scores.mean():.3f} [{low:.3f} {high:.3f}]"


if __name__ == "__main__":
    main()
