""" "Warum steht das hier?" as a page and below a hit."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.search import asking
from allmende.search.meaning import LATE
from tests.factories.market import Market


def ask(client: Client, market: Market, query: str, **headers: str) -> tuple[int, str]:
    answer = client.get(f"/suche/warum/{market.melder.public_id}{query}", headers=headers or None)
    return answer.status_code, answer.content.decode()


def test_the_link_on_a_hit_leads_to_a_page_that_explains_it(client: Client, market: Market) -> None:
    hits = client.get("/suche?q=Schaden+melden&feld=verwaltung").content.decode()
    link = re.search(r'class="am-why" href="([^"]+)"', hits)
    assert link
    address = link[1].replace("&amp;", "&")
    assert address == f"/suche/warum/{market.melder.public_id}?q=Schaden+melden&feld=verwaltung"
    html = client.get(address).content.decode()
    assert "<h1>Warum steht „Mängelmelder“ hier?</h1>" in html
    assert "Platz 1 von 1." in html
    assert "„melden“ steht in der Kurzbeschreibung" in html
    assert '<meta name="robots" content="noindex,nofollow">' in html
    assert '<a href="/suche?q=Schaden+melden&amp;feld=verwaltung">Zurück zu den Treffern</a>' in html


def test_htmx_gets_the_explanation_alone_with_its_numbers_folded(client: Client, market: Market) -> None:
    address = f"/suche/warum/{market.melder.public_id}?q=melden"
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Push-Url"] == "false"
    status, part = ask(client, market, "?q=melden", **{"HX-Request": "true"})
    assert (status, "<html" in part, "<h1" in part) == (200, False, False)
    assert '<details class="am-details"><summary>Die Zahlen dazu' in part
    assert '<details class="am-details" open>' in ask(client, market, "?q=melden")[1]


def test_the_points_of_the_words_add_up_to_their_sum(client: Client, market: Market) -> None:
    _, html = ask(client, market, "?q=Schaden+melden")
    table = html[html.index("Was die Wörter beitragen") :].split("</table>")[0]
    points = [
        float(each.replace(".", "").replace(",", ".")) for each in re.findall(r">([\d.]+,\d{3})<", table)
    ]
    assert points[-1] > 0
    assert sum(points[:-1]) == pytest.approx(points[-1], abs=0.0005 * len(points))


def test_another_order_is_told_and_the_place_is_that_by_relevance(client: Client, market: Market) -> None:
    _, html = ask(client, market, "?q=melden&sortierung=name")
    assert "Die Treffer stehen gerade in der Reihenfolge „Name“." in html
    assert "Die Treffer stehen gerade" not in ask(client, market, "?q=melden")[1]


@pytest.mark.parametrize("query", ["?q=xyzzyxyzzy", "?q=melden&feld=energie", "?q=pothole"])
def test_what_the_search_does_not_find_is_a_page_that_leads_back(
    client: Client, market: Market, query: str
) -> None:
    status, html = ask(client, market, query)
    assert status == 404
    assert "„Mängelmelder“ ist kein Treffer dieser Suche" in html
    assert 'href="/suche?q=' in html


@pytest.mark.parametrize("query", ["", "?feld=verwaltung", "?q=der+die+das", "?q=%00"])
def test_without_a_word_there_is_nothing_to_explain(client: Client, market: Market, query: str) -> None:
    assert ask(client, market, query)[0] == 404


@pytest.mark.parametrize("public_id", ["0000000000", "unfug", "x" * 300, "%00", "Mängelmelder"])
def test_what_is_no_solution_is_not_found(client: Client, market: Market, public_id: str) -> None:
    assert client.get(f"/suche/warum/{public_id}?q=melden").status_code == 404


def test_markup_in_a_question_stays_text(client: Client, market: Market) -> None:
    _, html = ask(client, market, "?q=melden+%3Cb%3Efett%3C/b%3E")
    assert "<b>" not in html


def test_without_an_index_the_page_asks_to_come_back(
    client: Client, market: Market, settings: Any, tmp_path: Any
) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "nirgends"
    assert ask(client, market, "?q=melden")[0] == 503


def test_what_came_without_meaning_just_now_is_said_and_not_kept(
    client: Client, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "near", lambda *_, **__: LATE)
    status, html = ask(client, market, "?q=xyzzyxyzzy")
    assert (status, "ist kein Treffer dieser Suche" in html) == (404, False)
    assert (
        "Der Vergleich nach dem Sinn kam diesmal zu spät. Versuchen Sie es in einem Augenblick noch" in html
    )
    again = (
        f'<a href="/suche/warum/{market.melder.public_id}?q=xyzzyxyzzy">Die Erklärung noch einmal aufrufen'
    )
    assert again in html
    queries: list[int] = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert ask(client, market, "?q=melden")[0] == 200
        queries.append(len(captured))
    assert queries[1] > 1


def test_robots_need_not_fetch_it(client: Client, db: None) -> None:
    assert "Disallow: /suche/warum\n" in client.get("/robots.txt").content.decode()
