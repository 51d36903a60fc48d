"""What happens to a source's listings when the source no longer names them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import Listing, Solution
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require


@transaction.atomic
def mark_missing(listings: Sequence[Listing], *, by: Actor, now: datetime) -> int:
    """The source no longer names them; what they describe stays published and says so. Returns how many were new."""
    require(rules.may_hand_in(by))
    rows = list(Listing.objects.filter(pk__in=[listing.pk for listing in listings], missing_since=None))
    for listing in rows:
        _note(listing, missing_since=now, kind="catalogue.listing_missing", by=by, now=now)
    return len(rows)


@transaction.atomic
def mark_seen(listings: Sequence[Listing], *, by: Actor, now: datetime) -> int:
    """The source names them again. Returns how many had been missing."""
    require(rules.may_hand_in(by))
    keys = [listing.pk for listing in listings]
    rows = list(Listing.objects.filter(pk__in=keys, missing_since__isnull=False))
    for listing in rows:
        _note(listing, missing_since=None, kind="catalogue.listing_returned", by=by, now=now)
    return len(rows)


def _note(listing: Listing, *, missing_since: datetime | None, kind: str, by: Actor, now: datetime) -> None:
    solution = Solution.objects.select_for_update().get(pk=listing.solution_id)
    Listing.objects.filter(pk=listing.pk).update(missing_since=missing_since)
    record(kind, subject=solution, by=by, now=now, data={"key": listing.key[:200]})
    if solution.listings.count() > 1:
        # What another source still says now comes before what this one no longer does.
        publish_changes(solution, by=by, now=now)


@transaction.atomic
def withdraw_listing(listing: Listing, *, by: Actor, now: datetime) -> None:
    """Take away what one origin says; refused where it is the only one, because then the solution is withdrawn."""
    require(rules.may_hand_in(by))
    solution = Solution.objects.select_for_update().get(pk=listing.solution_id)
    if solution.listings.count() == 1:
        raise Refused("Das ist die einzige Quelle dieser Lösung. Ziehen Sie die Lösung selbst zurück.")
    listing.delete()
    publish_changes(solution, by=by, now=now)
