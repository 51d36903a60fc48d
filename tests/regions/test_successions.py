import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.regions import actions, queries
from allmende.regions.models import Region, RegionSuccession
from allmende.regions.states import SUCCESSION
from tests.regions.conftest import Import
from tests.regions.registers import LATER, Register, Town

pytestmark = pytest.mark.django_db


def region(key: str) -> Region:
    found = queries.by_key(key)
    assert found is not None
    return found


@pytest.fixture
def proposed(bring_in: Import, register: Register) -> RegionSuccession:
    """Neudorf vanished and Kreuzstadt grew by its area."""
    bring_in(register)
    after = register.lacking("16061002").having(
        Town("16061003", "Kreuzstadt, Stadt", 15_800, 4_300, code="63")
    )
    bring_in(after.dated(LATER))
    return RegionSuccession.objects.get()


def ended(key: str, name: str) -> Region:
    """A region of the past, beside those of the register."""
    land = region("16")
    return Region.objects.create(
        key=key, ars=key, level="gemeinde", type_code="64", name=name, official_name=name, search_name=name.lower(),
        parent=land, land=land, valid_to=datetime.date(2000, 1, 1),
    )  # fmt: skip


def test_nothing_is_confirmed_by_itself(proposed: RegionSuccession) -> None:
    assert (proposed.state, proposed.origin, proposed.decided_by, proposed.decided_at) == (
        "proposed",
        "comparison",
        "",
        None,
    )
    assert queries.successors_of(proposed.predecessor) == []
    assert list(queries.open_successions()) == [proposed]
    assert list(queries.ended_without_successor()) == [proposed.predecessor]


def test_a_vanished_town_keeps_its_key_and_learns_its_successor(
    proposed: RegionSuccession, administrator: Actor, now: datetime.datetime
) -> None:
    actions.confirm_succession(proposed, by=administrator, now=now)
    neudorf = region("16061002")
    assert (neudorf.key, neudorf.valid_to) == ("16061002", LATER)
    assert queries.successors_of(neudorf) == [region("16061003")]
    assert (list(queries.open_successions()), list(queries.ended_without_successor())) == ([], [])


def test_a_decision_says_who_and_when_and_is_journalled(
    proposed: RegionSuccession, administrator: Actor, now: datetime.datetime
) -> None:
    decided = actions.confirm_succession(proposed, by=administrator, now=now)
    assert (decided.decided_by, decided.decided_at) == ("person:0123456789", now)
    entry = of_kinds("regions.succession_confirmed").get()
    assert (entry.subject_id, entry.data) == (
        proposed.public_id,
        {"predecessor": "16061002", "successor": "16061003"},
    )


def test_a_rejected_proposal_is_not_followed_and_not_proposed_again(
    proposed: RegionSuccession,
    administrator: Actor,
    now: datetime.datetime,
    bring_in: Import,
    register: Register,
) -> None:
    actions.reject_succession(proposed, by=administrator, now=now)
    assert queries.successors_of(region("16061002")) == []
    assert of_kinds("regions.succession_rejected").count() == 1
    after = register.lacking("16061002").having(
        Town("16061003", "Kreuzstadt, Stadt", 15_800, 4_300, code="63")
    )
    bring_in(after.dated(LATER))
    assert RegionSuccession.objects.get().state == "rejected"


MOVES = [(state, target) for state in SUCCESSION.labels for target in ("confirmed", "rejected")]


@pytest.mark.parametrize(("state", "target"), MOVES)
def test_every_move_of_the_table(
    proposed: RegionSuccession, administrator: Actor, now: datetime.datetime, state: str, target: str
) -> None:
    decide = {"confirmed": actions.confirm_succession, "rejected": actions.reject_succession}
    if state != "proposed":
        decide[state](proposed, by=administrator, now=now)
    if SUCCESSION.can_become(state, target):
        assert decide[target](proposed, by=administrator, now=now).state == target
    else:
        with pytest.raises(Refused) as refusal:
            decide[target](proposed, by=administrator, now=now)
        labels = SUCCESSION.labels
        assert refusal.value.message == f"Aus „{labels[state]}“ kann nicht „{labels[target]}“ werden."


def test_only_a_person_who_runs_the_platform_decides(
    proposed: RegionSuccession, stranger: Actor, program: Actor, now: datetime.datetime
) -> None:
    for by in (stranger, program, Actor.anonymous()):
        for decide in (actions.confirm_succession, actions.reject_succession):
            with pytest.raises(Refused) as refusal:
                decide(proposed, by=by, now=now)
            assert refusal.value.message == "Dafür fehlt Ihnen die Berechtigung."


