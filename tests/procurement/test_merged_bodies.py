"""A town's own rules when it is merged into another: they follow where the other has none on the same days."""

from datetime import date, datetime

import pytest

from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.procurement.merged_bodies import move, move_back
from allmende.procurement.models import RuleSet

PROGRAM = Actor.program("test")


@pytest.fixture
def pair(db: None, now: datetime) -> list[Organisation]:
    return [
        Organisation.objects.create(name=f"Beispiel {n}", kind="company", created_at=now)
        for n in ("eins", "zwei")
    ]


def own(
    town: Organisation, now: datetime, first: date, last: date | None, state: str = "released"
) -> RuleSet:
    ended = {"withdrawn_at": now, "withdrawn_reason": "Falsch."} if state == "withdrawn" else {}
    if state != "proposed":
        ended |= {"released_at": now, "released_by": "y"}
    return RuleSet.objects.create(
        origin="people", state=state, scope="own", organisation=town, title="Vergabeordnung",
        legal_basis="uvgo", legal_text="§ 1", valid_from=first, valid_to=last, source_title="Satzung",
        as_of=first, entered_at=now, entered_by="x", **ended,
    )  # fmt: skip


def test_rules_follow_and_come_back(pair: list[Organisation], now: datetime) -> None:
    source, target = pair
    rules = own(source, now, date(2024, 1, 1), None)
    kept = move(source, target, by=PROGRAM, now=now)
    rules.refresh_from_db()
    assert (kept, rules.organisation) == ({"RuleSet": [rules.pk]}, target)
    move_back(source, target, kept, by=PROGRAM, now=now)
    rules.refresh_from_db()
    assert rules.organisation == source


@pytest.mark.parametrize(
    ("first", "last", "state", "goes"),
    [
        (date(2024, 1, 1), None, "released", False),
        (date(2024, 1, 1), date(2025, 1, 1), "released", False),
        (date(2024, 1, 1), date(2024, 12, 31), "released", True),
        (date(2026, 1, 1), None, "released", True),
        (date(2025, 12, 31), None, "proposed", False),
        (date(2025, 6, 1), None, "withdrawn", True),
    ],
)
def test_where_the_other_has_a_rule_on_the_same_day_its_own_holds(
    pair: list[Organisation], now: datetime, first: date, last: date | None, state: str, goes: bool
) -> None:
    source, target = pair
    own(target, now, date(2025, 1, 1), date(2025, 12, 31))
    rules = own(source, now, first, last, state)
    assert move(source, target, by=PROGRAM, now=now) == {"RuleSet": [rules.pk] if goes else []}
