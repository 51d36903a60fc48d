"""Changes that are live already: noted once, looked at by the desk, asked about and answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from allmende.catalogue.actions import acknowledge, answer, ask_about, change_offer
from allmende.catalogue.models import LaterEdit, Solution
from allmende.catalogue.queries import edition, edits_to_acknowledge, later_edit_for, questions_to
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.factories.offering import an_offer, published_offer

HARVEST = Actor.program("harvest")


@pytest.fixture
def editor(provider, member_of):
    return member_of("provider_editor", provider)


@pytest.fixture
def desk(member_of):
    return member_of("catalogue_editor")


@pytest.fixture
def offer(solution, provider, editor, desk, now):
    return published_offer(solution, provider, by=editor, desk=desk, now=now)


@pytest.fixture
def edit(offer, provider, editor, now):
    change_offer(offer, an_offer(provider, title="Neuer Titel"), by=editor, now=now)
    return LaterEdit.objects.get()


def test_a_change_waits_to_be_seen_with_both_editions(edit, solution, desk):
    assert [each.pk for each in edits_to_acknowledge(desk)] == [edit.pk]
    titles = [
        edition(solution, number).content["offers"][0]["title"]
        for number in (edit.edition_before, edit.edition_after)
    ]
    assert titles == ["Betrieb im Land", "Neuer Titel"]


def test_several_changes_are_one_from_the_first_edition_to_the_last(edit, offer, provider, editor, desk, now):
    change_offer(offer, an_offer(provider, title="Noch neuer"), by=editor, now=now + timedelta(hours=1))
    again = LaterEdit.objects.get()
    assert (again.edition_before, again.edition_after) == (edit.edition_before, edit.edition_after + 1)
    assert again.made_at == edit.made_at


def test_what_was_seen_is_acknowledged_and_no_more(edit, offer, provider, editor, desk, now):
    seen = edit.edition_after
    change_offer(offer, an_offer(provider, title="Schnell noch"), by=editor, now=now)
    with pytest.raises(Refused, match="Inzwischen wurde noch etwas geändert"):
        acknowledge(edit, seen=seen, by=desk, now=now)
    acknowledge(edit, seen=seen + 1, by=desk, now=now)
    edit.refresh_from_db()
    assert (edit.state, edit.decided_by) == ("acknowledged", desk.id)
    with pytest.raises(Refused, match="kann nicht"):
        acknowledge(edit, seen=seen + 1, by=desk, now=now)


def test_the_next_change_after_that_is_a_new_one(edit, offer, provider, editor, desk, now):
    acknowledge(edit, seen=edit.edition_after, by=desk, now=now)
    change_offer(offer, an_offer(provider, title="Dritte Fassung"), by=editor, now=now)
    assert [each.state for each in LaterEdit.objects.order_by("pk")] == ["acknowledged", "open"]


def test_the_desk_asks_and_the_owner_answers(edit, editor, desk, now):
    with pytest.raises(Refused, match="Schreiben Sie, was"):
        ask_about(edit, question=" ", by=desk, now=now)
    ask_about(edit, question="Gilt das auch für Kreise?", by=desk, now=now)
    assert list(edits_to_acknowledge(desk)) == []
    assert [each.question for each in questions_to(editor)] == ["Gilt das auch für Kreise?"]
    with pytest.raises(Refused, match="Schreiben Sie eine Antwort"):
        answer(edit, words="", by=editor, now=now)

    answer(edit, words="Ja, seit Januar.", by=editor, now=now)

    assert [each.answer for each in edits_to_acknowledge(desk)] == ["Ja, seit Januar."]
    assert list(questions_to(editor)) == []
    with pytest.raises(Refused, match="keine Frage offen"):
        answer(edit, words="Noch einmal.", by=editor, now=now)
    kinds = [entry.kind.rpartition("_")[2] for entry in history("later_edit", edit.public_id)]
    assert kinds == ["answered", "asked", "made"]


def test_another_change_is_an_answer_too(edit, offer, provider, editor, desk, now):
    ask_about(edit, question="Stimmt der Titel?", by=desk, now=now)
    change_offer(offer, an_offer(provider, title="Richtiger Titel"), by=editor, now=now)
    assert [each.pk for each in edits_to_acknowledge(desk)] == [edit.pk]


def test_what_staff_changes_waits_for_nobody(offer, provider, desk, now):
    for actor in (desk, HARVEST):
        change_offer(offer, an_offer(provider, title=f"Von {actor.kind}"), by=actor, now=now)
    assert LaterEdit.objects.count() == 0


def test_a_change_of_amounts_that_only_the_administration_sees_is_noted_though_no_edition_tells(
    offer, solution, provider, editor, desk, now
):
    hidden = an_offer(provider, prices_for="administration")
    change_offer(offer, hidden, by=editor, now=now)
    acknowledge(LaterEdit.objects.get(), seen=LaterEdit.objects.get().edition_after, by=desk, now=now)
    number = Solution.objects.get().edition_number
    dearer = tuple(replace(row, amount=row.amount * 2) for row in hidden.prices)
    change_offer(offer, replace(hidden, prices=dearer), by=editor, now=now)
    edit = LaterEdit.objects.get(state="open")
    assert (edit.edition_before, edit.edition_after) == (number, number)


def test_only_staff_and_the_owner_see_a_change(edit, editor, desk, competitor, member_of, stranger):
    assert later_edit_for(desk, edit.public_id) == edit
    assert later_edit_for(editor, edit.public_id) == edit
    for other in (member_of("provider_editor", competitor), stranger, Actor.anonymous()):
        assert later_edit_for(other, edit.public_id) is None
        assert list(edits_to_acknowledge(other)) == []


def test_staff_that_changes_an_offer_of_its_own_house_is_looked_at_by_others(
    offer, provider, editor, desk, now
):
    both = replace(editor, roles=editor.roles | {("catalogue_editor", None)})
    change_offer(offer, an_offer(provider, title="Neuer Titel"), by=both, now=now)
    assert [list(edits_to_acknowledge(each)) for each in (both, desk)] == [[], [LaterEdit.objects.get()]]
