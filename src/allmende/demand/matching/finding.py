"""From a need to its solutions: all that the text brings, every criterion, one order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allmende.catalogue.models import Solution
from allmende.demand.facts import Facts, Ints
from allmende.demand.facts_kept import facts
from allmende.demand.matching.nearness import NOT_NEAR, IndexAway, Near, Nearest, nearest
from allmende.demand.matching.order import Columns, Place, columns, in_order, points
from allmende.demand.matching.wanting import Looking
from allmende.demand.statements import Codes, Context, Statement, Subject, Wanted, statements, verdicts
from allmende.retrieval.ties import question

PAGE = 20
THRESHOLD = 40
"""Points of 100 from which on a match is shown where nobody has chosen; see the figures in the explanation."""


@dataclass(frozen=True)
class Match:
    """A solution, with its best offer or as it stands, against one need.

    `points` from 0 to 100. `position` counts from 1 among all that were compared; None for a solution that the text of
    the need does not bring. `criteria` has one statement for each of `wanted`, in order; () where only ids were asked
    for.
    """

    solution: str
    offer: str
    points: int
    near: Near
    met_share: float
    failed_musts: int
    unknown_musts: int
    position: int | None
    wanted: Sequence[Wanted] = ()
    criteria: Sequence[Statement] = ()

    @property
    def subject(self) -> Subject:
        return Subject(self.solution, self.offer)

    def number(self, verdict: str) -> int:
        """How many criteria have this verdict."""
        return sum(said.verdict == verdict for said in self.criteria)

    @property
    def pairs(self) -> list[tuple[Wanted, Statement]]:
        return list(zip(self.wanted, self.criteria, strict=True))

    @property
    def must_unmet(self) -> list[tuple[Wanted, Statement]]:
        return [pair for pair in self.pairs if pair[0].is_must and pair[1].verdict == "unmet"]

    @property
    def must_unknown(self) -> list[tuple[Wanted, Statement]]:
        return [pair for pair in self.pairs if pair[0].is_must and pair[1].verdict == "unknown"]

    @property
    def text_evidence(self) -> str:
        """In a German sentence why the text speaks for it."""
        if not self.near.text:
            return "In ihrem Eintrag kommt nichts vor, was zu Ihrem Text passt."
        how = (
            "Die Beschreibung passt dem Sinn nach"
            if self.near.by_meaning
            else "Die Beschreibung passt zu Ihrem Text"
        )
        more = " und zum Handlungsfeld" if self.near.field else ""
        return f"{how}{more}."

    @property
    def position_reason(self) -> str:
        """In a German sentence why it stands where it stands."""
        if self.failed_musts:
            return "Steht hinter allen, die kein Muss-Kriterium verfehlen."
        near, share = round(self.near.total * 100), round(self.met_share * 100)
        return f"{self.points} von 100 Punkten: Nähe zum Bedarf {near} von 100, erfüllte Kriterien {share} von 100."


@dataclass(frozen=True)
class Found:
    """A page of matches. `total`: how many were compared; `above`: how many have enough points and fail no must;
    `failing`: how many have enough points and fail a must. They follow on the last pages.

    `generation` of the index, with which the same order can be made again. `is_late`: words alone counted.
    """

    matches: Sequence[Match]
    total: int
    above: int
    failing: int
    threshold: int
    page: int
    pages: int
    generation: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class _Compared:
    """All solutions that the text brings, in order, one row each."""

    known: Facts
    near: Nearest
    order: Sequence[int]
    rows: Ints
    judged: Columns
    points: Sequence[float]

    def match(self, at: int, position: int | None) -> Match:
        subject = self.known.subjects[int(self.rows[at])]
        return Match(
            subject.solution,
            subject.offer,
            round(self.points[at] * 100),
            self.near.by_id.get(subject.solution, NOT_NEAR),
            float(self.judged.share[at]),
            int(self.judged.failed[at]),
            int(self.judged.unknown[at]),
            position,
        )


def matches(
    looking: Looking, context: Context, *, threshold: int = THRESHOLD, page: int = 1, limit: int = PAGE
) -> Found:
    """What fits the need, best first. Raises `IndexAway`.

    A fixed number of queries, whatever the number of offers, where the catalogue has not changed since the last look.
    """
    compared = compare(looking, context)
    shown = [at for at in compared.order if round(compared.points[at] * 100) >= threshold]
    pages = max(1, -(-len(shown) // limit))
    page = min(max(1, page), pages)
    first = (page - 1) * limit
    position = {at: place for place, at in enumerate(compared.order, start=1)}
    listed = [compared.match(at, position[at]) for at in shown[first : first + limit]]
    failing = sum(bool(compared.judged.failed[at]) for at in shown)
    return Found(
        matches=with_statements(listed, looking, context),
        total=len(compared.order),
        above=len(shown) - failing,
        failing=failing,
        threshold=threshold,
        page=page,
        pages=pages,
        generation=compared.near.generation,
        is_late=compared.near.is_late,
    )


def match_one(looking: Looking, solution: str, context: Context) -> Match | None:
    """One solution against the need, however far off; None where it is not public. Raises `IndexAway`."""
    compared = compare(looking, context, also=(solution,))
    for position, at in enumerate(compared.order, start=1):
        match = compared.match(at, position)
        if match.solution == solution:
            found = match if match.near.text else replace(match, position=None)
            return with_statements([found], looking, context)[0]
    return None


def best_of(looking: Looking, context: Context, solutions: Sequence[str]) -> list[Match]:
    """Matches of these solutions as far as the text brings them, best first, without statements and positions: their
    points are those that they have among all, but only they are judged."""
    near = nearest(looking)
    brought = [each for each in solutions if each in near.by_id]
    compared = _compared(near, brought, looking, context) if brought else None
    return [compared.match(at, None) for at in compared.order] if compared else []


def compare(looking: Looking, context: Context, *, also: Sequence[str] = ()) -> _Compared:
    """Everything that the text brings (and `also`, where public) in order. Raises `IndexAway`."""
    near = nearest(looking)
    return _compared(near, [*near.by_id, *also], looking, context)


def _compared(near: Nearest, solutions: Sequence[str], looking: Looking, context: Context) -> _Compared:
    known = facts()
    rows = _rows(known, solutions)
    subjects = tuple(known.subjects[row] for row in rows.tolist())
    said = [verdicts(subjects, each, context) for each in looking.wanted]
    best = _best_rows(known, rows, said, looking.wanted)
    rows, judged = rows[best], columns([each[best] for each in said], looking.wanted, len(best))
    ids = [known.subjects[int(row)].solution for row in rows]
    scored = [
        points(near.by_id.get(key, NOT_NEAR).total, float(share))
        for key, share in zip(ids, judged.share, strict=True)
    ]
    at = {key: place for place, key in enumerate(ids)}
    places = [Place(key, int(judged.failed[at[key]]), scored[at[key]]) for key in ids]
    order = [at[each.identity] for each in in_order(places, question(looking.asked))]
    return _Compared(known, near, order, rows, judged, scored)


def _rows(known: Facts, solutions: Sequence[str]) -> Ints:
    """All rows of these solutions that are public now, in the order of the columns."""
    numbers = {known.solution[known.place[Subject(key)]] for key in solutions if Subject(key) in known.place}
    firsts = np.searchsorted(known.solution, sorted(numbers))
    lasts = np.searchsorted(known.solution, sorted(numbers), side="right")
    if not numbers:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([np.arange(a, b) for a, b in zip(firsts, lasts, strict=True)])


def _best_rows(known: Facts, rows: Ints, said: Sequence[Codes], wanted: Sequence[Wanted]) -> Ints:
    """Of each solution the row that fits best: fewest failed musts, most met, the entry itself before its offers.

    The entry itself counts only where one can have the solution without an offer: otherwise whoever names no price
    would come before who does.
    """
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    judged = columns(said, wanted, len(rows))
    solution = known.solution[rows]
    order = np.lexsort((np.arange(len(rows)), -judged.share, judged.failed, ~known.alone[rows], solution))
    first = np.ones(len(order), dtype=bool)
    first[1:] = solution[order][1:] != solution[order][:-1]
    best: Ints = order[first]
    return best


def with_statements(found: Sequence[Match], looking: Looking, context: Context) -> list[Match]:
    """The same with words and sources for each criterion. A fixed number of queries."""
    said = statements([match.subject for match in found], looking.wanted, context)
    return [replace(match, wanted=looking.wanted, criteria=said[match.subject]) for match in found]


@dataclass(frozen=True)
class WhyNot:
    """Why a solution is not among the first, in German sentences; `match` where it could be compared at all."""

    name: str
    sentences: Sequence[str]
    match: Match | None = None


def why_not(
    looking: Looking, solution: Solution | None, context: Context, *, threshold: int = THRESHOLD
) -> WhyNot:
    """For a solution that somebody names; None for a name that nobody knows here. Raises `IndexAway`."""
    if solution is None:
        return WhyNot("", ("Unter diesem Namen gibt es hier keine Lösung.",))
    match = match_one(looking, solution.public_id, context)
    if match is None:
        return WhyNot(
            solution.name, ("Die Lösung ist zurzeit nicht veröffentlicht und wird deshalb nicht verglichen.",)
        )
    return WhyNot(solution.name, tuple(_reasons(match, threshold)), match)


def _reasons(match: Match, threshold: int) -> list[str]:
    reasons = []
    if match.position is None:
        reasons.append(
            "Die Suche findet die Lösung mit dem Text Ihres Bedarfs nicht: Ihre Beschreibung sagt anderes, als Sie "
            "geschrieben haben."
        )
    elif match.points >= threshold and not match.failed_musts:
        reasons.append(f"Sie ist dabei: an Stelle {match.position}.")
    for _, said in match.must_unmet:
        reasons.append(f"Ein Muss-Kriterium ist nicht erfüllt: {said.reason}")
    if match.position is not None and match.points < threshold:
        reasons.append(f"Sie hat {match.points} Punkte; Ihre Liste beginnt bei {threshold}.")
    if match.must_unknown:
        number = len(match.must_unknown)
        what = "Zu einem Muss-Kriterium" if number == 1 else f"Zu {number} Muss-Kriterien"
        reasons.append(
            f"{what} gibt es keine Angabe. Das zählt nicht gegen die Lösung, aber auch nicht für sie."
        )
    if match.position is not None and (match.points < threshold or match.failed_musts):
        reasons.append(f"In der ganzen Reihenfolge steht sie an Stelle {match.position}.")
    return reasons


__all__ = ["Found", "IndexAway", "Match", "WhyNot", "best_of", "compare", "match_one", "matches", "why_not"]
