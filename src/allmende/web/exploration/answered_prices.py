"""What companies answered about money, beside the form of the estimate: shown, and taken over only by a click."""

from django.utils import timezone

from allmende.exploration.models import Case, Question
from allmende.exploration.queries.matrix import matrix_of
from allmende.exploration.queries.prices import RHYTHMS, USUAL_TERM, Spread, answered_costs
from allmende.lib.actors import Actor
from allmende.procurement.estimate import Contract, Line
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import euro, number
from allmende.web.procurement.estimate_form import Filled, filled_with

Answered = list[tuple[Question, Spread]]
# Part of the address → attribute of the spread, and its name.
CHOICES = {
    "kleinste": ("least", "kleinste"),
    "mittlere": ("middle", "mittlere"),
    "groesste": ("most", "größte"),
}


def answered(case: Case, actor: Actor) -> Answered:
    """Questions for an amount that at least one company has answered."""
    return [each for each in answered_costs(matrix_of(case, actor)) if each[1].known]


def table_of(found: Answered) -> Table | None:
    if not found:
        return None
    return Table(
        caption="Was Unternehmen geantwortet haben, netto",
        note="Was Unternehmen von sich sagen, unverbindlich. Wer keinen Betrag nennt, ist nicht als null gerechnet.",
        columns=[
            Column("Frage"),
            *(Column(name, numeric=True) for name in ("kleinste", "mittlere", "größte", "Angaben")),
        ],
        rows=[
            Row(
                [
                    Cell(
                        spread.label, note="darunter vertrauliche Angaben" if spread.has_confidential else ""
                    ),
                    *(Cell(euro(amount)) for amount in (spread.least, spread.middle, spread.most)),
                    Cell(number(spread.known)),
                ]
            )
            for _, spread in found
        ],
        sticky=False,
    )


def filled_from(found: Answered, choice: str, case: Case) -> Filled:
    """The form with one line for each question; how often it falls due, the question knows or the town has to say."""
    attribute, name = CHOICES[choice]
    lines = tuple(
        Line(
            label=f"{question.text} ({name} Antwort)"[:200],
            rhythm=RHYTHMS.get(question.prefill, "one_off"),
            amount=getattr(spread, attribute),
        )
        for question, spread in found
    )
    filled = filled_with(Contract(lines=lines, term=case.need.term_months or USUAL_TERM))
    today = timezone.localdate()
    most = max(spread.known for _, spread in found)
    basis = f"Auskünfte von {most} Unternehmen: {name} Antwort je Frage, gelesen am {today:%d.%m.%Y}."
    return Filled({**filled.initial, "day": today, "basis": basis}, filled.lines)
