"""Entries whose meaning is still being worked out: what is said of one, and of many."""

import pytest

from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.search import lacking as states
from allmende.search import meaning
from allmende.search.lacking import Lacking, lacking, many_are_lacking
from allmende.search.models import MOST_FAILURES, Unplaced
from allmende.search.queries import Question, explain, find

ANYBODY = Actor.anonymous()


@pytest.fixture
def melder(publish, thesaurus):
    """One entry with its meaning, among others; the last one has none yet."""
    for number, text in enumerate(("Linde Eiche", "Rechnung Kasse", "Urne Wahl", "Buch Regal")):
        publish(f"Anderes {number}", summary=text)
    melder = publish("Melder", summary="Schlagloch Fahrbahn")
    run_all()
    meaning.here()
    return melder


def forget(solution, *failures):
    """As if it had just been published: found by its words, its vectors not there."""
    meaning.here().vectors.remove([solution.public_id])
    for count in failures:
        Unplaced.objects.create(kind="solution", entry=solution.public_id, failures=count)


@pytest.mark.parametrize(
    ("failures", "state"),
    [
        ((), Lacking.NOTHING),
        ((0,), Lacking.WAITING),
        ((MOST_FAILURES,), Lacking.GIVEN_UP),
        ((MOST_FAILURES, 0), Lacking.WAITING),
    ],
)
def test_an_entry_waits_until_it_has_failed_too_often(melder, failures, state):
    forget(melder, *failures)
    assert lacking(melder.public_id) is state


def test_the_explanation_says_that_the_entry_waits(melder):
    question = Question(text="Schlagloch")
    assert explain(question, melder.public_id, ANYBODY).lacks is Lacking.NOTHING

    forget(melder, 0)
    explained = explain(question, melder.public_id, ANYBODY)
    assert (explained.lacks, explained.explanation.similarity) == (Lacking.WAITING, None)


def test_an_old_similarity_that_still_counts_is_shown(melder):
    Unplaced.objects.create(kind="solution", entry=melder.public_id)
    explained = explain(Question(text="Schlagloch"), melder.public_id, ANYBODY)
    assert (explained.lacks, explained.explanation.similarity is None) == (Lacking.NOTHING, False)


def test_the_page_says_so_where_many_wait(melder, monkeypatch):
    monkeypatch.setattr(states, "MANY", 2)
    forget(melder, 0)
    assert not find(Question(text="Schlagloch"), ANYBODY).is_learning

    Unplaced.objects.create(kind="solution", entry="anderes", failures=MOST_FAILURES)
    assert not find(Question(text="Schlagloch"), ANYBODY).is_learning

    Unplaced.objects.create(kind="solution", entry="nochmehr")
    assert find(Question(text="Schlagloch"), ANYBODY).is_learning
    assert not find(Question(), ANYBODY).is_learning


def test_without_meaning_nothing_is_lacking_and_nothing_is_asked(db, settings, django_assert_num_queries):
    settings.SEARCH_EMBEDDINGS = "none"
    with django_assert_num_queries(0):
        assert (lacking("abcdefghij"), many_are_lacking()) == (Lacking.NOTHING, False)
