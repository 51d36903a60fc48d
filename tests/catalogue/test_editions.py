"""Editions never change; what law obliges to erase leaves a tombstone."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from allmende.catalogue.actions import erase, receive, restore, withdraw
from allmende.catalogue.drafts import ContactDraft
from allmende.catalogue.models import Contact, Edition, Solution
from allmende.catalogue.queries import citable, edition, editions, visible_to
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.canonical import digest
from allmende.lib.refusals import OutOfDate, Refused
from tests.catalogue.conftest import HARVEST


@pytest.fixture
def administrator(member_of):
    return member_of("operator_admin")


def test_an_edition_is_canonical_json_whose_hash_can_be_checked(solution):
    row = editions(solution).get()

    content = json.loads(row.content)
    assert digest(content) == row.digest
    assert (content["schema"], content["schema_version"], content["id"]) == (
        "allmende/solution",
        1,
        solution.public_id,
    )
    assert content["origins"]["licence"] == "hessen"


def test_an_edition_can_neither_be_changed_nor_deleted(solution):
    row = editions(solution).get()
    row.content = "{}"
    with pytest.raises(TypeError, match="never changed"):
        row.save()
    with pytest.raises(TypeError, match="never deleted"):
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=row.pk).update(content=None)


def test_an_earlier_edition_stays_as_it_was_when_the_solution_changes(solution, draft, hessen, now):
    before = edition(solution, 1).content
    receive(replace(draft, name="Neuer Name"), origin=hessen, key="a.yml", by=HARVEST, now=now)

    assert edition(solution, 1).content == before
    assert edition(solution, 2).content["name"] == "Neuer Name"
    assert edition(solution, 3) is None


def test_withdrawn_is_not_erased_the_page_goes_and_the_editions_stay(solution, administrator, now):
    withdraw(solution, reason="Bitte des Anbieters", by=administrator, now=now)

    assert list(visible_to(Actor.anonymous())) == []
    assert list(visible_to(administrator)) == [solution]
    assert list(citable()) == [solution]
    assert edition(solution, 1).content is not None
    assert [entry.kind for entry in history("solution", solution.public_id)] == [
        "catalogue.solution_withdrawn",
        "catalogue.solution_published",
    ]


def test_whoever_withdraws_gives_a_reason_and_has_the_right(solution, administrator, stranger, now):
    with pytest.raises(Refused, match="Nennen Sie den Grund"):
        withdraw(solution, reason=" ", by=administrator, now=now)
    with pytest.raises(Refused, match="Berechtigung"):
        withdraw(solution, reason="weg damit", by=stranger, now=now)
    with pytest.raises(Refused, match=r"Nur eine zurückgezogene Lösung|Aus „veröffentlicht“"):
        restore(solution, by=administrator, now=now)
    with pytest.raises(OutOfDate):
        withdraw(solution, reason="zu spät", by=administrator, now=now, lock_version=0)


def test_erased_means_contents_contacts_and_statements_are_gone_and_the_hash_remains(draft, hessen, now):
    named = replace(draft, contacts=(ContactDraft(name="Eine Person", email="person@example.org"),))
    solution = receive(named, origin=hessen, key="a", by=HARVEST, now=now).solution
    fingerprint = editions(solution).get().digest

    erase(solution, reason="Art. 17 DSGVO", by=HARVEST, now=now + timedelta(days=1))

    solution.refresh_from_db()
    tombstone = editions(solution).get()
    assert (solution.state, solution.name, Contact.objects.count()) == ("erased", "gelöscht", 0)
    assert (tombstone.content, tombstone.digest, tombstone.redaction_reason) == (
        None,
        fingerprint,
        "Art. 17 DSGVO",
    )
    assert solution.texts.count() == solution.terms.count() == 0
    values = str(Solution.objects.values().get(pk=solution.pk))
    assert "Mängelmelder" not in values
    assert "code.example.org" not in values


def test_nobody_erases_alone_and_nothing_without_a_reason(solution, member_of, administrator, now):
    for one in (member_of("catalogue_editor"), administrator):
        with pytest.raises(Refused, match="Berechtigung"):
            erase(solution, reason="Urteil", by=one, now=now)
    with pytest.raises(Refused, match="Rechtsgrundlage"):
        erase(solution, reason="", by=HARVEST, now=now)


def test_what_is_erased_never_comes_back(solution, administrator, now):
    erase(solution, reason="Urteil", by=HARVEST, now=now)

    with pytest.raises(Refused, match="Aus „gelöscht“"):
        withdraw(solution, reason="noch einmal", by=administrator, now=now)
    with pytest.raises(Refused, match="Aus „gelöscht“"):
        erase(solution, reason="noch einmal", by=HARVEST, now=now)
