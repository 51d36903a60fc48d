"""The story as written in `story.toml`, read once."""

import datetime
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from allmende.catalogue.drafts import LinkDraft, OfferDraft, PriceDraft, SolutionDraft, TextDraft
from allmende.organisations.drafts import ProfileDraft
from allmende.regions.drafts import InventedRegion

FOLDER = Path(__file__).parent


@cache
def story() -> dict[str, Any]:
    """The tables of the story by name."""
    return tomllib.loads((FOLDER / "story.toml").read_text(encoding="utf-8"))


def regions() -> list[InventedRegion]:
    return [InventedRegion(**{"parent_key": None, **row}) for row in story()["regions"]]


def solution_draft(row: dict[str, Any]) -> SolutionDraft:
    """An invented solution; marked as such wherever it is shown."""
    text = TextDraft(
        language="de",
        summary=row["summary"],
        description=row["description"].strip(),
        features=tuple(row["features"]),
    )
    return SolutionDraft(
        name=row["name"],
        texts=(text,),
        website_url=row["website"],
        maturity=row["maturity"],
        boundary=row["boundary"],
        fields_of_action=tuple(row["fields"]),
        solution_types=tuple(row["types"]),
        delivery_models=tuple(row["delivery"]),
        interface_languages=("de",),
        maintainer=row["maintainer"],
        links=(LinkDraft(kind="website", url=row["website"]),),
        is_invented=True,
        as_of=datetime.date(2026, 11, 1),
    )


def offer_draft(row: dict[str, Any], parties: dict[str, str]) -> OfferDraft:
    """An invented offer; `parties` maps the codes of the story to public ids."""
    roles: dict[str, Any] = {
        role: parties[row[role]] for role in ("supplier", "operator", "seller") if role in row
    }
    return OfferDraft(
        title=row["title"],
        kind=row["kind"],
        delivery_model=row.get("delivery"),
        price_model=row.get("price_model"),
        on_request=row.get("on_request", False),
        minimum_term_months=row.get("minimum_term_months"),
        included_services=row.get("included", ""),
        as_of=row.get("as_of"),
        prices=tuple(
            PriceDraft(**{**price, "amount": Decimal(price["amount"])}) for price in row.get("prices", [])
        ),
        is_invented=True,
        **roles,
    )


def profile_draft(row: dict[str, Any]) -> ProfileDraft:
    """What an invented town tells of itself."""
    lists = {name: tuple(row[name]) for name in ("existing_systems", "hosting", "networks", "interests")}
    return ProfileDraft(
        **lists,
        digital_staff=Decimal(row["digital_staff"]),
        budget_class=row["budget_class"],
        is_shared=row["is_shared"],
    )


def software_additions() -> dict[str, dict[str, Any]]:
    """Our own terms for the entries about real software, by the key under which the harvest knows the record."""
    tables = tomllib.loads((FOLDER / "software" / "vocabulary.toml").read_text(encoding="utf-8"))
    return {f"{slug}/publiccode.yml": values for slug, values in tables.items()}
