"""Needs as their towns write them; for several tests."""

from dataclasses import replace
from datetime import datetime

from allmende.demand.actions.needs import begin, publish
from allmende.demand.drafts import CriterionDraft, NeedDraft
from allmende.demand.models import Need
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation

PROBLEM = (
    "Menschen melden dunkle Laternen und Schlaglöcher per Telefon oder im Vorzimmer. Etwa 40 Meldungen im Monat landen "
    "bei vier Stellen. Niemand sieht, was erledigt ist."
)
WHOLE = NeedDraft(
    title="Schäden melden und sehen, was daraus wird",
    problem=PROBLEM,
    goal="Jede Meldung ist nach 2 Arbeitstagen bei der richtigen Stelle.",
    users="Alle, die hier leben",
    fields_of_action=("verwaltung", "beteiligung"),
    population=6000,
    visibility="public",
    criteria=(
        CriterionDraft("must", "open_source", True),
        CriterionDraft("should", "yearly_cost_at_most", "1200.00"),
        CriterionDraft("must", text="Fotos lassen sich anhängen."),
    ),
)


def a_draft(organisation: Organisation, *, by: Actor, now: datetime, **said: object) -> Need:
    """A need that is whole and that nobody else sees yet."""
    return begin(organisation, draft=replace(WHOLE, **said), by=by, now=now)  # type: ignore[arg-type]


def a_published_need(organisation: Organisation, *, by: Actor, now: datetime, **said: object) -> Need:
    need = a_draft(organisation, by=by, now=now, **said)
    return publish(need, lock_version=need.lock_version, by=by, now=now)
