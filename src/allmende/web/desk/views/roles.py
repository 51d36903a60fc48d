"""Who holds which role of the platform: give and end, and the operator's role only by two."""

from collections.abc import Callable
from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import (
    confirm_proposal,
    end_role,
    grant_role,
    propose_role,
    refuse_proposal,
)
from allmende.organisations.models import RoleProposal
from allmende.organisations.queries import open_proposals, platform_members
from allmende.organisations.roles import FIELD, ROLES
from allmende.organisations.rules import may_grant_roles
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.shell.access import carry_out, for_staff

BY_TWO = "operator_admin"


class RoleForm(KindForm):
    email = forms.EmailField(
        label="E-Mail-Adresse des Kontos", help_text="Die Person braucht schon ein Konto.", max_length=254
    )
    role = forms.ChoiceField(
        label="Rolle",
        choices=[(role.code, role.label) for role in ROLES.values() if role.of_platform],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Warum?",
        help_text="Für die Rolle „Betrieb“ notwendig: Die zweite Person liest es, bevor sie bestätigt.",
        required=False,
        max_length=300,
    )


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody with a role, by role; proposals that wait for a second person; a form for one more."""
    _require(actor)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (done := _given(form, actor)):
        messages.success(request, done)
        return redirect("desk_roles")
    members = list(platform_members())
    context = {
        "form": form,
        "groups": [
            (role, [each for each in members if each.role == role.code])
            for role in ROLES.values()
            if role.of_platform
        ],
        "field": [(each, ROLES.get(each.held_as)) for each in FIELD],
        "proposals": [(each, _named(each.proposed_by)) for each in open_proposals()],
        "me": actor.id,
        "crumbs": [Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), Crumb("Rollen")],
    }
    return render(request, "desk/roles.html", context, status=422 if form.errors else 200)


def _require(actor: Actor) -> None:
    if not may_grant_roles(actor):
        raise PermissionDenied


def _given(form: RoleForm, actor: Actor) -> str:
    """What was done, in words; "" where it was refused, and the form says why."""
    said = form.cleaned_data
    user = User.objects.filter(email__iexact=said["email"], is_active=True).first()
    if user is None:
        form.add_error(
            "email", "Zu dieser Adresse gibt es kein Konto. Die Person muss sich zuerst registrieren."
        )
        return ""
    now, label = datetime.now(UTC), ROLES[said["role"]].label
    try:
        if said["role"] == BY_TWO:
            propose_role(BY_TWO, user=user, reason=said["reason"], by=actor, now=now)
            return f"„{label}“ ist für {user} vorgeschlagen. Eine zweite Person aus dem Betrieb bestätigt es hier."
        grant_role(said["role"], user=user, organisation=None, by=actor, now=now)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return ""
    return f"{user} hat jetzt die Rolle „{label}“."


def _named(actor: str) -> str:
    """The name behind `person:…`, as proposals keep it."""
    kind, _, public_id = actor.partition(":")
    user = User.objects.filter(public_id=public_id).first() if kind == "person" else None
    return str(user) if user else "die Befehlszeile"


@require_POST
@for_staff
def end(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Take a role away, or lay down one's own."""
    _require(actor)
    membership = platform_members().filter(pk=number).first()
    if membership is None:
        messages.error(request, "Diese Rolle ist schon beendet.")
        return redirect("desk_roles")
    label = ROLES[membership.role].label
    return carry_out(
        request,
        f"{membership.user} hat die Rolle „{label}“ nicht mehr.",
        lambda now: end_role(membership, by=actor, now=now),
        then=reverse("desk_roles") if membership.user.public_id != actor.id else reverse("mine"),
    )


@require_POST
@for_staff
def decide(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The second person agrees or does not; whoever proposed can take it back."""
    _require(actor)
    proposal = open_proposals().filter(public_id=public_id).first() if "\0" not in public_id else None
    if proposal is None:
        messages.error(request, "Über diesen Vorschlag ist schon entschieden.")
        return redirect("desk_roles")
    act, done = _decision(proposal, request.POST.get("urteil", ""), actor)
    return carry_out(request, done, act, then=reverse("desk_roles"))


def _decision(proposal: RoleProposal, verdict: str, actor: Actor) -> tuple[Callable[[datetime], None], str]:
    if verdict == "bestaetigen":
        done = f"{proposal.user} gehört jetzt zum Betrieb."
        return lambda now: confirm_proposal(proposal, by=actor, now=now), done
    return lambda now: refuse_proposal(proposal, by=actor, now=now), "Der Vorschlag ist verworfen."
