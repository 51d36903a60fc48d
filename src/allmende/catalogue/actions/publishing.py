"""From listings to what the public sees: projection, edition, journal. Used by every action that changes a solution."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from allmende.catalogue.addresses import repository_key
from allmende.catalogue.editions import SCHEMA_VERSION, solution_content
from allmende.catalogue.models import Edition, Listing, Solution, SolutionTerm, SolutionText, Statement
from allmende.catalogue.precedence import SCHEME_OF_FIELD, Effective, effective_values, languages_in_order
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json, digest
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


def project(solution: Solution) -> dict[str, Effective]:
    """Set the columns and rows of the solution from its listings' statements; does not save the solution itself."""
    listings = list(Listing.objects.filter(solution=solution).select_related("origin"))
    effective = effective_values(listings, Statement.objects.filter(listing__in=listings))
    _set_columns(solution, {field: each.value for field, each in effective.items()})
    _replace_texts(solution, effective)
    _replace_terms(solution, effective)
    return effective


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
    solution: Solution, *, by: Actor, now: datetime, kind: str = "catalogue.solution_changed", **data: Any
) -> bool:
    """Project, and where the public state differs from the last edition write the next one; False if nothing differs.

    The caller holds the row lock or has just created the solution.
    """
    effective = project(solution)
    content = solution_content(solution, effective)
    fingerprint = digest(content)
    if solution.edition_number and _last_digest(solution) == fingerprint:
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
        content=canonical_json(content),
        digest=fingerprint,
        author=str(by),
        created_at=now,
    )
    record(kind, subject=solution, by=by, now=now, data={"edition": solution.edition_number, **data})
    return True


def _last_digest(solution: Solution) -> str | None:
    return (
        Edition.objects.filter(
            subject_type=Solution.journal_type, subject_id=solution.public_id, number=solution.edition_number
        )
        .values_list("digest", flat=True)
        .first()
    )
