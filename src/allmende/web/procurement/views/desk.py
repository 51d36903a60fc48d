"""The rules of EU, Bund and Länder at the desk: enter, look at a second time, end, withdraw. Nothing is edited."""

from datetime import UTC, date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.procurement.actions import propose_rule_set, release_rule_set
from allmende.procurement.models import RuleSet
from allmende.procurement.queries import kept_for_all, waiting
from allmende.procurement.rules import may_release
from allmende.regions.queries import laender
from allmende.vocabulary.queries import labels
from allmende.web.components.parts import Crumb
from allmende.web.procurement.rule_form import RuleSetForm
from allmende.web.procurement.showing import shown
from allmende.web.procurement.views.own import changed
from allmende.web.shell.access import carry_out, for_staff

HOME = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))
RULES = Crumb("Vergaberegeln", "/redaktion/vergaberegeln")


@for_staff
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for a second look, what holds or will hold, and what is over."""
    today = timezone.localdate()
    versions = shown([each for each in kept_for_all() if each.state != "proposed"], labels("award_procedure"))
    current = [each for each in versions if _is_to_come_or_holds(each.rule_set, today)]
    context = {
        "waiting": [(each, may_release(actor, each)) for each in waiting()],
        "current": current,
        "past": [each for each in versions if each not in current],
        "lands": _lands(),
        "crumbs": [*HOME, Crumb("Vergaberegeln")],
    }
    return render(request, "procurement/desk.html", context)


def _is_to_come_or_holds(rule_set: RuleSet, today: date) -> bool:
    return rule_set.state == "released" and (rule_set.valid_to is None or rule_set.valid_to >= today)


def _lands() -> dict[str, str]:
    return {land.key: land.name for land in laender(with_invented=True)}


@for_staff
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enter a rule; somebody else of the staff releases it."""
    is_sent = request.method == "POST"
    form = RuleSetForm(
        request.POST if is_sent else None, initial={"as_of": timezone.localdate(), "scope": "state"}
    )
    if is_sent and form.is_valid():
        try:
            made = propose_rule_set(form.draft, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, "Eingetragen. Die Regel gilt, sobald eine zweite Person sie angesehen hat."
            )
            return redirect("desk_rule", made.public_id)
    context = {"form": form, "crumbs": [*HOME, RULES, Crumb("Neue Regel")]}
    return render(request, "procurement/desk_new.html", context, status=422 if is_sent else 200)


@for_staff
def one(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """One version with everything that is known of it, and what may be done with it."""
    rule_set = kept_for_all().filter(public_id=public_id).first() if is_public_id(public_id) else None
    if rule_set is None:
        raise Http404("Diese Regel gibt es nicht.")
    if request.method == "POST":
        return _change(request, actor, rule_set)
    context = {
        "each": shown([rule_set], labels("award_procedure"))[0],
        "land": _lands().get(rule_set.land, ""),
        "basis": labels("legal_basis").get(rule_set.legal_basis, ""),
        "may_release": rule_set.state == "proposed" and may_release(actor, rule_set),
        "story": reverse("story", args=["vergaberegeln", public_id]),
        "crumbs": [*HOME, RULES, Crumb(rule_set.title)],
    }
    return render(request, "procurement/desk_one.html", context)


def _change(request: HttpRequest, actor: Actor, rule_set: RuleSet) -> HttpResponse:
    then = reverse("desk_rule", args=[rule_set.public_id])
    if request.POST.get("schritt") != "freigeben":
        return changed(request, actor, rule_set, then)
    return carry_out(
        request,
        f"„{rule_set.title}“ ist hinterlegt und gilt für Schätzungen.",
        lambda now: release_rule_set(rule_set, by=actor, now=now),
        then=then,
    )
