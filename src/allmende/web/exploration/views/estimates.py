"""Two pages of a case: estimate the contract value, and choose the procedure by the rules of that value."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from allmende.exploration.actions.estimates import LONGEST_RULE, choose_procedure, record_estimate
from allmende.exploration.models import Case, ProcedureChoice, ValueEstimate
from allmende.exploration.queries.cases import names_of
from allmende.exploration.queries.estimates import (
    KnownPrices,
    content_of,
    fits,
    known_prices,
    latest_estimate,
    offered_procedures,
    procedure_of,
)
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.procurement.estimate import Contract, Line
from allmende.procurement.queries import rules_for
from allmende.vocabulary.queries import labels
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import euro
from allmende.web.exploration.answered_prices import CHOICES, Answered, answered, filled_from, table_of
from allmende.web.exploration.pages import case_or_404, step_page, step_url
from allmende.web.procurement.estimate_form import ContractForm, Filled, filled_with, refuse_empty
from allmende.web.procurement.reckoning import Reckoning, kept, reckoning
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

STEP = "auftragswert"
# What a price may be filled in with: part of the address → place in the span, and its name.
LEVELS = {"kleinster": (0, "kleinster"), "mittlerer": (1, "mittlerer"), "groesster": (2, "größter")}


class EstimateForm(ContractForm):
    basis = forms.CharField(
        label="Worauf beruhen die Beträge?",
        help_text="Zum Beispiel: Auskünfte von drei Unternehmen, Preise aus dem Marktplatz, der laufende Vertrag.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProcedureForm(KindForm):
    procedure = forms.ChoiceField(label="Verfahrensart", widget=forms.RadioSelect)
    rule = forms.CharField(label="Regel mit Fassung", max_length=LONGEST_RULE)
    reason = forms.CharField(
        label="Begründung",
        help_text="Warum dieses Verfahren zu Wert und Gegenstand passt.",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    lock_version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A number for the machine, not for people: no point between its digits.
        self.fields["lock_version"].localize = False
        self.fields["lock_version"].widget.is_localized = False
        field = self.fields["procedure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = choices


# --------------------------------------------------------------------------------------------- contract value


@limit_posts("case_estimate", per_address="600/h", per_account="120/h")
@for_members
def estimate(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """What was estimated last, what candidates are known to cost, and the form of a new estimate."""
    case = case_or_404(actor, public_id)
    prices, told = known_prices(case, actor), answered(case, actor)
    form, found = _answered(request, case, prices, told)
    if request.POST.get("schritt") == "speichern" and found is not None and _recorded(form, case, actor):
        messages.success(request, "Die Schätzung ist festgehalten. Wählen Sie jetzt die Verfahrensart.")
        return redirect("case_verfahrensart", public_id)
    made = list(case.estimates.order_by("-pk"))
    context = {
        "form": form,
        "shows_errors": request.method == "POST" and "mehr" not in request.POST,
        "tried": found,
        "prices": _price_table(prices),
        "prices_info": prices,
        "levels": LEVELS.items() if prices.span else (),
        "answered": table_of(told),
        "answers": CHOICES.items() if told else (),
        "latest": kept(content_of(made[0])) if made else None,
        "latest_made": made[0] if made else None,
        "earlier": _earlier(made[1:]),
        "procedure_href": reverse("case_verfahrensart", args=[public_id]) if made else "",
    }
    failed = context["shows_errors"] and bool(form.all_errors)
    return step_page(
        request, actor, case, STEP, "exploration/estimate.html", context, status=422 if failed else 200
    )


def _answered(
    request: HttpRequest, case: Case, prices: KnownPrices, told: Answered
) -> tuple[EstimateForm, Reckoning | None]:
    """The form as it was sent, with the reckoning where it can be made; else as it begins."""
    if request.method != "POST":
        filled = _beginning(request, case, prices, told)
        return EstimateForm(None, initial=filled.initial, lines=filled.lines), None
    rows = ContractForm.sent_rows(request.POST) + 3 if "mehr" in request.POST else 0
    form = EstimateForm(request.POST, rows=rows)
    if "mehr" in request.POST or not form.is_valid():
        return form, None
    refuse_empty(form)
    if form.all_errors:
        return form, None
    day = form.cleaned_data["day"]
    return form, reckoning(form.contract.estimated(day), rules_for(case.organisation, day))


def _recorded(form: EstimateForm, case: Case, actor: Actor) -> bool:
    said = form.cleaned_data
    try:
        record_estimate(
            case, form.contract, day=said["day"], basis=said["basis"], by=actor, now=datetime.now(UTC)
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _beginning(request: HttpRequest, case: Case, prices: KnownPrices, told: Answered) -> Filled:
    """From answers or the span of prices where they were chosen, else from the last estimate, else from the need."""
    if told and (choice := request.GET.get("antworten", "")) in CHOICES:
        return filled_from(told, choice, case)
    today = {"day": timezone.localdate()}
    level = LEVELS.get(request.GET.get("preise", ""))
    made = latest_estimate(case)
    if level is not None and prices.span is not None:
        filled = filled_with(_from_span(prices, *level))
        counted = sum(price.counts for price in prices.prices)
        basis = f"Preise im Marktplatz: {level[1]} Wert aus {counted} Angeboten, gelesen am {today['day']:%d.%m.%Y}."
        return Filled({**filled.initial, **today, "basis": basis}, filled.lines)
    if made is not None:
        content = content_of(made)
        filled = filled_with(Contract.from_data(content))
        return Filled({**filled.initial, **today, "basis": content["basis"]}, filled.lines)
    return Filled({"term": case.need.term_months, **today}, [])


def _from_span(prices: KnownPrices, place: int, name: str) -> Contract:
    assert prices.span is not None  # noqa: S101  # asked for by the caller
    once, yearly = prices.span.one_off[place], prices.span.yearly[place]
    of = f"({name} Preis im Marktplatz)"
    found = [
        Line(label=f"Einmalige Kosten {of}", rhythm="one_off", amount=once),
        Line(label=f"Laufende Kosten {of}", rhythm="yearly", amount=yearly),
    ]
    return Contract(lines=tuple(line for line in found if line.amount), term=prices.term_months)


def _price_table(prices: KnownPrices) -> Table | None:
    if not prices.prices:
        return None
    rows = [_price(each.offer.title, each.candidate.company_name, each.cost) for each in prices.prices]
    span = prices.span
    if span is not None:
        for place, name in LEVELS.values():
            cells = [span.one_off[place], span.yearly[place], span.total[place]]
            rows.append(Row([Cell(f"{name.capitalize()} Wert"), *(Cell(euro(each)) for each in cells)]))
    return Table(
        caption=f"Bekannte Preise, netto, für {prices.term_months} Monate",
        note="Aus den Preisen im Marktplatz. Was nicht vollständig bekannt ist, zählt in den Werten unten nicht mit.",
        columns=[
            Column("Angebot"),
            *(Column(name, numeric=True) for name in ("einmalig", "im Jahr", "gesamt")),
        ],
        rows=rows,
        sticky=False,
    )


def _price(title: str, company: str, cost: Any) -> Row:
    least = "" if cost.is_complete else "mindestens "
    note = company if cost.is_complete else " ".join(filter(None, [company, *cost.unknown]))
    amounts: list[Decimal] = [cost.one_off, cost.yearly, cost.total]
    return Row([Cell(title, note=note), *(Cell(f"{least}{euro(amount)}") for amount in amounts)])


@dataclass(frozen=True)
class Earlier:
    made: ValueEstimate
    who: str


def _earlier(made: list[ValueEstimate]) -> list[Earlier]:
    names = names_of(each.made_by for each in made)
    return [Earlier(each, names.get(each.made_by, "")) for each in made]


# -------------------------------------------------------------------------------------------------- procedure


@limit_posts("case_estimate", per_address="600/h", per_account="120/h")
@for_members
def procedure(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Choose how the contract is awarded; only what the rules of the latest estimate know is offered."""
    case = case_or_404(actor, public_id)
    made = latest_estimate(case)
    if made is None:
        messages.info(
            request, "Schätzen Sie zuerst den Auftragswert. Von ihm hängt ab, welche Verfahren es gibt."
        )
        return redirect(step_url(case, STEP))
    choice = procedure_of(case)
    choices = [(term.code, term.label) for term in offered_procedures(made)]
    is_sent = request.method == "POST"
    form = ProcedureForm(request.POST if is_sent else None, choices=choices, initial=_chosen(choice, made))
    if is_sent and form.is_valid() and _decided(form, case, actor):
        messages.success(request, "Die Verfahrensart ist festgehalten.")
        return redirect("case_verfahrensart", public_id)
    context = {
        "form": form,
        "latest": kept(content_of(made)),
        "choice": choice,
        "choice_label": labels("award_procedure").get(choice.procedure, "") if choice else "",
        "choice_fits": choice is None or fits(choice, made),
        "estimate_href": step_url(case, STEP),
        # The sheet of the step stands on the page of the value alone.
        "sheet": None,
    }
    status = 422 if is_sent else 200
    return step_page(request, actor, case, STEP, "exploration/procedure.html", context, status=status)


