"""One solution or two: a person decides."""

from dataclasses import replace
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue import queries
from allmende.catalogue.actions import decide_distinct, merge, undo_merge
from allmende.catalogue.models import DuplicateSuspicion, Merge
from allmende.catalogue.queries import Sheet, sheet
from allmende.catalogue.rules import NOT_BETWEEN_THESE, may_decide_pair
from allmende.lib.actors import Actor
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Column, Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.components.templatetags.formats import day
from allmende.web.desk.queues import queue
from allmende.web.marketplace.addresses import clean
from allmende.web.marketplace.comparison import Comparison
from allmende.web.marketplace.costs import read_question
from allmende.web.shell.access import carry_out, for_staff

LISTED = 200
DISTINCT = "keine"
TITLE = "Mögliche Dubletten"
DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Pairs, the longest waiting first; below them what was merged and can be undone."""
    now, days = datetime.now(UTC), queue("dubletten").days
    lines = [
        Line.of(
            f"{pair.first.name} und {pair.second.name}",
            reverse("desk_decide", args=[pair.public_id]),
            why=pair.reason,
            since=pair.found_at,
            days=days,
            now=now,
        )
        for pair in queries.open_suspicions(actor)[:LISTED]
    ]
    context = {
        "lines": lines,
        "count": queries.open_suspicions(actor).count(),
        "merges": _merges(actor),
        "crumbs": [*DESK, Crumb(TITLE)],
    }
    return render(request, "desk/duplicates.html", context)


def _merges(actor: Actor) -> list[tuple[Merge, bool]]:
    """What was merged, and whether this person may undo it."""
    found = list(queries.merges(actor)[:20])
    sides = queries.sides_of([side for each in found for side in (each.source, each.target)])
    return [(each, may_decide_pair(actor, sides[each.source_id] + sides[each.target_id])) for each in found]


def _place(pair: DuplicateSuspicion, actor: Actor) -> Place:
    ids = list(queries.open_suspicions(actor).values_list("public_id", flat=True))
    return Place.among(ids, pair.public_id, one="desk_decide", every="desk_duplicates", label=TITLE)


def _page(request: HttpRequest, pair: DuplicateSuspicion, actor: Actor) -> HttpResponse:
    """Both sides with the sources they come from: two that may be one often have the same name."""
    sheets = [sheet(pair.first), sheet(pair.second)]
    first, second = (", ".join(dict.fromkeys(each.origin.label for each in one.listings)) for one in sheets)
    table = Comparison(sheets, current(), read_question({})).short_table
    columns = [
        table.columns[0],
        *(_column(each, label) for each, label in zip(sheets, (first, second), strict=True)),
    ]
    sides = queries.sides_of([pair.first, pair.second])
    is_impartial = may_decide_pair(actor, sides[pair.first_id] + sides[pair.second_id])
    context = {
        "pair": pair,
        "hindrance": "" if is_impartial else NOT_BETWEEN_THESE,
        "first_from": first,
        "second_from": second,
        "table": replace(table, columns=columns),
        "place": _place(pair, actor),
        "crumbs": [*DESK, Crumb(TITLE, reverse("desk_duplicates")), Crumb(pair.first.name)],
    }
    return render(request, "desk/duplicate.html", context)


def _column(one: Sheet, source: str) -> Column:
    """The id with the name, since two names are often the same; where it comes from and since when, below."""
    solution = one.solution
    return Column(
        f"{solution.name} ({solution.public_id})", note=f"{source}, hier seit {day(solution.first_seen_at)}"
    )


@for_staff
def decide(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Keep both, or merge into the one that the button names; then the next pair."""
    pair = queries.open_suspicions(actor).filter(public_id=clean(public_id)).first()
    if pair is None:
        messages.error(request, "Dieses Paar ist schon entschieden.")
        return redirect("desk_duplicates")
    if request.method != "POST":
        return _page(request, pair, actor)
    then = _place(pair, actor).then
    sides = {pair.first.public_id: pair.first, pair.second.public_id: pair.second}
    choice = request.POST.get("ziel", "")
    if choice == DISTINCT:
        return carry_out(
            request,
            "Die beiden Lösungen bleiben getrennt.",
            lambda now: decide_distinct(pair, by=actor, now=now),
            then=then,
        )
    target = sides.pop(choice, None)
    if target is None:
        messages.error(
            request, "Wählen Sie, welche der beiden Lösungen bleibt, oder lassen Sie sie getrennt."
        )
        return redirect(request.path)
    (source,) = sides.values()
    return carry_out(
        request,
        f"„{source.name}“ ist jetzt Teil von „{target.name}“. In der Liste können Sie das rückgängig machen.",
        lambda now: merge(source, into=target, reason=pair.reason, by=actor, now=now),
        then=then,
    )


@require_POST
@for_staff
def undo(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    then = reverse("desk_duplicates")
    done = queries.merges(actor).filter(public_id=clean(public_id)).first()
    if done is None:
        messages.error(request, "Diese Zusammenführung ist schon rückgängig gemacht.")
        return redirect(then)
    return carry_out(
        request,
        "Die Zusammenführung ist rückgängig gemacht.",
        lambda now: undo_merge(done, by=actor, now=now),
        then=then,
    )
