"""The page of an organisation for those who belong to it; its status for those who applied for it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allmende.accounts.models import User
from allmende.files.queries import logo_of
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.organisations.models import Organisation
from allmende.organisations.queries import (
    absence_of,
    claims_of,
    domains,
    invitations,
    join_requests,
    members,
    merged_away,
    visible_to,
    without_administrator,
)
from allmende.organisations.roles import MUNICIPAL, ROLES, roles_of_organisations
from allmende.organisations.rules import (
    has_profile,
    is_member,
    is_staff,
    may_edit_profile,
    may_give,
    may_manage,
    may_remove_logo,
    may_see_addresses,
    may_see_members,
    may_set_logo,
)
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Definition
from allmende.web.organisations.forms import DomainForm
from allmende.web.organisations.loading import crumbs
from allmende.web.shell.access import for_members


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    organisation = (
        visible_to(actor, is_staff=is_staff(actor)).filter(public_id=public_id).first()
        if is_public_id(public_id)
        else None
    )
    if organisation is None or organisation.state == "merged":
        if is_public_id(public_id) and (now_in := merged_away(public_id)):
            return redirect("organisation", now_in.public_id)
        raise Http404("Diese Organisation gibt es nicht.")
    if may_see_members(actor, organisation):
        return render(request, "organisations/organisation.html", _inside(actor, organisation, request.user))
    away = absence_of(request.user, organisation)
    claim = claims_of(actor).filter(organisation=organisation).first()
    if away is None and claim is None:
        raise Http404("Sie gehören nicht zu dieser Organisation.")
    context = {
        "organisation": organisation,
        "away": away,
        "claim": claim,
        "facts": facts(organisation),
        "crumbs": crumbs(organisation),
    }
    return render(request, "organisations/waiting.html", context)


def facts(organisation: Organisation, *, with_state: bool = True) -> list[Definition]:
    """What the organisation is, as staff and members see it."""
    kinds = current().labels("organisation_type")
    region = organisation.region
    shown = [
        Definition("Art", [kinds.get(organisation.kind, organisation.kind)]),
        *([Definition("Stand", [organisation.get_state_display()])] if with_state else []),
    ]
    if region is not None:
        return [*shown, Definition("Gebiet", [region.title], href=f"/kommunen/{region.key}")]
    register = " ".join(part for part in (organisation.register_number, organisation.register_court) if part)
    return [
        *shown,
        Definition("Rechtsform", [organisation.get_legal_form_display()] if organisation.legal_form else []),
        Definition("Register", [register] if register else []),
        Definition(
            "Website",
            [organisation.website_url] if organisation.website_url else [],
            href=organisation.website_url,
        ),
    ]


def _inside(actor: Actor, organisation: Organisation, user: User) -> dict[str, Any]:
    people = members(organisation)
    addresses = may_see_addresses(actor, organisation)
    return {
        "organisation": organisation,
        "crumbs": crumbs(organisation),
        "facts": facts(organisation),
        "public_page": _public_page(organisation),
        "logo": logo_of(organisation.public_id),
        "sets_logo": may_set_logo(actor, organisation),
        "removes_logo": may_remove_logo(actor, organisation),
        "people": [
            {
                "user": each.user,
                "roles": [ROLES[role] for role in each.roles if role in ROLES],
                "absence": each.absence,
                "is_me": each.user == user,
            }
            for each in people
        ],
        "roles": roles_of_organisations(organisation.kind),
        "is_member": is_member(actor, organisation),
        "manages": may_manage(actor, organisation),
        "sees_addresses": addresses,
        "nobody_manages": without_administrator().filter(pk=organisation.pk).exists(),
        "stands_in": [
            each.user for each in people if each.user.public_id in actor.stands_in_for(organisation.public_id)
        ],
        "has_rules": organisation.kind in MUNICIPAL,
        "has_profile": has_profile(organisation),
        "edits_profile": may_edit_profile(actor, organisation),
        "invitations": list(invitations(organisation)) if addresses else [],
        "requests": list(join_requests(organisation)) if addresses else [],
        "domains": list(domains(organisation)) if addresses else [],
        "domain_form": DomainForm(),
        "gives": [
            role
            for role in roles_of_organisations(organisation.kind)
            if may_give(actor, role.code, organisation)
        ],
    }


def _public_page(organisation: Organisation) -> str:
    if organisation.region:
        return f"/kommunen/{organisation.region.key}"
    return f"/anbieter/{organisation.public_id}"
