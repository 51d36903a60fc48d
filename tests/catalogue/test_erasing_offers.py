"""Erasing a solution or a contact takes with it what offers and working copies hold of it."""

from dataclasses import replace

import pytest

from allmende.catalogue.actions import (
    accept,
    acknowledge,
    ask_about,
    begin_change,
    begin_offer,
    change_offer,
    claim,
    drop,
    erase,
    erase_contact,
    publish_change,
    receive,
)
from allmende.catalogue.contents import Content, read
from allmende.catalogue.drafts import ContactDraft
from allmende.catalogue.models import Contact, EntryClaim, LaterEdit, Notice, OfferContact, WorkingCopy
from allmende.lib.actors import Actor
from tests.factories.offering import an_offer, filled, fresh, published_offer, submitted_solution

HARVEST = Actor.program("harvest")


@pytest.fixture
def desk(member_of):
    return member_of("catalogue_editor")


def test_with_a_solution_go_the_contacts_of_its_offers_and_what_is_being_prepared(
    solution, provider, member_of, now
):
    editor = member_of("provider_editor", provider)
    published_offer(solution, provider, by=editor, desk=HARVEST, now=now)
    copy = begin_offer(solution, organisation=provider, by=editor, now=now)
    copy = filled(copy, Content(offer=an_offer(provider)), by=editor, now=now)

    erase(solution, reason="Urteil vom 01.02.2026", by=HARVEST, now=now)

    assert OfferContact.objects.count() == 0
    assert (fresh(copy).state, fresh(copy).content) == ("dropped", "{}")


def test_a_contact_that_is_erased_is_erased_in_offers_too(draft, hessen, provider, member_of, now):
    named = ContactDraft(name="Vertrieb", email="Angebot@Beispiel.example", is_team=True)
    received = receive(replace(draft, contacts=(named,)), origin=hessen, key="k.yml", by=HARVEST, now=now)
    editor = member_of("provider_editor", provider)
    published_offer(received.solution, provider, by=editor, desk=HARVEST, now=now)

    erase_contact(Contact.objects.get(), reason="Auf Wunsch.", by=HARVEST, now=now)

    assert (Contact.objects.count(), OfferContact.objects.count()) == (0, 0)


def test_copies_that_were_published_from_or_given_up_are_emptied_too(
    solution, provider, member_of, desk, now
):
    editor = member_of("provider_editor", provider)
    offer = published_offer(solution, provider, by=editor, desk=desk, now=now)
    given_up = begin_change(offer, organisation=provider, by=editor, now=now)
    drop(given_up, lock_version=given_up.lock_version, by=editor, now=now)

    erase(solution, reason="Urteil vom 01.02.2026", by=HARVEST, now=now)

    rows = WorkingCopy.objects.order_by("pk").values_list("state", "content", "reasons", "saved_from")
    assert list(rows) == [("accepted", "{}", {}, ""), ("dropped", "{}", {}, "")]


def test_the_copy_of_a_new_solution_goes_with_the_solution(provider, member_of, desk, now):
    editor = member_of("provider_editor", provider)
    submitted = submitted_solution(provider, by=editor, now=now)
    accepted = accept(submitted, lock_version=submitted.lock_version, by=desk, now=now)
    erase(accepted.solution, reason="Urteil vom 01.02.2026", by=HARVEST, now=now)
    assert (fresh(accepted).state, fresh(accepted).content) == ("accepted", "{}")


def test_copies_of_another_solution_keep_their_words(
    solution, other_solution, provider, member_of, desk, now
):
    editor = member_of("provider_editor", provider)
    published_offer(other_solution, provider, by=editor, desk=desk, now=now)
    before = WorkingCopy.objects.get()
    erase(solution, reason="Urteil vom 01.02.2026", by=HARVEST, now=now)
    after = fresh(before)
    assert (after.content, after.lock_version) == (before.content, before.lock_version)


def test_with_a_solution_goes_what_others_have_said_of_it(solution, provider, member_of, desk, now):
    editor = member_of("provider_editor", provider)
    offer = published_offer(solution, provider, by=editor, desk=desk, now=now)
    claim(solution, organisation=provider, evidence="Im Quellcode steht unser Name.", by=editor, now=now)
    change_offer(offer, an_offer(provider, title="Neuer Titel"), by=editor, now=now)
    ask_about(LaterEdit.objects.get(), question="Gilt „Neuer Titel“ noch?", by=desk, now=now)
    words = {"subject_name": "Mängelmelder", "reason": "wrong", "what": "Falsch.", "source": "Zeitung",
             "statement": "Doch nicht.", "facts": "Der Titel stimmt nicht.", "received_at": now}  # fmt: skip
    for thing in (solution, offer):
        Notice.objects.create(subject_type=thing.journal_type, subject_id=thing.public_id, **words)
    Notice.objects.create(subject_type="organisation", subject_id=provider.public_id, **words)

    erase(solution, reason="Urteil vom 01.02.2026", by=HARVEST, now=now)

    assert EntryClaim.objects.get().evidence == "gelöscht"
    edit = LaterEdit.objects.get()
    assert (edit.state, edit.question, edit.answer) == ("asked", "gelöscht", "")
    told = ("subject_name", "what", "source", "statement", "facts")
    assert list(Notice.objects.order_by("pk").values_list(*told)) == [
        ("gelöscht", "gelöscht", "", "", ""),
        ("gelöscht", "gelöscht", "", "", ""),
        ("Mängelmelder", "Falsch.", "Zeitung", "Doch nicht.", "Der Titel stimmt nicht."),
    ]
    acknowledge(edit, seen=edit.edition_after, by=desk, now=now)


def test_an_erased_person_is_out_of_every_copy_and_does_not_come_back(
    draft, hessen, provider, member_of, desk, now
):
    named = ContactDraft(name="Vertrieb", email="angebot@beispiel.example", is_team=True)
    received = receive(replace(draft, contacts=(named,)), origin=hessen, key="k.yml", by=HARVEST, now=now)
    editor = member_of("provider_editor", provider)
    offer = published_offer(received.solution, provider, by=editor, desk=desk, now=now)
    change = begin_change(offer, organisation=provider, by=editor, now=now)
    told = an_offer(provider).contact

    erase_contact(Contact.objects.get(), reason="Auf Wunsch.", by=HARVEST, now=now)

    held = [read(copy.content).offer for copy in WorkingCopy.objects.order_by("pk")]
    assert [(each.title, each.contact) for each in held] == [("Betrieb im Land", None)] * 2
    assert (fresh(change).lock_version, fresh(change).saved_from) == (change.lock_version + 1, "")

    # Somebody types it in once more.
    change = filled(fresh(change), Content(offer=an_offer(provider, contact=told)), by=editor, now=now)
    publish_change(change, lock_version=change.lock_version, by=editor, now=now)
    assert OfferContact.objects.count() == 0
    other = ContactDraft(name="Anderes Büro", email="buero@beispiel.example", is_team=True)
    change_offer(offer, an_offer(provider, contact=other), by=editor, now=now)
    assert OfferContact.objects.get().email == "buero@beispiel.example"
