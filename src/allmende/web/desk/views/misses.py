"""What people looked for in vain: the editors see what is missing, and say what became of it."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.lib.workdays import after_working_days
from allmende.search.actions import reopen, settle
from allmende.search.actions.misses import LONGEST_REASON
from allmende.search.models import Miss
from allmende.search.queries import misses
from allmende.search.states import MISS
from allmende.web.components.parts import Crumb, Paging, Tab, address
from allmende.web.desk.queues import queue
from allmende.web.marketplace.addresses import SearchAddress, clean, first, parameters_of
from allmende.web.marketplace.facets import LABELS
from allmende.web.shell.access import carry_out, for_staff

PER_PAGE = 25
# How addresses and buttons name the states.
STATES = {"open": "offen", "answered": "beantwortet", "not_ours": "nicht-unsere-sache"}
_DONE = {
    "answered": "Die Suche „{text}“ gilt als beantwortet.",
    "not_ours": "Die Suche „{text}“ ist als „nicht unsere Sache“ abgelegt.",
}


@dataclass(frozen=True)
class Line:
    """A search as the list shows it: its words, where to try it, and what it was filtered by."""

    miss: Miss
    href: str
    filters: str
    until: date
    is_late: bool


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The frequent first; open ones unless somebody asks for the settled."""
    parameters = parameters_of(request)
    state = _state(first(parameters, "stand"))
    found = misses(actor)
    page = Paginator(found.filter(state=state), PER_PAGE).get_page(first(parameters, "seite") or "1")
    counts = dict(found.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "lines": [_line(miss) for miss in page.object_list],
        "tabs": _tabs(request.path, state, counts),
        "state": state,
        "here": STATES[state],
        "longest": LONGEST_REASON,
        "paging": Paging.of(request.path, parameters, page.number, page.paginator.num_pages),
        "crumbs": [Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), Crumb("Suchen ohne Treffer")],
    }
    return render(request, "desk/misses.html", context)


def _state(name: str) -> str:
    return next((code for code, written in STATES.items() if written == name), "open")


def _line(miss: Miss) -> Line:
    filters = ", ".join(LABELS.get(code, code) for code in miss.facet_codes)
    until = after_working_days(miss.first_day, queue("ohne-treffer").days)
    return Line(miss, SearchAddress(text=miss.text).href, filters, until, timezone.localdate() > until)


def _tabs(path: str, state: str, counts: dict[str, int]) -> list[Tab]:
    return [
        Tab(
            label,
            address(path, {}, stand=None if code == "open" else STATES[code]),
            code == state,
            counts.get(code, 0),
        )
        for code, label in MISS.labels.items()
    ]


@require_POST
@for_staff
def decide(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Settle a search with a reason, or open it again; then back to the list where it was."""
    back = address(reverse("desk_misses"), {}, stand=STATES[_state(request.POST.get("stand", ""))])
    miss = misses(actor).filter(public_id=clean(public_id)).first()
    if miss is None:
        messages.error(request, "Diese Suche steht nicht mehr in der Liste.")
        return redirect(back)
    outcome = _state(request.POST.get("ergebnis", ""))
    if outcome == "open":
        return carry_out(
            request,
            f"Die Suche „{miss.text}“ ist wieder offen.",
            lambda now: reopen(miss, by=actor, now=now),
            then=back,
        )
    because = request.POST.get("grund", "")
    return carry_out(
        request,
        _DONE[outcome].format(text=miss.text),
        lambda now: settle(miss, outcome=outcome, because=because, by=actor, now=now),
        then=back,
    )