def test_a_chain_is_followed_to_what_is_valid_today(
    proposed: RegionSuccession, administrator: Actor, now: datetime.datetime
) -> None:
    oldest = ended("16999001", "Uraltdorf")
    first = actions.propose_succession(
        oldest, proposed.predecessor, reason="Eingemeindung 1974", by=administrator, now=now
    )
    actions.confirm_succession(first, by=administrator, now=now)
    assert queries.successors_of(oldest) == []
    actions.confirm_succession(proposed, by=administrator, now=now)
    assert queries.successors_of(oldest) == [region("16061003")]


def test_a_divided_town_has_several_successors(
    proposed: RegionSuccession, administrator: Actor, now: datetime.datetime
) -> None:
    second = actions.propose_succession(
        proposed.predecessor,
        region("16061001"),
        reason="Ortsteil Waldheim",
        share=Decimal("0.2"),
        by=administrator,
        now=now,
    )
    for succession in (proposed, second):
        actions.confirm_succession(succession, by=administrator, now=now)
    assert queries.successors_of(proposed.predecessor) == [region("16061001"), region("16061003")]


def test_a_valid_region_is_its_own_successor(bring_in: Import, register: Register) -> None:
    bring_in(register)
    assert queries.successors_of(region("16061001")) == [region("16061001")]


def test_a_circle_is_refused(
    proposed: RegionSuccession, administrator: Actor, now: datetime.datetime
) -> None:
    one, other = ended("16999001", "Eins"), ended("16999002", "Zwei")
    there = actions.propose_succession(one, other, reason="hin", by=administrator, now=now)
    actions.confirm_succession(there, by=administrator, now=now)
    with pytest.raises(Refused) as refusal:
        actions.propose_succession(other, one, reason="her", by=administrator, now=now)
    assert (
        refusal.value.message
        == "Eins (16999001) ging selbst in Zwei (16999002) auf: Die Nachfolge wäre ein Kreis."
    )


def test_a_circle_among_old_rows_does_not_run_for_ever(
    proposed: RegionSuccession, now: datetime.datetime
) -> None:
    one, other = ended("16999001", "Eins"), ended("16999002", "Zwei")
    for old, new in ((one, other), (other, one)):
        RegionSuccession.objects.create(
            predecessor=old, successor=new, state="confirmed", origin="person", decided_at=now
        )
    assert queries.successors_of(one) == []


def test_what_cannot_be_proposed_says_why(
    proposed: RegionSuccession, administrator: Actor, stranger: Actor, now: datetime.datetime
) -> None:
    old, new = proposed.predecessor, region("16061001")
    for predecessor, successor, reason, by, message in (
        (new, old, "…", administrator, "Altdorf (16061001) gibt es noch und hat keinen Nachfolger."),
        (old, old, "…", administrator, "Ein Gebiet kann nicht sein eigener Nachfolger sein."),
        (old, new, " ", administrator, "Nennen Sie den Grund, zum Beispiel das Gesetz oder den Beschluss."),
        (old, proposed.successor, "…", administrator, "Diese Nachfolge ist schon eingetragen."),
        (old, new, "…", stranger, "Dafür fehlt Ihnen die Berechtigung."),
    ):
        with pytest.raises(Refused) as refusal:
            actions.propose_succession(predecessor, successor, reason=reason, by=by, now=now)
        assert refusal.value.message == message


def test_the_database_keeps_what_the_actions_promise(
    proposed: RegionSuccession, now: datetime.datetime
) -> None:
    neudorf, altdorf = proposed.predecessor, region("16061001")
    for broken in (
        {"predecessor": neudorf, "successor": neudorf},
        {"predecessor": neudorf, "successor": proposed.successor},
        {"predecessor": neudorf, "successor": altdorf, "share": Decimal("1.5")},
        {"predecessor": neudorf, "successor": altdorf, "state": "confirmed"},
        {"predecessor": neudorf, "successor": altdorf, "state": "vielleicht", "decided_at": now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegionSuccession.objects.create(origin="person", **broken)


def test_a_succession_reads_as_a_sentence(proposed: RegionSuccession) -> None:
    assert str(proposed) == "Neudorf → Kreuzstadt (vorgeschlagen)"
