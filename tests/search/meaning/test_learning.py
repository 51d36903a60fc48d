"""Vectors follow the words: worked out beside everything else, swept when nothing needs them."""

from datetime import timedelta

import numpy as np

from allmende.catalogue.actions import withdraw
from allmende.jobs.actions import run_all
from allmende.journal.queries import version
from allmende.search import meaning
from allmende.search.actions import learn, place_again, rebuild, refresh, sweep_embeddings
from allmende.search.actions import meaning as learning
from allmende.search.embeddings import packed, unpacked
from allmende.search.models import Embedding, Unplaced
from allmende.search.queries import Question, find
from allmende.search.verifying import Verdict, verify
from tests.search.meaning.placing import ANYBODY, STAFF, ids, placed, refresh_with_index
from tests.search.thesaurus import direction


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
