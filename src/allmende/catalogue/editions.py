"""What an edition of a solution holds: everything its page shows, and where each value comes from. No contact data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from allmende.catalogue.models import (
    ClaimedUse,
    ConfirmedUse,
    Edition,
    Funding,
    Listing,
    Offer,
    PriceRow,
    Release,
    Solution,
)
from allmende.catalogue.precedence import Effective
from allmende.files.models import StoredFile
from allmende.files.queries import documents_about

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Present:
    """Which rows a solution has at all, and the hash of its last edition ("" where there is none)."""

    claimed_uses: bool
    confirmed_uses: bool
    releases: bool
    funding: bool
    offers: bool
    last_digest: str


def what_hangs_on(solution: Solution) -> Present:
    """One look instead of six: most solutions have few of these, and a harvest asks for thousands of solutions."""
    tables = (ClaimedUse, ConfirmedUse, Release, Funding, Offer)
    quote = connection.ops.quote_name
    parts = [
        f"EXISTS (SELECT 1 FROM {quote(table._meta.db_table)} WHERE solution_id = %s)"  # noqa: S608
        for table in tables
    ]
    parts.append(
        f"(SELECT digest FROM {quote(Edition._meta.db_table)}"  # noqa: S608
        " WHERE subject_type = %s AND subject_id = %s AND number = %s)"
    )
    asked: list[Any] = [solution.pk] * len(tables)
    asked += [Solution.journal_type, solution.public_id, solution.edition_number]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", asked)
        claimed_uses, confirmed_uses, releases, funding, offers, last = cursor.fetchone()
    return Present(
        claimed_uses=bool(claimed_uses),
        confirmed_uses=bool(confirmed_uses),
        releases=bool(releases),
        funding=bool(funding),
        offers=bool(offers),
        last_digest=last or "",
    )


def solution_content(
    solution: Solution, effective: Mapping[str, Effective], listings: Sequence[Listing], present: Present
) -> dict[str, Any]:
    """The public state as plain JSON values; equal states give equal content. `listings` in the order of their keys."""
    return {
        "schema": "allmende/solution",
        "schema_version": SCHEMA_VERSION,
        "id": solution.public_id,
        "name": solution.name,
        "values": {field: each.value for field, each in effective.items()},
        "origins": {field: _origin(each.listing) for field, each in effective.items()},
        "listings": [_listing(each) for each in listings],
        "claimed_uses": _claimed_uses(solution) if present.claimed_uses else [],
        "confirmed_uses": _confirmed_uses(solution) if present.confirmed_uses else [],
        "releases": _releases(solution) if present.releases else [],
        "funding": _funding(solution) if present.funding else [],
        "offers": _offers_with_documents(solution) if present.offers else [],
    }


def _origin(listing: Listing) -> str:
    return listing.origin.code


def _listing(listing: Listing) -> dict[str, Any]:
    return {
        "origin": listing.origin.code,
        "key": listing.key,
        "url": listing.record_url,
        "licence": listing.record_licence,
        "as_of": listing.as_of,
    }


def _claimed_uses(solution: Solution) -> list[dict[str, Any]]:
    rows = solution.claimed_uses.order_by("name", "listing").values_list(
        "name", "url", "organisation__public_id", "listing__origin__code"
    )
    return [
        {"name": name, "url": url, "organisation": organisation, "origin": origin}
        for name, url, organisation, origin in rows
    ]


def _confirmed_uses(solution: Solution) -> list[dict[str, Any]]:
    rows = solution.confirmed_uses.order_by("pk").select_related("organisation")
    return [
        {
            "organisation": row.organisation.public_id,
            "name": row.organisation.name,
            "state": row.state,
            # To the month or the year where no more was told.
            "since": row.since_told.iso if row.since_told else None,
            "ended_on": row.ended_told.iso if row.ended_told else None,
        }
        for row in rows
    ]


def _releases(solution: Solution) -> list[dict[str, Any]]:
    rows = solution.releases.order_by("pk").values_list("version", "released_on", "listing__origin__code")
    return [
        {"version": version, "released_on": released_on, "origin": origin}
        for version, released_on, origin in rows
    ]


def _funding(solution: Solution) -> list[dict[str, Any]]:
    rows = solution.funding.order_by("programme", "grant_id")
    return [dict(row) for row in rows.values("programme", "grant_id", "open_source_duty", "url")]


def _offers(solution: Solution) -> list[Offer]:
    return list(
        solution.offers.filter(state="published")
        .order_by("pk")
        .select_related("supplier", "operator", "seller")
        .prefetch_related("prices")
    )


def _offers_with_documents(solution: Solution) -> list[dict[str, Any]]:
    offers = _offers(solution)
    documents = documents_about("offer", [each.public_id for each in offers])
    return [_offer(each, documents.get(each.public_id, ())) for each in offers]


def _document(file: StoredFile) -> dict[str, Any]:
    """By its hash, and without the name that somebody gave it: an edition cannot let go of that where it has to."""
    return {"id": file.public_id, "type": file.content_type, "size": file.size, "sha256": file.digest}


def _offer(offer: Offer, documents: Sequence[StoredFile]) -> dict[str, Any]:
    parties = {"supplier": offer.supplier, "operator": offer.operator, "seller": offer.seller}
    # An edition is public: amounts that only the administration sees are not in it.
    is_public = offer.prices_for == "public"
    return {
        **({} if is_public else {"prices_for": offer.prices_for}),
        **({"documents": [_document(each) for each in documents]} if documents else {}),
        "id": offer.public_id,
        "kind": offer.kind,
        "title": offer.title,
        "description": offer.description,
        "parties": {
            role: {"id": body.public_id, "name": body.name} for role, body in parties.items() if body
        },
        "delivery_model": offer.delivery_model,
        "price_model": offer.price_model,
        "on_request": offer.on_request,
        "prices": [_price(each) for each in offer.prices.all()] if is_public else [],
        "minimum_term_months": offer.minimum_term_months,
        "included_services": offer.included_services,
        "as_of": offer.as_of_told.iso if offer.as_of_told else None,
    }


def _price(row: PriceRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "amount": row.amount,
        "unit": row.unit,
        "tier_from": row.tier_from,
        "tier_to": row.tier_to,
        "vat_rate": row.vat_rate,
        "note": row.note,
    }
