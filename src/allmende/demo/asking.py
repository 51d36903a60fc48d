"""What the people of a demo case find and ask: a look into the marketplace, a list with reasons, questions to all."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from allmende.catalogue.models import Solution
from allmende.exploration.actions.asking import dispatch, plan_inquiry
from allmende.exploration.actions.candidates import Verdict, add_by_hand, add_from_snapshot, decide
from allmende.exploration.actions.questions import add_question, begin_questionnaire, save_questionnaire
from allmende.exploration.actions.searches import take_snapshot
from allmende.exploration.deadlines import moment_of
from allmende.exploration.models import Candidate, Case, Questionnaire
from allmende.exploration.question_sets import QuestionDraft
from allmende.exploration.seen import Seen, SeenEntry
from allmende.lib.actors import Actor

Row = Mapping[str, Any]
Find = Callable[[str], Solution | None]
NOON = time(12)
# The story is told before there is an index that could be asked.
MATCHING = "Für die Demo von Hand zusammengestellt."


def look_and_choose(case: Case, row: Row, find: Find, *, by: Actor, now: datetime) -> None:
    """A snapshot of solutions of the story, what was found elsewhere, and a decision with its reason about each."""
    found = [each for each in map(find, row["found"]) if each]
    search = take_snapshot(case, _seen(row["words"], found), by=by, now=now)
    add_from_snapshot(search, [each.public_id for each in found], by=by, now=now)
    for company, solution in row["by_hand"]:
        add_by_hand(case, company_name=company, solution_name=solution, by=by, now=now)
    for candidate in case.candidates.order_by("pk"):
        said = row["decided"].get(candidate.solution_name) or row["otherwise"]
        judge_candidate(candidate, said, by=by, now=now)


def judge_candidate(candidate: Candidate, said: Row, *, by: Actor, now: datetime) -> None:
    """`said`: state, reason, and what the reason asks for; a criterion by its own words."""
    criterion = said.get("criterion", "")
    verdict = Verdict(
        state=said["state"],
        reason=said["reason"],
        words=said.get("words", ""),
        amount=Decimal(said["amount"]) if "amount" in said else None,
        criterion=candidate.case.need.criteria.get(text=criterion).public_id if criterion else "",
    )
    decide(candidate, verdict, lock_version=candidate.lock_version, by=by, now=now)


def _seen(words: str, found: list[Solution]) -> Seen:
    return Seen(
        words=words,
        filters={},
        total=len(found),
        about={"kind": "search", "asked": words, "searched": words, "filters": [], "total": len(found),
               "matching_in_words": MATCHING, "ties": ""},
        entries=[SeenEntry(each.public_id) for each in found],
    )  # fmt: skip


def ask(case: Case, row: Row, *, by: Actor, now: datetime) -> Questionnaire:
    """Questions to all who are left, on one day, with one deadline. `addresses`: of those who have no account."""
    questionnaire = begin_questionnaire(case, by=by, now=now)
    for draft in _questions(row):
        add_question(questionnaire, draft, by=by, now=now)
    today = timezone.localdate(now)
    questionnaire.refresh_from_db()
    questionnaire = save_questionnaire(
        questionnaire,
        introduction=questionnaire.introduction,
        deadline=moment_of(today + timedelta(days=row["days"]), NOON),
        questions_until=moment_of(today + timedelta(days=row["days"] - 7), NOON),
        lock_version=questionnaire.lock_version,
        by=by,
        now=now,
    )
    for candidate in case.candidates.filter(state="kept").order_by("pk"):
        address, size = row["addresses"].get(candidate.company_name, ("", row["size"]))
        plan_inquiry(questionnaire, candidate, email=address, size_class=size, by=by, now=now)
    questionnaire.refresh_from_db()
    return dispatch(questionnaire, lock_version=questionnaire.lock_version, by=by, now=now)


def _questions(row: Row) -> Iterator[QuestionDraft]:
    for kind, text, *choices in row["questions"]:
        yield QuestionDraft(text=text, kind=kind, choices=tuple(choices))
