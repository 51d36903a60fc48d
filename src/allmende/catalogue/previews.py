"""The sheet of a solution as it would be if a working copy were published. Writes nothing.

The same precedence and the same columns as for what is published: a preview that was worked out otherwise would one
day show something else.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from allmende.catalogue.actions.origins import RANKS
from allmende.catalogue.actions.publishing import set_columns
from allmende.catalogue.contents import Content, to_publish
from allmende.catalogue.drafts import FundingDraft, OfferDraft, SolutionDraft
from allmende.catalogue.models import (
    ClaimedUse,
    Contact,
    Funding,
    Listing,
    Offer,
    OfferContact,
    Origin,
    PriceRow,
    Release,
    Solution,
    SolutionText,
    Statement,
    WorkingCopy,
)
from allmende.catalogue.precedence import (
    SCHEME_OF_FIELD,
    Effective,
    effective_values,
    languages_in_order,
    stated_values,
)
from allmende.catalogue.queries import Sheet, overruled, own_listing, sheet
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import by_public_ids
from allmende.regions.queries import by_ags, named_for_sure

# No row has a negative key: what is not stored has one, so that related objects can be hung on it.
NOT_STORED = -1


def preview(copy: WorkingCopy, content: Content, *, now: datetime, actor: Actor) -> Sheet:
    """What the page of the solution would show to `actor` after publishing."""
    content = to_publish(content)
    before = sheet(copy.solution, actor) if copy.solution else None
    shown = _sheet_of(copy, content.solution, before, now=now)
    if content.offer is None:
        return shown
    offer = _offer(content.offer, shown.solution, copy.organisation, copy.offer, now)
    others = [each for each in shown.offers if copy.offer is None or each.pk != copy.offer.pk]
    return replace(shown, offers=[*others, offer])


def _sheet_of(
    copy: WorkingCopy, draft: SolutionDraft | None, before: Sheet | None, *, now: datetime
) -> Sheet:
    if before is not None and draft is None:
        return before
    own = own_listing(before.solution, copy.organisation) if before else None
    listing = _listing(copy.organisation, now)
    statements = _statements(listing, draft or SolutionDraft(name=""), now)
    kept = [each for each in (before.listings if before else ()) if own is None or each.pk != own.pk]
    told = list(Statement.objects.filter(listing__in=kept).select_related("listing__origin")) if kept else []
    effective = effective_values([*kept, listing], [*told, *statements])
    solution = before.solution if before else Solution(pk=NOT_STORED, state="published", edition_number=1)
    set_columns(solution, {field: each.value for field, each in effective.items()})
    solution.name, solution.changed_at = solution.name or "Ohne Namen", now
    _hang(listing, "contacts", Contact, _contacts(draft))
    return Sheet(
        solution=solution,
        texts=_texts(solution, effective),
        terms={
            scheme: list(dict.fromkeys(effective[field].value))
            for field, scheme in SCHEME_OF_FIELD.items()
            if field in effective
        },
        offers=before.offers if before else [],
        confirmed_uses=before.confirmed_uses if before else [],
        claimed_uses=[*_others(before.claimed_uses if before else [], own), *_uses(listing, draft)],
        listings=[*kept, listing],
        effective=effective,
        other_values=overruled(effective, [*told, *statements]),
        owner=copy.organisation,
    )


def _listing(organisation: Organisation, now: datetime) -> Listing:
    origin = Origin(
        pk=NOT_STORED,
        code=f"eigen-{organisation.public_id}",
        label=f"{organisation.name} (eigene Angaben)"[:200],
        kind="owner",
        rank=RANKS["owner"],
    )
    return Listing(pk=NOT_STORED, origin=origin, first_seen_at=now, joined_at=now, changed_at=now)


def _statements(listing: Listing, draft: SolutionDraft, now: datetime) -> list[Statement]:
    return [
        Statement(listing=listing, field=field, value=value, stated_at=now)
        for field, value in stated_values(draft).items()
    ]


def _texts(solution: Solution, effective: dict[str, Effective]) -> list[SolutionText]:
    return [
        SolutionText(
            solution=solution,
            listing=effective[f"texts.{language}"].listing,
            language=language,
            position=position,
            **effective[f"texts.{language}"].value,
        )
        for position, language in enumerate(languages_in_order(effective))
    ]


def _others(rows: Sequence[Any], own: Listing | None) -> list[Any]:
    """Rows of other listings: those of one's own are replaced."""
    return [row for row in rows if own is None or row.listing_id != own.pk]


