"""Background jobs of the catalogue: load, one call."""

from datetime import UTC, datetime

from django.db import transaction

from allmende.catalogue.actions import remind_of_renewals
from allmende.catalogue.actions.notices import close_settled, forget_old
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.models import Solution
from allmende.jobs.job import job
from allmende.lib.actors import Actor


@job(atomic=False, coalesce=True)
def publish_again(origin_public_id: str) -> None:
    """An origin takes another place in the order of precedence: work out anew what holds. Doing it twice is no harm."""
    keys = Solution.objects.filter(listings__origin__public_id=origin_public_id, state="published")
    for key in keys.order_by("pk").values_list("pk", flat=True).distinct().iterator():
        with transaction.atomic():
            solution = Solution.objects.select_for_update().get(pk=key)
            publish_changes(solution, by=Actor.program("catalogue"), now=datetime.now(UTC))


@job(coalesce=True)
def settle_notices() -> None:
    """Every day: notices that nobody appealed against are closed, and old contacts are erased."""
    by, now = Actor.program("catalogue"), datetime.now(UTC)
    close_settled(by=by, now=now)
    forget_old(by=by, now=now)


@job(atomic=False, coalesce=True)
def remind() -> None:
    """Offers that are to be renewed soon, or were not. Doing it twice tells nobody twice."""
    remind_of_renewals(by=Actor.program("catalogue"), now=datetime.now(UTC))
