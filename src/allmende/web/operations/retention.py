"""What has to go: by whom it is decided, and what became of it."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.operations import queries, rules
from allmende.operations.actions import block, erase, offer
from allmende.operations.models import Disposal
from allmende.operations.retention import RETENTIONS, Retention
from allmende.web.components.parts import Crumb, Paging
from allmende.web.shell.access import carry_out, for_staff

PER_PAGE = 50
CRUMBS = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), Crumb("Betrieb", "/redaktion/betrieb"))


@dataclass(frozen=True)
class Line:
    disposal: Disposal
    retention: Retention
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
    context = {
        "lines": [
            Line(each, RETENTIONS[each.retention], each.offered_by == actor.id) for each in page.object_list
        ],
        "count": waiting.count,
        "retentions": RETENTIONS.values(),
        "paging": Paging.of(request.path, {}, page.number, waiting.num_pages),
        "crumbs": [*CRUMBS, Crumb("Aufbewahrung")],
    }
    return render(request, "operations/retention.html", context)


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
