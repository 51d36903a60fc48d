"""What became of a need, and what is asked later."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from allmende.demand.actions.outcomes import remind_of_outcomes, state_outcome
from allmende.demand.models import Need, Outcome
from allmende.demand.models.outcomes import OUTCOMES
from allmende.demand.queries.outcomes import outcome_of, without_outcome
from allmende.demand.queries.statistics import Row, Table, statistics
from allmende.journal.queries import history, of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.demand.towns import Towns, a_need, a_person, four_towns

pytestmark = pytest.mark.django_db
JOB = Actor.program("demand")
DAY = datetime.timedelta(days=1)


@pytest.fixture
def towns(now: datetime.datetime, settings: Any) -> Towns:
    settings.DEMO = True
    return four_towns(now)


@pytest.fixture
def need(towns: Towns, now: datetime.datetime) -> Need:
    return a_need(towns.bodies[0], now=now)


def stated(need: Need, towns: Towns, now: datetime.datetime, **said: Any) -> Outcome:
    return state_outcome(need, **({"kind": "bought"} | said), by=towns.by(0), now=now)


def test_a_stated_outcome_closes_the_need(towns: Towns, need: Need, now: datetime.datetime) -> None:
    outcome = stated(
        need, towns, now, case_id="k" * 10, value=Decimal("48000.50"), decided_on=now.date(),
        contract_ends_on=datetime.date(2030, 1, 31), note=" Die Schulung war wichtig. ", value_is_public=True,
    )  # fmt: skip
    need.refresh_from_db()
    outcome.refresh_from_db()
    assert (need.state, need.ended_at, need.ended_reason) == ("closed", now, "Ergebnis: beschafft")
    assert (outcome.value, outcome.value_is_public, outcome.note) == (
        Decimal("48000.50"), True, "Die Schulung war wichtig.",
    )  # fmt: skip
    assert (outcome.case_id, outcome.ask_on) == ("k" * 10, datetime.date(2027, 5, 23))
    assert outcome_of(need) == outcome
    assert [entry.kind for entry in history("need", need.public_id)] == ["demand.need_closed"]
    entry = history("outcome", outcome.public_id)[0]
    # The value stands in the table and not in the journal, which nobody can take it out of.
    assert entry.data == {"kind": "bought", "need": need.public_id, "case": "k" * 10}


@pytest.mark.parametrize("state", ["draft", "closed", "withdrawn"])
def test_what_is_not_open_stays_as_it_is(towns: Towns, now: datetime.datetime, state: str) -> None:
    need = a_need(towns.bodies[0], now=now, state=state)
    stated(need, towns, now, kind="own")
    need.refresh_from_db()
    assert need.state == state


def test_a_town_may_correct_what_it_said(towns: Towns, need: Need, now: datetime.datetime) -> None:
    first = stated(need, towns, now, case_id="k" * 10, value=Decimal(10), value_is_public=True)
    second = stated(need, towns, now + DAY, kind="shared", value_is_public=True)
    assert (first.pk, second.kind, second.value, second.value_is_public, second.case_id) == (
        second.pk, "shared", None, False, "k" * 10,
    )  # fmt: skip
    assert Outcome.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"kind": "sold"}, "Wählen Sie"),
        ({"kind": "stopped", "value": Decimal(1)}, "nicht weiterverfolgt"),
        ({"kind": "stopped", "contract_ends_on": datetime.date(2030, 1, 1)}, "nicht weiterverfolgt"),
        ({"value": Decimal("-0.01")}, "nicht unter null"),
        ({"value": Decimal(10) ** 12}, "als Betrag"),
        ({"decided_on": datetime.date(2026, 11, 24)}, "in der Zukunft"),
        (
            {"decided_on": datetime.date(2026, 11, 1), "contract_ends_on": datetime.date(2026, 10, 31)},
            "endet vor dem Tag",
        ),
        ({"note": "x" * 5_001}, "Kürzen Sie"),
    ],
)
def test_what_cannot_be_is_refused(
    towns: Towns, need: Need, now: datetime.datetime, said: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        stated(need, towns, now, **said)
    need.refresh_from_db()
    assert (need.state, Outcome.objects.count()) == ("published", 0)


def test_today_in_berlin_is_not_the_future(towns: Towns, need: Need) -> None:
    late = datetime.datetime(2026, 11, 23, 23, 30, tzinfo=datetime.UTC)
    assert stated(need, towns, late, decided_on=datetime.date(2026, 11, 24)).kind == "bought"


def test_only_who_speaks_for_the_town_states_it(towns: Towns, need: Need, now: datetime.datetime) -> None:
    for who in (towns.people[1], a_person("decision_maker", towns.bodies[0], now=now)):
        towns.people[0] = who
        with pytest.raises(Refused, match="Berechtigung"):
            stated(need, towns, now)


def test_closed_needs_without_an_outcome_wait_for_their_town(towns: Towns, now: datetime.datetime) -> None:
    open_one, closed, told, other = (
        a_need(towns.bodies[index], now=now, state=state)
        for index, state in ((0, "published"), (0, "closed"), (0, "closed"), (1, "closed"))
    )
    stated(told, towns, now, kind="stopped")
    assert list(without_outcome(towns.by(0))) == [closed]
    assert list(without_outcome(towns.by(1))) == [other]
    assert open_one.state == "published"


# -------------------------------------------------------------------------------------------------------- reminders


def test_the_experience_is_asked_for_once_and_half_a_year_later(
    towns: Towns, need: Need, now: datetime.datetime
) -> None:
    """Decided on 31 August: the last day of February, when there is no 31st."""
    outcome = stated(need, towns, now, decided_on=datetime.date(2026, 8, 31))
    at = datetime.datetime(2027, 2, 27, 12, tzinfo=datetime.UTC)
    assert remind_of_outcomes(by=JOB, now=at) == (0, 0)
    assert remind_of_outcomes(by=JOB, now=at + DAY) == (1, 0)
    assert remind_of_outcomes(by=JOB, now=at + 2 * DAY) == (0, 0)
    outcome.refresh_from_db()
    assert outcome.asked_at == at + DAY
    assert [entry.subject_id for entry in of_kinds("demand.outcome_asked")] == [outcome.public_id]


def test_a_day_that_was_missed_is_made_up(towns: Towns, need: Need, now: datetime.datetime) -> None:
    stated(need, towns, now, decided_on=datetime.date(2025, 1, 1))
    assert remind_of_outcomes(by=JOB, now=now) == (1, 0)


def test_nobody_asks_about_what_was_not_done(towns: Towns, need: Need, now: datetime.datetime) -> None:
    assert stated(need, towns, now, kind="stopped").ask_on is None
    assert remind_of_outcomes(by=JOB, now=now + 1_000 * DAY) == (0, 0)


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (datetime.date(2027, 11, 24), 0),
        (datetime.date(2027, 11, 23), 1),
        (datetime.date(2026, 11, 23), 1),
        (datetime.date(2026, 11, 22), 0),
    ],
)
def test_the_end_of_a_contract_is_told_a_year_before(
    towns: Towns, need: Need, now: datetime.datetime, ends: datetime.date, told: int
) -> None:
    stated(need, towns, now, contract_ends_on=ends)
    assert remind_of_outcomes(by=JOB, now=now) == (0, told)
    assert remind_of_outcomes(by=JOB, now=now) == (0, 0)


def test_another_end_is_told_anew_and_the_same_is_not(
    towns: Towns, need: Need, now: datetime.datetime
) -> None:
    ends = datetime.date(2027, 6, 30)
    stated(need, towns, now, contract_ends_on=ends)
    remind_of_outcomes(by=JOB, now=now)
    stated(need, towns, now, contract_ends_on=ends, note="Noch ein Wort.")
    assert remind_of_outcomes(by=JOB, now=now) == (0, 0)
    stated(need, towns, now, contract_ends_on=ends + DAY)
    assert remind_of_outcomes(by=JOB, now=now) == (0, 1)


# -------------------------------------------------------------------------------------------------------- statistics


def told(number: int, kind: str, towns: Towns, now: datetime.datetime, index: int = 0, **said: Any) -> None:
    for _ in range(number):
        need = a_need(towns.bodies[index], now=now, state="closed", **said)
        Outcome.objects.create(need=need, kind=kind, stated_at=now, stated_by="person:x")


def table(code: str) -> Table:
    return next(each for each in statistics() if each.code == code)


def test_outcomes_are_counted_four_ways_and_small_numbers_hidden(
    towns: Towns, now: datetime.datetime, django_assert_num_queries: Any
) -> None:
    told(6, "bought", towns, now)
    told(4, "shared", towns, now, index=1, fields_of_action=["beteiligung", "verwaltung"])
    told(7, "own", towns, now, index=2, fields_of_action=[])
    statistics()
    # The needs, and whether the words are still those that are remembered.
    with django_assert_num_queries(2):
        tables = statistics()
    assert [each.code for each in tables] == ["outcome", "field_of_action", "size_class", "land"]
    assert [each.total for each in tables] == [17, 17, 17, 17]
    assert tables[0].rows == (
        Row("bought", "beschafft", None),
        Row("shared", "mitgenutzt oder nachgenutzt", None),
        Row("own", "selbst gelöst", 7),
    )
    assert {row.code: row.number for row in tables[1].rows} == {
        "verwaltung": None,
        "beteiligung": None,
        "": 7,
    }
    assert tables[2].rows == (Row("50", "Landgemeinde", 17),)
    assert tables[3].rows == (Row("99", "Beispielland", 17),)
    assert [each.hides for each in tables] == [True, True, False, False]


def test_with_too_few_there_is_nothing_to_see(towns: Towns, now: datetime.datetime) -> None:
    assert [(each.rows, each.total, each.hides) for each in statistics()] == [((), 0, False)] * 4
    told(4, "bought", towns, now)
    assert [(each.rows, each.total, each.hides) for each in statistics()] == [((), None, True)] * 4


def test_invented_needs_count_in_the_demo_only(towns: Towns, now: datetime.datetime, settings: Any) -> None:
    told(5, "bought", towns, now, is_invented=True)
    told(6, "stopped", towns, now)
    assert table("outcome").total == 11
    settings.DEMO = False
    assert table("outcome").rows == (Row("stopped", dict(OUTCOMES)["stopped"], 6),)
