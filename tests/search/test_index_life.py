"""The index follows the catalogue, repairs itself, and can be compared with the database."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from allmende.catalogue.actions import erase, merge, withdraw
from allmende.catalogue.models import Solution
from allmende.jobs.actions import enqueue_at_start, run_all
from allmende.jobs.queries import waiting
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.retrieval import dictionary
from allmende.retrieval.directory import Home
from allmende.retrieval.protocol import IndexBusy, WriteFailed
from allmende.search import engine, follow, tasks
from allmende.search.actions import rebuild, refresh, tend
from allmende.search.engine import index
from allmende.search.queries import Question, SearchUnavailable, find, suggestions
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
    erase(erased, reason="Urteil", by=Actor.program("search"), now=now)
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


@pytest.fixture
def words(tmp_path):
    """Write the operator's list of words anew, as a restart with another list would read it."""
    before = dictionary.in_use()

    def write(*lines):
        file = tmp_path / "words.txt"
        file.write_text("\n".join(lines))
        dictionary.use(file, before[1])
        engine.forget()

    yield write
    dictionary.use(*before)


def test_a_changed_list_of_words_is_noticed_and_the_index_made_anew_beside_the_old_one(publish, words):
    publish("Quarkstrudelzubereitung")
    rebuild()
    assert (tend(), total("Quarkstrudelzubereitung")) == ("", 1)

    words("Quarkstrudel = Quark + Strudel", "Zubereitung")
    assert index().stats().needs_rebuild == "made with another analyser"
    assert total("Quarkstrudelzubereitung") == 1
    publish("Später gekommen")
    run_all()

    assert total("Später gekommen") == 1
    assert (index().stats().needs_rebuild, tend()) == ("", "")
    assert verify() == AGREED


def test_a_change_goes_into_the_old_index_while_a_new_one_is_made(publish, words, monkeypatch):
    """The one who follows the journal does not wait for the rebuild: it only asks for one."""
    first = publish("Erste")
    rebuild()
    words("Quarkstrudel = Quark + Strudel")
    asked = []
    monkeypatch.setattr(follow, "enqueue", asked.append)
    publish("Zweite")
    follow.index_again(list(history("solution", first.public_id)))
    refresh("solution", [Solution.objects.get(name="Zweite").public_id])

    assert (total("Zweite"), asked) == (1, ["allmende.search.tasks.tend"])


def test_a_broken_index_is_repaired_by_the_next_look(publish, settings):
    publish("Eine Lösung")
    rebuild()
    for file in settings.SEARCH_INDEX_DIR.glob("g-*/meta.json"):
        file.write_text("{")
    engine.forget()

    with pytest.raises(SearchUnavailable):
        total()
    assert suggestions("Eine Lö") == []
    tasks.tend.enqueue()
    run_all()
    assert total() == 1


def test_while_somebody_else_rebuilds_the_look_leaves_it_to_them(source, settings):
    with Home(settings.SEARCH_INDEX_DIR).rebuilding():
        tasks.tend.call()
    with pytest.raises(SearchUnavailable):
        total()
    tasks.tend.call()
    assert total() == 0


def test_what_a_worker_does_first_is_to_look_after_index_and_vectors(settings, source):
    look, learn = settings.JOBS_AT_START
    assert enqueue_at_start(["harvest", "meaning"]) == [learn]
    assert enqueue_at_start(["default", "index"]) == [look]


def test_no_change_waits_until_an_index_is_made_anew_and_no_harvest_delays_the_look(publish, words):
    publish("Eine Lösung")
    rebuild()
    words("Quarkstrudel = Quark + Strudel")
    tasks.tend.call()

    assert index().stats().needs_rebuild == "made with another analyser"
    queues = {job.task_path: job.queue_name for job in waiting().filter(task_path__contains=".search.")}
    assert queues["allmende.search.tasks.renew"] == "meaning"
    assert (tasks.tend.queue_name, tasks.rebuild.queue_name) == ("default", "meaning")
    run_all()
    made = index().generation()
    tasks.renew.call()
    assert (index().stats().needs_rebuild, index().generation()) == ("", made)


@pytest.mark.parametrize(
    ("fault", "says"),
    [(IndexBusy("held"), "Ein anderer Vorgang schreibt"), (WriteFailed("No space left"), "No space left")],
)
def test_the_command_says_what_is_in_the_way(publish, monkeypatch, fault, says):
    publish("Eine Lösung")
    rebuild()

    def fail(*_):
        raise fault

    monkeypatch.setattr(index(), "rebuild", fail)
    with pytest.raises(CommandError, match=says):
        call_command("index", "rebuild")
    assert total() == 1
