"""From what many listings say to what holds: the effective value of each field by written precedence.

The order: smaller rank of the origin first (the owner before the editors before a harvested source), then what the
source still names before what it no longer does, then the younger as-of date, then the listing that has been with
the solution longer. A value that an origin does not state never hides one that another states.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allmende.catalogue.drafts import SolutionDraft
from allmende.catalogue.models import Listing, Statement

# Fields of a draft that live in tables of their own; contacts are personal data and are never statements.
IN_TABLES = frozenset({"texts", "claimed_uses", "contacts", "release", "funding"})
SCHEME_OF_FIELD = {
    "fields_of_action": "field_of_action",
    "solution_types": "solution_type",
    "delivery_models": "delivery_model",
    "audiences": "audience",
}
LANGUAGE_ORDER = {"de": 0, "en": 1}


@dataclass(frozen=True)
class Effective:
    """A value and the listing it comes from."""

    value: Any
    listing: Listing
    stated_at: datetime.datetime


def stated_values(draft: SolutionDraft) -> dict[str, Any]:
    """What a draft states, field by field, in plain JSON values; what it does not state is not in it."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(draft):
        value = getattr(draft, field.name)
        if field.name in IN_TABLES or value is None or value == () or value is False:
            continue
        values[field.name] = _plain(value)
    for text in draft.texts:
        values[f"texts.{text.language}"] = {
            name: value for name, value in _plain(text).items() if name != "language" and value
        }
    return values


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def in_order(listings: Iterable[Listing]) -> list[Listing]:
    """Listings by precedence, the one that wins first; their origins must be loaded."""
    return sorted(
        listings,
        key=lambda each: (
            each.origin.rank,
            each.missing_since is not None,
            -(each.as_of or datetime.date.min).toordinal(),
            each.joined_at,
            each.pk,
        ),
    )


def effective_values(listings: Iterable[Listing], statements: Iterable[Statement]) -> dict[str, Effective]:
    """The value that holds for each field, with its listing."""
    place = {listing.pk: (position, listing) for position, listing in enumerate(in_order(listings))}
    holding: dict[str, tuple[int, Effective]] = {}
    for statement in statements:
        position, listing = place[statement.listing_id]
        if statement.field not in holding or position < holding[statement.field][0]:
            holding[statement.field] = (position, Effective(statement.value, listing, statement.stated_at))
    return {field: effective for field, (_, effective) in sorted(holding.items())}


def languages_in_order(effective: Mapping[str, Effective]) -> list[str]:
    """Languages of the effective texts: German, English, then by code."""
    tags = [field.removeprefix("texts.") for field in effective if field.startswith("texts.")]
    return sorted(tags, key=lambda tag: (LANGUAGE_ORDER.get(tag.split("-")[0].lower(), 9), tag))
