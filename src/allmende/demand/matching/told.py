"""What providers were told of: needs that fit what they offer."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from allmende.demand.matching.finding import match_one
from allmende.demand.matching.other_way import Fitting
from allmende.demand.matching.wanting import context_of, looking_for
from allmende.demand.models import FoundMatch
from allmende.demand.queries.needs import open_to, own_organisations
from allmende.lib.actors import Actor


def told_needs(actor: Actor) -> QuerySet[FoundMatch]:
    """Matches found for the actor's organisations, of needs that are open and that it may read; the latest first."""
    rows = FoundMatch.objects.filter(
        organisation__public_id__in=own_organisations(actor),
        need__in=open_to(actor).order_by().values("pk"),
        solution__state="published",
    )
    return rows.select_related("need__organisation__region__land", "solution").order_by("-found_at", "-pk")


def fitting_for(rows: Iterable[FoundMatch], actor: Actor, *, today: date) -> list[Fitting]:
    """The same as they are today, in their order. One search for each. Raises `IndexAway`."""
    fitting = []
    for row in rows:
        match = match_one(looking_for(row.need), row.solution.public_id, context_of(row.need, actor, today))
        if match is not None:
            fitting.append(Fitting(row.need, match))
    return fitting
