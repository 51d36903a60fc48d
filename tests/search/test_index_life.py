"""The index follows the catalogue, repairs itself, and can be compared with the database."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from allmende.catalogue.actions import erase, merge, withdraw
from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.search.actions import rebuild
from allmende.search.engine import index
from allmende.search.queries import Question, find
from allmende.search.verifying import Verdict, verify

STAFF = Actor("person", "redaktion0", frozenset({("catalogue_editor", None), ("operator_admin", None)}))


AGREED = Verdict([])


def total(text=""):
    return find(Question(text=text), Actor.anonymous()).total


def test_a_published_change_is_found_once_the_worker_has_run(publish):
    rebuild()
    publish("Laubbläserverleih", summary="Geräte leihen")
    run_all()

    assert total("Laubbläserverleih") == 1
    assert verify() == AGREED


def test_without_an_index_the_first_change_builds_it(publish):
    publish("Erste Lösung")
    run_all()

    assert total() == 1


def test_what_is_withdrawn_merged_or_erased_leaves_the_index(publish, now):
    gone, twin, kept, erased = (publish(name) for name in ("Weg", "Zwilling", "Bleibt", "Recht"))
    rebuild()
    withdraw(gone, reason="Fehler", by=STAFF, now=now)
    merge(twin, into=kept, reason="dasselbe", by=STAFF, now=now + timedelta(minutes=1))
    erase(erased, reason="Urteil", by=STAFF, now=now)
    run_all()

    assert [hit.card.solution.name for hit in find(Question(), Actor.anonymous()).hits] == ["Bleibt"]
    assert verify() == AGREED


def test_verify_names_what_is_missing_outdated_and_too_much(publish):
    first = publish("Alte Lösung")
    rebuild()
    missing = publish("Neue Lösung")
    publish("Alte Lösung", summary="hat jetzt einen Text")
    index().put([])

    assert sorted(verify().differences) == sorted(
        [
            f"„Alte Lösung“ ({first.public_id}) steht veraltet im Suchindex.",
            f"„Neue Lösung“ ({missing.public_id}) fehlt im Suchindex.",
        ]
    )
    with pytest.raises(CommandError, match="2 Abweichungen"):
        call_command("index", "verify", stdout=io.StringIO())


def test_the_command_rebuilds_verifies_and_shows(publish):
    publish("Eine Lösung")
    said = io.StringIO()

    call_command("index", "rebuild", stdout=said)
    call_command("index", "verify", stdout=said)
    call_command("index", "status", stdout=said)

    lines = said.getvalue().splitlines()
    assert [lines[0], lines[2]] == [
        "1 Einträge stehen im Suchindex.",
        "Datenbank und Suchindex stimmen überein.",
    ]
    assert lines[3].startswith("1 Einträge, ")
    assert [lines[1], lines[-1]] == ["Gesucht wird nach Wörtern allein (ALLMENDE_EMBEDDINGS=none)."] * 2


def test_verify_without_an_index_says_what_to_type(source):
    with pytest.raises(CommandError, match="allmende index rebuild"):
        call_command("index", "verify")
