"""For everybody: what is known of each Land, and a calculator without a case."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from allmende.procurement.queries import known_by_land, released, rules_in
from allmende.regions.models import Region
from allmende.regions.queries import laender
from allmende.vocabulary.queries import labels
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.procurement.estimate_form import ContractForm, refuse_empty
from allmende.web.procurement.reckoning import Reckoning, reckoning
from allmende.web.procurement.showing import shown

HOME = Crumb("Start", "/")
RULES = Crumb("Vergaberegeln", "/vergaberegeln")
# Where towns of a Land of which nothing is kept may look.
OVERVIEW = "https://www.auftragsberatungsstellen.de/wertgrenzen"


class DayForm(KindForm):
    tag = forms.DateField(label="An welchem Tag?", help_text="Zum Beispiel 03.02.2026", required=False)


def show(request: HttpRequest) -> HttpResponse:
    """The rules of a day (today), Land by Land."""
    form = DayForm(request.GET if "tag" in request.GET else None)
    day = (form.cleaned_data["tag"] if form.is_bound and form.is_valid() else None) or timezone.localdate()
    every = known_by_land(day)
    federal = [each for each in released().filter(scope="federal") if each.holds_on(day)]
    context = {
        "form": form,
        "day": day,
        "known": [(land, rules) for land, rules in every if rules.state is not None],
        "unknown": [land.name for land, rules in every if rules.state is None],
        "eu": rules_in(None, day),
        "federal": shown(federal, labels("award_procedure")),
        "overview": OVERVIEW,
        "crumbs": [HOME, Crumb("Vergaberegeln")],
    }
    return render(request, "procurement/rules.html", context)


class CalculatorForm(ContractForm):
    """A contract, and the Land of whose rules one asks."""

    land = forms.ChoiceField(label="In welchem Land?", required=False)

    field_order = ("land", "day")

    def __init__(self, *args: Any, lands: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["land"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = [("", "nur EU-Schwellenwert"), *((land.key, land.name) for land in lands)]


def calculate(request: HttpRequest) -> HttpResponse:
    """Estimate a contract value; nothing is kept, and the address holds what was entered."""
    lands = list(laender())
    is_sent, wants_more = "berechnen" in request.GET, "mehr" in request.GET
    rows = ContractForm.sent_rows(request.GET) + 3 if wants_more else 0
    data = request.GET if is_sent or wants_more else None
    form = CalculatorForm(data, lands=lands, initial={"day": timezone.localdate()}, rows=rows)
    found = _reckoned(form, lands) if is_sent else None
    context = {
        "form": form,
        "reckoning": found,
        "shows_errors": is_sent,
        "crumbs": [HOME, RULES, Crumb("Auftragswert schätzen")],
    }
    return render(request, "procurement/calculator.html", context)


def _reckoned(form: CalculatorForm, lands: list[Region]) -> Reckoning | None:
    if form.is_valid():
        refuse_empty(form)
    if form.all_errors:
        return None
    day: date = form.cleaned_data["day"]
    land = next((each for each in lands if each.key == form.cleaned_data["land"]), None)
    return reckoning(form.contract.estimated(day), rules_in(land, day))