def _uses(listing: Listing, draft: SolutionDraft | None) -> list[ClaimedUse]:
    """Towns as the gate would find them, without making an organisation of one that nobody has named before."""
    found = []
    for use in draft.claimed_uses if draft else ():
        region = by_ags(use.ags) if use.ags else named_for_sure(use.name)
        organisation = Organisation(name=region.name, region=region) if region else None
        found.append(ClaimedUse(listing=listing, name=use.name, url=use.url or "", organisation=organisation))
    return found


def releases_and_funding(
    copy: WorkingCopy, content: Content, shown: Sheet
) -> tuple[list[Release], list[Funding]]:
    """What the page shows beside the sheet, as it would be."""
    stored, draft, listing = copy.solution, to_publish(content).solution, shown.listings[-1]
    releases = (
        list(stored.releases.select_related("listing__origin").order_by("-released_on", "-pk")[:10])
        if stored
        else []
    )
    funding = list(stored.funding.order_by("programme")) if stored else []
    if draft is None:
        return releases, funding
    told = draft.release
    if told and not any(
        (each.version, each.released_on) == (told.version or "", told.released_on) for each in releases
    ):
        releases.insert(0, Release(listing=listing, version=told.version or "", released_on=told.released_on))
    own = own_listing(stored, copy.organisation) if stored else None
    return releases, [*_others(funding, own), *(_funding(listing, each) for each in draft.funding)]


def _funding(listing: Listing, told: FundingDraft) -> Funding:
    return Funding(
        listing=listing,
        programme=told.programme,
        grant_id=told.grant_id or "",
        open_source_duty=told.open_source_duty,
        url=told.url or "",
    )


def _contacts(draft: SolutionDraft | None) -> list[Contact]:
    return [
        Contact(name=each.name or "", email=each.email or "", phone=each.phone or "", is_team=each.is_team)
        for each in (draft.contacts if draft else ())
    ]


def _offer(
    draft: OfferDraft, solution: Solution, organisation: Organisation, known: Offer | None, now: datetime
) -> Offer:
    parties = by_public_ids([party for party in (draft.supplier, draft.operator, draft.seller) if party])
    offer = Offer(
        pk=known.pk if known else NOT_STORED,
        solution=solution,
        state="published",
        kind=draft.kind,
        title=draft.title or "Ohne Titel",
        description=draft.description,
        language=draft.language,
        supplier=parties.get(draft.supplier or ""),
        operator=parties.get(draft.operator or ""),
        seller=parties.get(draft.seller or ""),
        delivery_model=draft.delivery_model or "",
        price_model=draft.price_model or "",
        on_request=draft.on_request,
        minimum_term_months=draft.minimum_term_months,
        included_services=draft.included_services,
        as_of=draft.as_of,
        as_of_precision=draft.as_of_precision,
        prices_for=draft.prices_for,
        is_invented=organisation.is_invented,
        changed_at=now,
    )
    # As the public sees it: what is for the administration only is not there.
    offer.prices_are_hidden = draft.prices_for != "public"
    rows = (
        []
        if offer.prices_are_hidden
        else [_price(offer, place, row) for place, row in enumerate(draft.prices)]
    )
    _hang(offer, "prices", PriceRow, rows)
    if draft.contact:
        contact = draft.contact
        offer.contact = OfferContact(
            offer=offer, name=contact.name or "", email=contact.email or "", phone=contact.phone or ""
        )
    return offer


def _price(offer: Offer, place: int, row: Any) -> PriceRow:
    return PriceRow(
        offer=offer,
        position=place,
        kind=row.kind,
        amount=row.amount,
        unit=row.unit or "",
        tier_from=row.tier_from,
        tier_to=row.tier_to,
        vat_rate=row.vat_rate,
        note=row.note,
    )


def _hang(instance: Any, name: str, model: type, rows: Sequence[Any]) -> None:
    """Let `instance.<name>.all()` give these rows, as after a prefetch; nothing is asked of the database."""
    loaded: QuerySet[Any] = model._default_manager.none()  # type: ignore[attr-defined]
    loaded._result_cache = list(rows)
    cache = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = loaded
