"""The search page."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.search import labels
from allmende.search.actions import rebuild
from allmende.vocabulary import queries as vocabulary
from allmende.web.marketplace.addresses import FACETS
from tests.factories.market import Market, more_solutions


def page(client: Client, address: str = "/suche", status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def names(html: str) -> list[str]:
    """Names of the hits in their order."""
    return re.findall(r'<h3 class="am-card__title"><a href="/loesungen/\w+">([^<]+)</a>', html)


def heading(html: str) -> str:
    found = re.search(r'id="anzahl" role="status">\s*<h2>(.*?)</h2>', html)
    assert found
    return found[1].replace("\xa0", " ")


def test_without_a_question_all_solutions_are_there(client: Client, market: Market) -> None:
    html = page(client)
    assert sorted(names(html)) == ["Mängelmelder", "Potholes", "Raumbuchung"]
    assert heading(html) == "3 Lösungen"
    assert (
        "Zuerst Einträge mit deutschem Text, weil Sie kein Suchwort eingegeben haben: Das Neueste steht oben."
        in html
    )


def test_words_find_what_has_them_in_any_inflection(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=meldet+Schaden")
    assert names(html) == ["Mängelmelder"]
    assert heading(html) == "1 Lösung zu „meldet Schaden“"
    assert "<mark>melden</mark>" in html
    assert "weil Sie nach Wörtern suchen: Was am besten passt, steht oben." in html


def test_a_hit_leads_to_why_it_is_there_with_the_whole_search(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=raum+reservieren&feld=verwaltung")
    address = f"/suche/warum/{market.raum.public_id}?q=raum+reservieren&amp;feld=verwaltung"
    assert f'<a class="am-why" href="{address}"' in html
    assert "Warum steht das hier?" not in page(client)


def test_a_long_question_stands_whole_in_the_box_and_shortened_in_headings(
    client: Client, market: Market
) -> None:
    asked = "Wie können Menschen in unserer Stadt einen Schaden an der Straße melden, ohne dass jemand anrufen muss"
    html = page(client, f"/suche?q={quote(asked)}")
    assert heading(html).endswith(
        " zu „Wie können Menschen in unserer Stadt einen Schaden an der Straße melden, ohne …“"
    )
    assert f'value="{asked}"' in html


def test_what_opens_below_a_hit_comes_before_its_tick(client: Client, market: Market) -> None:
    """In the order of the keyboard: from the link into what it has opened."""
    html = page(client, "/suche?q=melden")
    foot = html[html.index("am-hit__foot") :]
    assert foot.index("data-am-why") < foot.index("am-why__text") < foot.index("data-am-pick")


def test_choices_narrow_and_are_chips_that_remove_themselves(client: Client, market: Market) -> None:
    html = page(client, "/suche?feld=verwaltung&lizenz=MIT")
    assert names(html) == ["Raumbuchung"]
    chips = re.findall(
        r'<a class="am-chip" href="([^"]+)"><span class="am-hidden">[^<]+</span>([^<]+)</a>', html
    )
    assert chips == [
        ("/suche?lizenz=MIT", "Handlungsfeld: Verwaltung &amp; Organisation"),
        ("/suche?feld=verwaltung", "Lizenz: MIT"),
    ]
    assert '<a class="am-chip am-chip--all" href="/suche">Alle Filter entfernen</a>' in html


def test_a_count_predicts_what_a_click_shows(client: Client, market: Market) -> None:
    html = page(client)
    box = re.search(r'name="feld" value="verwaltung">.*?am-option__count">(\d+)<', html)
    assert box
    assert int(box[1]) == len(names(page(client, "/suche?feld=verwaltung"))) == 2


def test_values_of_one_facet_widen_and_stay_ticked(client: Client, market: Market) -> None:
    html = page(client, "/suche?feld=verwaltung&feld=mobilitaet")
    assert len(names(html)) == 3
    assert html.count(" checked>") == 2


def test_an_unknown_choice_is_shown_and_can_be_removed(client: Client, market: Market) -> None:
    html = page(client, "/suche?feld=gibt-es-nicht")
    assert "Handlungsfeld: gibt-es-nicht" in html
    assert "Mit diesen Filtern finden wir nichts" in html


def test_when_no_entry_has_all_words_the_page_says_so_and_names_the_unknown(
    client: Client, market: Market
) -> None:
    html = page(client, "/suche?q=melden+xyzzy")
    assert "Kein Eintrag enthält alle Wörter. Diese enthalten einige davon." in html
    assert "In keinem Eintrag steht: „xyzzy“." in html
    assert names(html) == ["Mängelmelder"]


def test_a_word_found_only_in_a_part_is_not_called_found(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=Stundenmelder")
    assert "Kein Eintrag enthält „Stundenmelder“. Diese enthalten einen Teil davon: „melder“." in html
    assert names(html) == ["Mängelmelder"]


def test_a_typing_error_is_asked_back_and_keeps_the_filters(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=resrevieren&feld=verwaltung")
    found = re.search(r'Meinten Sie <a href="([^"]+)">([^<]+)</a>\?', html)
    assert found
    assert found[1] == f"/suche?q={found[2]}&amp;feld=verwaltung"
    assert names(page(client, f"/suche?q={found[2]}&feld=verwaltung")) == ["Raumbuchung"]


def test_words_that_mean_a_filter_are_offered_as_one(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=melden+Beispielland&groesse=40")
    found = re.search(r'am-hints[^>]*><a href="([^"]+)">([^<]+)</a>', html)
    assert found
    assert found[1] == "/suche?q=melden&amp;groesse=40&amp;land=99"
    assert found[2] == "Nur zeigen, was Kommunen in diesem Land nutzen: Beispielland"


def test_where_filters_leave_nothing_each_way_out_says_how_much_it_leads_to(
    client: Client, market: Market
) -> None:
    html = page(client, "/suche?q=melden&feld=energie&lizenz=EUPL-1.2")
    ways = re.findall(r'<li><a href="([^"]+)">([^<]+)</a> \(([^)]+)\)</li>', html)
    assert ways == [
        ("/suche?q=melden", "Ohne alle Filter suchen", "1\xa0Lösung"),
        (
            "/suche?q=melden&amp;lizenz=EUPL-1.2",
            "Ohne den Filter „Handlungsfeld: Energie &amp; Gebäude“ suchen",
            "1\xa0Lösung",
        ),
    ]


def test_the_title_of_a_search_by_filters_names_them(client: Client, market: Market) -> None:
    def title(address: str) -> str:
        return page(client, address).split("<title>")[1].split(" – Allmende")[0]

    assert title("/suche") == "Lösungen finden"
    assert title("/suche?feld=verwaltung") == "Verwaltung &amp; Organisation – Lösungen finden"
    assert title("/suche?q=melden&feld=verwaltung") == "melden – Lösungen finden"
    assert title("/suche?feld=verwaltung&lizenz=MIT&land=99&reife=beta&seite=2") == (
        "Verwaltung &amp; Organisation, MIT, Beispielland, 1 weiterer Filter – Lösungen finden"
    )


def test_the_hits_can_be_reached_past_the_filters(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=melden")
    assert '<a class="am-skip" href="#treffer">Zu den Treffern springen</a>' in html
    assert 'id="treffer" tabindex="-1"' in html


def test_nothing_found_says_what_to_do_next(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=xyzzy")
    assert heading(html) == "Keine Lösung zu „xyzzy“"
    assert "Dazu finden wir nichts" in html
    assert "In keinem Eintrag steht: „xyzzy“. Prüfen Sie die Schreibweise" in html


def test_words_without_meaning_show_everything_and_say_why(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=der+die+das")
    assert "In Ihrer Eingabe ist kein Wort, nach dem wir suchen können." in html
    assert len(names(html)) == 3


def test_sorting_by_use_puts_what_towns_confirmed_on_top(client: Client, market: Market) -> None:
    html = page(client, "/suche?sortierung=nutzung")
    assert names(html)[0] == "Mängelmelder"
    assert "weil Sie das gewählt haben: Oben steht, was die meisten Kommunen selbst bestätigt haben." in html


def test_sorting_by_name(client: Client, market: Market) -> None:
    assert names(page(client, "/suche?sortierung=name")) == ["Mängelmelder", "Potholes", "Raumbuchung"]


def test_foreign_words_carry_their_language(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=pothole")
    assert '<p lang="en">Report a <mark>pothole</mark> in your street.</p>' in html
    assert "auf Englisch" in html


def test_the_address_bar_gets_the_one_address_of_the_search(client: Client, market: Market) -> None:
    response = client.get("/suche?seite=1&q=&lizenz=MIT&feld=verwaltung", headers={"HX-Request": "true"})
    assert response.headers["HX-Push-Url"] == "/suche?feld=verwaltung&lizenz=MIT"
    assert '<link rel="canonical" href="/suche?feld=verwaltung&amp;lizenz=MIT">' in response.content.decode()


def test_hits_are_paged_and_a_page_too_far_is_the_last(client: Client, market: Market, now: datetime) -> None:
    more_solutions(20, market.editors, now)
    rebuild()
    first, last = page(client), page(client, "/suche?seite=99999999")
    assert (len(names(first)), len(names(last))) == (20, 3)
    assert '<a href="/suche?seite=2" rel="next">' in first
    assert '<a href="/suche" rel="prev">' in last
    assert not set(names(first)) & set(names(last))


def test_each_hit_can_be_ticked_for_the_comparison_without_a_script(client: Client, market: Market) -> None:
    html = page(client)
    assert '<form action="/vergleich" method="get"' in html
    assert sorted(re.findall(r'<input type="checkbox" name="l" value="(\w+)"', html)) == sorted(
        each.public_id for each in (market.melder, market.raum, market.foreign)
    )


def test_what_is_invented_is_marked(client: Client, market: Market) -> None:
    market.melder.is_invented = True
    market.melder.save()
    assert page(client).count("am-tag--invented") == 1


def test_markup_in_a_question_stays_text(client: Client, market: Market) -> None:
    html = page(client, "/suche?q=%3Cscript%3Ealert(1)%3C/script%3E&feld=%22%3E%3Cb%3E")
    assert "<script>alert" not in html
    assert "<b>" not in html


def test_without_an_index_the_page_asks_to_come_back(client: Client, db: None, own_index: Path) -> None:
    html = page(client, "/suche?q=melden", status=503)
    assert "Die Suche ruht gerade" in html
    assert 'value="melden"' in html


# Nothing found needs no cards; words ask twice for what stands beside: providers and places.
@pytest.mark.parametrize(
    ("query", "hits", "queries"), [("?q=melden", 1, 8), ("", 3, 6), ("?q=quatsch", 0, 4), ("?q=me", 0, 2)]
)
def test_the_search_page_costs_the_same_few_queries_whatever_it_shows(
    client: Client, market: Market, django_assert_num_queries: Any, query: str, hits: int, queries: int
) -> None:
    page(client, "/suche?q=aufwaermen")  # words and labels are kept in the process
    with django_assert_num_queries(queries):
        html = page(client, f"/suche{query}")
    assert len(names(html)) == hits


def test_the_search_page_costs_nine_queries_where_words_and_labels_have_to_be_read(
    client: Client, market: Market, django_assert_num_queries: Any
) -> None:
    page(client, "/suche?q=aufwaermen")
    vocabulary.forget()
    labels.forget()
    with django_assert_num_queries(9):
        assert len(names(page(client))) == 3


def test_twenty_hits_cost_no_query_more(
    client: Client, market: Market, now: datetime, django_assert_num_queries: Any
) -> None:
    more_solutions(20, market.editors, now)
    rebuild()
    page(client, "/suche?q=aufwaermen")
    # The one with an offer is among them: in the usual order, ids decide that.
    with django_assert_num_queries(6):
        assert len(names(page(client, "/suche?sortierung=nutzung"))) == 20


_NAMES = st.sampled_from([*FACETS.values(), "q", "sortierung", "seite", "l", "", "x"])
_VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["-1", "0", "999999999999", "keine-angabe", "\x00", "\ud800", "a" * 3_000, "*", "verwaltung", "name"]
    ),
)
_PAIRS = st.lists(st.tuples(_NAMES, _VALUES), max_size=12).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.one_of(
        st.text(max_size=300), st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")), _PAIRS
    )
)
def test_any_query_string_at_all_gets_a_page(client: Client, market: Market, query: str) -> None:
    for address in ("/suche", "/suche/vorschlaege", "/karte", "/kommunen"):
        response = client.get(address, QUERY_STRING=query.encode("utf-8", "surrogatepass").decode("latin-1"))
        assert response.status_code == 200, address


@pytest.mark.parametrize(
    "query",
    ["&" * 9_000, "&".join(f"a{n}=1" for n in range(4_000)), "q=" + "melden+" * 2_000, "q=%", "q=%ff%fe", "=", "q=%00",
     "feld=" + "x" * 5_000, "seite=-5", "q=" + "%F0%9F%8C%B3" * 300],
)  # fmt: skip
def test_huge_repeated_and_broken_query_strings_get_a_page(
    client: Client, market: Market, query: str
) -> None:
    assert client.get("/suche", QUERY_STRING=query).status_code == 200
