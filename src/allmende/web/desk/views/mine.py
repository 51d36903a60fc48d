"""Where people land after signing in: who they are here, what waits for them, and what they have begun."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.queries import memberships_of
from allmende.organisations.roles import ROLES
from allmende.organisations.rules import is_staff
from allmende.web.components.parts import Crumb, Section
from allmende.web.notices import mine as notices
from allmende.web.notifications import mine as news
from allmende.web.offers import mine as offers
from allmende.web.organisations import mine as organisations
from allmende.web.shell.access import for_members
from allmende.web.uses import mine as uses

# What the topics say to a person, in this order: functions `sections(actor)` of `web/<topic>/mine.py`.
SECTIONS: tuple[Callable[[Actor], list[Section]], ...] = (
    news.sections,
    organisations.sections,
    uses.sections,
    offers.sections,
    notices.sections,
)


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    context = {
        "memberships": [(each, ROLES[each.role]) for each in memberships_of(request.user)],
        "sections": [section for sections in SECTIONS for section in sections(actor)],
        "is_staff": is_staff(actor),
        "crumbs": [Crumb("Start", "/"), Crumb("Meine Arbeit")],
    }
    return render(request, "desk/mine.html", context)
