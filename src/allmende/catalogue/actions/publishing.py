"""From listings to what the public sees: projection, edition, journal. Used by every action that changes a solution."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allmende.catalogue.addresses import repository_key
from allmende.catalogue.editions import SCHEMA_VERSION, solution_content, what_hangs_on
from allmende.catalogue.models import Edition, Listing, Solution, SolutionTerm, SolutionText, Statement
from allmende.catalogue.precedence import SCHEME_OF_FIELD, Effective, effective_values, languages_in_order
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json
from allmende.lib.sorting import din5007_key, folded

_TEXT_COLUMNS = (
    "repository_url",
    "website_url",
    "licence",
    "maturity",
    "boundary",
    "maintenance",
    "maintainer",
    "maintainer_url",
)
_LIST_COLUMNS = (
    "platforms",
    "interface_languages",
    "topics",
    "dependencies",
    "contractors",
    "based_on",
    "links",
)


@dataclass(frozen=True)
class Told:
    """What the caller has just written for one listing, so that it is not read again."""

    listing: Listing
    statements: Sequence[Statement]
    is_only: bool
    """True where the solution is new, so that no other listing can be there."""


def project(solution: Solution, told: Told | None = None) -> tuple[list[Listing], dict[str, Effective]]:
    """Set the columns and rows of the solution from its listings' statements; does not save the solution itself."""
    listings = [told.listing] if told and told.is_only else _listings(solution)
    effective = effective_values(listings, _statements(listings, told))
    _set_columns(solution, {field: each.value for field, each in effective.items()})
    _replace_texts(solution, effective)
    _replace_terms(solution, effective)
    return listings, effective


def _listings(solution: Solution) -> list[Listing]:
    return list(Listing.objects.filter(solution=solution).select_related("origin").order_by("pk"))


def _statements(listings: Sequence[Listing], told: Told | None) -> list[Statement]:
    """All of them; those that the caller has told are not asked for."""
    known = list(told.statements) if told else []
    unknown = [each for each in listings if told is None or each.pk != told.listing.pk]
    return known + list(Statement.objects.filter(listing__in=unknown)) if unknown else known


def _set_columns(solution: Solution, values: Mapping[str, Any]) -> None:
    solution.name = values.get("name", solution.name)
    solution.sort_name = din5007_key(solution.name)[0][:300]
    solution.folded_name = folded(solution.name)[:300]
    for name in _TEXT_COLUMNS:
        setattr(solution, name, values.get(name, ""))
    for name in _LIST_COLUMNS:
        setattr(solution, name, values.get(name, []))
    solution.repository_key = repository_key(solution.repository_url)
    solution.primary_field = next(iter(values.get("fields_of_action", [])), "")
    solution.is_invented = values.get("is_invented", False)
    solution.as_of = date.fromisoformat(values["as_of"]) if "as_of" in values else None


def _replace_texts(solution: Solution, effective: Mapping[str, Effective]) -> None:
    wanted = []
    for position, language in enumerate(languages_in_order(effective)):
        each = effective[f"texts.{language}"]
        wanted.append(
            SolutionText(
                solution=solution, listing=each.listing, language=language, position=position, **each.value
            )
        )
    present = list(SolutionText.objects.filter(solution=solution)) if solution.edition_number else []
    if [_text_row(row) for row in present] != [_text_row(row) for row in wanted]:
        SolutionText.objects.filter(solution=solution).delete()
        SolutionText.objects.bulk_create(wanted)


def _text_row(row: SolutionText) -> tuple[Any, ...]:
    return (
        row.language,
        row.listing_id,
        row.name,
        row.summary,
        row.description,
        row.features,
        row.documentation_url,
    )


def _replace_terms(solution: Solution, effective: Mapping[str, Effective]) -> None:
    wanted = [
        (scheme, code, position)
        for field, scheme in SCHEME_OF_FIELD.items()
        if field in effective
        for position, code in enumerate(dict.fromkeys(effective[field].value))
    ]
    present = (
        list(SolutionTerm.objects.filter(solution=solution).values_list("scheme", "code", "position"))
        if solution.edition_number
        else []
    )
    if sorted(present) != sorted(wanted):
        SolutionTerm.objects.filter(solution=solution).delete()
        SolutionTerm.objects.bulk_create(
            SolutionTerm(solution=solution, scheme=scheme, code=code, position=position)
            for scheme, code, position in wanted
        )


def publish_changes(
    solution: Solution,
    *,
    by: Actor,
    now: datetime,
    kind: str = "catalogue.solution_changed",
    told: Told | None = None,
    **data: Any,
) -> bool:
    """Project, and where the public state differs from the last edition write the next one; False if nothing differs.

    The caller holds the row lock or has just created the solution.
    """
    listings, effective = project(solution, told)
    present = what_hangs_on(solution)
    text = canonical_json(solution_content(solution, effective, listings, present))
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    if solution.edition_number and present.last_digest == fingerprint:
        return False
    solution.edition_number += 1
    solution.lock_version += 1
    solution.changed_at = now
    solution.save()
    Edition.objects.create(
        subject_type=Solution.journal_type,
        subject_id=solution.public_id,
        number=solution.edition_number,
        schema_version=SCHEMA_VERSION,
        content=text,
        digest=fingerprint,
        author=str(by),
        created_at=now,
    )
    record(kind, subject=solution, by=by, now=now, data={"edition": solution.edition_number, **data})
    return True
