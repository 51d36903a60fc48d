"""What organisations prepare, keep and claim, and what of it waits for the desk. Visibility first, as everywhere."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from allmende.catalogue.contents import solution_draft
from allmende.catalogue.drafts import (
    ClaimedUseDraft,
    ContactDraft,
    FundingDraft,
    OfferDraft,
    PriceDraft,
    ReleaseDraft,
    SolutionDraft,
)
from allmende.catalogue.editors import decided_by_others, edited_by
from allmende.catalogue.models import (
    EntryClaim,
    LaterEdit,
    Listing,
    Offer,
    OfferContact,
    Solution,
    WorkingCopy,
)
from allmende.catalogue.states import OPEN_COPY
from allmende.lib.actors import Actor
from allmende.lib.partial_dates import precision_of
from allmende.organisations.models import Organisation
from allmende.organisations.rules import is_staff


def copies_of(actor: Actor) -> QuerySet[WorkingCopy]:
    """Open working copies of the actor's organisations, the one saved last first."""
    return (
        _copies()
        .filter(organisation__public_id__in=edited_by(actor), state__in=OPEN_COPY)
        .order_by("-autosaved_at", "-pk")
    )


def copy_for(actor: Actor, public_id: str) -> WorkingCopy | None:
    """A working copy: to those who write it, and to staff once it has been submitted; None for anybody else."""
    copy = _copies().filter(public_id=public_id).first()
    if copy is None or copy.organisation.public_id in edited_by(actor):
        return copy
    return copy if is_staff(actor) and copy.submitted_at is not None else None


def copies_to_check(actor: Actor) -> QuerySet[WorkingCopy]:
    """Submissions that wait for this person of the staff, the longest waiting first; not those of their own house."""
    if not is_staff(actor):
        return WorkingCopy.objects.none()
    waiting = _copies().filter(state="submitted").exclude(submitted_by=actor.id)
    return waiting.exclude(organisation__public_id__in=decided_by_others(actor)).order_by(
        "submitted_at", "pk"
    )


def open_copy(
    organisation: Organisation, kind: str, *, solution: Solution | None = None, offer: Offer | None = None
) -> WorkingCopy | None:
    """The one that lasts for this subject and organisation, if any."""
    rows = WorkingCopy.objects.filter(organisation=organisation, kind=kind, state__in=OPEN_COPY)
    return (rows.filter(offer=offer) if offer else rows.filter(solution=solution, offer=None)).first()


def _copies() -> QuerySet[WorkingCopy]:
    return WorkingCopy.objects.select_related(
        "organisation", "solution", "offer__supplier", "offer__operator", "offer__seller"
    )


def kept_offers(actor: Actor) -> QuerySet[Offer]:
    """Offers, whatever their state, in which one of the actor's organisations is a party."""
    own = edited_by(actor)
    mine = Q(supplier__public_id__in=own) | Q(operator__public_id__in=own) | Q(seller__public_id__in=own)
    rows = Offer.objects.filter(mine).select_related("solution", "supplier", "operator", "seller")
    return rows.order_by("solution__sort_name", "title", "pk")


def offers_of_others(solution: Solution, organisation: Organisation) -> QuerySet[Offer]:
    """Published offers for the solution in which the organisation is no party."""
    own = Q(supplier=organisation) | Q(operator=organisation) | Q(seller=organisation)
    mine = Offer.objects.filter(own, solution=solution).values("pk")
    return Offer.objects.filter(solution=solution, state="published").exclude(pk__in=mine)


def claim_of(organisation: Organisation, solution: Solution) -> EntryClaim | None:
    """What the organisation has said of the entry last, as long as it lasts."""
    lasting = EntryClaim.objects.filter(solution=solution, organisation=organisation)
    return lasting.filter(state__in=("open", "granted")).first()


def owner_of(solution: Solution) -> Organisation | None:
    """Whose entry it is, confirmed by the desk."""
    claim = (
        EntryClaim.objects.filter(solution=solution, state="granted").select_related("organisation").first()
    )
    return claim.organisation if claim else None


def sides_of(solutions: Iterable[Solution]) -> dict[int, list[Organisation]]:
    """By key of the solution: whose entry it is, confirmed, and who supplies, operates or sells it. Two queries."""
    found: dict[int, list[Organisation]] = {solution.pk: [] for solution in solutions}
    owners = EntryClaim.objects.filter(solution__in=list(found), state="granted")
    for claim in owners.select_related("organisation"):
        found[claim.solution_id].append(claim.organisation)
    offers = Offer.objects.filter(solution__in=list(found)).exclude(state="withdrawn")
    for offer in offers.select_related("supplier", "operator", "seller"):
        found[offer.solution_id] += offer.parties
    return found


def owned_solutions(actor: Actor) -> QuerySet[EntryClaim]:
    """Claims of the actor's organisations that last, by the name of the entry."""
    rows = EntryClaim.objects.filter(organisation__public_id__in=edited_by(actor))
    lasting = rows.filter(state__in=("open", "granted"), solution__state="published")
    return lasting.select_related("solution", "organisation").order_by("solution__sort_name", "pk")


def open_claims_of(actor: Actor) -> QuerySet[EntryClaim]:
    """What the actor's organisations have claimed and nobody has decided."""
    return owned_solutions(actor).filter(state="open")


