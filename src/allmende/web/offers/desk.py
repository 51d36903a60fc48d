"""The desk's three queues about what organisations hand in: to check, to take note of, to take over."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue import queries, rules
from allmende.catalogue.actions import (
    accept,
    acknowledge,
    ask_about,
    grant_claim,
    refuse_claim,
    return_copy,
)
from allmende.catalogue.completeness import STEPS_OF_KIND, gaps
from allmende.catalogue.contents import read
from allmende.catalogue.models import EntryClaim, LaterEdit, WorkingCopy
from allmende.files.queries import all_documents_about
from allmende.journal.queries import history, known_kinds
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.offers.answers import sections
from allmende.web.offers.comparing import changes
from allmende.web.offers.lookalikes import lookalikes
from allmende.web.offers.pages import CHECKED_WITHIN, title_of, version_in
from allmende.web.offers.previews import preview_context
from allmende.web.offers.steps import steps_of
from allmende.web.shell.access import for_staff

DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))
CHECKS, EDITS, CLAIMS = "Angebote zu prüfen", "Änderungen zur Kenntnis", "Einträge übernehmen"
# How each list is called, what it says where nothing waits, and its template.
EMPTY = {
    CHECKS: "Neue Angebote erscheinen hier, sobald eine Organisation sie einreicht.",
    EDITS: "Änderungen an Veröffentlichtem erscheinen hier, nachdem sie öffentlich sind.",
    CLAIMS: "Hier erscheint, wenn eine Organisation einen Eintrag als eigenen meldet.",
}


def _list(request: HttpRequest, title: str, lines: list[Line]) -> HttpResponse:
    context = {"title": title, "lines": lines, "nothing": EMPTY[title], "crumbs": [*DESK, Crumb(title)]}
    return render(request, "offers/queue.html", context)


def _line(title: str, href: str, why: str, since: datetime) -> Line:
    return Line.of(title, href, why=why, since=since, days=CHECKED_WITHIN, now=datetime.now(UTC))


def _past(subject_type: str, public_id: str) -> list[tuple[Any, str]]:
    """The journal of one thing in words, the latest first."""
    kinds = known_kinds()
    return [(entry, kinds.get(entry.kind, entry.kind)) for entry in history(subject_type, public_id)[:20]]


def _decide(
    request: HttpRequest, done: str, act: Callable[[datetime], object], *, here: str, place: Place
) -> HttpResponse:
    """One decision: then the next entry, or, where it was refused, the same one with the reason."""
    try:
        act(datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(here)
    messages.success(request, done)
    return redirect(place.then)


# ------------------------------------------------------------------------------------------------- offers to check


def _check_place(actor: Actor, current_id: str) -> Place:
    ids = queries.copies_to_check(actor).values_list("public_id", flat=True)
    return _place("desk_check", "desk_checks", list(ids), current_id, CHECKS)


def _place(one: str, every: str, ids: list[str], current_id: str, label: str) -> Place:
    addresses = [reverse(one, args=[each]) for each in ids]
    return Place.of(addresses, reverse(one, args=[current_id]), list_href=reverse(every), list_label=label)


@for_staff
def checks(request: HttpRequest, actor: Actor) -> HttpResponse:
    lines = [
        _line(
            title_of(copy),
            reverse("desk_check", args=[copy.public_id]),
            f"{copy.get_kind_display()} von {copy.organisation.name}",
            copy.submitted_at or copy.begun_at,
        )
        for copy in queries.copies_to_check(actor)[:200]
    ]
    return _list(request, CHECKS, lines)


def _submitted(actor: Actor, public_id: str) -> WorkingCopy:
    copy = queries.copy_for(actor, public_id) if is_public_id(public_id) else None
    if copy is None or copy.submitted_at is None:
        raise Http404("Diese Einreichung gibt es nicht.")
    return copy


@for_staff
def check(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Everything needed to decide, on one page."""
    copy = _submitted(actor, public_id)
    content = read(copy.content)
    parties = [offer for offer in (content.offer,) if offer]
    context = {
        "copy": copy,
        "title": title_of(copy, content),
        "sections": sections(copy, content),
        "gaps": gaps(content, copy.kind),
        "lookalikes": lookalikes(copy, content, actor),
        "organisation_kind": current().labels("organisation_type").get(copy.organisation.kind, ""),
        "offers": parties,
        "known_offers": len(queries.offers_of(copy.organisation)),
        "entries": _past("working_copy", public_id),
        "documents": all_documents_about("working_copy", public_id),
        "steps": steps_of(copy),
        "may_decide": copy.state == "submitted" and rules.may_check(actor, copy),
        "place": _check_place(actor, public_id),
        "crumbs": [*DESK, Crumb(CHECKS, reverse("desk_checks")), Crumb(title_of(copy, content))],
    }
    return render(request, "offers/check.html", context)


