"""Other words from the vocabulary, and which not."""

import pytest

from allmende.lib.actors import Actor
from allmende.retrieval.protocol import Alternative
from allmende.retrieval.text import query_tokens
from allmende.search.actions import rebuild
from allmende.search.labels import known
from allmende.search.queries import Question, find
from allmende.search.synonyms import MOST, alternatives
from allmende.vocabulary.actions import add_term, end_term
from allmende.vocabulary.drafts import TermDraft

PROGRAM = Actor.program("operator")


def instead(text):
    return [one.instead for one in alternatives(text, known())]


@pytest.fixture
def vocabulary(source):
    return None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kita", "Kindertagesstätte"),
        ("Perso", "Personalausweis"),
        ("Knöllchen", "Verwarnungsgeld"),
        ("Ratsinfo", "Ratsinformationssystem"),
        ("Betriebshof", "Bauhof"),
        ("Schlaglöcher", "Straßenschaden"),
        ("ÖPNV", "öffentlicher Nahverkehr"),
        ("Bus und Bahn", "ÖPNV"),
        ("elektronische Akte", "E-Akte"),
    ],
)
def test_a_word_of_everyday_life_stands_for_that_of_the_administration(vocabulary, typed, meant):
    assert meant in instead(f"{typed} verwalten")


def test_words_that_mean_the_same_stand_for_each_other_and_say_whose_they_are(vocabulary):
    assert alternatives("die Kita", known())[:2] == (
        Alternative("Kita", "Kindertagesstätte", "Kindertagesstätte"),
        Alternative("Kita", "Kindergarten", "Kindertagesstätte"),
    )


def test_a_search_word_stands_for_the_name_and_for_no_other_search_word(vocabulary):
    assert instead("Anliegenmelder") == ["Mängelmelder"]


def test_a_name_stands_for_the_first_of_its_search_words(vocabulary):
    assert instead("Mängelmelder") == [
        "Schadensmelder",
        "Schadenmelder",
        "Anliegenmelder",
        "Schlaglochmelder",
        "Bürgermelder",
        "Sag's uns",
        "Störungsmeldung",
    ]


def test_a_phrase_of_which_one_small_word_is_left_stands_for_nothing(vocabulary):
    assert instead("Wer kann mir sagen") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kitaplatz", "Kindertagesstätte platz"),
        ("Bauhofleitung", "Betriebshof leitung"),
        ("Schlaglochkarte", "Straßenschaden karte"),
        ("Kitas", "Kindertagesstätte"),
    ],
)
def test_in_a_compound_one_part_gives_way_and_the_others_stay(vocabulary, typed, meant):
    assert meant in instead(typed)


def test_a_compound_that_the_vocabulary_knows_is_not_taken_apart(vocabulary):
    assert all(" " not in one for one in instead("Ratsinformationssystem"))


@pytest.mark.parametrize("text", ["Karte", "Sprache", "Ausbildung", "Parken", "Statistik", "Zählung"])
def test_a_simple_word_means_more_than_a_kind_of_solution(vocabulary, text):
    assert [one for one in alternatives(text, known()) if one.source != one.instead] == []


def test_a_label_that_is_a_list_names_a_shelf_and_not_a_thing(vocabulary):
    assert instead("Baumkontrollen") == []
    assert instead("Funksensoren") == []


def test_what_belongs_to_a_field_of_action_is_no_synonym(vocabulary):
    assert instead("Forschung") == []


def test_no_alternative_repeats_what_was_typed(vocabulary):
    for text in ("Sensor", "Chatbot", "Kita", "Mängelmelder", "Parkplatz", "DMS"):
        typed = [token.word for token in query_tokens(text)]
        assert [one for one in instead(text) if [t.word for t in query_tokens(one)] == typed] == []


def test_at_most_twelve(vocabulary):
    assert len(instead("Kita Perso Knöllchen Ratsinfo Bauhof Mängelmelder Chatbot Dashboard")) == MOST


@pytest.mark.parametrize("text", ["", "\x00\ud800", "und oder", "Kita " * 3_000, '"((('])
def test_any_text_will_do(vocabulary, text):
    assert len(instead(text)) <= MOST


def test_an_operators_own_words_hold_at_once_and_end(vocabulary, now):
    draft = TermDraft(
        code="gieskanne", label="Gießkanne", definition="Etwas.", synonyms=("Sprenger",), order=0
    )
    add_term(draft, scheme="search_words", by=PROGRAM, now=now)
    assert instead("Sprenger") == ["Gießkanne"]

    end_term("search_words", "gieskanne", by=PROGRAM, now=now)
    assert instead("Sprenger") == []


def test_narrower_terms_are_found_by_the_wider_one(vocabulary, now):
    draft = TermDraft(
        code="baumelder",
        label="Baumelder",
        definition="Etwas.",
        synonyms=(),
        order=0,
        broader="maengelmelder",
    )
    add_term(draft, scheme="solution_type", by=PROGRAM, now=now)

    assert instead("Mängelmelder")[0] == "Baumelder"
    assert "Mängelmelder" not in instead("Baumelder")


def test_what_says_it_in_two_other_words_is_found_by_a_compound(publish):
    publish("Vergabe", summary="Ein Platz in der Kindertagesstätte")
    publish("Anderes", summary="Ein Platz im Freien")
    rebuild()
    page = find(Question(text="Kitaplatz"), Actor.anonymous())

    assert next(hit.card.solution.name for hit in page.hits) == "Vergabe"


def test_what_has_the_other_word_only_is_found_behind_what_has_the_word(publish):
    publish("Platzvergabe", summary="Plätze in der Kindertagesstätte")
    publish("Kita-Planer", summary="Kita und Plätze")
    publish("Anderes", summary="Etwas")
    rebuild()
    page = find(Question(text="Kita"), Actor.anonymous())

    assert [hit.card.solution.name for hit in page.hits] == ["Kita-Planer", "Platzvergabe"]


def test_parts_of_another_word_here_and_there_bring_nothing_far_off(publish):
    """The vocabulary has "Bürgermelder" for "Mängelmelder"; people and detectors alone are none."""
    publish("Meldeplattform", summary="Der Bürgermelder für Ihre Straße")
    publish("Altglas", summary="Jeder Bürger sieht, welcher Melder einen vollen Container anzeigt")
    publish("Überwachung", summary="Im Schlagloch liegt ein Melder")
    rebuild()

    page = find(Question(text="Mängelmelder"), Actor.anonymous())
    assert [hit.card.solution.name for hit in page.hits] == ["Meldeplattform"]
    assert find(Question(text="Bürgermelder"), Actor.anonymous()).total == 2
