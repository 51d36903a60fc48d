"""Step 5: the log of the research, looking here, and the snapshots."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.exploration import rules
from allmende.exploration.actions.candidates import add_from_snapshot
from allmende.exploration.actions.searches import correct_search, log_search, take_snapshot
from allmende.exploration.models import Case, LoggedSearch
from allmende.exploration.queries.cases import names_of, visible_to
from allmende.exploration.queries.searches import searches_of
from allmende.exploration.queries.snapshots import about, entries_of, faults_of
from allmende.exploration.seen import MOST_ENTRIES, Seen, matches_seen, search_seen
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.search.queries import SearchUnavailable, find
from allmende.web.components.parts import Chip, Crumb, address
from allmende.web.exploration.pages import HOME, case_or_404, crumbs, step_page, step_url
from allmende.web.exploration.research_forms import LookForm, posted
from allmende.web.marketplace import facets
from allmende.web.marketplace.addresses import SEARCH, SearchAddress, parameters_of
from allmende.web.marketplace.cards import hit_of
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

STEP = "recherche"
NO_INDEX = "Die Suche ist gerade nicht zu erreichen. Versuchen Sie es in einer Minute noch einmal."


@for_members
def research(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    searches = list(searches_of(case))
    context = {"searches": searches, "names": names_of(each.searched_by for each in searches)}
    return step_page(request, actor, case, STEP, "exploration/research.html", context)


@limit_posts("case_look", per_address="300/h", per_account="120/h")
@for_members
def look(request: HttpRequest, actor: Actor, public_id: str, search_id: str = "") -> HttpResponse:
    """Write down a look elsewhere, or put one right."""
    case = case_or_404(actor, public_id)
    search = _search(case, search_id) if search_id else None
    form = LookForm(posted(request), initial=_initial(search))
    if request.method == "POST" and form.is_valid():
        try:
            if search:
                correct_search(search, **form.cleaned_data, by=actor, now=datetime.now(UTC))
            else:
                log_search(case, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Die Recherche ist festgehalten.")
            return redirect(step_url(case, STEP))
    context = {"form": form, "search": search, "crumbs": _crumbs(case, "Recherche eintragen")}
    return step_page(request, actor, case, STEP, "exploration/look.html", context)


def _initial(search: LoggedSearch | None) -> dict[str, Any]:
    if search is None:
        return {"searched_on": timezone.localdate()}
    return {
        "source": search.source,
        "source_name": search.source_name,
        "url": search.url,
        "query": search.query,
        "hits": search.hits,
        "remark": search.note,
        "searched_on": timezone.localdate(search.searched_at),
    }


def _search(case: Case, public_id: str) -> LoggedSearch:
    found = searches_of(case).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if found is None:
        raise Http404("Diese Recherche gibt es nicht.")
    return found


def _crumbs(case: Case, last: str) -> list[Crumb]:
    *before, step = crumbs(case, "Recherchieren", last)[:-1]
    return [*before, Crumb(step.label, step_url(case, STEP)), Crumb(last)]


@for_members
def here(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Look in this marketplace; what stands here becomes a snapshot by one press of a button."""
    case = case_or_404(actor, public_id)
    asked = SearchAddress.of(parameters_of(request))
    path = reverse("case_look_here", args=[case.public_id])
    try:
        page = find(asked.question, actor)
    except SearchUnavailable:
        messages.error(request, NO_INDEX)
        return redirect(step_url(case, STEP))
    shown = frozenset(page.words)
    context = {
        "asked": asked,
        "is_asked": bool(asked.text or asked.choices),
        "page": page,
        "kept": min(page.total, MOST_ENTRIES),
        "hits": [hit_of(each.card, words=shown, snippet=each.snippet) for each in page.hits],
        "facets": facets.panel(page),
        "hidden": facets.hidden(asked),
        "chips": [_chip(path, each) for each in facets.chips(asked, page)],
        "path": path,
        "snapshot": _with(reverse("case_snapshot", args=[case.public_id]), asked),
        "crumbs": _crumbs(case, "Hier suchen"),
    }
    return step_page(request, actor, case, STEP, "exploration/look_here.html", context)


def _chip(path: str, chip: Chip) -> Chip:
    return replace(chip, href=path + chip.href.removeprefix(SEARCH))


