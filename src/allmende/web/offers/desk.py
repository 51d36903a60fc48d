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
from allmende.web.components.drafting import version_in
from allmende.web.components.parts import Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.offers.answers import sections
from allmende.web.offers.comparing import changes
from allmende.web.offers.lookalikes import lookalikes
from allmende.web.offers.pages import CHECKED_WITHIN, title_of
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
    return _check_page(request, actor, _submitted(actor, public_id))


def _check_page(request: HttpRequest, actor: Actor, copy: WorkingCopy, *, asks: bool = False) -> HttpResponse:
    """`asks`: whether to publish although reasons are written; what was written stays in its fields."""
    content = read(copy.content)
    parties = [offer for offer in (content.offer,) if offer]
    context = {
        "copy": copy,
        "title": title_of(copy, content),
        "sections": sections(copy, content),
        "gaps": gaps(content, copy.kind),
        "lookalikes": lookalikes(copy, content, actor),
        "asks": asks,
        "organisation_kind": current().labels("organisation_type").get(copy.organisation.kind, ""),
        "offers": parties,
        "known_offers": len(queries.offers_of(copy.organisation)),
        "entries": _past("working_copy", copy.public_id),
        "documents": all_documents_about("working_copy", copy.public_id),
        "reasons": [
            (each.code, each.title, request.POST.get(f"grund-{each.code}", ""))
            for each in steps_of(copy, content)
        ],
        "reason": request.POST.get("grund", ""),
        "is_written": _has_reasons(request),
        # Whoever is asked decides about what was read; after a refusal everything stands here anew.
        "version": max(version_in(request), 0) if asks else copy.lock_version,
        "may_decide": copy.state == "submitted" and rules.may_check(actor, copy),
        "place": _check_place(actor, copy.public_id),
        "crumbs": [*DESK, Crumb(CHECKS, reverse("desk_checks")), Crumb(title_of(copy, content))],
    }
    return render(request, "offers/check.html", context)


def _reasons(request: HttpRequest, copy: WorkingCopy) -> dict[str, str]:
    """What the desk has written, by page of the form; "" for all of it."""
    reasons = {step: request.POST.get(f"grund-{step}", "") for step in STEPS_OF_KIND[copy.kind]}
    return reasons | {"": request.POST.get("grund", "")}


def _has_reasons(request: HttpRequest) -> bool:
    return any(str(words).strip() for name, words in request.POST.items() if name.split("-")[0] == "grund")


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
    """Where reasons for giving back are written, only after asking which of the two is meant."""
    copy = _submitted(actor, public_id)
    if _has_reasons(request) and "trotzdem" not in request.POST:
        return _check_page(request, actor, copy, asks=True)
    return _decide_check(
        request,
        actor,
        copy,
        f"„{title_of(copy)}“ ist veröffentlicht.",
        lambda now: accept(copy, lock_version=version_in(request), by=actor, now=now),
    )


def _decide_check(
    request: HttpRequest, actor: Actor, copy: WorkingCopy, done: str, act: Callable[[datetime], object]
) -> HttpResponse:
    """Then the next; where it was refused, the same page with the reason and with everything that was written."""
    place = _check_place(actor, copy.public_id)
    try:
        act(datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        if _has_reasons(request):
            return _check_page(request, actor, _submitted(actor, copy.public_id))
        return redirect("desk_check", copy.public_id)
    messages.success(request, done)
    return redirect(place.then)


@require_POST
@for_staff
def give_back(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Return with reasons, by page of the form."""
    copy = _submitted(actor, public_id)
    reasons = _reasons(request, copy)
    return _decide_check(
        request,
        actor,
        copy,
        f"„{title_of(copy)}“ ist mit Gründen zurückgegeben.",
        lambda now: return_copy(copy, reasons=reasons, lock_version=version_in(request), by=actor, now=now),
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
    if edit.act != "changed":
        done = (
            "zurückgezogen" if edit.act == "withdrawn" else "abgegeben: Entscheiden Sie, ob er stehen bleibt"
        )
        return f"{edit.organisation.name} hat den eigenen Eintrag {done}"
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
    return _edit_page(request, actor, _edit(actor, public_id))


def _edit_page(request: HttpRequest, actor: Actor, edit: LaterEdit, question: str = "") -> HttpResponse:
    """`question`: what was written and not asked; the page then asks which of the two is meant."""
    before = queries.edition(edit.solution, edit.edition_before)
    after = queries.edition(edit.solution, edit.edition_after)
    context = {
        "edit": edit,
        "what": _what_changed(edit),
        "table": changes(before.content if before else None, after.content if after else None, current()),
        "question": question,
        "entries": _past("later_edit", edit.public_id),
        "documents": all_documents_about("offer", edit.offer.public_id) if edit.offer else [],
        "may_decide": edit.state in ("open", "asked")
        and rules.may_look_after(actor, edit.organisation, edit.made_by),
        "place": _edit_place(actor, edit.public_id),
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
    if question.strip() and not asks and "trotzdem" not in request.POST:
        return _edit_page(request, actor, edit, question)
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
