"""From the long list to the short one: what comes onto it, and why each entry stays or goes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from allmende.catalogue.models import Offer, Solution
from allmende.exploration import rules
from allmende.exploration.actions.cases import note
from allmende.exploration.actions.searches import open_after_plan, web_address
from allmende.exploration.models import Candidate, CandidateDecision, Case, LoggedSearch, SnapshotEntry
from allmende.exploration.queries.criteria import labels_of
from allmende.exploration.queries.snapshots import companies_of
from allmende.exploration.states import CANDIDATE
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.lib.sorting import folded
from allmende.organisations.models import Organisation
from allmende.vocabulary.models import Term
from allmende.vocabulary.queries import current

MOST_AT_ONCE = 500
LONGEST_WORDS = 2_000
NOT_IMPARTIAL = (
    "Sie haben einen Interessenkonflikt erklärt, zu dem noch nicht festgehalten ist, was daraus folgt. "
    "Solange das so ist, entscheidet jemand anderes."
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A decision to be made: `state` of `CANDIDATE`, `reason` a code of `candidate_reason`, `amount` net euros,
    `criterion` the public id of a criterion of the need. What the reason asks for has to be there."""

    state: str
    reason: str = ""
    words: str = ""
    amount: Decimal | None = None
    criterion: str = ""


@transaction.atomic
def add_from_snapshot(
    search: LoggedSearch, solutions: Sequence[str], *, by: Actor, now: datetime
) -> list[Candidate]:
    """Put entries of a snapshot (public ids of solutions) onto the list, once for each company that offers it there.

    What stands on the list already is left as it is. A fixed number of queries.
    """
    case = open_after_plan(search.case, by=by, now=now)
    entries = list(
        SnapshotEntry.objects.filter(snapshot__search=search, solution_id__in=solutions[:MOST_AT_ONCE])
    )
    if not entries:
        raise Refused("Wählen Sie mindestens einen Eintrag aus.")
    rows = _rows(case, search, entries, by, now)
    there = set(case.candidates.filter(solution__isnull=False).values_list("solution_id", "company_id"))
    new = [row for row in rows if (row.solution_id, row.company_id) not in there]
    Candidate.objects.bulk_create(new)
    if new:
        note(
            "exploration.candidate_added",
            case,
            subject=search,
            by=by,
            now=now,
            count=len(new),
        )
    return new


def _rows(
    case: Case, search: LoggedSearch, entries: Sequence[SnapshotEntry], by: Actor, now: datetime
) -> list[Candidate]:
    contents = {entry.pk: json.loads(entry.content) if entry.content else {} for entry in entries}
    offered = {entry.pk: companies_of(contents[entry.pk]) for entry in entries}
    parties = {each.organisation for offers in offered.values() for each in offers}
    bodies = Organisation.objects.in_bulk(parties, field_name="public_id")
    offers = Offer.objects.in_bulk(
        [each.offer for found in offered.values() for each in found], field_name="public_id"
    )
    solutions = Solution.objects.in_bulk([entry.solution_id for entry in entries], field_name="public_id")
    rows = []
    for entry in entries:
        known = [each for each in offered[entry.pk] if each.organisation in bodies]
        shared = {
            "case": case,
            "search": search,
            "solution": solutions[entry.solution_id],
            "solution_name": contents[entry.pk].get("name", solutions[entry.solution_id].name),
            "edition_number": entry.edition_number,
            "added_at": now,
            "added_by": by.id,
        }
        rows += [
            Candidate(
                **shared,
                company=bodies[each.organisation],
                company_name=each.name,
                offer=offers.get(each.offer),
            )
            for each in known
        ] or [Candidate(**shared)]
    return rows


@transaction.atomic
def add_by_hand(
    case: Case,
    *,
    company_name: str = "",
    solution_name: str = "",
    url: str = "",
    search: LoggedSearch | None = None,
    by: Actor,
    now: datetime,
) -> Candidate:
    """Put a company or product found elsewhere onto the list; `search` says where it was found."""
    case = open_after_plan(case, by=by, now=now)
    company, solution = " ".join(company_name.split()), " ".join(solution_name.split())
    if not company and not solution:
        raise Refused("Nennen Sie das Unternehmen oder das Produkt.")
    if max(len(company), len(solution)) > 300:
        raise Refused("Kürzen Sie den Namen auf höchstens 300 Zeichen.")
    _not_twice(case, company, solution)
    if search is not None and search.case_id != case.pk:
        raise Refused("Diese Recherche gehört zu einer anderen Markterkundung.")
    candidate = Candidate.objects.create(
        case=case,
        search=search,
        company_name=company,
        solution_name=solution,
        url=web_address(url),
        added_at=now,
        added_by=by.id,
    )
    words = {"company": company, "solution": solution}
    note("exploration.candidate_added", case, subject=candidate, by=by, now=now, words=words)
    return candidate


def _not_twice(case: Case, company: str, solution: str) -> None:
    same = (folded(company), folded(solution))
    there = case.candidates.filter(solution=None).values_list("company_name", "solution_name")
    if any((folded(name), folded(product)) == same for name, product in there):
        raise Refused("Das steht schon auf der Liste.")


@transaction.atomic
def decide(
    candidate: Candidate, verdict: Verdict, *, lock_version: int, by: Actor, now: datetime
) -> Candidate:
    """Keep, drop or open again, with a reason. Each decision is kept, also when the mind is changed."""
    case = _open_to_decide(candidate.case, by, now)
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.lock_version != lock_version:
        raise OutOfDate
    _decide([candidate], _checked(case, verdict), case, by, now)
    return candidate


