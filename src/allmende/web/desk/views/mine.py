"""Where people land after signing in: who they are here, and what they can do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.queries import memberships_of
from allmende.organisations.roles import ROLES
from allmende.organisations.rules import is_staff
from allmende.web.components.parts import Crumb
from allmende.web.shell.access import for_members


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    context = {
        "memberships": [(each, ROLES[each.role]) for each in memberships_of(request.user)],
        "is_staff": is_staff(actor),
        "crumbs": [Crumb("Start", "/"), Crumb("Meine Arbeit")],
    }
    return render(request, "desk/mine.html", context)