def _with(path: str, asked: SearchAddress) -> str:
    parameters: dict[str, list[str]] = {}
    for name, value in asked.at_page(1).parameters:
        parameters.setdefault(name, []).append(value)
    return address(path, parameters)


@require_POST
@limit_posts("case_snapshot", per_address="120/h", per_account="60/h")
@for_members
def snapshot(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Keep what the search in the address finds now."""
    case = case_or_404(actor, public_id)
    asked = SearchAddress.of(parameters_of(request))
    return _keep(request, actor, case, lambda: search_seen(asked.question, actor))


@require_POST
@limit_posts("case_snapshot", per_address="120/h", per_account="60/h")
@for_members
def snapshot_of_matches(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Keep what fits the need of the case now."""
    case = case_or_404(actor, public_id)
    return _keep(request, actor, case, lambda: matches_seen(case.need, actor, today=timezone.localdate()))


def _keep(request: HttpRequest, actor: Actor, case: Case, look: Callable[[], Seen]) -> HttpResponse:
    try:
        seen = look()
        search = take_snapshot(
            case, seen, remark=request.POST.get("remark", "")[:5000], by=actor, now=datetime.now(UTC)
        )
    except (Refused, SearchUnavailable) as error:
        messages.error(request, error.message if isinstance(error, Refused) else NO_INDEX)
        return redirect(step_url(case, STEP))
    messages.success(
        request, "Der Schnappschuss ist gemacht. Wählen Sie jetzt aus, was auf die lange Liste kommt."
    )
    return redirect("case_search", case.public_id, search.public_id)


@for_members
def one(request: HttpRequest, actor: Actor, public_id: str, search_id: str) -> HttpResponse:
    """A search with its snapshot: everything as it was shown."""
    case = case_or_404(actor, public_id)
    search = _search(case, search_id)
    kept = getattr(search, "snapshot", None)
    if kept is None:
        return redirect("case_look_again", case.public_id, search.public_id)
    listed = set(case.candidates.values_list("solution__public_id", flat=True))
    content = about(kept)
    context = {
        "search": search,
        "snapshot": kept,
        "about": content["about"],
        "program": content["program"],
        "entries": [(each, each.solution in listed) for each in entries_of(kept)],
        "faults": faults_of(kept),
        "names": names_of([search.searched_by]),
        "crumbs": _crumbs(case, f"Schnappschuss vom {timezone.localtime(kept.made_at):%d.%m.%Y}"),
    }
    return step_page(request, actor, case, STEP, "exploration/snapshot.html", context)


@require_POST
@limit_posts("case_add", per_address="300/h", per_account="120/h")
@for_members
def add(request: HttpRequest, actor: Actor, public_id: str, search_id: str) -> HttpResponse:
    """Put the entries that are ticked onto the long list."""
    case = case_or_404(actor, public_id)
    search = _search(case, search_id)
    try:
        added = add_from_snapshot(
            search, request.POST.getlist("l")[:MOST_ENTRIES], by=actor, now=datetime.now(UTC)
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("case_search", case.public_id, search.public_id)
    messages.success(request, _added(len(added)))
    return redirect(step_url(case, "auswahl"))


def _added(number: int) -> str:
    if not number:
        return "Was Sie gewählt haben, steht schon auf der Liste."
    return (
        "1 Eintrag steht jetzt auf der Liste."
        if number == 1
        else f"{number} Einträge stehen jetzt auf der Liste."
    )


@for_members
def keep(request: HttpRequest, actor: Actor) -> HttpResponse:
    """From the search of everybody to one of the actor's cases: which one is this search for?"""
    asked = SearchAddress.of(parameters_of(request))
    cases = visible_to(actor, datetime.now(UTC)).filter(state="running").order_by("-changed_at")
    mine = [case for case in cases if rules.may_edit(actor, case)]
    context = {
        "asked": asked,
        "cases": [
            (case, _with(reverse("case_look_here", args=[case.public_id]), asked))
            for case in mine
            if case.plan_fixed_at
        ],
        "without_plan": [(case, step_url(case, "plan")) for case in mine if not case.plan_fixed_at],
        "crumbs": [*HOME, Crumb("Suche festhalten")],
    }
    return render(request, "exploration/keep_search.html", context)
