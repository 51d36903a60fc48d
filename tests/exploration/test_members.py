"""Who takes part in a case: one lead always, conflicts of interest declared, and nobody from outside."""

import pytest
from django.db import IntegrityError, transaction

from allmende.exploration import rules
from allmende.exploration.actions.members import add_member, declare, end_member, note_remedy
from allmende.exploration.actions.sheets import plan_step
from allmende.exploration.checklist import checklist
from allmende.exploration.models import Case, CaseMember, ConflictDeclaration
from allmende.exploration.queries.cases import lead_of, members_of, role_in, unsettled_conflicts
from allmende.lib.refusals import Refused
from allmende.organisations.actions import end_role, leave
from tests.exploration.hall import PROGRAM, Hall, fill


def state_of_people(hall: Hall) -> tuple[str, str]:
    line = next(line for line in checklist(hall.case) if line.step.code == "zustaendigkeit")
    return line.state.state, line.state.why


def test_only_people_of_the_town_take_part(hall: Hall) -> None:
    for who in ("neighbour", "company", "desk", "stranger"):
        with pytest.raises(Refused, match="Mitwirken kann, wer zu"):
            add_member(hall.case, person=hall[who], role="reader", by=hall.actor("lead"), now=hall.now)
    with pytest.raises(Refused, match="Wählen Sie aus"):
        add_member(hall.case, person=hall["colleague"], role="boss", by=hall.actor("lead"), now=hall.now)
    with pytest.raises(Refused, match="Wer mitwirkt, entscheidet"):
        add_member(hall.case, person=hall["colleague"], role="editor", by=hall.actor("editor"), now=hall.now)


def test_whoever_becomes_lead_takes_over_from_whoever_was(hall: Hall) -> None:
    add_member(hall.case, person=hall["colleague"], role="lead", by=hall.actor("lead"), now=hall.now)
    assert lead_of(hall.case) == hall["colleague"].public_id
    assert role_in(hall.case, hall["lead"].public_id) == "editor"
    # Who took part as what, and until when, stays to be read.
    assert CaseMember.objects.filter(case=hall.case, user=hall["lead"].public_id).count() == 2
    assert not rules.may_lead(hall.actor("lead"), hall.fresh())


def test_the_database_lets_nobody_be_a_second_lead(hall: Hall) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseMember.objects.create(
            case=hall.case, user=hall["colleague"].public_id, role="lead", since=hall.now, added_by="x"
        )


def test_the_lead_goes_only_after_handing_over(hall: Hall) -> None:
    lead = hall.actor("lead")
    with pytest.raises(Refused, match="genau eine federführende Person"):
        end_member(hall.case, person=lead.id, by=lead, now=hall.now)
    with pytest.raises(Refused, match="genau eine federführende Person"):
        add_member(hall.case, person=hall["lead"], role="reader", by=lead, now=hall.now)


def test_whoever_goes_is_no_longer_in_charge_of_a_step(hall: Hall) -> None:
    lead = hall.actor("lead")
    plan = plan_step(hall.case, "wege", user=hall["editor"], due_on=hall.now.date(), by=lead, now=hall.now)
    end_member(hall.case, person=hall["editor"].public_id, by=hall.actor("editor"), now=hall.now)
    plan.refresh_from_db()
    assert (plan.user, plan.due_on) == ("", hall.now.date())
    assert not rules.may_see(hall.actor("editor"), hall.fresh())
    with pytest.raises(Refused, match="wirkt nicht mit"):
        end_member(hall.case, person=hall["editor"].public_id, by=lead, now=hall.now)
    with pytest.raises(Refused, match="Zuständig sein kann"):
        plan_step(hall.case, "wege", user=hall["editor"], due_on=None, by=lead, now=hall.now)


def test_whoever_leaves_the_town_hands_over_what_they_lead(hall: Hall) -> None:
    said = leave(hall.town, leaver=hall["lead"], to=hall["colleague"], by=hall.actor("lead"), now=hall.now)
    assert "Federführung von „Schäden an Straßen melden“ übergeben." in said
    assert lead_of(hall.case) == hall["colleague"].public_id
    assert not rules.may_see(hall.actor("lead"), hall.fresh())


def test_where_nobody_is_named_the_longest_editor_leads(hall: Hall) -> None:
    leave(hall.town, leaver=hall["lead"], to=None, by=hall.actor("lead"), now=hall.now)
    assert lead_of(hall.case) == hall["editor"].public_id


def test_where_there_is_nobody_the_procurement_office_names_a_lead(hall: Hall) -> None:
    end_member(hall.case, person=hall["editor"].public_id, by=hall.actor("lead"), now=hall.now)
    assert not rules.may_lead(hall.actor("buyer"), hall.fresh())
    said = leave(hall.town, leaver=hall["lead"], to=None, by=hall.actor("lead"), now=hall.now)
    assert (
        "„Schäden an Straßen melden“ hat jetzt keine federführende Person. Die Vergabestelle benennt eine."
        in said
    )
    add_member(hall.case, person=hall["buyer"], role="lead", by=hall.actor("buyer"), now=hall.now)
    assert lead_of(hall.case) == hall["buyer"].public_id


