"""A question answered by words and by meaning: what a page says about it, and what counts as looked for in vain."""

import pytest

from allmende.catalogue.actions import withdraw
from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.retrieval.protocol import How, Matching
from allmende.search import asking, meaning
from allmende.search.actions import count_misses, note_miss, rebuild, refresh
from allmende.search.models import Miss
from allmende.search.queries import MeaningLate, Question, SearchUnavailable, explain, find
from tests.search.thesaurus import away

ANYBODY = Actor.anonymous()
STAFF = Actor("person", "redaktion0", frozenset({("catalogue_editor", None)}))


def names(page):
    return [hit.card.solution.name for hit in page.hits]


@pytest.fixture
def filled(publish, thesaurus):
    """One entry about holes in the road, and many about other things, so that near can be told from far."""
    entries = {"melder": publish("Melder", summary="Schlagloch Fahrbahn")}
    for number, text in enumerate(("Linde Eiche", "Rechnung Kasse", "Urne Wahl", "Buch Regal", "Kanne Tee")):
        entries[text] = publish(f"Anderes {number}", summary=text)
    run_all()
    meaning.here()
    return entries


def test_what_shares_no_word_is_found_by_meaning_and_the_page_counts_it(filled):
    page = find(Question(text="Gehsteig"), ANYBODY)

    assert names(page)[0] == "Melder"
    assert [hit.by_meaning for hit in page.hits] == [True] * len(page.hits)
    assert page.by_meaning == len(page.hits) == page.total
    assert page.is_lasting


def test_letters_that_the_model_does_not_read_find_nothing_by_meaning(filled, thesaurus, monkeypatch):
    monkeypatch.setattr(thesaurus, "reads", lambda text: "xq" not in text, raising=False)
    thesaurus.asked.clear()
    page = find(Question(text="Gehsteig xqvw"), ANYBODY)

    assert (page.total, page.is_lasting, page.is_miss, thesaurus.asked) == (0, True, True, [])
    assert find(Question(text="Gehsteig"), ANYBODY).total > 0


def test_what_the_vocabulary_knows_is_language_however_it_looks(filled, thesaurus, monkeypatch):
    monkeypatch.setattr(thesaurus, "reads", lambda text: False, raising=False)
    thesaurus.asked.clear()
    find(Question(text="ÖPNV"), ANYBODY)

    assert thesaurus.asked == ["ÖPNV"]


def test_what_has_the_word_is_not_by_meaning(filled):
    page = find(Question(text="Schlagloch"), ANYBODY)

    assert (names(page)[0], page.hits[0].by_meaning, page.is_miss) == ("Melder", False, False)


def test_whether_words_found_nothing_is_decided_by_all_hits_and_not_by_those_of_a_page(filled, monkeypatch):
    """The best two may lie near in meaning while the word stands further down."""
    monkeypatch.setattr(asking, "PAGE_SIZE", 1)
    pages = [find(Question(text="Schlagloch Gehsteig", page=number), ANYBODY) for number in (1, 2)]

    assert [page.by_words for page in pages] == [1, 1]
    assert [page.is_miss for page in pages] == [False, False]
    assert find(Question(text="Gehsteig"), ANYBODY).by_words == 0


def test_filters_narrow_what_lies_near_as_well(filled):
    page = find(Question(text="Gehsteig", choices={"licence": ["MIT"]}), ANYBODY)

    assert (page.total, page.is_miss) == (0, True)


def test_what_was_withdrawn_a_moment_ago_is_not_found_although_its_vector_is_still_there(filled, now):
    withdraw(filled["melder"], reason="Fehler", by=STAFF, now=now)
    refresh("solution", [filled["melder"].public_id])

    assert "Melder" not in names(find(Question(text="Gehsteig"), ANYBODY))


def test_hits_by_meaning_alone_are_counted_as_looked_for_in_vain_and_as_near(filled, now):
    assert note_miss(find(Question(text="Gehsteig"), ANYBODY), now=now)
    assert not note_miss(find(Question(text="Schlagloch"), ANYBODY), now=now)
    count_misses(now=now)

    assert list(Miss.objects.values_list("text", "count", "near")) == [("gehsteig", 1, 1)]


# Why it stands there