def claims_to_decide(actor: Actor) -> QuerySet[EntryClaim]:
    """Claims that wait for this person of the staff, the longest waiting first."""
    if not is_staff(actor):
        return EntryClaim.objects.none()
    rows = EntryClaim.objects.filter(state="open").exclude(claimed_by=actor.id)
    rows = rows.exclude(organisation__public_id__in=decided_by_others(actor))
    # Where an organisation has claimed two entries that became one, it is asked about the one that is left.
    rows = rows.exclude(solution__state="merged")
    return rows.select_related("solution", "organisation__region").order_by("claimed_at", "pk")


def edits_to_acknowledge(actor: Actor) -> QuerySet[LaterEdit]:
    """Changes that are live and that this person of the staff has yet to look at; asked ones wait for the owner."""
    if not is_staff(actor):
        return LaterEdit.objects.none()
    rows = _later_edits().filter(state="open").exclude(made_by=actor.id)
    return rows.exclude(organisation__public_id__in=decided_by_others(actor)).order_by("made_at", "pk")


def questions_to(actor: Actor) -> QuerySet[LaterEdit]:
    """Questions of the desk that an organisation of the actor has to answer."""
    rows = _later_edits().filter(state="asked", organisation__public_id__in=edited_by(actor))
    return rows.order_by("decided_at", "pk")


def later_edit_for(actor: Actor, public_id: str) -> LaterEdit | None:
    """One change: to staff and to whoever has made it; None for anybody else."""
    edit = _later_edits().filter(public_id=public_id).first()
    if edit is None:
        return None
    return edit if is_staff(actor) or edit.organisation.public_id in edited_by(actor) else None


def _later_edits() -> QuerySet[LaterEdit]:
    return LaterEdit.objects.select_related("solution", "offer", "organisation")


def own_listing(solution: Solution, organisation: Organisation) -> Listing | None:
    """What the organisation itself says of the solution, if it has said anything."""
    code = f"eigen-{organisation.public_id}"
    found = Listing.objects.filter(solution=solution, origin__code=code).select_related("origin")
    # After a merge there may be two; the one that was here first keeps the word.
    return found.order_by("joined_at", "pk").first()


def own_draft(solution: Solution, organisation: Organisation) -> SolutionDraft:
    """What the organisation has said of the solution so far; where nothing, its name and where it is found."""
    listing = own_listing(solution, organisation)
    if listing is None:
        return SolutionDraft(
            name=solution.name,
            repository_url=solution.repository_url or None,
            website_url=solution.website_url or None,
        )
    stated = dict(listing.statements.values_list("field", "value"))
    return solution_draft(stated, **_rows_of(listing))


def _rows_of(listing: Listing) -> dict[str, Any]:
    """What hangs on a listing in tables of its own."""
    uses = listing.claimed_uses.select_related("organisation__region").order_by("pk")
    release = listing.releases.order_by("-pk").first()
    return {
        "claimed_uses": tuple(
            ClaimedUseDraft(
                name=use.name,
                url=use.url or None,
                ags=use.organisation.region.key if use.organisation and use.organisation.region else None,
            )
            for use in uses
        ),
        "contacts": tuple(
            ContactDraft(
                name=each.name or None,
                email=each.email or None,
                phone=each.phone or None,
                affiliation=each.affiliation or None,
                is_team=each.is_team,
            )
            for each in listing.contacts.order_by("pk")
        ),
        "funding": tuple(
            FundingDraft(
                programme=each.programme,
                grant_id=each.grant_id or None,
                open_source_duty=each.open_source_duty,
                url=each.url or None,
            )
            for each in listing.funding.order_by("pk")
        ),
        "release": ReleaseDraft(version=release.version or None, released_on=release.released_on)
        if release
        else None,
    }


def offer_draft_of(offer: Offer) -> OfferDraft:
    """What a published offer says, as it could be handed in again. For those who keep it: all prices are in it."""
    parties = {
        role: getattr(offer, role).public_id if getattr(offer, role) else None
        for role in ("supplier", "operator", "seller")
    }
    contact = OfferContact.objects.filter(offer=offer).first()
    return OfferDraft(
        title=offer.title,
        kind=offer.kind,
        description=offer.description,
        language=offer.language,
        **parties,
        delivery_model=offer.delivery_model or None,
        price_model=offer.price_model or None,
        on_request=offer.on_request,
        prices=tuple(_price_draft(row) for row in offer.prices.order_by("position")),
        minimum_term_months=offer.minimum_term_months,
        included_services=offer.included_services,
        as_of=offer.as_of,
        as_of_precision=precision_of(offer.as_of_precision),
        prices_for=offer.prices_for,
        contact=ContactDraft(
            name=contact.name or None, email=contact.email or None, phone=contact.phone or None, is_team=True
        )
        if contact
        else None,
        is_invented=offer.is_invented,
    )


def _price_draft(row: Any) -> PriceDraft:
    return PriceDraft(
        kind=row.kind,
        amount=row.amount,
        unit=row.unit or None,
        tier_from=row.tier_from,
        tier_to=row.tier_to,
        vat_rate=row.vat_rate,
        note=row.note,
    )
