"""How the actions about rules of procurement, and about the contract value of a case, are tried."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from allmende.exploration.actions import estimates
from allmende.exploration.models import Case
from allmende.procurement import actions as procurement
from allmende.procurement.drafts import LimitDraft, RuleSetDraft
from allmende.procurement.estimate import Contract, Line
from allmende.procurement.models import RuleSet
from tests.rights.house import PROGRAM, House
from tests.rights.tries_cases import a_case, as_owner
from tests.rights.trying import By, Try

DAY = date(2026, 11, 23)
RULES = RuleSetDraft(
    scope="federal",
    level="federal",
    title="Regel",
    legal_basis="federal_rule",
    legal_text="§ 1",
    source_title="Quelle",
    as_of=DAY,
    valid_from=date(2030, 1, 1),
    limits=(LimitDraft(procedure="direct_award", value=Decimal(1000)),),
)
OWN = replace(RULES, scope="own", level="municipal", legal_basis="statute")
CONTRACT = Contract(lines=(Line(label="Lizenz", rhythm="one_off", amount=Decimal(5000)),))


def _proposed(house: House) -> RuleSet:
    return procurement.propose_rule_set(RULES, by=PROGRAM, now=house.now)


def _released(house: House) -> RuleSet:
    return procurement.release_rule_set(_proposed(house), by=house.actor("operator"), now=house.now)


def _own(house: House) -> RuleSet:
    return procurement.enter_own_rules(OWN, organisation=house.town, **as_owner(house))


def _estimated(house: House) -> Case:
    case = a_case(house)
    estimates.record_estimate(case, CONTRACT, day=DAY, basis="Auskünfte", **as_owner(house))
    return case


def _choose(house: House, case: Case, by: By) -> None:
    estimates.choose_procedure(
        case, "direct_award", rule="Satzung", reason="Unter der Grenze.", lock_version=0, **by
    )


def _end(house: House, rule_set: RuleSet, by: By) -> None:
    procurement.end_rule_set(rule_set, last_day=date(2031, 1, 1), **by)


def _withdraw(house: House, rule_set: RuleSet, by: By) -> None:
    procurement.withdraw_rule_set(rule_set, reason="Falsch abgeschrieben.", **by)


RULE_TRIES: dict[str, Try] = {
    "procurement.load": Try(lambda h, _, by: procurement.load(drafts=(replace(RULES, code="x"),), **by)),
    "procurement.propose_rule_set": Try(lambda h, _, by: procurement.propose_rule_set(RULES, **by)),
    "procurement.release_rule_set": Try(
        lambda h, found, by: procurement.release_rule_set(found, **by), _proposed
    ),
    "procurement.end_rule_set": Try(_end, _released),
    "procurement.end_rule_set/of a town": Try(_end, _own),
    "procurement.withdraw_rule_set": Try(_withdraw, _released),
    "procurement.withdraw_rule_set/of a town": Try(_withdraw, _own),
    "procurement.enter_own_rules": Try(
        lambda h, _, by: procurement.enter_own_rules(OWN, organisation=h.town, **by)
    ),
    "exploration.estimates.record_estimate": Try(
        lambda h, case, by: estimates.record_estimate(case, CONTRACT, day=DAY, basis="Auskünfte", **by),
        a_case,
    ),
    "exploration.estimates.choose_procedure": Try(_choose, _estimated),
}
