"""What is published already: the list of one's own, changing, renewing, withdrawing, answering the desk."""

from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.catalogue import queries, rules
from allmende.catalogue.actions import (
    answer,
    begin_change,
    begin_solution_change,
    renew_offer,
    withdraw_offer,
)
from allmende.catalogue.models import Offer, WorkingCopy
from allmende.catalogue.renewals import may_be_renewed_from
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.web.components.drafting import version_in
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb, Task
from allmende.web.offers.pages import HOME, organisations_for, title_of
from allmende.web.shell.access import carry_out, for_members

TASK_STATES = {"draft": "begun", "submitted": "elsewhere", "returned": "open"}


class WithdrawForm(KindForm):
    reason = forms.CharField(
        label="Warum ziehen Sie das Angebot zurück?",
        help_text="Ein Satz genügt, zum Beispiel: Wir stellen den Betrieb zum Jahresende ein.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


@for_members
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything of one's organisations: begun, in check, published, claimed."""
    today = timezone.localdate()
    offers = list(queries.kept_offers(actor)[:500])
    for offer in offers:
        # Facts for the template, which asks no database and reckons with no day.
        offer.lapsed = offer.has_lapsed(today)  # type: ignore[attr-defined]
        offer.is_due = offer.renew_by is None or may_be_renewed_from(offer.renew_by) <= today  # type: ignore[attr-defined]
    organisations = organisations_for(actor)
    context = {
        "organisations": organisations,
        "may_submit": any(rules.may_submit(actor, each) for each in organisations),
        "copies": [task_of(copy) for copy in queries.copies_of(actor)[:200]],
        "offers": offers,
        "claims": queries.owned_solutions(actor)[:200],
        "questions": queries.questions_to(actor),
        "crumbs": [HOME[0], Crumb("Ihre Angebote")],
    }
    return render(request, "offers/list.html", context)


def task_of(copy: WorkingCopy) -> Task:
    """A line for a working copy: where it stands and what is to be done."""
    hints = {
        "draft": "Noch nicht eingereicht.",
        "submitted": "Die Redaktion prüft.",
        "returned": "Die Redaktion hat Gründe genannt.",
    }
    hint = f"{copy.get_kind_display()}. {hints[copy.state]}"
    href = reverse("offer_draft", args=[copy.public_id])
    return Task(title_of(copy), TASK_STATES[copy.state], href, hint)  # type: ignore[arg-type]  # the states above


def _own_offer(actor: Actor, public_id: str) -> Offer:
    offer = (
        queries.kept_offers(actor).filter(public_id=public_id).first() if is_public_id(public_id) else None
    )
    if offer is None:
        raise Http404("Dieses Angebot gibt es nicht.")
    return offer


@require_POST
@for_members
def edit(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Begin a change, or go on with the one begun."""
    offer = _own_offer(actor, public_id)
    own = next(each for each in offer.parties if rules.edits_for(actor, each))
    try:
        copy = begin_change(offer, organisation=own, by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("offers")
    return redirect("offer_draft", copy.public_id)


@require_POST
@for_members
def own_entry(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Begin to say what holds for one's own entry."""
    claims = queries.owned_solutions(actor).filter(state="granted", solution__public_id=public_id[:10])
    claim = claims.first()
    if claim is None:
        raise Http404("Dieser Eintrag gehört nicht zu Ihrer Organisation.")
    try:
        copy = begin_solution_change(
            claim.solution, organisation=claim.organisation, by=actor, now=datetime.now(UTC)
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("offers")
    return redirect("offer_draft", copy.public_id)


@require_POST
@for_members
def renew(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    offer = _own_offer(actor, public_id)
    return carry_out(
        request,
        f"„{offer.title}“ gilt jetzt ein weiteres Jahr.",
        lambda now: renew_offer(offer, lock_version=version_in(request), by=actor, now=now),
        then=reverse("offers"),
    )


@for_members
def withdraw(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Asks for the reason, which stands in the history."""
    offer = _own_offer(actor, public_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_offer(
                offer,
                reason=form.cleaned_data["reason"],
                by=actor,
                now=datetime.now(UTC),
                lock_version=version_in(request),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"„{offer.title}“ ist zurückgezogen.")
            return redirect("offers")
    context = {
        "offer": offer,
        "form": form,
        # What was read, also after a refusal: whoever goes on has seen the page anew.
        "version": offer.lock_version if request.method != "POST" else max(version_in(request), 0),
        "crumbs": [*HOME, Crumb("Zurückziehen")],
    }
    return render(request, "offers/withdraw.html", context)


@require_POST
@for_members
def answer_desk(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    edit = queries.questions_to(actor).filter(public_id=public_id[:10]).first()
    if edit is None:
        raise Http404("Diese Frage gibt es nicht.")
    words = request.POST.get("antwort", "")
    return carry_out(
        request,
        "Danke. Die Redaktion sieht Ihre Antwort.",
        lambda now: answer(edit, words=words, by=actor, now=now),
        then=reverse("offers"),
    )
