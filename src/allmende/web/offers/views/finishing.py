"""The end of the form: preview, everything on one page to check, handing in, taking back, giving up."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue.actions import drop, publish_change, save, submit, take_back
from allmende.catalogue.completeness import gaps
from allmende.catalogue.contents import Content, read
from allmende.catalogue.models import Offer, WorkingCopy
from allmende.catalogue.queries import offer_draft_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.web.components.drafting import left_alone, version_in
from allmende.web.components.parts import Crumb
from allmende.web.offers.answers import sections
from allmende.web.offers.conflict import chosen_of, offer_differences
from allmende.web.offers.lookalikes import lookalikes
from allmende.web.offers.pages import crumbs, own_copy, title_of, why_not_submitted
from allmende.web.offers.previews import preview_context
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


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
@limit_posts("offer_hand_in", per_address="300/h", per_account="60/h")
@for_members
def hand_in(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Submit something new, or let a change go live; the page that follows says what happens next."""
    copy = own_copy(actor, public_id)
    if "fassung" in request.POST and copy.kind == "change_offer":
        return _choose(request, actor, copy)
    act = submit if copy.is_new else publish_change
    try:
        done = act(copy, lock_version=version_in(request), by=actor, now=datetime.now(UTC))
    except OutOfDate as refusal:
        return _conflict(request, actor, public_id) or _refused(request, public_id, refusal)
    except Refused as refusal:
        return _refused(request, public_id, refusal)
    if done.state == "accepted" and done.solution is not None:
        messages.success(request, "Ihre Änderung ist veröffentlicht. Die Redaktion sieht sie sich danach an.")
        return redirect("solution", done.solution.public_id)
    return redirect("offer_draft", public_id)


def _refused(request: HttpRequest, public_id: str, refusal: Refused) -> HttpResponse:
    messages.error(request, refusal.message)
    return redirect("offer_review", public_id)


def _conflict(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse | None:
    """Another party has changed the offer: both versions. None where it is the copy itself that somebody saved."""
    copy = own_copy(actor, public_id)
    if copy.kind != "change_offer" or copy.lock_version != version_in(request):
        return None
    offer = _offer_of(copy)
    mine = read(copy.content)
    context = {
        "copy": copy,
        "differences": offer_differences(copy, mine, Content(offer=offer_draft_of(offer))),
        "offer_version": offer.lock_version,
        "changed_at": offer.changed_at,
        "crumbs": crumbs(copy, mine, Crumb("Zwei Fassungen")),
    }
    return render(request, "offers/offer_conflict.html", context, status=409)


def _choose(request: HttpRequest, actor: Actor, copy: WorkingCopy) -> HttpResponse:
    """Keep in the change what was chosen of both versions; publishing it is the next step, with everything in view."""
    offer = _offer_of(copy)
    published, seen = offer_draft_of(offer), version_in(request, "fassung")
    theirs = left_alone(request.POST)

    def chosen(content: Content) -> Content:
        return Content(offer=chosen_of(content.offer or published, published, theirs))

    try:
        if offer.lock_version != seen:
            raise OutOfDate
        save(
            copy,
            chosen,
            step="betrieb",
            is_done=True,
            lock_version=version_in(request),
            offer_version=seen,
            by=actor,
            now=datetime.now(UTC),
        )
    except OutOfDate as refusal:
        return _conflict(request, actor, copy.public_id) or _refused(request, copy.public_id, refusal)
    except Refused as refusal:
        return _refused(request, copy.public_id, refusal)
    messages.success(
        request, "Übernommen. Prüfen Sie die Angaben noch einmal, und veröffentlichen Sie sie dann."
    )
    return redirect("offer_review", copy.public_id)


def _offer_of(copy: WorkingCopy) -> Offer:
    """The offer that a change is about, as it is now."""
    assert copy.offer is not None  # noqa: S101  # a constraint of the table, for this kind
    return copy.offer


@require_POST
@limit_posts("offer_hand_in", per_address="300/h", per_account="60/h")
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
