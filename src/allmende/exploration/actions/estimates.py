"""The contract value and the procedure that a town means to use: what was estimated stays, a new one is a new row."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from allmende.exploration import rules
from allmende.exploration.actions.cases import note, open_for_change
from allmende.exploration.models import Case, ProcedureChoice, ValueEstimate
from allmende.exploration.queries.estimates import latest_estimate, offered_procedures
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.procurement.estimate import Contract
from allmende.procurement.positions import record_data
from allmende.procurement.queries import rules_for

MOST_LINES = 60
LONGEST_RULE = 300
# Euros; what is more is a slip of the keyboard, and no column holds it.
MOST = Decimal(10) ** 11


@transaction.atomic
def record_estimate(
    case: Case, contract: Contract, *, day: date, basis: str, by: Actor, now: datetime
) -> ValueEstimate:
    """Estimate the contract value as of a day, and keep the reckoning with the rules of that day.

    `basis`: where the amounts come from; the law wants it written down. Earlier estimates stay as they were.
    """
    case = open_for_change(case, by=by, now=now)
    if not basis.strip():
        raise Refused(
            "Schreiben Sie, worauf die Beträge beruhen, zum Beispiel auf Auskünften von drei Unternehmen."
        )
    if day > timezone.localdate(now):
        raise Refused(
            "Der Tag der Schätzung liegt in der Zukunft. Nehmen Sie heute oder den Tag, an dem geschätzt wurde."
        )
    if len(contract.lines) + len(contract.options) + len(contract.joint) > MOST_LINES:
        raise Refused(f"Eine Schätzung hat höchstens {MOST_LINES} Zeilen. Fassen Sie Beträge zusammen.")
    try:
        estimated = contract.estimated(day)
    except ValueError:
        raise Refused("Prüfen Sie Beträge, Stückzahlen und Laufzeit: So lässt sich nicht rechnen.") from None
    if all(part.value is None for part in estimated.parts):
        raise Refused("Noch ist kein Betrag bekannt. Tragen Sie mindestens einen ein.")
    if estimated.total >= MOST:
        raise Refused("Das sind 100 Milliarden Euro und mehr. Prüfen Sie Beträge und Stückzahlen.")
    content = {**record_data(estimated, rules_for(case.organisation, day)), "basis": basis.strip()}
    made = ValueEstimate.objects.create(
        case=case,
        total=estimated.total,
        estimated_on=day,
        content=canonical_json(content),
        made_at=now,
        made_by=by.id,
    )
    note("exploration.estimate_made", case, by=by, now=now, total=str(made.total), day=day.isoformat())
    return made


@transaction.atomic
def choose_procedure(
    case: Case, procedure: str, *, rule: str, reason: str, lock_version: int, by: Actor, now: datetime
) -> ProcedureChoice:
    """Say which procedure the town means to use, by which rule in which version, and why.

    Only procedures that the rules of the latest estimate know can be chosen. `lock_version`: of the choice that the
    page showed, 0 for none.
    """
    case = open_for_change(case, by=by, now=now)
    require(
        rules.may_decide(by, case),
        "Über die Verfahrensart entscheidet, wer in diesem Fall schreiben darf und keinen Interessenkonflikt hat.",
    )
    made = latest_estimate(case)
    if made is None:
        raise Refused("Schätzen Sie zuerst den Auftragswert. Von ihm hängt ab, welche Verfahren es gibt.")
    if procedure not in {term.code for term in offered_procedures(made)}:
        raise Refused(
            "Dieses Verfahren kennen die Regeln für Ihren Auftragswert nicht. Wählen Sie eines aus der Liste."
        )
    if not rule.strip() or not reason.strip():
        raise Refused("Nennen Sie die Regel mit ihrer Fassung, und begründen Sie Ihre Wahl.")
    choice = ProcedureChoice.objects.select_for_update().filter(case=case).first()
    if (choice.lock_version if choice else 0) != lock_version:
        raise OutOfDate
    choice = choice or ProcedureChoice(case=case)
    choice.procedure, choice.rule, choice.reason = procedure, rule.strip()[:LONGEST_RULE], reason.strip()
    choice.lock_version, choice.chosen_at, choice.chosen_by = lock_version + 1, now, by.id
    choice.save()
    note("exploration.procedure_chosen", case, by=by, now=now, procedure=procedure)
    return choice
