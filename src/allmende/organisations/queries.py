"""Look-ups of organisations, and who somebody is."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.models import Membership, Organisation


def all_organisations() -> QuerySet[Organisation]:
    """Every organisation; there is nothing to hide about one."""
    return Organisation.objects.select_related("region")


def by_public_ids(public_ids: list[str]) -> dict[str, Organisation]:
    """Organisations by public id, unknown ones left out; one query."""
    return {each.public_id: each for each in Organisation.objects.filter(public_id__in=public_ids)}


def actor_for(user: User | AnonymousUser) -> Actor:
    """Who a signed-in person is and which roles they hold now; `Actor.anonymous()` for anybody else."""
    if not isinstance(user, User) or not user.is_active:
        return Actor.anonymous()
    held = Membership.objects.filter(user=user, ended_at__isnull=True).values_list(
        "role", "organisation__public_id"
    )
    return Actor("person", user.public_id, frozenset(held))


def memberships_of(user: User) -> QuerySet[Membership]:
    """What a person is here, now."""
    return Membership.objects.filter(user=user, ended_at__isnull=True).select_related("organisation__region")


def organisations_of(actor: Actor, role: str) -> list[Organisation]:
    """Organisations in which the actor holds the role."""
    held = [organisation for name, organisation in actor.roles if name == role and organisation]
    return list(Organisation.objects.filter(public_id__in=held).select_related("region").order_by("name"))