@transaction.atomic
def decide_many(
    case: Case, versions: Mapping[str, int], verdict: Verdict, *, by: Actor, now: datetime
) -> list[Candidate]:
    """One decision with one reason for many: `versions` are the lock versions by public id, as they were read.

    All of them or none: where a colleague has decided about one meanwhile, `Refused` names it.
    """
    case = _open_to_decide(case, by, now)
    if not versions:
        raise Refused("Wählen Sie mindestens einen Eintrag aus.")
    found = list(case.candidates.select_for_update().filter(public_id__in=list(versions)[:MOST_AT_ONCE]))
    changed = [row for row in found if row.lock_version != versions[row.public_id]]
    if changed or len(found) < len(versions):
        names = ", ".join(f"„{row}“" for row in changed[:3])
        raise Refused(
            f"In der Zwischenzeit hat jemand anderes entschieden: {names or 'ein Eintrag'}. "
            "Laden Sie die Seite neu; noch ist nichts geändert."
        )
    _decide(found, _checked(case, verdict), case, by, now)
    return found


def _open_to_decide(case: Case, by: Actor, now: datetime) -> Case:
    case = open_after_plan(case, by=by, now=now)
    require(rules.is_impartial(by, case), NOT_IMPARTIAL)
    return case


def _checked(case: Case, verdict: Verdict) -> dict[str, Any]:
    """The fields of a decision. What its reason does not ask for is kept where it was said."""
    words = verdict.words.strip()
    if len(words) > LONGEST_WORDS:
        raise Refused(f"Kürzen Sie die Begründung auf höchstens {LONGEST_WORDS} Zeichen.")
    if verdict.state == "open":
        return _fields(verdict, "", words, "")
    reason = _reason(verdict)
    asks = reason.extra.get("asks", ())
    if "words" in asks and not words:
        raise Refused(f"Schreiben Sie zum Grund „{reason.label}“ in einem Satz, was Sie meinen.")
    if "amount" in asks and verdict.amount is None:
        raise Refused(f"Nennen Sie zum Grund „{reason.label}“ den Betrag in Euro, netto.")
    if verdict.amount is not None and not 0 <= verdict.amount < Decimal(10) ** 11:
        raise Refused("Geben Sie einen Betrag ein, zum Beispiel 1.200,00.")
    label = labels_of(case).get(verdict.criterion, "")
    if "criterion" in asks and not label:
        raise Refused(f"Wählen Sie zum Grund „{reason.label}“ das Kriterium aus.")
    if verdict.criterion and not label:
        raise Refused("Dieses Kriterium gehört nicht mehr zum Bedarf. Wählen Sie ein anderes.")
    return _fields(verdict, reason.code, words, label)


def _reason(verdict: Verdict) -> Term:
    term = current().term("candidate_reason", verdict.reason)
    if term is None or verdict.state not in term.extra.get("for", ()):
        raise Refused("Wählen Sie einen Grund aus, der zu Ihrer Entscheidung passt.")
    return term


def _fields(verdict: Verdict, reason: str, words: str, label: str) -> dict[str, Any]:
    return {
        "state": verdict.state,
        "reason": reason,
        "reason_text": words,
        "amount": verdict.amount if reason else None,
        "criterion": verdict.criterion if reason else "",
        "criterion_label": label,
    }


def _decide(
    candidates: Sequence[Candidate], fields: Mapping[str, Any], case: Case, by: Actor, now: datetime
) -> None:
    made = {**fields, "decided_at": now, "decided_by": by.id}
    for candidate in candidates:
        if candidate.state != fields["state"]:
            CANDIDATE.require_move(candidate.state, fields["state"])
        for name, value in made.items():
            setattr(candidate, name, value)
        candidate.lock_version += 1
        if fields["state"] != "kept":
            candidate.not_asked_reason = ""
    Candidate.objects.bulk_update(candidates, [*made, "lock_version", "not_asked_reason"])
    CandidateDecision.objects.bulk_create(CandidateDecision(candidate=each, **made) for each in candidates)
    for candidate in candidates:
        note(
            "exploration.candidate_decided",
            case,
            subject=candidate,
            by=by,
            now=now,
            words={"reason": fields["reason_text"]},
            state=fields["state"],
            reason=fields["reason"],
            criterion=fields["criterion"],
        )


@transaction.atomic
def say_why_not_asked(
    candidate: Candidate, reason: str, *, lock_version: int, by: Actor, now: datetime
) -> Candidate:
    """Why a company that stays on the list is not approached; "" takes it back."""
    case = _open_to_decide(candidate.case, by, now)
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.lock_version != lock_version:
        raise OutOfDate
    reason = reason.strip()
    if candidate.state != "kept":
        raise Refused("Dieser Eintrag steht nicht auf der kurzen Liste.")
    if len(reason) > LONGEST_WORDS:
        raise Refused(f"Kürzen Sie die Begründung auf höchstens {LONGEST_WORDS} Zeichen.")
    if reason and candidate.inquiries.exclude(state="planned").exists():
        raise Refused("Dieses Unternehmen ist schon angesprochen.")
    candidate.not_asked_reason = reason
    candidate.lock_version += 1
    candidate.save(update_fields=["not_asked_reason", "lock_version"])
    note(
        "exploration.candidate_decided",
        case,
        subject=candidate,
        by=by,
        now=now,
        words={"not_asked": reason},
        not_asked=bool(reason),
    )
    return candidate
