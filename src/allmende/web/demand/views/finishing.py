"""The end of the form, and what becomes of a published need: check, publish, drop, withdraw, close."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.demand.actions.needs import close, drop_change, publish, publish_change, withdraw
from allmende.demand.completeness import gaps
from allmende.demand.hints import hints
from allmende.demand.queries.needs import draft_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.components.drafting import version_in
from allmende.web.components.parts import Crumb
from allmende.web.demand.pages import answered, crumbs, own, title_of, why_not_published
from allmende.web.demand.steps import STEPS
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@for_members
def review(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Everything on one page, to check before others see it."""
    need = own(actor, public_id)
    if need.state in ("closed", "withdrawn"):
        return redirect("need", public_id)
    draft = draft_of(need)
    context = {
        "need": need,
        "title": title_of(need, draft),
        "sections": answered(need, draft),
        "missing": gaps(draft),
        "hints": [(each, STEPS[each.step].title) for each in hints(draft)],
        "why_not": why_not_published(need),
        "visibility": draft.visibility,
        "is_changed": need.working is not None,
        "crumbs": crumbs(need, Crumb("Prüfen")),
    }
    return render(request, "demand/review.html", context)


@require_POST
@limit_posts("need_publish", per_address="300/h", per_account="60/h")
@for_members
def hand_in(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Publish, or publish a change with the sentence that says what is different."""
    need = own(actor, public_id)
    version, now = version_in(request), datetime.now(UTC)
    try:
        if need.state == "published":
            change = request.POST.get("aenderung", "")
            publish_change(need, change=change, lock_version=version, by=actor, now=now)
        else:
            publish(need, lock_version=version, by=actor, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("need_review", public_id)
    done = (
        "Ihre Änderung ist veröffentlicht." if need.state == "published" else "Ihr Bedarf ist veröffentlicht."
    )
    messages.success(request, done)
    return redirect("need", public_id)


@for_members
def drop(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Give up a draft, or what was changed since the last edition. Asks once."""
    need = own(actor, public_id)
    if request.method == "POST" and need.state == "published":
        return carry_out(
            request,
            "Die Änderung ist verworfen. Veröffentlicht bleibt, was vorher da stand.",
            lambda now: drop_change(need, lock_version=version_in(request), by=actor, now=now),
            then=reverse("need", args=[public_id]),
        )
    if request.method == "POST":
        return carry_out(
            request,
            "Der Entwurf ist verworfen.",
            lambda now: withdraw(need, reason="", by=actor, now=now),
            then=reverse("own_needs"),
        )
    context = {"need": need, "title": title_of(need), "crumbs": crumbs(need, Crumb("Verwerfen"))}
    return render(request, "demand/drop.html", context)


@limit_posts("need_end", per_address="300/h", per_account="60/h")
@for_members
def withdraw_need(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    need = own(actor, public_id)
    if request.method == "POST":
        reason = request.POST.get("grund", "")
        return carry_out(
            request,
            "Der Bedarf ist zurückgezogen.",
            lambda now: withdraw(need, reason=reason, by=actor, now=now),
            then=reverse("need", args=[public_id]),
        )
    context = {"need": need, "crumbs": crumbs(need, Crumb("Zurückziehen")), "act": "withdraw"}
    return render(request, "demand/end.html", context)


@limit_posts("need_end", per_address="300/h", per_account="60/h")
@for_members
def close_need(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    need = own(actor, public_id)
    if request.method == "POST":
        reason = request.POST.get("grund", "")
        return carry_out(
            request,
            "Der Bedarf ist abgeschlossen.",
            lambda now: close(need, reason=reason, by=actor, now=now),
            then=reverse("need", args=[public_id]),
        )
    context = {"need": need, "crumbs": crumbs(need, Crumb("Abschließen")), "act": "close"}
    return render(request, "demand/end.html", context)