def _chosen(choice: ProcedureChoice | None, made: ValueEstimate) -> dict[str, Any]:
    if choice is not None:
        return {name: getattr(choice, name) for name in ("procedure", "rule", "reason", "lock_version")}
    return {"rule": _rule_of(made), "lock_version": 0}


def _rule_of(made: ValueEstimate) -> str:
    """The rule that governs, with its version, as it was kept with the estimate."""
    content = content_of(made)
    above = any(
        each["procedure"] == "eu_threshold" and each["state"] == "above" for each in content["positions"]
    )
    rules = {rule["scope"]: rule for rule in content["rules"]["rules"]}
    for scope in ("eu",) if above else ("own", "state"):
        if (rule := rules.get(scope)) is not None:
            return f"{rule['title']}, gilt ab {_german(rule['valid_from'])}, Stand {_german(rule['as_of'])}"[
                :LONGEST_RULE
            ]
    return ""


def _german(day: str) -> str:
    return ".".join(reversed(day.split("-")))


def _decided(form: ProcedureForm, case: Case, actor: Actor) -> bool:
    said = form.cleaned_data
    try:
        choose_procedure(case, said["procedure"], rule=said["rule"], reason=said["reason"],
                         lock_version=said["lock_version"], by=actor, now=datetime.now(UTC))  # fmt: skip
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True
