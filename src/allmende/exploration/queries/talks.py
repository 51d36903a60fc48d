"""Talks with companies: how much time each had, and what is still to be told to all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from allmende.exploration.models import Case, Talk
from allmende.exploration.steps import StepState


@dataclass(frozen=True)
class TimeGiven:
    """How long a company was talked to, in all. `is_uneven`: others had at least half as much time again."""

    company: str
    talks: int
    minutes: int
    is_uneven: bool


def talks_of(case: Case) -> QuerySet[Talk]:
    return Talk.objects.filter(case=case).select_related("candidate").order_by("held_at", "pk")


def times_given(talks: Sequence[Talk]) -> list[TimeGiven]:
    """The same time for all: minutes by company, by name."""
    minutes: dict[str, list[int]] = defaultdict(list)
    for talk in talks:
        minutes[talk.company_name].append(talk.minutes_long)
    most = max((sum(each) for each in minutes.values()), default=0)
    return [
        TimeGiven(name, len(each), sum(each), sum(each) * 3 <= most * 2)
        for name, each in sorted(minutes.items(), key=lambda pair: pair[0].casefold())
    ]


def to_be_shared(case: Case) -> QuerySet[Talk]:
    """Talks in which a company learned something that others do not know yet."""
    return case.talks.filter(shared_at=None).exclude(told_to_company="")


def step_state(case: Case) -> StepState:
    """Nobody has to talk; whoever did tells all what one has learned."""
    if not case.talks.exists():
        return StepState("open")
    waiting = to_be_shared(case).count()
    if waiting:
        talks = "einem Gespräch" if waiting == 1 else f"{waiting} Gesprächen"
        return StepState("begun", f"Aus {talks} ist noch etwas allen mitzuteilen.")
    return StepState("done")
