"""Full disks and second writers."""

import errno

from allmende.jobs.actions import run_all
from allmende.retrieval.directory import Home
from allmende.retrieval.meaning import vectors, vectors_disk
from allmende.search import meaning
from allmende.search.actions import learn, refresh
from allmende.search.models import Unplaced
from allmende.search.queries import Question, find
from allmende.search.verifying import Verdict, verify
from tests.search.meaning.placing import ANYBODY, ids, placed


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
