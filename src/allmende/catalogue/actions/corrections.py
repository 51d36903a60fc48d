"""What the desk puts right after a notice: under the origin "Redaktion", so that the next harvest does not undo it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.utils import timezone

from allmende.catalogue.actions.offers import change_offer
from allmende.catalogue.actions.origins import note_origin
from allmende.catalogue.actions.publishing import publish_changes
from allmende.catalogue.checks import check_solution
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.catalogue.models import Edition, Listing, Notice, Offer, Solution, SolutionText, Statement
from allmende.catalogue.queries import offer_draft_of, owner_of
from allmende.catalogue.queries.notices import Reportable
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation

DESK_CODE = "redaktion-berichtigt"
DESK_LABEL = "Redaktion"
TEXT = "texts.de"
LONGEST = 4_000

# What the desk may change, by kind of entry: field and how it is called.
OF_SOLUTION = {
    "name": "Name",
    "summary": "Kurzbeschreibung",
    "description": "Beschreibung",
    "licence": "Lizenz",
    "repository_url": "Quellcode",
    "website_url": "Website",
    "maintainer": "Wer die Lösung pflegt",
    "maintainer_url": "Website der pflegenden Stelle",
}
OF_OFFER = {"title": "Titel", "description": "Beschreibung", "included_services": "Enthaltene Leistungen"}
_WORDS = ("summary", "description")

Correction = dict[str, str]
"""`label`, `old` and `new` of one value, as people read them; "" is no value."""


def correctable(subject: Reportable | None) -> Mapping[str, tuple[str, str]]:
    """What the desk may change about this entry: field → label and value now. Nothing of an organisation's own page."""
    if isinstance(subject, Solution):
        values = _solution_values(subject)
        return {field: (label, values[field]) for field, label in OF_SOLUTION.items()}
    if isinstance(subject, Offer):
        return {field: (label, getattr(subject, field)) for field, label in OF_OFFER.items()}
    return {}


def correct(
    subject: Reportable | None, wanted: Mapping[str, str], *, by: Actor, now: datetime
) -> list[Correction]:
    """Change these fields of the entry; gives what that changed. Part of deciding, which asks for the right.

    `Refused` where a value does not pass the checks, or where the owner's own word would go on holding.
    """
    known = correctable(subject)
    changed = {
        field: value.strip()[:LONGEST]
        for field, value in wanted.items()
        if field in known
        and value.replace("\r\n", "\n").strip() != known[field][1].replace("\r\n", "\n").strip()
    }
    if empty := [known[field][0] for field, value in changed.items() if not value]:
        raise Refused(f"„{empty[0]}“ können Sie ersetzen, aber nicht leeren: Die Quelle würde wieder gelten.")
    if changed and isinstance(subject, Solution):
        _correct_solution(subject, changed, by=by, now=now)
    elif changed and isinstance(subject, Offer):
        subject.refresh_from_db()
        change_offer(
            subject, replace(offer_draft_of(subject), **cast(dict[str, Any], changed)), by=by, now=now
        )
    return [
        {"label": known[field][0], "old": known[field][1], "new": value} for field, value in changed.items()
    ]


def _solution_values(solution: Solution) -> dict[str, str]:
    text = SolutionText.objects.filter(solution=solution, language="de").first()
    columns = {field: getattr(solution, field) for field in OF_SOLUTION if field not in _WORDS}
    return {**columns, **{field: getattr(text, field) if text else "" for field in _WORDS}}


def _correct_solution(solution: Solution, changed: Mapping[str, str], *, by: Actor, now: datetime) -> None:
    text = _text_with(solution, changed)
    check_solution(_draft_of(solution, changed, text))
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    listing = _desk_listing(solution, by=by, now=now)
    told: dict[str, Any] = {field: value for field, value in changed.items() if field not in _WORDS}
    if any(field in changed for field in _WORDS):
        told[TEXT] = text
    for field, value in told.items():
        Statement.objects.update_or_create(
            listing=listing, field=field, defaults={"value": value, "stated_at": now}
        )
    publish_changes(solution, by=by, now=now, origin=DESK_CODE)
    after = _solution_values(solution)
    if overruled := [OF_SOLUTION[field] for field, value in changed.items() if after[field] != value]:
        owner = owner_of(solution)
        who = owner.name if owner else "eine Stelle, die vorgeht"
        raise Refused(
            f"„{overruled[0]}“ gibt {who} selbst an, und diese Angabe geht vor. Bitten Sie um Berichtigung, "
            "oder beenden Sie die Übernahme."
        )


