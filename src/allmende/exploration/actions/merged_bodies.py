"""Cases of an organisation, and where it stands in cases of others, when it is merged into another.

A case follows the town that answers for it, frozen or not: else nobody could read it any more. What stands in a case
follows only while the case is open; a frozen one keeps the company as it was, and so does one that was stopped.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allmende.exploration.models import Candidate, Case, Inquiry
from allmende.lib.actors import Actor
from allmende.organisations.actions.moving import moved, moved_back
from allmende.organisations.models import Organisation

OPEN = ("running", "submitted")


def move(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> dict[str, Any]:
    _hold(source)
    candidates = Candidate.objects.filter(company=source, case__state__in=OPEN)
    inquiries = Inquiry.objects.filter(organisation=source, questionnaire__case__state__in=OPEN)
    return {
        "Case": moved(Case.objects.filter(organisation=source), organisation=target),
        "Candidate": moved(candidates, company=target),
        "Inquiry": moved(inquiries, organisation=target),
    }


def move_back(
    source: Organisation, target: Organisation, kept: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    """What was frozen since then stays as it was frozen."""
    _hold(target)
    moved_back(Case, kept.get("Case", ()), still={"organisation": target}, organisation=source)
    still = {"company": target, "case__state__in": OPEN}
    moved_back(Candidate, kept.get("Candidate", ()), still=still, company=source)
    still = {"organisation": target, "questionnaire__case__state__in": OPEN}
    moved_back(Inquiry, kept.get("Inquiry", ()), still=still, organisation=source)


def _hold(company: Organisation) -> None:
    """The cases first, as everywhere, in the order of their keys: none is frozen meanwhile."""
    found = {
        *Candidate.objects.filter(company=company).values_list("case_id", flat=True),
        *Inquiry.objects.filter(organisation=company).values_list("questionnaire__case_id", flat=True),
    }
    list(Case.objects.select_for_update().filter(pk__in=found, state__in=OPEN).order_by("pk"))
