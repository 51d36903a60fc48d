"""Market explorations of invented people: one has just begun, one waits for answers, one is frozen and had a result."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from allmende.accounts.models import User
from allmende.demand.models import Need
from allmende.demo import ending
from allmende.demo.asking import Find, ask, look_and_choose
from allmende.demo.story import story
from allmende.exploration.actions.cases import begin_case, change_case
from allmende.exploration.actions.members import add_member, declare
from allmende.exploration.actions.searches import log_search
from allmende.exploration.actions.sheets import fix_plan, plan_step, save_sheet
from allmende.exploration.deadlines import moment_of
from allmende.exploration.models import Case, Questionnaire
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region
from allmende.organisations.queries import actor_for
from allmende.regions.models import Region

NARRATOR = Actor.program("demo")
Row = Mapping[str, Any]


@transaction.atomic
def explore(towns: Mapping[str, Region], find: Find, now: datetime) -> None:
    """Tell it once: a need that has a case already is left alone."""
    for row in story()["explorations"]:
        town = for_region(towns[row["region"]], by=NARRATOR, now=now)
        need = Need.objects.get(organisation=town, title=row["need"])
        if not need.cases.exists():
            begun = _monday(now, row["weeks_ago"]) if "weeks_ago" in row else now
            case = _begin(need, row, begun)
            _go_on(case, row, find, begun)


def _monday(now: datetime, weeks_ago: int) -> datetime:
    """A morning at work, whenever the story is told."""
    day = timezone.localdate(now) - timedelta(weeks=weeks_ago)
    return moment_of(day - timedelta(days=day.weekday()), time(9, 30))


def _go_on(case: Case, row: Row, find: Find, begun: datetime) -> None:
    """As far as the story of this case goes; what has to wait for a deadline happens after it."""
    by = _actor(row["by"])
    if "research" in row:
        look_and_choose(case, row["research"], find, by=by, now=begun + timedelta(hours=1))
    if "asking" in row:
        sent = ask(case, row["asking"], by=by, now=begun + timedelta(hours=2))
    if "ending" in row:
        _end(sent, row["ending"], find, by, begun)


def _end(questionnaire: Questionnaire, row: Row, find: Find, by: Actor, begun: datetime) -> None:
    case = questionnaire.case
    ending.answer(questionnaire, row, now=begun + timedelta(days=9))
    assert questionnaire.deadline is not None  # noqa: S101  # it was sent
    over = questionnaire.deadline + timedelta(days=1)
    ending.close(questionnaire, row, by=by, now=over)
    ending.arrive(questionnaire, now=over)
    ending.conclude(case, row, by=by, now=over + timedelta(days=1))
    for step, answers in row["sheets"].items():
        _write(case, step, answers, by=by, now=over + timedelta(days=1))
    ending.freeze(case, row, by=by, now=over + timedelta(days=2))
    outcome = row["outcome"]
    ending.tell_outcome(case, outcome, find(outcome["solution"]), by=by, now=over + timedelta(days=14))


def _begin(need: Need, row: Row, now: datetime) -> Case:
    by, today = _actor(row["by"]), timezone.localdate(now)
    case = begin_case(need, reference=row["reference"], department=row["department"], by=by, now=now)
    for email, role, function in row["members"]:
        person = User.objects.get(email=email)
        add_member(case, person=person, role=role, function=function, by=by, now=now)
    for email in row["declared"]:
        declare(case, has_conflict=False, by=_actor(email), now=now)
    for step, answers in row["sheets"].items():
        _write(case, step, _dated(answers, now), by=by, now=now)
    fix_plan(case, by=by, now=now)
    source, name, query, hits, remark = row["search"]
    log_search(
        case, source=source, source_name=name, query=query, hits=hits, remark=remark, searched_on=today, by=by,
        now=now,
    )  # fmt: skip
    lead = User.objects.get(email=row["by"])
    # Who has chosen already has no day for it any more.
    step = "vorbefassung" if "research" in row else "auswahl"
    plan_step(case, step, user=lead, due_on=today + timedelta(days=14), by=by, now=now)
    change_case(
        case, title=need.title, reference=row["reference"], department=row["department"],
        due_on=today + timedelta(days=60), lock_version=Case.objects.get(pk=case.pk).lock_version, by=by, now=now,
    )  # fmt: skip
    return Case.objects.select_related("organisation", "need").get(pk=case.pk)


def _write(case: Case, step: str, answers: Row, *, by: Actor, now: datetime) -> None:
    save_sheet(case, step, lambda _: answers, is_done=True, lock_version=0, by=by, now=now)


def _dated(answers: Row, now: datetime) -> Row:
    """A plan lasts some days from the day on which the story is told."""
    if "days" not in answers:
        return answers
    today = timezone.localdate(now)
    period = {"from": today.isoformat(), "to": (today + timedelta(days=answers["days"])).isoformat()}
    return {code: value for code, value in answers.items() if code != "days"} | period


def _actor(email: str) -> Actor:
    return actor_for(User.objects.get(email=email))
