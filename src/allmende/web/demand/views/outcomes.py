"""What became of a need: its town says so on a page of its own."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allmende.catalogue.models import Solution
from allmende.catalogue.queries import visible_to as solutions_visible_to
from allmende.demand.actions.outcomes import LONGEST_NOTE, state_outcome
from allmende.demand.joint_rules import may_state_outcome
from allmende.demand.models import Need, Outcome
from allmende.demand.models.outcomes import OUTCOMES
from allmende.demand.queries.outcomes import outcome_of
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.rules import is_member
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.demand.pages import crumbs, own
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

_DAY_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]


class OutcomeForm(KindForm):
    kind = forms.ChoiceField(label="Was ist daraus geworden?", choices=OUTCOMES, widget=forms.RadioSelect)
    solution = forms.CharField(
        label="Welche Lösung?",
        help_text="Die Adresse ihres Eintrags hier. Lassen Sie das Feld leer, wenn sie hier nicht steht.",
        required=False,
        max_length=500,
    )
    decided_on = forms.DateField(
        label="Wann war das?",
        help_text="Zum Beispiel 03.02.2026.",
        required=False,
        input_formats=_DAY_FORMATS,
    )
    value = forms.DecimalField(
        label="Wert in Euro",
        help_text="Netto, über die ganze Laufzeit. Sie müssen ihn nicht nennen.",
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
    )
    value_is_public = forms.BooleanField(
        label="Den Wert darf jeder lesen, der den Bedarf liest.", required=False
    )
    contract_ends_on = forms.DateField(
        label="Bis wann läuft der Vertrag?",
        help_text="Wir erinnern Ihre Kommune ein Jahr vorher. Zum Beispiel 31.12.2029.",
        required=False,
        input_formats=_DAY_FORMATS,
    )
    note = forms.CharField(
        label="Was war wichtig? Was würden Sie wieder so machen, was nicht?",
        help_text="Das liest nur Ihre Kommune. Ohne Namen von Personen.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST_NOTE,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_solution(self) -> Solution | None:
        """The entry of an address, or of a bare id."""
        text = self.cleaned_data["solution"].strip().rstrip("/")
        if not text:
            return None
        public_id = text.rpartition("/")[2]
        found = (
            solutions_visible_to(self.actor).filter(public_id=public_id) if is_public_id(public_id) else None
        )
        solution = found.first() if found is not None else None
        if solution is None:
            raise forms.ValidationError(
                "Diesen Eintrag gibt es hier nicht. Kopieren Sie die Adresse der Seite der Lösung, oder lassen Sie das "
                "Feld leer."
            )
        return solution


def part(need: Need, actor: Actor) -> dict[str, Any]:
    """The outcome on the page of a need: all of it for the town, without its words and hidden values for others."""
    outcome = outcome_of(need)
    belongs = is_member(actor, need.organisation)
    return {
        "outcome": outcome,
        "outcome_value": outcome.value if outcome and (belongs or outcome.value_is_public) else None,
        "outcome_is_own": belongs,
        "may_state_outcome": need.state != "draft" and may_state_outcome(actor, need),
    }


@limit_posts("need_outcome", per_address="300/h", per_account="60/h")
@for_members
def state(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Say it, or say it better."""
    need = own(actor, public_id)
    outcome = outcome_of(need)
    form = OutcomeForm(request.POST or None, initial=_said(outcome) if outcome else {}, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            state_outcome(need, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Danke. Das Ergebnis steht jetzt beim Bedarf.")
            return redirect("need", public_id)
    context = {
        "need": need,
        "outcome": outcome,
        "form": form,
        "crumbs": crumbs(need, Crumb("Ergebnis")),
    }
    return render(request, "demand/outcome.html", context)


def _said(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "solution": f"/loesungen/{outcome.solution.public_id}" if outcome.solution else "",
        "decided_on": _day(outcome.decided_on),
        "value": outcome.value,
        "value_is_public": outcome.value_is_public,
        "contract_ends_on": _day(outcome.contract_ends_on),
        "note": outcome.note,
    }


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
