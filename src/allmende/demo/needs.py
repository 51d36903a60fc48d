"""What invented towns need, written and published as their people do it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from allmende.accounts.models import User
from allmende.demand.actions.needs import begin, publish
from allmende.demand.drafts import CriterionDraft, NeedDraft
from allmende.demand.models import Need
from allmende.demand.queries.needs import prefilled
from allmende.demo.story import story
from allmende.lib.actors import Actor
from allmende.lib.partial_dates import parse
from allmende.organisations.actions import for_region
from allmende.organisations.actions.accreditation import vouch
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.regions.models import Region

NARRATOR = Actor.program("demo")
Row = Mapping[str, Any]


@transaction.atomic
def need(towns: Mapping[str, Region], now: datetime) -> None:
    """Tell it once: a town that has written a need of that title is left alone."""
    for row in story()["needs"]:
        town = for_region(towns[row["region"]], by=NARRATOR, now=now)
        if Need.objects.filter(organisation=town, title=row["title"]).exists():
            continue
        vouch(town, by=NARRATOR, now=now)
        by = actor_for(User.objects.get(email=row["by"])) if "by" in row else NARRATOR
        at = now - timedelta(weeks=row.get("weeks_ago", 0))
        begun = begin(town, draft=_draft(row, town), by=by, now=at)
        publish(begun, lock_version=begun.lock_version, by=by, now=at)


def _draft(row: Row, town: Organisation) -> NeedDraft:
    known = prefilled(town)
    start = parse(row["needed_from"]) if "needed_from" in row else None
    return NeedDraft(
        title=row["title"],
        problem=row["problem"].strip(),
        goal=row["goal"],
        users=row["users"],
        users_count=row.get("users_count"),
        fields_of_action=tuple(row["fields"]),
        population=known.population,
        existing_systems=known.existing_systems,
        needed_from=start.first if start else None,
        needed_from_precision=start.precision if start else "month",
        term_months=row["term_months"],
        budget_class=row["budget"],
        cooperation=row["cooperation"],
        may_be_invited=row["may_be_invited"],
        visibility=row["visibility"],
        criteria=(
            *(CriterionDraft("must", code, wanted) for code, wanted in row["must"]),
            *(CriterionDraft("must", text=text) for text in row["own_must"]),
            *(CriterionDraft("should", code, wanted) for code, wanted in row["should"]),
        ),
    )
