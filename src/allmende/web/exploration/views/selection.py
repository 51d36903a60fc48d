"""Step 6: from the long list to the short one, one by one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.exploration.actions.candidates import add_by_hand, decide, decide_many, say_why_not_asked
from allmende.exploration.models import Candidate, Case
from allmende.exploration.queries.candidates import (
    FEW_COMPANIES,
    FEW_COMPANIES_SOURCE,
    NEWCOMERS,
    Drift,
    candidates_of,
    decided,
    drift_of,
    few_companies,
)
from allmende.exploration.queries.cases import names_of
from allmende.exploration.queries.criteria import labels_of
from allmende.exploration.queries.searches import searches_of
from allmende.exploration.states import CANDIDATE
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current
from allmende.web.components.drafting import version_in
from allmende.web.components.parts import Crumb, Tab
from allmende.web.components.templatetags.formats import day
from allmende.web.exploration.pages import case_or_404, crumbs, step_page, step_url
from allmende.web.exploration.research_forms import FoundForm, NotAskedForm, VerdictForm, posted
from allmende.web.marketplace.addresses import first, parameters_of
from allmende.web.marketplace.wording import field_label
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

STEP = "auswahl"
STATES = {"offen": "open", "bleibt": "kept", "ausgeschieden": "dropped"}


@dataclass(frozen=True)
class Entry:
    """A line of the list."""

    candidate: Candidate
    reason: str
    drift: Drift
    changed: str


def entries(candidates: Sequence[Candidate]) -> list[Entry]:
    drifts, labels = drift_of(candidates), current().labels("candidate_reason")
    return [
        Entry(each, labels.get(each.reason, each.reason), drifts[each.pk], changed_in_words(drifts[each.pk]))
        for each in candidates
    ]


def changed_in_words(drift: Drift) -> str:
    """What differs from what was seen: "Reife, Lizenz, Angebote und Preise"."""
    return ", ".join([*dict.fromkeys(field_label(name) for name in drift.fields), *drift.parts])


@for_members
def selection(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return _list(request, actor, case_or_404(actor, public_id))


def _list(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    form: VerdictForm | None = None,
    ticked: Sequence[str] = (),
) -> HttpResponse:
    name = first(parameters_of(request), "stand")
    states = decided(case)
    path = step_url(case, STEP)
    tabs = [Tab("alle", path, current=name not in STATES, count=sum(states.values()))]
    tabs += [
        Tab(CANDIDATE.labels[code], f"{path}?stand={word}", current=word == name, count=states[code])
        for word, code in STATES.items()
    ]
    context = {
        "entries": entries(list(candidates_of(case, STATES.get(name, "")))),
        "tabs": tabs,
        "form": form or _verdict_form(None, case),
        "ticked": set(ticked),
        "newcomers": NEWCOMERS,
        "few": FEW_COMPANIES if few_companies(case) else "",
        "few_source": FEW_COMPANIES_SOURCE,
    }
    return step_page(request, actor, case, STEP, "exploration/selection.html", context)


def _verdict_form(data: object, case: Case) -> VerdictForm:
    return VerdictForm(data, criteria=labels_of(case).items())


@limit_posts("case_decide", per_address="1200/h", per_account="600/h")
@for_members
def decide_all(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """One decision for all that are ticked."""
    case = case_or_404(actor, public_id)
    if request.method != "POST":
        return redirect(step_url(case, STEP))
    ticked = request.POST.getlist("k")[:500]
    form = _verdict_form(request.POST, case)
    if form.is_valid():
        try:
            done = decide_many(case, _versions(ticked), form.verdict, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            number = "1 Eintrag" if len(done) == 1 else f"{len(done)} Einträge"
            messages.success(request, f"Die Entscheidung über {number} ist festgehalten.")
            return redirect(step_url(case, STEP))
    return _list(request, actor, case, form, ticked)


def _versions(ticked: Sequence[str]) -> dict[str, int]:
    """Lock versions by public id from "id:version"; nonsense is as good as out of date."""
    versions = {}
    for each in ticked:
        public_id, _, version = each.partition(":")
        is_number = version.isascii() and version.isdecimal() and len(version) < 10
        versions[public_id[:10]] = int(version) if is_number else -1
    return versions


def candidate_or_404(case: Case, public_id: str) -> Candidate:
    found = candidates_of(case).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if found is None:
        raise Http404("Diesen Eintrag gibt es auf der Liste nicht.")
    return found


@limit_posts("case_decide", per_address="1200/h", per_account="600/h")
@for_members
def one(request: HttpRequest, actor: Actor, public_id: str, candidate_id: str) -> HttpResponse:
    """One entry: what is known, what was decided and when, and the decision."""
    case = case_or_404(actor, public_id)
    candidate = candidate_or_404(case, candidate_id)
    form = _verdict_form(posted(request), case)
    if request.method == "POST" and form.is_valid():
        try:
            decide(candidate, form.verdict, lock_version=version_in(request), by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Die Entscheidung ist festgehalten.")
            return redirect("case_candidate", case.public_id, candidate.public_id)
    history = list(candidate.decisions.all())
    labels = current().labels("candidate_reason")
    names = names_of(each.decided_by for each in history)
    context = {
        "entry": entries([candidate])[0],
        "candidate": candidate,
        "history": [
            (each, labels.get(each.reason, each.reason), names.get(each.decided_by, "")) for each in history
        ],
        "form": form,
        "not_asked": NotAskedForm(initial={"reason": candidate.not_asked_reason}),
        "newcomers": NEWCOMERS,
        "crumbs": _crumbs(case, str(candidate)),
    }
    return step_page(request, actor, case, STEP, "exploration/candidate.html", context)


def _crumbs(case: Case, last: str) -> list[Crumb]:
    *before, step, _ = crumbs(case, "Auswahl", last)
    return [*before, Crumb(step.label, step_url(case, STEP)), Crumb(last)]


@require_POST
@limit_posts("case_decide", per_address="1200/h", per_account="600/h")
@for_members
def not_asked(request: HttpRequest, actor: Actor, public_id: str, candidate_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    candidate = candidate_or_404(case, candidate_id)
    reason = request.POST.get("reason", "")[:20_000]
    return carry_out(
        request,
        "Der Grund ist festgehalten.",
        lambda now: say_why_not_asked(candidate, reason, lock_version=version_in(request), by=actor, now=now),
        then=reverse("case_candidate", args=[case.public_id, candidate.public_id]),
    )


@limit_posts("case_add", per_address="300/h", per_account="120/h")
@for_members
def add(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """A company or product found elsewhere."""
    case = case_or_404(actor, public_id)
    searches = {each.public_id: each for each in searches_of(case)}
    named = [(key, f"{each.source_name}, {day(each.searched_at)}") for key, each in searches.items()]
    form = FoundForm(posted(request), searches=named)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "search": searches.get(form.cleaned_data["search"])}
        try:
            added = add_by_hand(case, **said, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"„{added}“ steht jetzt auf der Liste.")
            return redirect(step_url(case, STEP))
    context = {"form": form, "crumbs": _crumbs(case, "Selbst eintragen")}
    return step_page(request, actor, case, STEP, "exploration/candidate_new.html", context)
