"""Where people land after signing in: who they are here, what waits for them, and what they have begun."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.queries import memberships_of
from allmende.organisations.roles import ROLES, Role
from allmende.organisations.rules import is_staff
from allmende.web.answers import mine as answers
from allmende.web.components.parts import Crumb, Section
from allmende.web.demand import mine as demand
from allmende.web.desk import mine as desk
from allmende.web.desk.work import Work
from allmende.web.exploration import mine as exploration
from allmende.web.notices import mine as notices
from allmende.web.notifications import mine as news
from allmende.web.offers import mine as offers
from allmende.web.organisations import mine as organisations
from allmende.web.shell.access import for_members
from allmende.web.uses import mine as uses

# What the topics say to a person, in this order: functions `sections(actor)` of `web/<topic>/mine.py`.
SECTIONS: tuple[Callable[[Actor], list[Section]], ...] = (
    desk.sections,
    organisations.sections,
    demand.sections,
    exploration.sections,
    answers.sections,
    uses.sections,
    offers.sections,
    notices.sections,
    news.sections,
)


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    context = {
        "places": _places(memberships_of(request.user)),
        # Where an organisation is suspended, its pages are closed.
        "open_places": {place for _, place in actor.roles if place},
        "work": Work.of([section for sections in SECTIONS for section in sections(actor)]),
        "is_staff": is_staff(actor),
        "crumbs": [Crumb("Start", "/"), Crumb("Meine Arbeit")],
    }
    return render(request, "desk/mine.html", context)


def _places(memberships: Iterable[Membership]) -> list[tuple[Organisation | None, list[Role]]]:
    """Each organisation once, with all roles this person has there; None stands for the platform."""
    places: dict[Organisation | None, list[Role]] = {}
    for each in memberships:
        places.setdefault(each.organisation, []).append(ROLES[each.role])
    return list(places.items())
