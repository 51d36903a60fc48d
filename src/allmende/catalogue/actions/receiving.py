"""The gate through which every solution enters: form, API and harvest alike."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.beforehand import Beforehand, Known
from allmende.catalogue.actions.identity import note_suspicion
from allmende.catalogue.actions.publishing import Told, publish_changes
from allmende.catalogue.addresses import is_web_address, repository_key
from allmende.catalogue.checks import check_solution
from allmende.catalogue.contacts import suppression_digests
from allmende.catalogue.drafts import ClaimedUseDraft, SolutionDraft
from allmende.catalogue.models import (
    ClaimedUse,
    Contact,
    Funding,
    Listing,
    Origin,
    Release,
    Solution,
    Statement,
    SuppressedContact,
)
from allmende.catalogue.placing import Place, doubts_about, find_place
from allmende.catalogue.precedence import stated_values
from allmende.lib.actors import Actor
from allmende.lib.canonical import digest
from allmende.lib.refusals import Refused, require
from allmende.lib.sorting import din5007_key, folded
from allmende.organisations.actions import for_region
from allmende.organisations.models import Organisation
from allmende.regions.queries import by_ags, named_for_sure


@dataclass(frozen=True)
class Received:
    """What became of a handed-in draft."""

    outcome: Literal["new", "changed", "same"]
    solution: Solution
    listing: Listing


@transaction.atomic
def receive(
    draft: SolutionDraft,
    *,
    origin: Origin,
    key: str,
    by: Actor,
    now: datetime,
    record_url: str = "",
    record_licence: str = "",
    beforehand: Beforehand | None = None,
) -> Received:
    """Take in what an origin says under its key, and publish it.

    Raises `Refused` with all reasons where the draft does not pass the checks; nothing is written then.
    Told the same again, it writes nothing. A withdrawn solution takes the values, and shows them when it is restored.
    `beforehand`: what `look_ahead` has loaded in this transaction, for whoever hands in many records.
    """
    require(rules.may_hand_in(by))
    return take_in(
        draft,
        origin=origin,
        key=key,
        by=by,
        now=now,
        record_url=record_url,
        record_licence=record_licence,
        beforehand=beforehand,
    )


def take_in(
    draft: SolutionDraft,
    *,
    origin: Origin,
    key: str,
    by: Actor,
    now: datetime,
    record_url: str = "",
    record_licence: str = "",
    beforehand: Beforehand | None = None,
    into: Solution | None = None,
) -> Received:
    """The gate itself, for actions that have asked for the right. `into`: the solution that a new listing belongs to,
    where a person has said so."""
    check_solution(draft)
    fingerprint = digest([dataclasses.asdict(draft), record_url, record_licence])
    listing = beforehand.listing(key) if beforehand and beforehand.has(key) else _known_listing(origin, key)
    if listing and listing.draft_digest == fingerprint and listing.missing_since is None:
        return Received("same", listing.solution, listing)
    if listing and listing.solution.state == "erased":
        raise Refused("Diese Lösung wurde gelöscht und wird nicht wieder aufgenommen.")
    is_new = listing is None
    place = _place_of(listing, into, draft, origin)
    if listing:
        solution = listing.solution
    else:
        solution = _locked(place.solution) if place.solution else _new_solution(draft, now)
        listing = Listing(origin=origin, key=key, first_seen_at=now, joined_at=now, solution=solution)
    doubtful = place.doubtful
    if not is_new and listing.repository_key != repository_key(draft.repository_url):
        doubtful = doubts_about(solution, repository_key(draft.repository_url))
    listing.repository_key = repository_key(draft.repository_url)
    listing.record_url = record_url[:1000] if is_web_address(record_url) else ""
    listing.record_licence = record_licence[:100]
    listing.draft_digest, listing.as_of, listing.changed_at = fingerprint, draft.as_of, now
    listing.missing_since = None
    known = beforehand.known(solution) if beforehand else None
    if is_new:
        known = None  # it was loaded before this listing came
    rows_changed, release_changed = _note_rows(listing, draft)
    listing.save()
    statements = _state(listing, draft, now, _stated(listing, known, is_new=is_new))
    if rows_changed:
        _hang_rows(listing, draft, by=by, now=now, is_new=is_new)
    if release_changed:
        _note_release(listing, draft, now, is_new=is_new)
    told = Told(listing, statements, is_only=place.solution is None, known=known)
    changed = _publish(solution, by=by, now=now, origin=origin, told=told)
    for other, reason in doubtful:
        note_suspicion(solution, other, reason=reason, by=by, now=now)
    if place.solution is None:
        return Received("new", solution, listing)
    return Received("changed" if changed or is_new else "same", solution, listing)


def _place_of(listing: Listing | None, into: Solution | None, draft: SolutionDraft, origin: Origin) -> Place:
    known = listing.solution if listing else into
    return Place(known, ()) if known else find_place(draft, origin)


def _known_listing(origin: Origin, key: str) -> Listing | None:
    """The listing and its solution, both locked, in one query."""
    known = Listing.objects.select_related("solution", "origin").select_for_update(of=("self", "solution"))
    return known.filter(origin=origin, key=key).first()


def _note_rows(listing: Listing, draft: SolutionDraft) -> tuple[bool, bool]:
    """Whether uses, funding and contacts differ from last time, and whether the release does.

    Most changes touch a text and none of these: their rows are then left alone.
    """
    lists = (draft.claimed_uses, draft.funding, draft.contacts)
    rows = digest([*([dataclasses.asdict(each) for each in rows] for rows in lists), draft.as_of])[:32]
    release = digest(dataclasses.asdict(draft.release) if draft.release else None)[:32]
    before, listing.rows_digest = listing.rows_digest, rows + release
    return before[:32] != rows, before[32:] != release


def _locked(solution: Solution) -> Solution:
    return Solution.objects.select_for_update().get(pk=solution.pk)


def _new_solution(draft: SolutionDraft, now: datetime) -> Solution:
    return Solution.objects.create(
        name=draft.name,
        sort_name=din5007_key(draft.name)[0][:300],
        folded_name=folded(draft.name)[:300],
        first_seen_at=now,
        changed_at=now,
    )


def _publish(solution: Solution, *, by: Actor, now: datetime, origin: Origin, told: Told) -> bool:
    if solution.state == "withdrawn":
        return False
    if solution.state == "draft":
        solution.state, solution.published_at = "published", now
        return publish_changes(
            solution, by=by, now=now, kind="catalogue.solution_published", told=told, origin=origin.code
        )
    return publish_changes(solution, by=by, now=now, told=told, origin=origin.code)


def _stated(listing: Listing, known: Known | None, *, is_new: bool) -> dict[str, Statement]:
    """What the listing has stated so far, by field."""
    if is_new:
        return {}
    rows = known.statements if known else Statement.objects.filter(listing=listing)
    return {row.field: row for row in rows if row.listing_id == listing.pk}


def _state(
    listing: Listing, draft: SolutionDraft, now: datetime, present: dict[str, Statement]
) -> list[Statement]:
    """Bring the listing's statements to what the draft says, and return them all.

    Unchanged values keep the time since when they hold.
    """
    wanted = stated_values(draft)
    gone = [row.pk for field, row in present.items() if field not in wanted]
    if gone:
        Statement.objects.filter(pk__in=gone).delete()
    kept = [row for field, row in present.items() if field in wanted and row.value == wanted[field]]
    same = {row.field for row in kept}
    told = [
        Statement(listing=listing, field=field, value=value, stated_at=now)
        for field, value in wanted.items()
        if field not in same
    ]
    Statement.objects.bulk_create(
        told, update_conflicts=True, unique_fields=["listing", "field"], update_fields=["value", "stated_at"]
    )
    return kept + told


def _hang_rows(listing: Listing, draft: SolutionDraft, *, by: Actor, now: datetime, is_new: bool) -> None:
    _replace(
        ClaimedUse,
        listing,
        {use.name[:300]: _claimed_use(use, draft, by=by, now=now) for use in draft.claimed_uses},
        is_new=is_new,
    )
    _replace(
        Funding,
        listing,
        {
            (each.programme, each.grant_id or ""): {
                "programme": each.programme[:300],
                "grant_id": each.grant_id or "",
                "open_source_duty": each.open_source_duty,
                "url": each.url or "",
            }
            for each in draft.funding
        },
        is_new=is_new,
    )
    _replace_contacts(listing, draft, is_new=is_new)


def _note_release(listing: Listing, draft: SolutionDraft, now: datetime, *, is_new: bool) -> None:
    """Releases are history: an older one stays when the source names the next."""
    release = draft.release
    if release is None or not (release.version or release.released_on):
        return
    named = {"version": (release.version or "")[:100], "released_on": release.released_on}
    if is_new or not Release.objects.filter(listing=listing, **named).exists():
        Release.objects.create(listing=listing, solution=listing.solution, first_seen_at=now, **named)


def _replace(
    model: type[ClaimedUse] | type[Funding],
    listing: Listing,
    wanted: dict[Any, dict[str, Any]],
    *,
    is_new: bool,
) -> None:
    # The two managers have no type in common that could be written down.
    rows: Any = model.objects
    if not is_new:
        rows.filter(listing=listing).delete()
    rows.bulk_create(
        model(listing=listing, solution=listing.solution, **values) for values in wanted.values()
    )


def _claimed_use(use: ClaimedUseDraft, draft: SolutionDraft, *, by: Actor, now: datetime) -> dict[str, Any]:
    return {
        "name": use.name[:300],
        "url": use.url or "",
        "organisation": _organisation_of(use, by=by, now=now),
        "as_of": draft.as_of,
    }


def _organisation_of(use: ClaimedUseDraft, *, by: Actor, now: datetime) -> Organisation | None:
    """The town, where the source names its key or the name can mean only one."""
    region = by_ags(use.ags) if use.ags else named_for_sure(use.name)
    return for_region(region, by=by, now=now) if region else None


def _replace_contacts(listing: Listing, draft: SolutionDraft, *, is_new: bool) -> None:
    if not is_new:
        Contact.objects.filter(listing=listing).delete()
    wanted = {each: suppression_digests(each.name or "", each.email or "") for each in draft.contacts}
    digests = set().union(*wanted.values()) if wanted else set()
    suppressed = (
        set(SuppressedContact.objects.filter(digest__in=digests).values_list("digest", flat=True))
        if digests
        else set()
    )
    Contact.objects.bulk_create(
        Contact(
            listing=listing,
            name=(each.name or "")[:300],
            email=(each.email or "")[:300],
            phone=(each.phone or "")[:100],
            affiliation=(each.affiliation or "")[:300],
            is_team=each.is_team,
        )
        for each, known_by in wanted.items()
        if not known_by & suppressed
    )
