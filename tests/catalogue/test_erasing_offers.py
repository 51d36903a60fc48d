"""Erasing a solution or a contact takes with it what offers and working copies hold of it."""

from allmende.catalogue.actions import begin_offer, erase, erase_contact, receive
from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import ContactDraft
from allmende.catalogue.models import Contact, OfferContact
from allmende.lib.actors import Actor
from tests.factories.offering import an_offer, filled, fresh, published_offer

HARVEST = Actor.program("harvest")


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
    from dataclasses import replace

    named = ContactDraft(name="Vertrieb", email="Angebot@Beispiel.example", is_team=True)
    received = receive(replace(draft, contacts=(named,)), origin=hessen, key="k.yml", by=HARVEST, now=now)
    editor = member_of("provider_editor", provider)
    published_offer(received.solution, provider, by=editor, desk=HARVEST, now=now)

    erase_contact(Contact.objects.get(), reason="Auf Wunsch.", by=HARVEST, now=now)

    assert (Contact.objects.count(), OfferContact.objects.count()) == (0, 0)
