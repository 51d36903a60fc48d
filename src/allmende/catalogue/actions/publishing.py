"""From listings to what the public sees: projection, edition, journal. Used by every action that changes a solution."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allmende.catalogue.actions.beforehand import Known, known_of
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
    """What the caller has just written for one listing, and what it knew of the solution, so that it is not read."""

    listing: Listing
    statements: Sequence[Statement]
    is_only: bool
    """True where the solution is new, so that nothing else can be there."""
    known: Known | None = None


def project(solution: Solution, told: Told | None = None) -> tuple[list[Listing], dict[str, Effective]]:
    """Set the columns and rows of the solution from its listings' statements; does not save the solution itself."""
    known = _known(solution, told)
    effective = effective_values(known.listings, known.statements)
    set_columns(solution, {field: each.value for field, each in effective.items()})
    _replace_texts(solution, effective, known.texts)
    _replace_terms(solution, effective, known.terms)
    return known.listings, effective


def _known(solution: Solution, told: Told | None) -> Known:
    if told and told.is_only:
        return Known([told.listing], list(told.statements), [], [])
    known = told.known if told and told.known else known_of(solution)
    if told is None:
        return known
    listings = [told.listing if each.pk == told.listing.pk else each for each in known.listings]
    statements = [row for row in known.statements if row.listing_id != told.listing.pk]
    return Known(listings, [*statements, *told.statements], known.texts, known.terms)


def set_columns(solution: Solution, values: Mapping[str, Any]) -> None:
    """What holds for each field, onto the columns; saves nothing."""
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


def _replace_texts(
    solution: Solution, effective: Mapping[str, Effective], present: Sequence[SolutionText]
) -> None:
    wanted = []
    for position, language in enumerate(languages_in_order(effective)):
        each = effective[f"texts.{language}"]
        wanted.append(
            SolutionText(
                solution=solution, listing=each.listing, language=language, position=position, **each.value
            )
        )
    if [_text_row(row) for row in present] != [_text_row(row) for row in wanted]:
        if present:
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


def _replace_terms(
    solution: Solution, effective: Mapping[str, Effective], present: Sequence[SolutionTerm]
) -> None:
    wanted = [
        (scheme, code, position)
        for field, scheme in SCHEME_OF_FIELD.items()
        if field in effective
        for position, code in enumerate(dict.fromkeys(effective[field].value))
    ]
    if sorted((row.scheme, row.code, row.position) for row in present) != sorted(wanted):
        if present:
            SolutionTerm.objects.filter(solution=solution).delete()
        SolutionTerm.objects.bulk_create(
            SolutionTerm(solution=solution, scheme=scheme, code=code, position=position)
            for scheme, code, position in wanted
        )


CHANGED = "catalogue.solution_changed"


def _only_recorded(solution: Solution, kind: str, by: Actor, now: datetime, data: dict[str, Any]) -> bool:
    if kind != CHANGED:
        record(kind, subject=solution, by=by, now=now, data=data)
    return False


def publish_changes(
    solution: Solution,
    *,
    by: Actor,
    now: datetime,
    kind: str = CHANGED,
    told: Told | None = None,
    **data: Any,
) -> bool:
    """Project, and where the public state differs from the last edition write the next one; says whether it did.

    What is not published changes nothing in public. An act of its own kind (an offer, a use) is recorded in any case.
    The caller holds the row lock or has just created the solution.
    """
    if solution.state != "published":
        return _only_recorded(solution, kind, by, now, data)
    listings, effective = project(solution, told)
    present = what_hangs_on(solution)
    text = canonical_json(solution_content(solution, effective, listings, present))
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    if solution.edition_number and present.last_digest == fingerprint:
        return _only_recorded(solution, kind, by, now, data)
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
