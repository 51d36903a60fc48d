"""The end of the form: preview, everything on one page to check, handing in, taking back, giving up."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue.actions import drop, publish_change, submit, take_back
from allmende.catalogue.completeness import gaps
from allmende.catalogue.contents import read
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.components.parts import Crumb
from allmende.web.offers.answers import sections
from allmende.web.offers.lookalikes import lookalikes
from allmende.web.offers.pages import crumbs, own_copy, title_of, version_in, why_not_submitted
from allmende.web.offers.previews import preview_context
from allmende.web.shell.access import carry_out, for_members


@for_members
def preview(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The page of the solution as the public will see it: the very same template."""
    copy = own_copy(actor, public_id)
    content = read(copy.content)
    context = preview_context(request, copy, content) | {
        "back": reverse("offer_draft", args=[public_id]),
        "crumbs": crumbs(copy, content, Crumb("Vorschau")),
    }
    return render(request, "offers/preview.html", context)


@for_members
def review(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Everything on one page, to check before it is handed in."""
    copy = own_copy(actor, public_id)
    if not copy.can_be_edited:
        return redirect("offer_draft", public_id)
    content = read(copy.content)
    missing = gaps(content, copy.kind)
    context = {
        "copy": copy,
        "title": title_of(copy, content),
        "sections": sections(copy, content),
        "needed": [gap for gap in missing if gap.is_needed],
        "hints": [gap for gap in missing if not gap.is_needed],
        "lookalikes": lookalikes(copy, content, actor),
        "why_not": why_not_submitted(copy),
        "crumbs": crumbs(copy, content, Crumb("Prüfen")),
    }
    return render(request, "offers/review.html", context)


@require_POST
@for_members
def hand_in(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Submit something new, or let a change go live; the page that follows says what happens next."""
    copy = own_copy(actor, public_id)
    act = submit if copy.is_new else publish_change
    try:
        done = act(copy, lock_version=version_in(request), by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("offer_review", public_id)
    if done.state == "accepted" and done.solution is not None:
        messages.success(request, "Ihre Änderung ist veröffentlicht. Die Redaktion sieht sie sich danach an.")
        return redirect("solution", done.solution.public_id)
    return redirect("offer_draft", public_id)


@require_POST
@for_members
def back(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    copy = own_copy(actor, public_id)
    return carry_out(
        request,
        "Sie können wieder daran arbeiten. Reichen Sie es danach noch einmal ein.",
        lambda now: take_back(copy, lock_version=version_in(request), by=actor, now=now),
        then=reverse("offer_draft", args=[public_id]),
    )


@for_members
def give_up(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Asks once, because what was written is gone afterwards."""
    copy = own_copy(actor, public_id)
    if request.method == "POST":
        return carry_out(
            request,
            "Das Begonnene ist verworfen.",
            lambda now: drop(copy, lock_version=version_in(request), by=actor, now=now),
            then=reverse("offers"),
        )
    content = read(copy.content)
    context = {
        "copy": copy,
        "title": title_of(copy, content),
        "crumbs": crumbs(copy, content, Crumb("Verwerfen")),
    }
    return render(request, "offers/drop.html", context)
