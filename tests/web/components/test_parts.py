"""Addresses, paging, facets and the places of dots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.web.components.parts import (
    MAP_HEIGHT,
    MAP_WIDTH,
    Bar,
    BarChart,
    Facet,
    Field,
    Option,
    Paging,
    address,
    address_without,
    project,
)
from allmende.web.components.templatetags.components import facet_options

QUERY = {"q": ["mängel"], "feld": ["verkehr", "energie"], "seite": ["3"]}


def test_an_address_keeps_what_is_not_changed() -> None:
    assert address("/suche", QUERY, seite="4") == "/suche?q=m%C3%A4ngel&feld=verkehr&feld=energie&seite=4"


def test_a_chip_leads_to_the_same_search_without_its_filter_on_the_first_page() -> None:
    assert address_without("/suche", QUERY, "feld", "verkehr") == "/suche?q=m%C3%A4ngel&feld=energie"


def test_an_address_without_parameters_has_no_question_mark() -> None:
    assert address_without("/suche", {"feld": ["x"]}, "feld", "x") == "/suche"


def test_the_first_page_has_nothing_before_it() -> None:
    paging = Paging.of("/suche", {}, 1, 3)
    assert (paging.previous, paging.next) == (None, "/suche?seite=2")
    assert paging.links == [(1, "/suche"), (2, "/suche?seite=2"), (3, "/suche?seite=3")]


@given(st.integers(1, 500).flatmap(lambda pages: st.tuples(st.integers(1, pages), st.just(pages))))
def test_paging_always_reaches_both_ends_and_both_neighbours(place: tuple[int, int]) -> None:
    page, pages = place
    numbers = [link[0] for link in Paging.of("/x", {}, page, pages).links if link]
    assert numbers == sorted({n for n in (1, page - 1, page, page + 1, pages) if 1 <= n <= pages})


def test_a_gap_stands_where_pages_are_left_out_and_nowhere_else() -> None:
    assert [link and link[0] for link in Paging.of("/x", {}, 5, 9).links] == [1, None, 4, 5, 6, None, 9]


def test_many_options_hide_behind_more_and_few_do_not() -> None:
    options = [Option(str(n), str(n)) for n in range(9)]
    assert [len(Facet.of("f", "F", options[:n]).more) for n in (6, 7, 8, 9)] == [0, 0, 2, 3]


def test_a_chosen_option_is_never_hidden() -> None:
    options = [Option(str(n), str(n), chosen=n == 8) for n in range(9)]
    assert Facet.of("f", "F", options).is_more_open


@pytest.mark.parametrize(
    ("hint", "error", "ids"),
    [("", "", ""), ("h", "", "x-hint"), ("", "e", "x-error"), ("h", "e", "x-hint x-error")],
)
def test_an_input_names_its_hint_and_its_error(hint: str, error: str, ids: str) -> None:
    assert Field("x", "x", "X", hint=hint, error=error).described_by == ids


def test_bars_are_drawn_against_the_longest() -> None:
    chart = BarChart("T", "Lösungen", [Bar("a", 40, "40"), Bar("b", 10, "10"), Bar("c", -1, "−1")])
    assert [length for _, length in chart.drawn] == [100.0, 25.0, 0.0]


def test_a_chart_of_nothing_can_be_drawn() -> None:
    assert BarChart("T", "Lösungen", [Bar("a", 0, "0")]).drawn[0][1] == 0


# The outermost Gemeinden: List, Oberstdorf, Selfkant, Neißeaue.
@pytest.mark.parametrize(
    ("longitude", "latitude"), [(8.43, 55.02), (10.28, 47.41), (5.92, 51.03), (15.03, 51.26)]
)
def test_all_of_germany_fits_on_the_map(longitude: float, latitude: float) -> None:
    x, y = project(longitude, latitude)
    assert 0 < x < MAP_WIDTH
    assert 0 < y < MAP_HEIGHT


def test_kiel_lies_north_of_leipzig_and_west() -> None:
    assert project(10.13, 54.32) < project(12.37, 51.34)


def test_a_filter_option_escapes_what_a_catalogue_may_hold() -> None:
    option = Option('a"b&<c>', "<b>fett</b>", 1234, chosen=True, hint="'so'")
    assert facet_options("lizenz", [option]) == (
        '<label class="am-option"><input type="checkbox" id="f-lizenz-a%22b%26%3Cc%3E" name="lizenz" '
        'value="a&quot;b&amp;&lt;c&gt;" checked><span>&lt;b&gt;fett&lt;/b&gt;'
        '<span class="am-tasks__hint">&#x27;so&#x27;</span></span>'
        '<span class="am-option__count">1.234<span class="am-hidden"> Treffer</span></span></label>'
    )


def test_a_filter_option_without_hits_says_so_and_one_without_count_says_nothing() -> None:
    drawn = facet_options("feld", [Option("a", "A", 0), Option("b", "B")])
    assert drawn == (
        '<label class="am-option am-option--none"><input type="checkbox" id="f-feld-a" name="feld" value="a">'
        '<span>A</span><span class="am-option__count">0<span class="am-hidden"> Treffer</span></span></label>'
        '<label class="am-option"><input type="checkbox" id="f-feld-b" name="feld" value="b"><span>B</span></label>'
    )
