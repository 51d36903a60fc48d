from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.later_edits import note_later_edit
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.checks import check_offer
from allmende.catalogue.contacts import suppression_digests
from allmende.catalogue.drafts import ContactDraft, OfferDraft
from allmende.catalogue.models import Offer, OfferContact, PriceRow, Solution, SuppressedContact
from allmende.catalogue.renewals import a_year_after
from allmende.catalogue.states import OFFER
from allmende.files.actions import hand_on
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.organisations.models import Organisation
from allmende.organisations.queries import by_public_ids

MAY_NOT_NAME = (
    "In ein veröffentlichtes Angebot können Sie keine andere Organisation neu eintragen, und Ihre eigene muss darin "
    "bleiben. Schreiben Sie der Redaktion, wenn sich das geändert hat. Dafür fehlt Ihnen die Berechtigung."
)

NOT_PUBLISHED = (
    "Dieses Angebot ist nicht mehr veröffentlicht. Deshalb können Sie es nicht ändern. Verwerfen Sie die Änderung, und "
    "stellen Sie bei Bedarf ein neues Angebot ein."
)


@transaction.atomic
def publish_offer(
    draft: OfferDraft,
    *,
    solution: Solution,
    papers: tuple[str, str] | None = None,
    by: Actor,
    now: datetime,
) -> Offer:
    """Put an offer online, for a year; raises `Refused` with every reason. `papers`: whose documents become its own.

    For staff: whoever offers something prepares a working copy and submits it.
    """
    check_offer(draft)
    parties = _parties(draft)
    require(rules.may_publish_offers(by))
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    if solution.state != "published":
        raise Refused("Zu einer Lösung, die nicht veröffentlicht ist, kann es kein Angebot geben.")
    offer = Offer(solution=solution, state="published", published_at=now, renew_by=a_year_after(now))
    _fill(offer, draft, parties, now)
    if papers is not None:
        hand_on(papers, (offer.journal_type, offer.public_id))
    publish_changes(solution, by=by, now=now, kind="catalogue.offer_published", offer=offer.public_id)
    return offer


@transaction.atomic
def change_offer(
    offer: Offer, draft: OfferDraft, *, by: Actor, now: datetime, lock_version: int | None = None
) -> Offer:
    """Replace what an offer says, price rows included.

    A change by its owner is live at once like any other; it then waits for the desk to look at it. Raises `OutOfDate`
    where somebody saved since the given version was read: an offer may have three parties that change it.
    """
    check_offer(draft)
    offer = lock_offer(offer, None)
    require(rules.may_change_offer(by, offer))
    if offer.state != "published":
        raise Refused(NOT_PUBLISHED)
    if lock_version is not None and offer.lock_version != lock_version:
        raise OutOfDate
    parties = _parties(draft)
    require(rules.may_name(by, offer, list(parties.values())), MAY_NOT_NAME)
    before = offer.solution.edition_number
    _fill(offer, draft, parties, now)
    publish_changes(offer.solution, by=by, now=now, kind="catalogue.offer_changed", offer=offer.public_id)
    note_later_edit(offer.solution, offer=offer, parties=offer.parties, before=before, by=by, now=now)
    return offer


@transaction.atomic
def withdraw_offer(
    offer: Offer, *, reason: str, by: Actor, now: datetime, lock_version: int | None = None
) -> Offer:
    """Take an offer offline, with a reason; earlier editions of the solution keep it."""
    offer = lock_offer(offer, lock_version)
    require(rules.may_change_offer(by, offer))
    if not reason.strip():
        raise Refused("Nennen Sie den Grund, aus dem Sie das Angebot zurückziehen.")
    OFFER.require_move(offer.state, "withdrawn")
    offer.state, offer.withdrawn_at, offer.withdrawal_reason = "withdrawn", now, reason.strip()
    offer.lock_version += 1
    offer.save(update_fields=["state", "withdrawn_at", "withdrawal_reason", "lock_version"])
    publish_changes(offer.solution, by=by, now=now, kind="catalogue.offer_withdrawn", offer=offer.public_id)
    return offer


def lock_offer(offer: Offer, lock_version: int | None) -> Offer:
    """The row, locked, and its solution before it; raises `OutOfDate` where somebody saved in the meantime."""
    # The solution first, as everywhere: whoever writes an edition holds its row.
    # Asked anew: a merge may have moved the offer since it was read.
    moved_to = Offer.objects.values_list("solution", flat=True).get(pk=offer.pk)
    solution = Solution.objects.select_for_update().get(pk=moved_to)
    locked = Offer.objects.select_for_update().get(pk=offer.pk)
    if locked.solution_id != solution.pk:
        raise OutOfDate
    if lock_version is not None and locked.lock_version != lock_version:
        raise OutOfDate
    locked.solution = solution
    return locked


def _parties(draft: OfferDraft) -> dict[str, Organisation]:
    wanted = {role: getattr(draft, role) for role in ("supplier", "operator", "seller")}
    known = by_public_ids([public_id for public_id in wanted.values() if public_id])
    for public_id in wanted.values():
        if public_id and public_id not in known:
            raise Refused("Eine der genannten Organisationen gibt es nicht. Wählen Sie sie aus der Liste.")
    return {role: known[public_id] for role, public_id in wanted.items() if public_id}


def _fill(offer: Offer, draft: OfferDraft, parties: dict[str, Organisation], now: datetime) -> None:
    for role in ("supplier", "operator", "seller"):
        setattr(offer, role, parties.get(role))
    for name in (
        "kind",
        "title",
        "description",
        "language",
        "on_request",
        "minimum_term_months",
        "included_services",
        "as_of",
        "as_of_precision",
        "prices_for",
        "is_invented",
    ):
        setattr(offer, name, getattr(draft, name))
    offer.delivery_model, offer.price_model = draft.delivery_model or "", draft.price_model or ""
    offer.changed_at = now
    offer.lock_version += 1
    offer.save()
    _set_contact(offer, draft)
    offer.prices.all().delete()
    PriceRow.objects.bulk_create(
        PriceRow(
            offer=offer,
            position=position,
            kind=price.kind,
            amount=price.amount,
            unit=price.unit or "",
            tier_from=price.tier_from,
            tier_to=price.tier_to,
            vat_rate=price.vat_rate,
            note=price.note,
        )
        for position, price in enumerate(draft.prices)
    )


def _set_contact(offer: Offer, draft: OfferDraft) -> None:
    contact = draft.contact
    # Whoever was erased does not come back with the next change, as with the next harvest.
    if contact is None or _was_erased(contact):
        OfferContact.objects.filter(offer=offer).delete()
        return
    told = {"name": contact.name or "", "email": contact.email or "", "phone": contact.phone or ""}
    OfferContact.objects.update_or_create(offer=offer, defaults=told)


def _was_erased(contact: ContactDraft) -> bool:
    known_by = suppression_digests(contact.name or "", contact.email or "")
    return SuppressedContact.objects.filter(digest__in=known_by).exists()
