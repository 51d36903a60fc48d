"""From a question to hits: words, synonyms, facets, orders, and what happens without an index."""

from datetime import timedelta

import pytest

from allmende.lib.actors import Actor
from allmende.search.actions import rebuild
from allmende.search.queries import Question, SearchUnavailable, find, suggestions

ANYBODY = Actor.anonymous()


def names(question):
    return [hit.card.solution.name for hit in find(question, ANYBODY).hits]


def counts(page, facet):
    values = next(each.values for each in page.facets if each.code == facet)
    return {value.label: value.count for value in values if value.count}


@pytest.fixture
def three(publish):
    publish(
        "Schadensmeldung", summary="Schlaglöcher melden", solution_types=("maengelmelder",), licence="MIT"
    )
    publish("Parkplatzkarte", summary="Freie Parkplätze", fields_of_action=("mobilitaet",), licence="MIT")
    publish("Baumkataster", summary="Bäume und Straßen", fields_of_action=("umwelt_klima",))
    rebuild()


def test_a_word_is_found_in_another_form_and_spelling(three):
    assert names(Question(text="Baum")) == ["Baumkataster"]
    assert names(Question(text="Baeume")) == ["Baumkataster"]


def test_a_synonym_of_the_vocabulary_finds_what_never_uses_the_word(three):
    assert names(Question(text="Mängelmelder")) == ["Schadensmeldung"]


def test_filters_within_a_facet_widen_and_across_facets_narrow(three):
    both = Question(choices={"field": ["mobilitaet", "umwelt_klima"]}, order="name")
    assert names(both) == ["Baumkataster", "Parkplatzkarte"]
    assert names(Question(choices={"field": ["mobilitaet", "umwelt_klima"], "licence": ["MIT"]})) == [
        "Parkplatzkarte"
    ]


def test_a_facets_own_choice_does_not_shrink_its_other_counts(three):
    page = find(Question(choices={"licence": ["MIT"]}), ANYBODY)

    assert counts(page, "licence") == {"MIT": 2, "keine Angabe": 1}
    assert counts(page, "field") == {"Mobilität & Verkehr": 1, "keine Angabe": 1}


def test_what_is_not_stated_can_be_chosen_and_is_no_no(three):
    assert names(Question(choices={"licence": ["unstated"]})) == ["Baumkataster"]


def test_without_a_word_german_entries_come_first_and_the_youngest_before_older_ones(publish, now):
    publish("Old but German", summary="Alt", at=now)
    publish("Vecchio", summary="Nuovo", language="it", at=now + timedelta(days=9))
    publish("Young and German", summary="Neu", at=now + timedelta(days=5))
    rebuild()

    assert names(Question()) == ["Young and German", "Old but German", "Vecchio"]


def test_names_sort_as_in_a_german_dictionary(publish):
    for name in ("Zebra", "Äpfel", "Ampel", "Öl", "Ofen"):
        publish(name)
    rebuild()

    assert names(Question(order="name")) == ["Ampel", "Äpfel", "Ofen", "Öl", "Zebra"]


def test_a_page_beyond_the_last_is_the_last(three):
    page = find(Question(page=99), ANYBODY)

    assert (page.page, page.pages, page.total, len(page.hits)) == (1, 1, 3, 3)


def test_unknown_facets_values_and_orders_are_left_out_and_not_refused(three):
    page = find(Question(choices={"nonsense": ["x"], "licence": ["unheard-of"]}, order="paid"), ANYBODY)

    assert (page.total, page.question.order) == (0, "paid")


def test_without_an_index_search_says_so_and_suggestions_know_the_vocabulary_alone(source):
    with pytest.raises(SearchUnavailable):
        find(Question(text="Baum"), ANYBODY)
    assert [(one.kind, one.text) for one in suggestions("Bauhof")] == [
        ("type", "Bauhof, Fuhrpark & Inventar")
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_however_many_hits_a_page_costs_the_same_queries(publish, number, django_assert_num_queries):
    for place in range(number):
        publish(f"Lösung {place}", summary="Etwas", fields_of_action=("mobilitaet",))
    rebuild()
    find(Question(), ANYBODY)

    with django_assert_num_queries(4):
        find(Question(text="Lösung"), ANYBODY)
