"""Companies that took part in the preparation (§ 7 VgV, § 5 UVgO), and what makes up for what they know."""

from datetime import datetime

from django.db import transaction

from allmende.exploration.actions.cases import note, open_for_change
from allmende.exploration.models import Candidate, Case, Involvement
from allmende.exploration.queries.involvement import suggestions
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

SAY_HOW = "Schreiben Sie, wie das Unternehmen mitgewirkt hat, zum Beispiel: hat den Fragebogen beantwortet."
SAY_WHAT = "Schreiben Sie, was den Vorsprung ausgleicht."


@transaction.atomic
def suggest_involvements(case: Case, *, by: Actor, now: datetime) -> int:
    """Put a row for every company that answered or was talked to and has none yet; how many. A person looks at each."""
    case = open_for_change(case, by=by, now=now)
    found = suggestions(case)
    for company, candidate, how, knows in found:
        Involvement.objects.create(
            case=case,
            candidate=candidate,
            company_name=company,
            how=how,
            knows=knows,
            measures="",
            is_suggested=True,
            noted_at=now,
            noted_by=by.id,
        )
    if found:
        note("exploration.involvement_noted", case, by=by, now=now, suggested=len(found))
    return len(found)


@transaction.atomic
def note_involvement(
    case: Case,
    *,
    company_name: str,
    how: str,
    knows: str = "",
    measures: str,
    candidate: Candidate | None = None,
    by: Actor,
    now: datetime,
) -> Involvement:
    """Note a company that took part, or look at a suggestion: then it is a person's word. One row a company."""
    case = open_for_change(case, by=by, now=now)
    company_name = company_name.strip()[:300]
    if not company_name:
        raise Refused("Nennen Sie das Unternehmen.")
    if not how.strip():
        raise Refused(SAY_HOW)
    if not measures.strip():
        raise Refused(SAY_WHAT)
    row = Involvement.objects.select_for_update().filter(case=case, company_name=company_name).first()
    row = row or Involvement(case=case, company_name=company_name)
    if candidate is not None:
        row.candidate = candidate
    row.how, row.knows, row.measures = how.strip(), knows.strip(), measures.strip()
    row.is_suggested, row.noted_at, row.noted_by = False, now, by.id
    row.save()
    note("exploration.involvement_noted", case, by=by, now=now)
    return row


@transaction.atomic
def drop_involvement(involvement: Involvement, *, by: Actor, now: datetime) -> None:
    """Take out a row that is wrong: a suggestion, or one entered by mistake. The journal keeps that it was there."""
    case = open_for_change(involvement.case, by=by, now=now)
    row = Involvement.objects.select_for_update().filter(pk=involvement.pk, case=case).first()
    if row is None:
        raise Refused("Diese Zeile gibt es nicht mehr.")
    row.delete()
    note("exploration.involvement_noted", case, by=by, now=now, dropped=True)
