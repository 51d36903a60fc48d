"""What staff can do with a published solution: withdraw, restore, ask whether it is another, propose to erase it."""

from datetime import datetime

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from allmende.catalogue.actions import restore, suspect, withdraw
from allmende.catalogue.models import Solution
from allmende.catalogue.queries import citable
from allmende.catalogue.queries.erasures import erasure_proposals
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.components.parts import Crumb
from allmende.web.desk.views import erasures
from allmende.web.history.wording import tell
from allmende.web.shell.access import carry_out, for_staff

STEPS = {
    "zurueckziehen": "Eintrag zurückziehen",
    "wiederherstellen": "Wieder veröffentlichen",
    "dublette": "Als mögliche Dublette vormerken",
}
DONE = {
    "zurueckziehen": "Der Eintrag ist zurückgezogen. Frühere Ausgaben bleiben lesbar.",
    "wiederherstellen": "Der Eintrag ist wieder veröffentlicht.",
    "dublette": "Das Paar steht jetzt unter „Mögliche Dubletten“.",
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Grund",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Er steht öffentlich auf der Seite des Eintrags.",
        error_messages={"required": "Nennen Sie den Grund."},
    )


class OtherForm(forms.Form):
    reason = forms.CharField(
        label="Kennung der anderen Lösung",
        max_length=10,
        help_text="Die zehn Zeichen am Ende der Adresse der anderen Lösung.",
        error_messages={"required": "Geben Sie die Kennung der anderen Lösung ein."},
    )


def _solution(public_id: str) -> Solution:
    solution = citable().filter(public_id=public_id).first()
    if solution is None:
        raise Http404("Diese Lösung gibt es nicht.")
    return solution


def _crumbs(solution: Solution, *more: Crumb) -> list[Crumb]:
    here = Crumb(solution.name, reverse("desk_solution", args=[solution.public_id]) if more else None)
    return [Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"), here, *more]


def _possible(solution: Solution) -> list[str]:
    steps = {"published": ["zurueckziehen", "dublette"], "withdrawn": ["wiederherstellen"]}
    return steps.get(solution.state, [])


@for_staff
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Its history in words, and what can be done."""
    solution = _solution(public_id)
    steps = [(step, STEPS[step]) for step in _possible(solution)]
    steps += [(step, f"{erasures.KINDS[step].label} (Vorschlag)") for step in erasures.possible(solution)]
    proposals = erasure_proposals(actor).filter(solution=solution, state="open")
    context = {
        "solution": solution,
        "lines": tell(history("solution", public_id)[:100], by_name=True),
        "steps": [(label, reverse("desk_solution_step", args=[public_id, step])) for step, label in steps],
        "proposals": [(each, reverse("desk_erasure", args=[each.public_id])) for each in proposals],
        "crumbs": _crumbs(solution),
    }
    return render(request, "desk/solution.html", context)


@for_staff
def step(request: HttpRequest, actor: Actor, public_id: str, step: str) -> HttpResponseBase:
    """Ask for the reason first; then do it. What does not come back is only proposed (see `erasures`)."""
    if step in erasures.KINDS:
        return erasures.propose(request, public_id, step)
    solution = _solution(public_id)
    if step not in _possible(solution):
        raise Http404("Das geht bei diesem Eintrag nicht, oder nicht mehr.")
    form = _form(step, request)
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        then = reverse("desk_solution", args=[public_id])
        return carry_out(request, DONE[step], lambda now: _act(step, solution, reason, actor, now), then=then)
    context = {
        "title": f"{solution.name}: {STEPS[step]}",
        "text": _warning(step),
        "label": STEPS[step],
        "form": form,
        "action": request.path,
        "cancel": reverse("desk_solution", args=[public_id]),
        "crumbs": _crumbs(solution, Crumb(STEPS[step])),
    }
    return render(request, "components/confirm_page.html", context)


def _form(step: str, request: HttpRequest) -> forms.Form | None:
    kind = {"zurueckziehen": ReasonForm, "dublette": OtherForm}.get(step)
    return kind(request.POST or None) if kind else None


def _warning(step: str) -> str:
    return {
        "zurueckziehen": "Der Eintrag verschwindet aus der Suche. Seine Adresse und frühere Ausgaben bleiben lesbar.",
        "wiederherstellen": "Der Eintrag erscheint wieder in der Suche, mit dem, was die Quellen jetzt sagen.",
        "dublette": "Beide Einträge stehen dann nebeneinander, und Sie entscheiden, ob sie eins sind.",
    }[step]


def _act(step: str, solution: Solution, reason: str, actor: Actor, now: datetime) -> object:
    if step == "zurueckziehen":
        return withdraw(solution, reason=reason, by=actor, now=now)
    if step == "wiederherstellen":
        return restore(solution, by=actor, now=now)
    other = citable().filter(public_id=reason.strip(), state="published").first()
    if other is None or other.pk == solution.pk:
        raise Refused("Eine andere veröffentlichte Lösung mit dieser Kennung gibt es nicht.")
    return suspect(solution, other, reason="Von der Redaktion vorgemerkt.", by=actor, now=now)
