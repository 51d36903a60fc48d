"""Reading needs: the list, one need, an earlier edition, and one's own."""

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.demand import rules
from allmende.demand.drafts import NeedDraft, from_content
from allmende.demand.models import Need
from allmende.demand.queries.needs import (
    editions_of,
    open_to,
    own_organisations,
    own_responses,
    published_draft,
    responses_to,
    written_by,
)
from allmende.lib.actors import Actor
from allmende.lib.partial_dates import told
from allmende.organisations.queries import actor_for
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb, Definition, Task
from allmende.web.components.templatetags.formats import day, number
from allmende.web.demand.criteria_form import in_words
from allmende.web.demand.lists import listed
from allmende.web.demand.pages import HOME, crumbs, readable, towns_for
from allmende.web.demand.views import joint, outcomes
from allmende.web.marketplace.addresses import first, page_number, parameters_of
from allmende.web.shell.access import for_members
from allmende.web.shell.page_cache import public_page

# What other parts show on the page of a need: (need, actor) -> context, drawn by the templates that it includes.
PARTS: tuple[Callable[[Need, Actor], dict[str, Any]], ...] = (joint.part, outcomes.part)
MOST_OWN = 200


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Published needs that the reader may see, the latest first, by Handlungsfeld, Land and size."""
    actor, parameters = actor_for(request.user), parameters_of(request)
    found = listed(open_to(actor), parameters, page_number(first(parameters, "seite")))
    context = {
        "found": found,
        "writes": bool(towns_for(actor)),
        "is_known": actor.kind == "person",
        "crumbs": (HOME[0], Crumb("Bedarfe")),
    }
    return render(request, "demand/list.html", context)


@public_page
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One need; 404 for whoever may not read it, 410 for others once it is withdrawn."""
    actor = actor_for(request.user)
    need = readable(actor, public_id)
    writes = rules.may_write(actor, need.organisation)
    if need.state == "withdrawn" and not rules.may_read_responses(actor, need):
        return render(
            request, "demand/gone.html", {"need": need, "crumbs": (*HOME, Crumb("Zurückgezogen"))}, status=410
        )
    draft = published_draft(need)
    belongs = rules.may_read_responses(actor, need)
    context = {
        "need": need,
        "draft": draft,
        "writes": writes,
        "belongs": belongs,
        "copies": towns_for(actor) if not writes else [need.organisation],
        "facts": facts(need, draft),
        "musts": in_words(draft, "must"),
        "shoulds": in_words(draft, "should"),
        "editions": editions_of(need) if need.edition_number > 1 else [],
        "responses": responses_to(need) if belongs and need.edition_number else [],
        "own_responses": _own_responses(need, actor),
        "may_respond": need.state == "published" and not belongs,
        "crumbs": crumbs(need),
    }
    for part in PARTS:
        context |= part(need, actor)
    return render(request, "demand/need.html", context)


def _own_responses(need: Need, actor: Actor) -> Any:
    if actor.kind != "person" or not own_organisations(actor):
        return []
    return own_responses(actor).filter(need=need)


@public_page
def edition(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """An earlier published state, for those who may read the need today."""
    need = readable(actor_for(request.user), public_id)
    kept = need.editions.filter(number=number).first() if number < 2**31 else None
    if kept is None or need.state == "withdrawn":
        raise Http404("Diese Ausgabe gibt es nicht.")
    draft = from_content(json.loads(kept.content))
    context = {
        "need": need,
        "edition": kept,
        "draft": draft,
        "facts": facts(need, draft),
        "musts": in_words(draft, "must"),
        "shoulds": in_words(draft, "should"),
        "crumbs": crumbs(need, Crumb(f"Ausgabe {kept.number}")),
    }
    return render(request, "demand/edition.html", context)


@for_members
def own_needs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The needs of one's own organisations, what was changed last first."""
    needs = written_by(actor)[:MOST_OWN]
    context = {
        "tasks": [_task(need, actor) for need in needs],
        "towns": towns_for(actor),
        "crumbs": [*HOME, Crumb("Ihre Bedarfe")],
    }
    return render(request, "demand/own.html", context)


def _task(need: Need, actor: Actor) -> Task:
    state = {"draft": "begun", "published": "done"}.get(need.state, "look")
    edits = need.state == "draft" and rules.may_write(actor, need.organisation)
    href = f"/bedarfe/{need.public_id}/bearbeiten" if edits else f"/bedarfe/{need.public_id}"
    said = f"{need.get_state_display()}, geändert am {day(need.changed_at)}. {need.organisation.name}"
    return Task(need.title, state, href, said)  # type: ignore[arg-type]  # states of a task, as above


def facts(need: Need, draft: NeedDraft) -> list[Definition]:
    """What is said beside words and criteria; what is not said stands there as "keine Angabe"."""
    vocabulary = current()
    fields, budgets = vocabulary.labels("field_of_action"), vocabulary.labels("need_budget")
    budget = [budgets.get(draft.budget_class, draft.budget_class)] if draft.budget_class else []
    start = told(draft.needed_from, draft.needed_from_precision)
    return [
        Definition("Handlungsfeld", [fields.get(code, code) for code in draft.fields_of_action]),
        Definition("Für wie viele Menschen", _counted(draft.population)),
        Definition("Arbeiten damit", _counted(draft.users_count)),
        Definition("Gibt es schon", draft.existing_systems),
        Definition("Gebraucht ab", [day(start)] if start else []),
        Definition("Laufzeit", [f"{draft.term_months} Monate"] if draft.term_months else []),
        Definition("Budget", budget, note="netto, über die ganze Laufzeit" if budget else ""),
        Definition("Mit anderen Kommunen", _together(draft)),
    ]


def _counted(people: int | None) -> list[str]:
    return [f"{number(people)} Menschen"] if people is not None else []


def _together(draft: NeedDraft) -> list[str]:
    labels = dict(Need._meta.get_field("cooperation").choices or ())
    return [str(labels[draft.cooperation])] if draft.cooperation in labels else []