@pytest.mark.parametrize("state", ["frozen", "stopped"])
def test_what_has_ended_stays_as_it_was_and_is_seen_no_more(hall: Hall, state: str) -> None:
    Case.objects.filter(pk=hall.case.pk).update(state=state, ended_at=hall.now, stopped_reason="x")
    leave(hall.town, leaver=hall["lead"], to=hall["colleague"], by=hall.actor("lead"), now=hall.now)
    assert lead_of(hall.case) == hall["lead"].public_id
    assert not rules.may_see(hall.actor("lead"), hall.fresh())


def test_whoever_loses_the_last_role_in_the_town_loses_sight_of_its_cases(hall: Hall) -> None:
    for membership in hall["buyer"].memberships.all():
        end_role(membership, by=PROGRAM, now=hall.now)
    assert not rules.may_see(hall.actor("buyer"), hall.case)


def test_everybody_who_decides_declares_before_the_step_is_done(hall: Hall) -> None:
    fill(hall, "zustaendigkeit")
    assert state_of_people(hall) == (
        "begun",
        "3 Personen haben sich noch nicht zu Interessenkonflikten erklärt.",
    )
    for who in ("lead", "editor"):
        declare(hall.case, has_conflict=False, by=hall.actor(who), now=hall.now)
    assert state_of_people(hall) == (
        "begun",
        "Eine Person hat sich noch nicht zu Interessenkonflikten erklärt.",
    )
    declare(hall.case, has_conflict=False, by=hall.actor("approver"), now=hall.now)
    assert state_of_people(hall) == ("done", "")
    end_member(hall.case, person=hall["approver"].public_id, by=hall.actor("lead"), now=hall.now)
    assert state_of_people(hall) == ("begun", "Es fehlt eine zweite Person, die freigibt.")


def test_a_declaration_is_changed_by_a_further_one_and_the_last_counts_whatever_the_clock_says(
    hall: Hall,
) -> None:
    editor = hall.actor("editor")
    declare(hall.case, has_conflict=False, by=editor, now=hall.now)
    earlier = hall.now.replace(year=2020)
    declare(hall.case, has_conflict=True, about="Anteile.", by=editor, now=earlier)
    assert [row.has_conflict for row in ConflictDeclaration.objects.order_by("pk")] == [False, True]
    assert unsettled_conflicts(hall.case) == [hall["editor"].public_id]
    assert not rules.may_decide(editor, hall.fresh())


def test_a_conflict_keeps_from_deciding_until_somebody_else_says_what_follows(hall: Hall) -> None:
    editor, lead = hall.actor("editor"), hall.actor("lead")
    with pytest.raises(Refused, match="worin der Interessenkonflikt besteht"):
        declare(hall.case, has_conflict=True, by=editor, now=hall.now)
    declare(hall.case, has_conflict=True, about="Meine Schwester arbeitet dort.", by=editor, now=hall.now)
    assert (rules.may_edit(editor, hall.case), rules.may_decide(editor, hall.case)) == (True, False)
    person = hall["editor"].public_id
    for who, words in (("editor", "Nichts."), ("reader", "Nichts."), ("buyer", "Nichts.")):
        with pytest.raises(Refused, match="hält die federführende Person fest"):
            note_remedy(hall.case, person=person, remedy=words, by=hall.actor(who), now=hall.now)
    with pytest.raises(Refused, match="Schreiben Sie, was daraus folgt"):
        note_remedy(hall.case, person=person, remedy=" ", by=lead, now=hall.now)
    note_remedy(hall.case, person=person, remedy="Entscheidet nicht über die Auswahl.", by=lead, now=hall.now)
    assert rules.may_decide(editor, hall.case)
    with pytest.raises(Refused, match="keinen Interessenkonflikt"):
        note_remedy(hall.case, person=hall["reader"].public_id, remedy="x", by=lead, now=hall.now)


def test_the_lead_does_not_settle_a_conflict_of_their_own(hall: Hall) -> None:
    lead = hall.actor("lead")
    declare(hall.case, has_conflict=True, about="Anteile.", by=lead, now=hall.now)
    with pytest.raises(Refused, match="über ihren eigenen entscheidet die Vergabestelle"):
        note_remedy(hall.case, person=lead.id, remedy="Nichts.", by=lead, now=hall.now)
    note_remedy(hall.case, person=lead.id, remedy="Gibt ab.", by=hall.actor("buyer"), now=hall.now)
    assert unsettled_conflicts(hall.case) == []


def test_who_approves_is_without_conflict(hall: Hall) -> None:
    declare(hall.case, has_conflict=True, about="Anteile.", by=hall.actor("approver"), now=hall.now)
    Case.objects.filter(pk=hall.case.pk).update(state="submitted", submitted_by=hall["lead"].public_id)
    assert not rules.may_approve(hall.actor("approver"), hall.fresh())
    note_remedy(
        hall.case,
        person=hall["approver"].public_id,
        remedy="Anteile verkauft.",
        by=hall.actor("lead"),
        now=hall.now,
    )
    assert rules.may_approve(hall.actor("approver"), hall.fresh())


def test_a_further_role_replaces_the_one_before_and_the_same_one_changes_nothing(hall: Hall) -> None:
    lead = hall.actor("lead")
    before = CaseMember.objects.count()
    add_member(hall.case, person=hall["reader"], role="reader", function="Fachamt", by=lead, now=hall.now)
    assert CaseMember.objects.count() == before
    add_member(hall.case, person=hall["reader"], role="editor", function="IT", by=lead, now=hall.now)
    assert [
        (each.role, each.function) for each in members_of(hall.case) if each.user == hall["reader"].public_id
    ] == [("editor", "IT")]
