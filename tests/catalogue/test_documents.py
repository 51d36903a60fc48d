"""Documents beside offers: from the working copy to the public page, and what the desk hears of it."""

from typing import Any

import pytest

from allmende.catalogue import actions
from allmende.catalogue.models import LaterEdit, Offer
from allmende.files.actions import check_waiting
from allmende.files.models import StoredFile
from allmende.files.queries import all_documents_about, documents_about
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.factories.offering import fresh, published_offer, submitted_offer
from tests.files.making import office, pdf

HARVEST = Actor.program("harvest")


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT, settings.CLAMD = tmp_path / "media", ""


@pytest.fixture
def editor(member_of, provider):
    return member_of("provider_editor", provider)


@pytest.fixture
def offer(solution, provider, editor, now):
    return published_offer(solution, provider, by=editor, desk=HARVEST, now=now)


def shown(offer):
    return [file.name for file in documents_about("offer", [offer.public_id]).get(offer.public_id, ())]


def test_a_document_is_public_with_its_verdict_and_not_before(solution, offer, editor, now):
    file = actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    assert (file.owner, shown(offer)) == (offer.supplier.public_id, [])
    check_waiting(clock=lambda: now)
    assert shown(offer) == ["Preise.pdf"]


def test_the_desk_looks_at_a_document_afterwards(solution, offer, editor, now):
    actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    edit = LaterEdit.objects.get()
    solution.refresh_from_db()
    assert (edit.offer, edit.state, edit.edition_before, edit.edition_after) == (
        offer,
        "open",
        solution.edition_number,
        solution.edition_number,
    )
    actions.acknowledge(edit, seen=edit.edition_after, by=HARVEST, now=now)
    actions.remove_document(StoredFile.objects.get(), by=editor, now=now)
    assert LaterEdit.objects.filter(state="open").count() == 1


def test_what_staff_removes_is_no_change_of_the_owners(offer, editor, now):
    file = actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    LaterEdit.objects.all().delete()
    actions.remove_document(file, by=HARVEST, now=now)
    assert LaterEdit.objects.count() == 0
    assert [entry.kind for entry in history("offer", offer.public_id)] == [
        "files.removed",
        "files.document_stored",
    ]


def test_what_is_prepared_goes_public_with_the_offer(solution, provider, editor, now):
    copy = submitted_offer(solution, provider, by=editor, now=now)
    copy = actions.take_back(copy, lock_version=fresh(copy).lock_version, by=editor, now=now)
    file = actions.prepare_document(copy, office("docx"), "Leistungen.docx", by=editor, now=now)
    copy = actions.submit(copy, lock_version=fresh(copy).lock_version, by=editor, now=now)
    check_waiting(clock=lambda: now)
    made = actions.accept(copy, lock_version=copy.lock_version, by=HARVEST, now=now).offer
    assert all_documents_about("offer", made.public_id) == [file]
    assert shown(made) == ["Leistungen.docx"]


def test_what_the_desk_looks_at_stays_as_it_was_handed_in(solution, provider, editor, now):
    from allmende.catalogue.contents import Content
    from tests.factories.offering import an_offer, filled

    copy = actions.begin_offer(solution, organisation=provider, by=editor, now=now)
    copy = filled(copy, Content(offer=an_offer(provider)), by=editor, now=now)
    file = actions.prepare_document(copy, pdf(), "Preise.pdf", by=editor, now=now)
    actions.submit(copy, lock_version=fresh(copy).lock_version, by=editor, now=now)
    with pytest.raises(Refused, match="Die Redaktion prüft das gerade"):
        actions.prepare_document(copy, pdf(b"2"), "Mehr.pdf", by=editor, now=now)
    with pytest.raises(Refused, match="Die Redaktion prüft das gerade"):
        actions.remove_document(file, by=editor, now=now)
    actions.remove_document(file, by=HARVEST, now=now)


def test_what_is_dropped_takes_its_documents_along(solution, provider, editor, now):
    copy = actions.begin_offer(solution, organisation=provider, by=editor, now=now)
    actions.prepare_document(copy, pdf(), "Preise.pdf", by=editor, now=now)
    actions.drop(copy, lock_version=fresh(copy).lock_version, by=editor, now=now)
    assert StoredFile.objects.get().state == "removed"


def test_what_law_obliges_to_erase_takes_its_documents_along(solution, offer, editor, now):
    actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    actions.erase(solution, reason="Art. 17 DSGVO", by=HARVEST, now=now)
    assert (StoredFile.objects.get().state, StoredFile.objects.get().name) == ("removed", "")


def test_a_change_of_an_offer_has_no_documents_of_its_own(offer, provider, editor, now):
    copy = actions.begin_change(offer, organisation=provider, by=editor, now=now)
    with pytest.raises(Refused, match="beim Angebot selbst"):
        actions.prepare_document(copy, pdf(), "Preise.pdf", by=editor, now=now)


def test_beside_a_withdrawn_offer_nothing_more_is_put(offer, editor, now):
    file = actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    actions.withdraw_offer(offer, reason="Schluss.", by=editor, now=now)
    with pytest.raises(Refused, match="zurückgezogen"):
        actions.add_document(offer, pdf(b"2"), "Mehr.pdf", by=editor, now=now)
    actions.remove_document(file, by=editor, now=now)


def test_each_party_adds_its_own_and_removes_no_others(offer, editor, competitor, member_of, now):
    Offer.objects.filter(pk=offer.pk).update(operator=competitor)
    partner = member_of("provider_editor", competitor)
    first = actions.add_document(offer, pdf(), "Preise.pdf", by=editor, now=now)
    second = actions.add_document(offer, pdf(b"2"), "Betrieb.pdf", by=partner, now=now)
    assert second.owner == competitor.public_id
    with pytest.raises(Refused, match="einer anderen Organisation"):
        actions.remove_document(first, by=partner, now=now)
    actions.remove_document(second, by=partner, now=now)
    assert all_documents_about("offer", offer.public_id) == [first]