def _text_with(solution: Solution, changed: Mapping[str, str]) -> dict[str, Any]:
    """The German text that holds now, with the new words: it is one value, and stands as a whole under its origin."""
    row = SolutionText.objects.filter(solution=solution, language="de").first()
    names = ("name", "summary", "description", "features", "documentation_url")
    held = {name: getattr(row, name) for name in names if row and getattr(row, name)}
    return held | {field: changed[field] for field in _WORDS if field in changed}


def _draft_of(solution: Solution, changed: Mapping[str, str], text: Mapping[str, Any]) -> SolutionDraft:
    """The corrected values as a draft, for the checks that everything passes."""
    values: dict[str, Any] = {field: value for field, value in changed.items() if field not in _WORDS}
    words = {name: value for name, value in text.items() if name in _WORDS}
    # An entry needs an address: where the desk changes another field, the one it has.
    for field in ("repository_url", "website_url"):
        values.setdefault(field, getattr(solution, field) or None)
    return SolutionDraft(**{"name": solution.name, **values}, texts=(TextDraft(language="de", **words),))


def _desk_listing(solution: Solution, *, by: Actor, now: datetime) -> Listing:
    origin = note_origin(DESK_CODE, label=DESK_LABEL, kind="editorial", by=by, now=now)
    listing, _new = Listing.objects.get_or_create(
        origin=origin,
        key=solution.public_id,
        defaults={"solution": solution, "first_seen_at": now, "joined_at": now, "changed_at": now},
    )
    listing.as_of, listing.changed_at = timezone.localdate(now), now
    listing.save(update_fields=["as_of", "changed_at"])
    return listing


def put_right(
    notice: Notice, subject: Reportable | None, changes: Mapping[str, str], *, by: Actor, now: datetime
) -> None:
    """Correct the entry and note on the notice what changed; nothing is called corrected that nobody has corrected.

    Of an organisation's own page `changes["page"]` says in words what was changed there. Saves the notice not.
    """
    done = correct(subject, changes, by=by, now=now) or changed_since(subject, notice.received_at)
    said = changes.get("page", "").strip()[:LONGEST]
    if isinstance(subject, Organisation) and said:
        done = [{"label": "Seite der Organisation", "old": "", "new": said}]
    notice.corrections = [*notice.corrections, *done]
    if not notice.corrections:
        raise Refused(
            "Noch ist nichts berichtigt. Ändern Sie die Angabe unter „Was wird berichtigt?“, oder warten Sie, bis die "
            "betroffene Seite sie geändert hat."
        )


def told_to_journal(notice: Notice) -> dict[str, str]:
    """Which values; what they were and are stands in the notice and in the editions."""
    if notice.holds != "corrected":
        return {}
    return {"fields": ", ".join(dict.fromkeys(each["label"] for each in notice.corrections))[:300]}


def changed_since(subject: Reportable | None, since: datetime) -> list[Correction]:
    """What its keeper has put right since then, as far as public editions show it."""
    if isinstance(subject, Solution):
        return _differences(subject, since, _values_of_solution, OF_SOLUTION)
    if isinstance(subject, Offer):
        offer_id = subject.public_id
        return _differences(
            subject.solution, since, lambda content: _values_of_offer(content, offer_id), OF_OFFER
        )
    return []


def _differences(
    solution: Solution,
    since: datetime,
    read: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    labels: Mapping[str, str],
) -> list[Correction]:
    editions = Edition.objects.filter(subject_type="solution", subject_id=solution.public_id).order_by(
        "-number"
    )
    latest, before = editions.first(), editions.filter(created_at__lte=since).first()
    if latest is None or before is None or not latest.content or not before.content:
        return []
    was, now = read(json.loads(before.content)), read(json.loads(latest.content))
    named = [
        {"label": label, "old": str(was.get(field) or ""), "new": str(now.get(field) or "")}
        for field, label in labels.items()
        if (was.get(field) or "") != (now.get(field) or "")
    ]
    if named or was == now:
        return named
    return [
        {"label": "Weitere Angaben", "old": f"Ausgabe {before.number}", "new": f"Ausgabe {latest.number}"}
    ]


def _values_of_solution(content: Mapping[str, Any]) -> Mapping[str, Any]:
    values = dict(content["values"])
    words = values.pop(TEXT, {})
    return {**values, **{field: words.get(field) for field in _WORDS}}


def _values_of_offer(content: Mapping[str, Any], public_id: str) -> Mapping[str, Any]:
    return next((offer for offer in content["offers"] if offer["id"] == public_id), {})


def in_words(corrections: Sequence[Mapping[str, str]]) -> list[str]:
    """One line for each value, for letters."""
    return [
        f"{each['label']}: {each['new']}"
        if not each["old"]
        else f"{each['label']}: „{each['old']}“ → „{each['new']}“"
        for each in corrections
    ]
