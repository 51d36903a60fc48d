"""Words that are no topic but a filter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.actors import Actor
from allmende.search.actions import rebuild
from allmende.search.hints import hints_in, without
from allmende.search.labels import known
from allmende.search.queries import Question, find

ANYBODY = Actor.anonymous()


def led_to(text, **choices):
    return [(hint.facet, hint.code, hint.typed) for hint in hints_in(text, known(), choices)]


@pytest.fixture
def vocabulary(source):
    return None


@pytest.mark.parametrize(
    "word", ["kostenlos", "gratis", "kostenfreie", "Umsonst", "ohne Lizenzkosten", "frei"]
)
def test_what_costs_nothing_leads_to_the_price(vocabulary, word):
    assert led_to(f"Mängelmelder {word}") == [("price", "free_oss", word)]


@pytest.mark.parametrize("word", ["Open Source", "open-source", "quelloffen"])
def test_open_source_is_a_price_and_a_way_of_running_it(vocabulary, word):
    assert led_to(word) == [("delivery", "self_hosted_oss", word), ("price", "free_oss", word)]


def test_the_cloud_is_a_way_of_running_it(vocabulary):
    assert led_to("Raumbuchung in der Cloud") == [("delivery", "saas_provider", "in der Cloud")]
    assert led_to("SaaS") == [("delivery", "saas_provider", "SaaS"), ("delivery", "saas_public", "SaaS")]


def test_a_short_word_in_another_form_is_another_word(vocabulary):
    assert led_to("freie Parkplätze") == []


def test_words_of_topics_and_other_filters_lead_nowhere(vocabulary):
    assert led_to("Mängelmelder für die Verwaltung mit Förderung") == []


def test_what_is_chosen_already_is_not_offered(vocabulary):
    assert led_to("kostenlos", price=("free_oss",)) == []
    assert led_to("SaaS", delivery=("saas_provider",)) == [("delivery", "saas_public", "SaaS")]


def test_a_hint_says_what_the_offer_is_and_what_is_left_of_the_question(vocabulary):
    (hint,) = hints_in("Termine  kostenlos buchen", known(), {})

    assert (hint.label, hint.sentence, hint.text_without) == (
        "Ohne Lizenzkosten (Open Source)",
        "Nur zeigen, was ohne Lizenzkosten zu haben ist",
        "Termine buchen",
    )


def test_at_most_four_hints(vocabulary):
    assert len(led_to("SaaS Open Source lokal gratis kostenlos")) == 4


@pytest.mark.parametrize("text", ["", "\x00", "der die das", "(" * 10_000, "kostenlos " * 2_000])
def test_any_text_will_do(vocabulary, text):
    assert len(led_to(text)) <= 4


def test_small_words_go_with_the_phrase_they_belong_to(vocabulary):
    (hint,) = hints_in("Raumbuchung in der Cloud für Vereine", known(), {})

    assert hint.text_without == "Raumbuchung für Vereine"


@pytest.mark.parametrize(
    ("places", "left"),
    [
        ([], "frei und frei"),
        ([(0, 4)], "und frei"),
        ([(9, 13)], "frei und"),
        ([(0, 4), (9, 13)], "und"),
        ([(0, 8), (5, 13)], ""),
        ([(0, 13), (5, 8)], ""),
    ],
)
def test_pieces_are_taken_out_where_they_stand(places, left):
    assert without("frei und frei", places) == left


@given(st.text("aß İ", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_what_is_left_is_what_stands_outside_of_all_places(text, places):
    kept = "".join(" " if any(a <= at < b for a, b in places) else sign for at, sign in enumerate(text))
    inside = [(min(a, len(text)), min(b, len(text))) for a, b in places if a < b]

    assert without(text, inside) == " ".join(kept.split())


def test_the_word_found_is_taken_out_and_not_the_same_letters_in_another(vocabulary):
    (hint,) = hints_in("Cloudspeicher Cloud", known(), {})

    assert (hint.typed, hint.text_without) == ("Cloud", "Cloudspeicher")


def test_letters_that_are_two_when_folded_move_nothing(vocabulary):
    (hint,) = hints_in("Straße in der Cloud", known(), {})

    assert (hint.typed, hint.text_without) == ("in der Cloud", "Straße")


def test_letters_that_are_two_when_folded_move_nothing_on_the_page_either(publish):
    publish("Straße sperren")
    rebuild()
    page = find(Question(text="Cloudstraße straße sperren cloud"), ANYBODY)

    assert page.hints[0].text_without == "Cloudstraße straße sperren"


def test_with_words_that_only_filter_the_rest_is_searched_where_nothing_has_them(publish):
    publish("Mängelmelder", summary="Schäden melden")
    publish("Parkplatzkarte")
    rebuild()

    alone = find(Question(text="kostenlos"), ANYBODY)
    beside = find(Question(text="Mängelmelder gratis"), ANYBODY)

    assert (alone.total, alone.left_out, alone.is_miss) == (2, ["kostenlos"], False)
    assert [(hint.facet, hint.text_without) for hint in alone.hints] == [("price", "")]
    assert [hit.card.solution.name for hit in beside.hits] == ["Mängelmelder"]
    assert [hint.text_without for hint in beside.hints] == ["Mängelmelder"]


def test_where_nothing_is_found_without_them_either_nothing_was_left_out(publish):
    publish("Mängelmelder")
    rebuild()
    page = find(Question(text="Xylophon gratis"), ANYBODY)

    assert (page.total, page.left_out, page.is_miss) == (0, (), True)
