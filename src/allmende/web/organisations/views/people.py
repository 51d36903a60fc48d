"""Roles of colleagues, requests to join, and leaving."""

from datetime import UTC, datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import accept_request, end_role, grant_role, leave, refuse_request
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.queries import belongs, join_requests, members
from allmende.organisations.roles import roles_of_organisations
from allmende.organisations.rules import may_give, may_manage
from allmende.web.organisations.forms import PersonForm, RoleForm, RolesForm
from allmende.web.organisations.loading import crumbs, member_of, organisation_of, posted
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@limit_posts("roles", per_address="600/h", per_account="120/h")
@for_members
def member(request: HttpRequest, actor: Actor, public_id: str, member: str) -> HttpResponse:
    """Which roles a colleague has: an administrator ticks them, and ends all of them at once."""
    organisation = organisation_of(actor, public_id)
    if not may_manage(actor, organisation):
        raise Http404
    colleague = member_of(organisation, member)
    held = _roles(colleague, organisation)
    given = [
        each
        for each in roles_of_organisations(organisation.kind)
        if _may_change(actor, each.code, organisation)
    ]
    form = RolesForm(posted(request), roles=given, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        try:
            _set_roles(colleague, organisation, set(form.cleaned_data["roles"]), actor)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Die Rollen von {colleague} sind geändert.")
            return redirect("organisation", public_id)
    context = {
        "organisation": organisation,
        "colleague": colleague,
        "form": form,
        "crumbs": crumbs(organisation, str(colleague)),
    }
    return render(request, "organisations/member.html", context)


def _may_change(actor: Actor, role: str, organisation: Organisation) -> bool:
    return may_give(actor, role, organisation)


def _roles(user: User, organisation: Organisation) -> list[str]:
    held = Membership.objects.filter(user=user, organisation=organisation, ended_at=None)
    return list(held.values_list("role", flat=True))


@transaction.atomic
def _set_roles(user: User, organisation: Organisation, chosen: set[str], actor: Actor) -> None:
    """Give what is ticked and new, end what is no longer ticked; what the actor cannot change was not on the form."""
    now = datetime.now(UTC)
    for role in sorted(chosen - set(_roles(user, organisation))):
        grant_role(role, user=user, organisation=organisation, by=actor, now=now)
    held = Membership.objects.filter(user=user, organisation=organisation, ended_at=None)
    for membership in held.exclude(role__in=chosen).order_by("pk"):
        if may_give(actor, membership.role, organisation):
            end_role(membership, by=actor, now=now)


@require_POST
@limit_posts("roles", per_address="600/h", per_account="120/h")
@for_members
def decide_request(request: HttpRequest, actor: Actor, public_id: str, request_id: str) -> HttpResponse:
    """Take somebody in who asked, with one role, or not."""
    organisation = organisation_of(actor, public_id)
    asked = join_requests(organisation).filter(public_id=request_id).first()
    if asked is None or not may_manage(actor, organisation):
        raise Http404
    then = f"/organisation/{public_id}"
    if request.POST.get("urteil") == "ablehnen":
        return carry_out(
            request,
            f"Die Anfrage von {asked.user} ist abgelehnt.",
            lambda now: refuse_request(asked, by=actor, now=now),
            then=then,
        )
    form = RoleForm(request.POST, roles=roles_of_organisations(organisation.kind))
    if not form.is_valid():
        messages.error(request, "Wählen Sie eine Rolle aus.")
        return redirect(then)
    return carry_out(
        request,
        f"{asked.user} gehört jetzt zu {organisation.name}.",
        lambda now: accept_request(asked, role=form.cleaned_data["role"], by=actor, now=now),
        then=then,
    )


@for_members
def leave_it(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Leave, or end the membership of a colleague (`?person=`), and hand over what was begun."""
    organisation = organisation_of(actor, public_id)
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    leaver = member_of(organisation, request.GET.get("person") or actor.id)
    is_me = leaver == request.user
    if not is_me and not may_manage(actor, organisation):
        raise Http404
    heirs = [each.user for each in members(organisation) if each.user != leaver]
    form = PersonForm(
        posted(request),
        people=heirs,
        nobody="Niemand, es bleibt bei der Organisation",
        label="Wer übernimmt, was begonnen ist?",
    )
    if request.method == "POST" and form.is_valid():
        try:
            said = leave(organisation, leaver=leaver, to=form.chosen(), by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            who = "Sie gehören" if is_me else f"{leaver} gehört"
            messages.success(request, " ".join((f"{who} nicht mehr zu {organisation.name}.", *said)))
            still = belongs(request.user, organisation)
            return redirect("organisation", public_id) if still else redirect("mine")
    context = {
        "organisation": organisation,
        "leaver": leaver,
        "is_me": is_me,
        "form": form,
        "crumbs": crumbs(organisation, "Verlassen" if is_me else "Mitgliedschaft beenden"),
    }
    return render(request, "organisations/leave.html", context)