def test_an_explanation_quotes_the_passage_that_lies_nearest(filled, publish):
    tea = " ".join(f"Kanne Tee Nummer {number}." for number in range(40))
    holes = " ".join("Loch Gehsteig" for _ in range(60))
    long = publish("Lang", summary=f"{tea}\n{holes}.")
    run_all()
    why = explain(Question(text="Schlagloch Fahrbahn"), long.public_id, ANYBODY)

    assert why.nearest == " ".join(["Loch", "Gehsteig"] * 13)[: -len(" Gehsteig")] + " …"
    assert explain(Question(text="Schlagloch"), filled["melder"].public_id, ANYBODY).nearest == (
        "Schlagloch Fahrbahn"
    )


def test_without_meaning_nothing_is_quoted(publish):
    melder = publish("Mängelmelder", summary="Schäden melden")
    rebuild()

    assert explain(Question(text="Schäden"), melder.public_id, ANYBODY).nearest == ""


def test_an_explanation_without_the_meaning_that_came_late_is_not_to_be_kept(filled, thesaurus):
    thesaurus.fault = away()
    melder = filled["melder"].public_id

    why = explain(Question(text="Schlagloch"), melder, ANYBODY)
    assert (why.is_lasting, why.nearest, why.explanation.similarity) == (False, "", None)
    with pytest.raises(MeaningLate):
        explain(Question(text="Gehsteig"), melder, ANYBODY)


def test_an_explanation_with_meaning_in_time_may_be_kept(filled):
    assert explain(Question(text="Gehsteig"), filled["melder"].public_id, ANYBODY).is_lasting


def test_an_explanation_names_words_fields_and_the_card(filled):
    why = explain(Question(text="Schlagloch"), filled["melder"].public_id, ANYBODY)

    assert why.card.solution == filled["melder"]
    assert (why.explanation.rank, why.explanation.missing) == (1, ())
    word = next(one for one in why.explanation.evidence if one.how is How.WORD)
    assert (word.asked, [why.fields[field] for field in word.fields]) == ("Schlagloch", ["Kurzbeschreibung"])
    assert why.explanation.similarity is not None


def test_an_explanation_has_the_place_that_the_page_shows(filled):
    question = Question(text="Schlagloch Kasse")
    page = find(question, ANYBODY)
    ranks = [explain(question, hit.card.solution.public_id, ANYBODY).explanation.rank for hit in page.hits]

    assert ranks == list(range(1, len(page.hits) + 1))
    assert page.total == explain(question, page.hits[0].card.solution.public_id, ANYBODY).explanation.total


def test_a_synonym_says_whose_it_is(publish):
    place = publish("Platzvergabe", summary="Plätze in der Kindertagesstätte")
    rebuild()
    why = explain(Question(text="Kita"), place.public_id, ANYBODY)

    synonym = next(one for one in why.explanation.evidence if one.how is How.SYNONYM)
    assert (synonym.asked, synonym.source) == ("Kita", "Kindertagesstätte")


def test_what_is_not_found_not_there_or_not_visible_has_no_explanation(filled, publish, now):
    hidden = publish("Verborgen", summary="Schlagloch")
    withdraw(hidden, reason="Fehler", by=STAFF, now=now)

    question = Question(text="Schlagloch", choices={"licence": ["MIT"]})
    assert explain(question, filled["melder"].public_id, ANYBODY) is None
    assert explain(Question(text="Schlagloch"), hidden.public_id, ANYBODY) is None
    assert explain(Question(text="Schlagloch"), "0000000000", ANYBODY) is None


def test_an_explanation_leaves_out_the_words_that_the_page_leaves_out(publish):
    melder = publish("Mängelmelder")
    rebuild()
    alone = find(Question(text="kostenlos"), ANYBODY)

    assert alone.matching is Matching.NOTHING_ASKED
    assert explain(Question(text="Mängelmelder gratis"), melder.public_id, ANYBODY).explanation.rank == 1


def test_without_an_index_there_is_no_explanation(publish):
    solution = publish("Mängelmelder")

    with pytest.raises(SearchUnavailable):
        explain(Question(text="Mängelmelder"), solution.public_id, ANYBODY)


def test_an_explanation_costs_few_queries(filled, django_assert_max_num_queries):
    explain(Question(text="Schlagloch"), filled["melder"].public_id, ANYBODY)
    with django_assert_max_num_queries(16):
        explain(Question(text="Schlagloch"), filled["melder"].public_id, ANYBODY)
