"""A question and its vector: nobody waits for it, and nothing is worked out twice."""

import threading

import pytest

from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.meaning import LATE
from allmende.search.queries import Question, find, state
from tests.search.meaning.placing import ANYBODY, ids
from tests.search.thesaurus import away


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
