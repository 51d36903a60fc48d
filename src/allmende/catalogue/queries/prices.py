"""Amounts, as somebody may see them: some offers name them to verified public administration only.

Every page, file and calculation gets its offers through `with_prices`; what is hidden is not even loaded.
"""

from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects

from allmende.catalogue.models import Offer, PriceRow
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.rules import is_public_administration, is_staff

ANYONE = Actor.anonymous()


def with_prices(offers: Iterable[Offer], actor: Actor = ANYONE) -> list[Offer]:
    """The offers with the price rows that the actor may see; `prices_are_hidden` on those where there are others.

    One query for the rows; up to two more where an offer hides something from the public.
    """
    found = list(offers)
    hidden = _hidden([offer for offer in found if offer.prices_for == "administration"], actor)
    rows = PriceRow.objects.exclude(offer__in=hidden) if hidden else PriceRow.objects.all()
    for offer in found:
        # What was loaded for another reader would be taken for what this one may see.
        getattr(offer, "_prefetched_objects_cache", {}).pop("prices", None)
    prefetch_related_objects(found, Prefetch("prices", queryset=rows))
    for offer in found:
        offer.prices_are_hidden = offer.pk in hidden
    return found


def may_see_prices(offer: Offer, actor: Actor) -> bool:
    """Whether the actor sees the amounts of this offer."""
    return offer.prices_for == "public" or not _hidden([offer], actor)


def _hidden(offers: list[Offer], actor: Actor) -> set[int]:
    """Keys of those whose amounts the actor may not see: not of the administration, staff or a party."""
    if not offers or is_staff(actor) or is_public_administration(actor):
        return set()
    member_of = {organisation for _, organisation in actor.roles if organisation}
    own = set(Organisation.objects.filter(public_id__in=member_of).values_list("pk", flat=True))
    return {offer.pk for offer in offers if not own & {offer.supplier_id, offer.operator_id, offer.seller_id}}
