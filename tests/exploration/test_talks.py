"""Talks with companies: minutes, the same time for all, and what all have to know."""

from datetime import timedelta

import pytest

from allmende.exploration.actions.candidates import Verdict, add_by_hand, decide
from allmende.exploration.actions.talks import change_talk, mark_shared, note_talk
from allmende.exploration.drafts import TalkDraft
from allmende.exploration.models import Talk
from allmende.exploration.queries.talks import TimeGiven, step_state, talks_of, times_given
from allmende.exploration.steps import StepState
from allmende.lib.refusals import OutOfDate, Refused
from tests.exploration.hall import Hall, with_plan


def draft(hall: Hall, **more: object) -> TalkDraft:
    told = {
        "company_name": "Beispiel GmbH",
        "held_at": hall.now,
        "minutes_long": 45,
        "participants": "Leitung Bauhof, Vertrieb",
        "content": "Vorführung der Anwendung.",
    }
    return TalkDraft(**{**told, **more})  # type: ignore[arg-type]


def talk(hall: Hall, by: str = "lead", **more: object) -> Talk:
    return note_talk(hall.case, draft(hall, **more), by=hall.actor(by), now=hall.now)


def test_a_talk_is_kept_with_who_how_long_and_what(hall: Hall) -> None:
    found = talk(with_plan(hall), by="editor")
    assert (found.company_name, found.minutes_long, found.participants, found.content, found.candidate) == (
        "Beispiel GmbH",
        45,
        "Leitung Bauhof, Vertrieb",
        "Vorführung der Anwendung.",
        None,
    )


def test_a_talk_with_somebody_on_the_list_takes_the_name_from_there(hall: Hall) -> None:
    lead = {"by": hall.actor("lead"), "now": hall.now}
    with_plan(hall)
    candidate = add_by_hand(hall.case, company_name="Anderswo AG", **lead)
    decide(candidate, Verdict(state="kept", reason="fits"), lock_version=0, **lead)
    found = talk(hall, candidate=candidate.public_id, company_name="")
    assert (found.candidate, found.company_name) == (candidate, "Anderswo AG")
    with pytest.raises(Refused, match="steht nicht auf der Liste"):
        talk(hall, candidate="x" * 10)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"company_name": " "}, "Nennen Sie das Unternehmen"),
        ({"participants": ""}, "Schreiben Sie, wer dabei war"),
        ({"content": ""}, "Schreiben Sie, was besprochen wurde"),
        ({"minutes_long": 0}, "Geben Sie die Dauer in Minuten an"),
        ({"content": "x" * 20_001}, "Kürzen Sie den Text"),
    ],
)
def test_minutes_that_say_too_little_are_refused(hall: Hall, more: dict[str, object], message: str) -> None:
    with pytest.raises(Refused, match=message):
        talk(with_plan(hall), **more)


def test_a_talk_to_come_or_before_the_plan_is_refused(hall: Hall) -> None:
    with pytest.raises(Refused, match="Legen Sie zuerst den Plan fest"):
        talk(hall)
    with_plan(hall)
    with pytest.raises(Refused, match="liegt in der Zukunft"):
        talk(hall, held_at=hall.now + timedelta(minutes=1))
    with pytest.raises(Refused, match="halten Sie als Abweichung fest"):
        talk(hall, held_at=hall.now - timedelta(minutes=1))


@pytest.mark.parametrize("who", ["reader", "approver", "colleague", "buyer", "neighbour", "company"])
def test_only_who_writes_in_the_case_writes_minutes(hall: Hall, who: str) -> None:
    with pytest.raises(Refused, match="schreiben die federführende Person"):
        talk(with_plan(hall), by=who)


def test_what_one_company_learned_is_told_to_all_once(hall: Hall) -> None:
    lead = {"by": hall.actor("lead"), "now": hall.now}
    assert step_state(with_plan(hall).case) == StepState("open")
    quiet = talk(hall)
    assert step_state(hall.case) == StepState("done")
    with pytest.raises(Refused, match="nichts erfahren"):
        mark_shared(quiet, lock_version=0, **lead)
    telling = talk(hall, told_to_company="Wir haben 40 Meldungen am Tag.")
    assert step_state(hall.case) == StepState("begun", "Aus einem Gespräch ist noch etwas allen mitzuteilen.")
    telling = mark_shared(telling, lock_version=0, **lead)
    assert (telling.shared_at, step_state(hall.case)) == (hall.now, StepState("done"))
    with pytest.raises(Refused, match="schon allen mitgeteilt"):
        mark_shared(telling, lock_version=1, **lead)
    with pytest.raises(Refused, match="halten Sie es als weiteres Gespräch fest"):
        change_talk(telling, draft(hall, told_to_company="Nichts."), lock_version=1, **lead)


def test_of_two_who_put_minutes_right_the_second_is_told(hall: Hall) -> None:
    lead = {"by": hall.actor("lead"), "now": hall.now}
    found = talk(with_plan(hall))
    changed = change_talk(found, draft(hall, minutes_long=60), lock_version=0, **lead)
    assert (changed.minutes_long, changed.lock_version) == (60, 1)
    with pytest.raises(OutOfDate):
        change_talk(found, draft(hall), lock_version=0, **lead)


def test_whoever_had_much_less_time_than_others_is_marked(hall: Hall) -> None:
    with_plan(hall)
    for name, minutes in (("B", 60), ("A", 60), ("C", 45), ("D", 40), ("B", 5)):
        talk(hall, company_name=name, minutes_long=minutes)
    assert times_given(list(talks_of(hall.case))) == [
        TimeGiven("A", 1, 60, False),
        TimeGiven("B", 2, 65, False),
        TimeGiven("C", 1, 45, False),
        TimeGiven("D", 1, 40, True),
    ]