@for_staff
def check_preview(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """As the public will see it."""
    copy = _submitted(actor, public_id)
    content = read(copy.content)
    context = preview_context(request, copy, content) | {
        "back": reverse("desk_check", args=[public_id]),
        "crumbs": [*DESK, Crumb(CHECKS, reverse("desk_checks")), Crumb("Vorschau")],
    }
    return render(request, "offers/preview.html", context)


@require_POST
@for_staff
def publish(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    copy = _submitted(actor, public_id)
    return _decide(
        request,
        f"„{title_of(copy)}“ ist veröffentlicht.",
        lambda now: accept(copy, lock_version=version_in(request), by=actor, now=now),
        here=reverse("desk_check", args=[public_id]),
        place=_check_place(actor, public_id),
    )


@require_POST
@for_staff
def give_back(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Return with reasons, by page of the form."""
    copy = _submitted(actor, public_id)
    reasons = {step: request.POST.get(f"grund-{step}", "") for step in STEPS_OF_KIND[copy.kind]}
    reasons[""] = request.POST.get("grund", "")
    return _decide(
        request,
        f"„{title_of(copy)}“ ist mit Gründen zurückgegeben.",
        lambda now: return_copy(copy, reasons=reasons, lock_version=version_in(request), by=actor, now=now),
        here=reverse("desk_check", args=[public_id]),
        place=_check_place(actor, public_id),
    )


# ------------------------------------------------------------------------------------------- edits to acknowledge


def _edit_place(actor: Actor, current_id: str) -> Place:
    ids = queries.edits_to_acknowledge(actor).values_list("public_id", flat=True)
    return _place("desk_edit", "desk_edits", list(ids), current_id, EDITS)


@for_staff
def edits(request: HttpRequest, actor: Actor) -> HttpResponse:
    lines = [
        _line(
            edit.solution.name,
            reverse("desk_edit", args=[edit.public_id]),
            _what_changed(edit),
            edit.made_at,
        )
        for edit in queries.edits_to_acknowledge(actor)[:200]
    ]
    return _list(request, EDITS, lines)


def _what_changed(edit: LaterEdit) -> str:
    what = f"Angebot „{edit.offer.title}“" if edit.offer else "Angaben zur Lösung"
    return f"{what}, geändert von {edit.organisation.name}"


def _edit(actor: Actor, public_id: str) -> LaterEdit:
    edit = queries.later_edit_for(actor, public_id) if is_public_id(public_id) else None
    if edit is None:
        raise Http404("Diese Änderung gibt es nicht.")
    return edit


@for_staff
def edit(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """What was public before and what is public now, value by value."""
    edit = _edit(actor, public_id)
    before = queries.edition(edit.solution, edit.edition_before)
    after = queries.edition(edit.solution, edit.edition_after)
    context = {
        "edit": edit,
        "what": _what_changed(edit),
        "table": changes(before.content if before else None, after.content if after else None, current()),
        "entries": _past("later_edit", public_id),
        "documents": all_documents_about("offer", edit.offer.public_id) if edit.offer else [],
        "may_decide": edit.state in ("open", "asked")
        and rules.may_look_after(actor, edit.organisation, edit.made_by),
        "place": _edit_place(actor, public_id),
        "crumbs": [*DESK, Crumb(EDITS, reverse("desk_edits")), Crumb(edit.solution.name)],
    }
    return render(request, "offers/edit.html", context)


@require_POST
@for_staff
def decide_edit(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Acknowledge what was seen, or ask."""
    edit = _edit(actor, public_id)
    question = request.POST.get("frage", "")
    seen = request.POST.get("gesehen", "")
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
    asks = request.POST.get("ergebnis") == "fragen"
    return _decide(
        request,
        "Ihre Frage ist gestellt." if asks else "Die Änderung ist zur Kenntnis genommen.",
        (lambda now: ask_about(edit, question=question, by=actor, now=now))
        if asks
        else (lambda now: acknowledge(edit, seen=number, by=actor, now=now)),
        here=reverse("desk_edit", args=[public_id]),
        place=_edit_place(actor, public_id),
    )


# --------------------------------------------------------------------------------------------- claims of entries


def _claim_place(actor: Actor, current_id: str) -> Place:
    ids = queries.claims_to_decide(actor).values_list("public_id", flat=True)
    return _place("desk_claim", "desk_claims", list(ids), current_id, CLAIMS)


@for_staff
def claims(request: HttpRequest, actor: Actor) -> HttpResponse:
    lines = [
        _line(
            each.solution.name,
            reverse("desk_claim", args=[each.public_id]),
            f"{each.organisation.name} sagt: Das ist unser Eintrag.",
            each.claimed_at,
        )
        for each in queries.claims_to_decide(actor)[:200]
    ]
    return _list(request, CLAIMS, lines)


def _claim(public_id: str) -> EntryClaim:
    rows = EntryClaim.objects.select_related("solution", "organisation__region")
    found = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if found is None:
        raise Http404("Diese Meldung gibt es nicht.")
    return found


@for_staff
def claim(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Whose the entry is said to be, why, and what the sources say of whose it is."""
    made = _claim(public_id)
    context = {
        "claim": made,
        "organisation_kind": current().labels("organisation_type").get(made.organisation.kind, ""),
        "listings": queries.sheet(made.solution, actor).listings,
        "owner": queries.owner_of(made.solution),
        "entries": _past("entry_claim", public_id),
        "may_decide": made.state == "open" and rules.may_decide_claim(actor, made),
        "place": _claim_place(actor, public_id),
        "crumbs": [*DESK, Crumb(CLAIMS, reverse("desk_claims")), Crumb(made.solution.name)],
    }
    return render(request, "offers/claim_entry.html", context)


@require_POST
@for_staff
def decide_claim(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Grant or refuse with a reason."""
    made = _claim(public_id)
    reason = request.POST.get("grund", "")
    grants = request.POST.get("ergebnis") == "bestaetigen"
    act = grant_claim if grants else refuse_claim
    return _decide(
        request,
        f"Der Eintrag gehört jetzt zu {made.organisation.name}."
        if grants
        else "Die Übernahme ist abgelehnt.",
        lambda now: act(made, reason=reason, by=actor, now=now),
        here=reverse("desk_claim", args=[public_id]),
        place=_claim_place(actor, public_id),
    )
