"""Towns go on together: who leads, who takes part, until when."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.demand.actions import joint as acts
from allmende.demand.actions.needs import withdraw
from allmende.demand.models import Joining, JointNeed, Need
from allmende.demand.queries.joint import (
    Together,
    days_left,
    invitations_to,
    joint_for,
    joint_of,
    may_still_join,
    others,
    parties,
    together,
)
from allmende.journal.queries import history
from allmende.lib.refusals import OutOfDate, Refused
from tests.demand.towns import Towns, a_need, a_person, four_towns

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def towns(now: datetime.datetime, settings: Any) -> Towns:
    settings.DEMO = True
    return four_towns(now)


@pytest.fixture
def needs(towns: Towns, now: datetime.datetime) -> list[Need]:
    return [a_need(body, now=now) for body in towns.bodies]


@pytest.fixture
def joint(towns: Towns, needs: list[Need], now: datetime.datetime) -> JointNeed:
    return begun(needs[0], towns, now)


def begun(need: Need, towns: Towns, now: datetime.datetime, **other: Any) -> JointNeed:
    said = {
        "title": "Mängel melden im Kreis",
        "purpose": "Ein Melder für alle.",
        "join_until": now.date() + 30 * DAY,
    }
    return acts.begin_joint(need, **(said | other), by=towns.by(0), now=now)


def invited(joint: JointNeed, towns: Towns, need: Need, now: datetime.datetime) -> Joining:
    return acts.invite(joint, need=need, by=towns.by(0), now=now)


def joined(joint: JointNeed, towns: Towns, needs: list[Need], index: int, now: datetime.datetime) -> Joining:
    return acts.join(invited(joint, towns, needs[index], now), by=towns.by(index), now=now)


def kinds(subject_type: str, public_id: str) -> list[str]:
    return [entry.kind for entry in reversed(history(subject_type, public_id))]


# --------------------------------------------------------------------------------------------------------- beginning


def test_whoever_begins_leads_and_is_part_of_it(towns: Towns, needs: list[Need], joint: JointNeed) -> None:
    assert (joint.lead, joint.state, joint_of(needs[0])) == (towns.bodies[0], "open", joint)
    assert [each.need for each in parties(joint)] == [needs[0]]
    assert kinds("joint_need", joint.public_id) == ["demand.joint_begun"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"title": " "}, "einen Titel"),
        ({"title": "x" * 201}, "Kürzen Sie den Titel"),
        ({"purpose": "\n"}, "was gemeinsam werden soll"),
        ({"purpose": "x" * 5_001}, "Kürzen Sie den Text"),
        ({"join_until": datetime.date(2026, 11, 22)}, "liegt in der Vergangenheit"),
    ],
)
def test_a_joint_need_says_what_and_until_when(
    towns: Towns, needs: list[Need], now: datetime.datetime, said: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        begun(needs[0], towns, now, **said)
    assert JointNeed.objects.count() == 0


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"state": "draft"}, "Veröffentlichen Sie den Bedarf zuerst"),
        ({"state": "closed"}, "Veröffentlichen Sie den Bedarf zuerst"),
        ({"visibility": "own"}, "sieht nur Ihre Kommune"),
    ],
)
def test_nobody_invites_to_what_others_cannot_read(
    towns: Towns, now: datetime.datetime, other: dict[str, str], reason: str
) -> None:
    need = a_need(towns.bodies[0], now=now, **other)  # type: ignore[arg-type]  # strings all
    with pytest.raises(Refused, match=reason):
        begun(need, towns, now)


def test_a_need_is_part_of_one_joint_need_at_a_time(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    with pytest.raises(Refused, match="gehört schon zu einem gemeinsamen Bedarf"):
        begun(needs[0], towns, now)
    assert JointNeed.objects.count() == 1


def test_only_who_speaks_for_the_town_begins(towns: Towns, needs: list[Need], now: datetime.datetime) -> None:
    reader = a_person("decision_maker", towns.bodies[0], now=now)
    towns.people[0] = reader
    with pytest.raises(Refused, match="Berechtigung"):
        begun(needs[0], towns, now)
    towns.people[0] = a_person("procurement_officer", towns.bodies[0], now=now)
    assert begun(needs[0], towns, now).state == "open"


# ----------------------------------------------------------------------------------------------- inviting and joining


def test_an_invited_town_joins_with_its_own_need(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    joining = invited(joint, towns, needs[1], now)
    assert list(invitations_to(towns.by(1), now)) == [joining]
    assert [list(invitations_to(towns.by(n), now)) for n in (0, 2)] == [[], []]

    acts.join(joining, by=towns.by(1), now=now)
    assert [each.need.organisation.name for each in parties(joint)] == ["Ahornstadt", "Birkenmarkt"]
    assert list(invitations_to(towns.by(1), now)) == []
    assert kinds("joining", joining.public_id) == ["demand.joining_invited", "demand.joining_joined"]


def test_only_whose_need_says_so_is_invited(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    Need.objects.filter(pk=needs[1].pk).update(may_be_invited=False)
    Need.objects.filter(pk=needs[2].pk).update(visibility="own")
    Need.objects.filter(pk=needs[3].pk).update(state="withdrawn", ended_at=now)
    for index, reason in (
        (0, "Ihrer eigenen"),
        (1, "möchte zu diesem"),
        (2, "nicht mehr offen"),
        (3, "nicht mehr offen"),
    ):
        with pytest.raises(Refused, match=reason):
            invited(joint, towns, needs[index], now)
    assert Joining.objects.count() == 1


def test_nobody_but_the_leading_town_invites_and_nobody_but_the_invited_decides(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    with pytest.raises(Refused, match="Berechtigung"):
        acts.invite(joint, need=needs[2], by=towns.by(1), now=now)
    joining = invited(joint, towns, needs[1], now)
    for act in (acts.join, acts.decline, acts.leave_joint):
        with pytest.raises(Refused, match="Berechtigung"):
            act(joining, by=towns.by(0), now=now)
    with pytest.raises(Refused, match="Berechtigung"):
        acts.take_back_invitation(joining, by=towns.by(1), now=now)


def test_asked_twice_there_is_one_invitation(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    invited(joint, towns, needs[1], now)
    with pytest.raises(Refused, match="Aus „eingeladen“ kann nicht „eingeladen“ werden"):
        invited(joint, towns, needs[1], now)


@pytest.mark.parametrize("end", ["declined", "left", "taken_back"])
def test_whoever_said_no_may_be_asked_again(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime, end: str
) -> None:
    joining = invited(joint, towns, needs[1], now)
    if end == "declined":
        acts.decline(joining, by=towns.by(1), now=now)
    elif end == "taken_back":
        acts.take_back_invitation(joining, by=towns.by(0), now=now)
    else:
        acts.leave_joint(acts.join(joining, by=towns.by(1), now=now), by=towns.by(1), now=now)
    assert [each.state for each in others(joint)] == [end]

    again = invited(joint, towns, needs[1], now)
    assert (again.pk, again.state, again.decided_at) == (joining.pk, "invited", None)


def test_one_may_join_on_the_last_day_and_not_on_the_next(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    """The day is that of the calendars here: half past eleven in the evening in Berlin is still the last day."""
    one, other = (invited(joint, towns, needs[n], now) for n in (1, 2))
    late = datetime.datetime(2026, 12, 23, 22, 30, tzinfo=datetime.UTC)
    assert (may_still_join(joint, late), days_left(joint, late)) == (True, 0)
    acts.join(one, by=towns.by(1), now=late)

    over = late + datetime.timedelta(minutes=30)
    assert (may_still_join(joint, over), days_left(joint, over)) == (False, -1)
    assert list(invitations_to(towns.by(2), over)) == []
    with pytest.raises(
        Refused, match=r"Bis zum 23\.12\.2026 konnten Kommunen beitreten. Fragen Sie Ahornstadt"
    ):
        acts.join(other, by=towns.by(2), now=over)
    # Nobody has to wait to say no.
    assert acts.decline(other, by=towns.by(2), now=over).state == "declined"


def test_a_town_whose_need_has_ended_does_not_join(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    joining = invited(joint, towns, needs[1], now)
    Need.objects.filter(pk=needs[1].pk).update(state="closed", ended_at=now)
    with pytest.raises(Refused, match="nicht mehr offen"):
        acts.join(joining, by=towns.by(1), now=now)


def test_a_need_invited_twice_joins_once(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    second = acts.begin_joint(
        needs[3], title="Noch einer", purpose="Auch.", join_until=now.date(), by=towns.by(3), now=now
    )
    to_both = [
        invited(joint, towns, needs[1], now),
        acts.invite(second, need=needs[1], by=towns.by(3), now=now),
    ]
    acts.join(to_both[0], by=towns.by(1), now=now)
    with pytest.raises(Refused, match="Treten Sie dort zuerst aus"):
        acts.join(to_both[1], by=towns.by(1), now=now)
    acts.leave_joint(to_both[0], by=towns.by(1), now=now)
    assert acts.join(to_both[1], by=towns.by(1), now=now).state == "joined"


# ----------------------------------------------------------------------------------------------- closing, ending, going


def test_closed_nobody_joins_and_open_again_somebody_does(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    joining = invited(joint, towns, needs[1], now)
    acts.close_joint(joint, by=towns.by(0), now=now)
    with pytest.raises(Refused, match="ist geschlossen"):
        acts.join(joining, by=towns.by(1), now=now)
    with pytest.raises(Refused, match="liegt in der Vergangenheit"):
        acts.reopen_joint(joint, join_until=now.date() - DAY, by=towns.by(0), now=now)
    reopened = acts.reopen_joint(joint, join_until=now.date(), by=towns.by(0), now=now)
    assert (reopened.state, reopened.join_until) == ("open", now.date())
    assert acts.join(joining, by=towns.by(1), now=now).state == "joined"


def test_ended_it_stays_so_and_who_takes_part_may_still_leave(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    member, waiting = joined(joint, towns, needs, 1, now), invited(joint, towns, needs[2], now)
    with pytest.raises(Refused, match="warum der gemeinsame Bedarf endet"):
        acts.end_joint(joint, reason=" ", by=towns.by(0), now=now)
    ended = acts.end_joint(joint, reason="Wir haben gemeinsam beschafft.", by=towns.by(0), now=now)
    assert (ended.state, ended.ended_at) == ("ended", now)
    waiting.refresh_from_db()
    assert waiting.state == "taken_back"
    for act in (acts.close_joint, acts.end_joint):
        more = {"reason": "Noch einmal."} if act is acts.end_joint else {}
        with pytest.raises(Refused, match="Aus „beendet“"):
            act(joint, **more, by=towns.by(0), now=now)  # type: ignore[operator]  # two of a kind
    with pytest.raises(Refused, match="ist beendet"):
        invited(joint, towns, needs[3], now)
    assert acts.leave_joint(member, by=towns.by(1), now=now).state == "left"


def test_the_leading_town_ends_and_does_not_leave(
    towns: Towns, joint: JointNeed, now: datetime.datetime
) -> None:
    with pytest.raises(Refused, match="Ihre Kommune führt"):
        acts.leave_joint(parties(joint)[0], by=towns.by(0), now=now)


def test_two_colleagues_who_change_it_do_not_write_over_each_other(
    towns: Towns, joint: JointNeed, now: datetime.datetime
) -> None:
    said = {"title": "Neu", "purpose": "Anders.", "join_until": joint.join_until}
    acts.change_joint(joint, **said, lock_version=0, by=towns.by(0), now=now)
    with pytest.raises(OutOfDate):
        acts.change_joint(joint, **said, lock_version=0, by=towns.by(0), now=now)
    joint.refresh_from_db()
    assert (joint.title, joint.lock_version) == ("Neu", 1)


def test_a_withdrawn_need_leaves_and_its_invitations_lapse(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    joined(joint, towns, needs, 1, now)
    invited(joint, towns, needs[2], now)
    for index in (1, 2):
        acts.let_go(needs[index], by=towns.by(index), now=now)
    assert [each.need for each in parties(joint)] == [needs[0]]
    assert sorted(each.state for each in others(joint)) == ["left", "taken_back"]


def test_what_a_town_leads_ends_with_its_need(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    joined(joint, towns, needs, 1, now)
    acts.let_go(needs[0], by=towns.by(0), now=now)
    joint.refresh_from_db()
    assert (joint.state, [each.need for each in parties(joint)]) == ("ended", needs[:2])
    assert kinds("joint_need", joint.public_id) == ["demand.joint_begun", "demand.joint_ended"]


# ------------------------------------------------------------------------------------------------------------ seeing


def test_only_the_towns_concerned_know_of_it(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    joined(joint, towns, needs, 1, now)
    waiting = invited(joint, towns, needs[2], now)
    assert [joint_for(towns.by(n), joint.public_id) for n in range(4)] == [joint, joint, joint, None]
    acts.decline(waiting, by=towns.by(2), now=now)
    assert joint_for(towns.by(2), joint.public_id) is None


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (["to_25000", "to_100000"], (Decimal(30_000), Decimal(125_000), 0)),
        (["to_25000", "above_100000"], (Decimal(105_000), None, 0)),
        (["to_5000", ""], (Decimal(0), Decimal(5_000), 1)),
        (["open", ""], (None, None, 2)),
        (["none", "none"], (Decimal(0), Decimal(0), 0)),
        (["vanished"], (None, None, 1)),
    ],
)
def test_budgets_add_up_as_far_as_they_are_said(
    towns: Towns, classes: list[str], expected: tuple[Decimal | None, Decimal | None, int]
) -> None:
    every = [Need(organisation=towns.bodies[n], budget_class=code) for n, code in enumerate(classes)]
    found = together(every)
    assert (found.budget_from, found.budget_to, found.silent) == expected
    assert found.towns == len(classes)


@settings(max_examples=30)
@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), max_size=6))
def test_what_nobody_says_is_not_zero(numbers: list[int | None]) -> None:
    found = together([Need(organisation_id=n, population=number) for n, number in enumerate(numbers)])
    known = [number for number in numbers if number is not None]
    assert found == Together(len(numbers), sum(known) if known else None, None, None, None, len(numbers))


def test_whoever_withdraws_a_need_leaves_with_it(
    towns: Towns, needs: list[Need], joint: JointNeed, now: datetime.datetime
) -> None:
    joined(joint, towns, needs, 1, now)
    withdraw(needs[1], reason="Wir brauchen ihn nicht mehr.", by=towns.by(1), now=now)
    assert [each.need for each in parties(joint)] == [needs[0]]
