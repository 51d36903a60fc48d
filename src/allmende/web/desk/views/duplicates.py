"""One solution or two: a person decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue import queries
from allmende.catalogue.actions import decide_distinct, merge, undo_merge
from allmende.catalogue.models import DuplicateSuspicion
from allmende.catalogue.queries import sheet
from allmende.lib.actors import Actor
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import clean
from allmende.web.marketplace.comparison import Comparison
from allmende.web.marketplace.costs import CostQuestion, read_question
from allmende.web.shell.access import carry_out, for_staff

SHOWN = 10
DISTINCT = "keine"


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Pairs side by side, the longest waiting first; below them what was merged and can be undone."""
    suspicions = list(queries.open_suspicions(actor)[:SHOWN])
    question = read_question({})
    context = {
        "pairs": [_pair(each, question) for each in suspicions],
        "count": queries.open_suspicions(actor).count(),
        "merges": queries.merges(actor)[:20],
        "crumbs": [Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), Crumb("Dubletten")],
    }
    return render(request, "desk/duplicates.html", context)


def _pair(suspicion: DuplicateSuspicion, question: CostQuestion) -> dict[str, object]:
    """Both sides with the sources they come from: two that may be one often have the same name."""
    sheets = [sheet(suspicion.first), sheet(suspicion.second)]
    first, second = (", ".join(dict.fromkeys(each.origin.label for each in one.listings)) for one in sheets)
    table = Comparison(sheets, current(), question).short_table
    return {"suspicion": suspicion, "first_from": first, "second_from": second, "table": table}


@require_POST
@for_staff
def decide(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Keep both, or merge into the one that the button names."""
    then = reverse("desk_duplicates")
    suspicion = queries.open_suspicions(actor).filter(public_id=clean(public_id)).first()
    if suspicion is None:
        messages.error(request, "Dieses Paar ist schon entschieden.")
        return redirect(then)
    pair = {suspicion.first.public_id: suspicion.first, suspicion.second.public_id: suspicion.second}
    choice = request.POST.get("ziel", "")
    if choice == DISTINCT:
        return carry_out(
            request,
            "Die beiden Lösungen bleiben getrennt.",
            lambda now: decide_distinct(suspicion, by=actor, now=now),
            then=then,
        )
    target = pair.pop(choice, None)
    if target is None:
        messages.error(
            request, "Wählen Sie, welche der beiden Lösungen bleibt, oder lassen Sie sie getrennt."
        )
        return redirect(then)
    (source,) = pair.values()
    return carry_out(
        request,
        f"„{source.name}“ ist jetzt Teil von „{target.name}“. Sie können das unten rückgängig machen.",
        lambda now: merge(source, into=target, reason=suspicion.reason, by=actor, now=now),
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
