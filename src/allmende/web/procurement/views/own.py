"""A town's own limits: read by all who belong to it, kept by its procurement, digital team or administration."""

from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from allmende.organisations.roles import MUNICIPAL
from allmende.organisations.rules import is_member
from allmende.procurement.actions import end_rule_set, enter_own_rules, withdraw_rule_set
from allmende.procurement.models import RuleSet
from allmende.procurement.queries import own_rules, rules_for
from allmende.procurement.rules import may_keep_own
from allmende.vocabulary.queries import labels
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.procurement.rule_form import OwnRulesForm
from allmende.web.procurement.showing import shown
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


class EndForm(KindForm):
    last_day = forms.DateField(label="Letzter Tag")


@limit_posts("own_rules", per_address="300/h", per_account="60/h")
@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """What holds today, every version that was entered, and a form for a new one."""
    organisation = _organisation(actor, public_id)
    may_keep = may_keep_own(actor, organisation)
    is_sent = request.method == "POST"
    form = OwnRulesForm(request.POST if is_sent else None, initial={"as_of": timezone.localdate()})
    if is_sent and form.is_valid() and _entered(form, organisation, actor):
        messages.success(request, "Ihre Regel ist eingetragen. Schätzungen richten sich ab jetzt nach ihr.")
        return redirect("organisation_rules", public_id)
    context = {
        "organisation": organisation,
        "applicable": rules_for(organisation, timezone.localdate()),
        "versions": shown(own_rules(organisation), labels("award_procedure")),
        "form": form if may_keep else None,
        "may_keep": may_keep,
        "crumbs": [
            Crumb("Start", "/"),
            Crumb(organisation.name, reverse("organisation", args=[public_id])),
            Crumb("Vergaberegeln"),
        ],
    }
    return render(request, "procurement/own.html", context, status=422 if is_sent else 200)


def _organisation(actor: Actor, public_id: str) -> Organisation:
    """A town of the actor's; 404 for everybody else."""
    found = (
        Organisation.objects.filter(public_id=public_id).select_related("region", "region__land").first()
        if is_public_id(public_id)
        else None
    )
    if found is None or found.kind not in MUNICIPAL or not is_member(actor, found):
        raise Http404("Diese Kommune gibt es nicht, oder Sie gehören nicht zu ihr.")
    return found


def _entered(form: OwnRulesForm, organisation: Organisation, actor: Actor) -> bool:
    try:
        enter_own_rules(form.draft, organisation=organisation, by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@require_POST
@limit_posts("own_rules", per_address="300/h", per_account="60/h")
@for_members
def change(request: HttpRequest, actor: Actor, public_id: str, rule: str) -> HttpResponse:
    """End a version of one's own, or take back one that was wrong."""
    organisation = _organisation(actor, public_id)
    rule_set = own_rules(organisation).filter(public_id=rule).first() if is_public_id(rule) else None
    if rule_set is None:
        raise Http404("Diese Regel gibt es nicht.")
    then = reverse("organisation_rules", args=[public_id])
    return changed(request, actor, rule_set, then)


def changed(request: HttpRequest, actor: Actor, rule_set: RuleSet, then: str) -> HttpResponse:
    """The two ways in which a version stops to hold, for the desk and for a town."""
    if request.POST.get("schritt") == "zurueckziehen":
        reason = request.POST.get("grund", "")[:1000]
        return carry_out(
            request,
            f"„{rule_set.title}“ ist zurückgezogen.",
            lambda now: withdraw_rule_set(rule_set, reason=reason, by=actor, now=now),
            then=then,
        )
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Geben Sie den letzten Tag ein, zum Beispiel 31.12.2026.")
        return redirect(then)
    return carry_out(
        request,
        f"„{rule_set.title}“ gilt bis {form.cleaned_data['last_day']:%d.%m.%Y}.",
        lambda now: end_rule_set(rule_set, last_day=form.cleaned_data["last_day"], by=actor, now=now),
        then=then,
    )
