"""What has to go: by whom it is decided, and what became of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from allmende.catalogue.models import Notice, Solution, WorkingCopy
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.operations import queries, rules
from allmende.operations.actions import block, erase, offer
from allmende.operations.models import Disposal
from allmende.operations.retention import RETENTIONS, Retention
from allmende.organisations.models import Claim, Invitation
from allmende.web.components.parts import Crumb, Paging
from allmende.web.components.templatetags.formats import day
from allmende.web.shell.access import carry_out, for_staff

PER_PAGE = 50
CRUMBS = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), Crumb("Betrieb", "/redaktion/betrieb"))


@dataclass(frozen=True)
class Thing:
    """What a line is about, in words that name no person, and where the desk sees it ("" where nowhere)."""

    title: str
    href: str = ""


@dataclass(frozen=True)
class Line:
    disposal: Disposal
    retention: Retention
    thing: Thing
    is_mine: bool
    """The reader has offered it to the archive, so that somebody else has to erase it."""

    @property
    def may_be_erased(self) -> bool:
        if self.retention.offered:
            return self.disposal.state == "offered" and not self.is_mine
        return self.disposal.state == "due"

    @property
    def may_be_offered(self) -> bool:
        return self.retention.offered and self.disposal.state == "due"


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    _require_operator(actor)
    waiting = Paginator(queries.disposals(actor), PER_PAGE)
    page = waiting.get_page(request.GET.get("seite", "1"))
    things = _things(page.object_list)
    context = {
        "lines": [
            Line(each, RETENTIONS[each.retention], _thing(each, things), each.offered_by == actor.id)
            for each in page.object_list
        ],
        "count": waiting.count,
        "retentions": RETENTIONS.values(),
        "paging": Paging.of(request.path, {}, page.number, waiting.num_pages),
        "crumbs": [*CRUMBS, Crumb("Aufbewahrung")],
    }
    return render(request, "operations/retention.html", context)


def _thing(disposal: Disposal, things: Mapping[tuple[str, str], Thing]) -> Thing:
    return things.get((disposal.subject_type, disposal.subject_id), Thing(disposal.subject_id))


def _things(disposals: Iterable[Disposal]) -> Mapping[tuple[str, str], Thing]:
    """What the lines of a page are about; one query for each type that is on it."""
    ids: dict[str, list[str]] = {}
    for each in disposals:
        ids.setdefault(each.subject_type, []).append(each.subject_id)
    return {
        (kind, public_id): thing
        for kind, wanted in ids.items()
        if kind in _FINDERS
        for public_id, thing in _FINDERS[kind](wanted)
    }


_Found = Iterator[tuple[str, Thing]]


def _solutions(ids: Sequence[str]) -> _Found:
    for row in Solution.objects.filter(public_id__in=ids):
        yield row.public_id, Thing(row.name, reverse("desk_solution", args=[row.public_id]))


def _notices(ids: Sequence[str]) -> _Found:
    for row in Notice.objects.filter(public_id__in=ids):
        title = f"{row.number} zu „{row.subject_name}“"
        yield row.public_id, Thing(title, reverse("desk_notice", args=[row.public_id]))


def _copies(ids: Sequence[str]) -> _Found:
    rows = WorkingCopy.objects.filter(public_id__in=ids).select_related("organisation", "solution")
    for row in rows:
        about = f" zu „{row.solution.name}“" if row.solution else ""
        title = f"{row.get_kind_display()}{about} von {row.organisation.name}"
        yield row.public_id, Thing(title, reverse("desk_organisation", args=[row.organisation.public_id]))


def _claims(ids: Sequence[str]) -> _Found:
    for row in Claim.objects.filter(public_id__in=ids).select_related("organisation"):
        yield row.public_id, Thing(row.organisation.name, reverse("desk_registration", args=[row.public_id]))


def _invitations(ids: Sequence[str]) -> _Found:
    for row in Invitation.objects.filter(public_id__in=ids).select_related("organisation"):
        place = row.organisation
        href = reverse("desk_organisation", args=[place.public_id]) if place else ""
        title = f"zu {place.name}, vom {day(row.invited_at)}" if place else f"vom {day(row.invited_at)}"
        yield row.public_id, Thing(title, href)


_FINDERS: Mapping[str, Callable[[Sequence[str]], _Found]] = {
    Solution.journal_type: _solutions,
    Notice.journal_type: _notices,
    WorkingCopy.journal_type: _copies,
    Claim.journal_type: _claims,
    Invitation.journal_type: _invitations,
}


@for_staff
@require_POST
def decide(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    _require_operator(actor)
    disposal = queries.disposals(actor).filter(public_id=public_id).first()
    if disposal is None:
        raise Http404
    reason, then = request.POST.get("grund", ""), reverse("retention")
    match request.POST.get("entscheidung"):
        case "loeschen":
            done = "Gelöscht. Im Journal steht, was wann und warum."
            return carry_out(
                request, done, lambda now: erase(disposal, reason=reason, by=actor, now=now), then=then
            )
        case "anbieten":
            done = "Vermerkt. Löschen kann es eine zweite Person, wenn das Archiv geantwortet hat."
            return carry_out(request, done, lambda now: offer(disposal, by=actor, now=now), then=then)
        case "sperren":
            until = request.POST.get("bis", "")
            return carry_out(
                request,
                "Gesperrt. Danach steht es von selbst wieder hier.",
                lambda now: block(disposal, until=_day(until), reason=reason, by=actor, now=now),
                then=then,
            )
        case _:
            raise Http404


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused("Geben Sie an, bis zu welchem Tag die Sperre gilt.")
    return day


def _require_operator(actor: Actor) -> None:
    if not rules.may_operate(actor):
        raise PermissionDenied
