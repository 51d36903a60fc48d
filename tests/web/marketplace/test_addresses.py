"""Query strings become questions, and a question has one address."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from allmende.retrieval.protocol import UNSTATED
from allmende.search.queries import LAST_PAGE
from allmende.web.marketplace.addresses import (
    FACETS,
    ORDERS,
    SearchAddress,
    choosing,
    clean,
    page_number,
    parameters_of,
)


def address(query: str) -> SearchAddress:
    """What a browser asks with this query string."""
    request = RequestFactory().get("/suche")
    request.META["QUERY_STRING"] = query
    return SearchAddress.of(parameters_of(request))


def test_an_empty_query_string_asks_for_everything_german_first() -> None:
    asked = address("")
    assert (asked.href, asked.question.text, asked.question.order, asked.question.page) == (
        "/suche",
        "",
        "front",
        1,
    )


def test_words_are_sorted_by_relevance_unless_somebody_chose() -> None:
    assert address("q=melder").question.order == "relevance"
    assert address("q=melder&sortierung=name").question.order == "name"
    assert address("q=der+die+das").question.order == "front"


def test_every_facet_and_order_has_its_german_word() -> None:
    query = "&".join(f"{name}=x" for name in FACETS.values())
    assert list(address(query).question.choices) == list(FACETS)
    assert {address(f"q=melder&sortierung={name}").question.order for name in ORDERS.values()} == set(ORDERS)


def test_what_is_usual_is_left_out_and_the_rest_has_one_order() -> None:
    tangled = address(
        "seite=1&lizenz=MIT&sortierung=relevanz&feld=b&q=+melder+&feld=a&feld=b&unbekannt=1&typ="
    )
    assert tangled.href == "/suche?q=melder&feld=a&feld=b&lizenz=MIT"


def test_other_words_keep_filters_and_order_and_begin_at_the_first_page() -> None:
    asked = address("q=meldr&feld=a&sortierung=name&seite=3").asking(" melder ")
    assert asked.href == "/suche?q=melder&feld=a&sortierung=name"
    assert address("q=der+die").asking("melder").href == "/suche?q=melder"
    assert address("q=melder").asking("").question.order == "front"


def test_one_choice_more_stands_where_its_facet_stands() -> None:
    asked = address("q=melder&lizenz=MIT&feld=b&seite=3")
    assert asked.choosing_also("type", "x").href == "/suche?q=melder&feld=b&typ=x&lizenz=MIT"
    assert asked.choosing_also("field", "a").href == "/suche?q=melder&feld=a&feld=b&lizenz=MIT"
    assert asked.choosing_also("field", "b").href == "/suche?q=melder&feld=b&lizenz=MIT"


def test_the_explanation_of_a_hit_keeps_the_whole_search() -> None:
    why = address("q=melder&feld=b&sortierung=name&seite=3").why("abcdefghij")
    assert why == "/suche/warum/abcdefghij?q=melder&feld=b&sortierung=name&seite=3"


def test_not_stated_is_written_in_german_and_read_back() -> None:
    asked = address("preis=keine-angabe")
    assert asked.choices == {"price": (UNSTATED,)}
    assert asked.href == "/suche?preis=keine-angabe"


def test_a_choice_taken_away_leads_to_the_first_page() -> None:
    asked = address("q=melder&feld=x&feld=y&land=09&seite=4")
    assert asked.without("field", "x").href == "/suche?q=melder&feld=y&land=09"
    assert asked.without("land", "09").href == "/suche?q=melder&feld=x&feld=y"
    assert asked.without_choices().href == "/suche?q=melder"


def test_another_order_is_named_only_where_it_is_not_the_usual_one() -> None:
    with_words, without = address("q=melder"), address("")
    assert [with_words.ordered_by(order).href for order in ORDERS] == [
        "/suche?q=melder",
        "/suche?q=melder&sortierung=name",
        "/suche?q=melder&sortierung=deutsch-zuerst",
        "/suche?q=melder&sortierung=neueste",
        "/suche?q=melder&sortierung=nutzung",
    ]
    assert [without.ordered_by(order).href for order in ORDERS] == [
        "/suche",
        "/suche?sortierung=name",
        "/suche",
        "/suche?sortierung=neueste",
        "/suche?sortierung=nutzung",
    ]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("", 1),
        ("0", 1),
        ("-3", 1),
        ("7", 7),
        ("1e3", 1),
        ("٣", 1),
        ("99999999999999999999", LAST_PAGE),
        ("2.5", 1),
    ],
)
def test_a_page_is_a_number_that_some_list_has(text: str, page: int) -> None:
    assert page_number(text) == page


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a\x00b", "a b"), ("  a \n b ", "a b"), ("\ud800x", "x"), ("ü\u202ex", "ü x"), ("\x00", "")],
)
def test_what_cannot_be_shown_is_left_out(given: str, kept: str) -> None:
    assert clean(given) == kept


def test_bytes_that_are_no_utf8_are_still_read() -> None:
    assert address("q=m%E4ngel").text == "m\ufffdngel"
    assert address("q=mängel".encode().decode("latin-1")).text == "mängel"


def test_thousands_of_parameters_are_cut_and_not_refused() -> None:
    assert len(address("&".join(f"feld={n}" for n in range(5_000))).choices["field"]) == 40


def test_a_choice_is_a_link() -> None:
    assert choosing("licence", "EPL-2.0 OR MIT") == "/suche?lizenz=EPL-2.0+OR+MIT"


@given(
    st.text(),
    st.lists(st.tuples(st.sampled_from([*FACETS.values(), "q", "sortierung", "seite", "x"]), st.text())),
)
def test_an_address_read_again_is_itself(raw: str, pairs: list[tuple[str, str]]) -> None:
    request = RequestFactory().get("/suche", data=pairs or {"q": raw})
    first = SearchAddress.of(parameters_of(request))
    query: Any = urlsplit(first.href).query
    again = address(query)
    assert again.href == first.href
    assert again.question == first.question
    assert set(parse_qs(query)) <= {*FACETS.values(), "q", "sortierung", "seite"}
