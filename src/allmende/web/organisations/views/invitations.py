"""Invite colleagues, and accept an invitation with or without an account yet."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import accept_invitation, invite, withdraw_invitation
from allmende.organisations.actions.invitations import hash_of
from allmende.organisations.models import Invitation
from allmende.organisations.queries import (
    actor_for,
    confirmed_addresses,
    invitations,
    invitations_to,
    was_accepted_by,
)
from allmende.organisations.roles import ROLES, Role, roles_of_organisations
from allmende.organisations.rules import may_give, may_manage
from allmende.web.components.parts import Crumb
from allmende.web.organisations.forms import InviteForm
from allmende.web.organisations.loading import crumbs, organisation_of, posted
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@limit_posts("invite", per_account="60/h", per_address="120/h")
@for_members
def invite_people(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    organisation = organisation_of(actor, public_id)
    if not may_manage(actor, organisation):
        raise Http404
    roles = [
        each for each in roles_of_organisations(organisation.kind) if may_give(actor, each.code, organisation)
    ]
    form = InviteForm(posted(request), roles=roles)
    if request.method == "POST" and form.is_valid():
        email, chosen = form.cleaned_data["email"], form.cleaned_data["roles"]
        try:
            invite(email, organisation=organisation, roles=chosen, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Die Einladung an {email} ist unterwegs. Sie gilt 14 Tage.")
            return redirect("organisation", public_id)
    context = {"organisation": organisation, "form": form, "crumbs": crumbs(organisation, "Einladen")}
    return render(request, "organisations/invite.html", context)


@require_POST
@for_members
def take_back(request: HttpRequest, actor: Actor, public_id: str, invitation: str) -> HttpResponse:
    organisation = organisation_of(actor, public_id)
    found = invitations(organisation).filter(public_id=invitation).first()
    if found is None or not may_manage(actor, organisation):
        raise Http404
    return carry_out(
        request,
        f"Die Einladung an {found.email} gilt nicht mehr.",
        lambda now: withdraw_invitation(found, by=actor, now=now),
        then=f"/organisation/{public_id}",
    )


@never_cache
@limit_posts("invitation", per_address="60/h")
def by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """What the mail leads to. Whether the address has an account is told to nobody."""
    found = Invitation.objects.filter(token_hash=hash_of(token)).select_related("organisation").first()
    if found is not None and isinstance(request.user, User) and was_accepted_by(request.user, found):
        return redirect("organisation", found.organisation.public_id)
    if found is None or not found.holds(datetime.now(UTC)) or not found.organisation.is_accredited:
        return render(request, "organisations/invitation_gone.html", {"crumbs": _CRUMBS}, status=404)
    user = request.user
    if not isinstance(user, User):
        return render(request, "organisations/invitation.html", _context(request, found))
    if request.method == "POST":
        return _accept(request, found, actor_for(user), back=request.path)
    fits = found.email in confirmed_addresses(user)
    return render(request, "organisations/invitation.html", {**_context(request, found), "fits": fits})


_CRUMBS = [Crumb("Start", "/"), Crumb("Einladung")]


def _context(request: HttpRequest, invitation: Invitation) -> dict[str, object]:
    return {
        "invitation": invitation,
        "roles": roles_in(invitation),
        "here": request.path,
        "crumbs": _CRUMBS,
    }


def roles_in(invitation: Invitation) -> list[Role]:
    return [ROLES[role] for role in invitation.roles if role in ROLES]


def _accept(request: HttpRequest, invitation: Invitation, actor: Actor, *, back: str) -> HttpResponse:
    """Into the organisation, or `back` with the reason: the organisation's page is for those who belong to it."""
    try:
        organisation = accept_invitation(invitation, by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(back)
    messages.success(request, f"Willkommen. Sie gehören jetzt zu {organisation.name}.")
    return redirect("organisation", organisation.public_id)


@for_members
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Invitations to addresses that the person has confirmed: for whoever signed up and lost the link."""
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    waiting = invitations_to(confirmed_addresses(request.user), now=datetime.now(UTC))
    context = {
        "waiting": [(each, roles_in(each)) for each in waiting],
        "crumbs": [Crumb("Start", "/"), Crumb("Meine Arbeit", "/mein"), Crumb("Einladungen")],
    }
    return render(request, "organisations/invitations.html", context)


@require_POST
@for_members
def answer(request: HttpRequest, actor: Actor, invitation: str) -> HttpResponse:
    """Accept or decline one of them."""
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    addresses = confirmed_addresses(request.user)
    mine = Invitation.objects.filter(email__in=addresses, public_id=invitation).select_related("organisation")
    found = mine.first()
    if found is not None and was_accepted_by(request.user, found):
        # A second click: the first has done it.
        return redirect("organisation", found.organisation.public_id)
    if found is None or not found.holds(datetime.now(UTC)):
        raise Http404
    if request.POST.get("antwort") == "ablehnen":
        return carry_out(
            request,
            "Die Einladung ist abgelehnt.",
            lambda now: withdraw_invitation(found, by=actor, now=now),
            then=reverse("invitations"),
        )
    return _accept(request, found, actor, back=reverse("invitations"))
