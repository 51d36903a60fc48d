"""What was looked for in vain: listed, tried, settled, opened again."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from allmende.search.actions import count_misses
from allmende.search.models import Miss
from tests.factories.market import Market

pytestmark = pytest.mark.django_db


def missed(text: str, *, count: int = 1, **more: Any) -> Miss:
    days = {"first_day": date(2026, 11, 2), "last_day": date(2026, 11, 20)}
    return Miss.objects.create(text=text, count=count, **days | more)


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"/redaktion/ohne-treffer{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def texts(html: str) -> list[str]:
    return re.findall(r'<h2 class="am-card__title"><a href="[^"]+">([^<]+)</a>', html)


def settle(client: Client, miss: Miss, **data: str) -> str:
    data = {"ergebnis": "beantwortet", "grund": "Suchwort ergänzt.", **data}
    answer = client.post(f"/redaktion/ohne-treffer/{miss.public_id}", data, follow=True)
    return answer.content.decode()


def test_the_frequent_come_first_with_what_is_known_of_them(staff: Client) -> None:
    missed("hundesteuer", count=2, last_day=date(2026, 11, 2))
    missed("hallenbad", count=17, near=3, facets="field,land")
    html = listed(staff)
    assert texts(html) == ["hallenbad", "hundesteuer"]
    assert (
        "17 Mal gesucht, zuletzt am 20.11.2026, zuerst am 02.11.2026. 3 Mal fand sich nur "
        "Ähnliches: ein Teil des Wortes oder etwas, das dem Sinn nach passt. Gefiltert war nach: Handlungsfeld, Land "
        "der Kommunen, die sie nutzen."
    ) in html
    assert "2 Mal gesucht, zuletzt am 02.11.2026.</p>" in html


def test_each_search_can_be_tried(staff: Client) -> None:
    missed("hunde & katzen")
    assert '<a href="/suche?q=hunde+%26+katzen">hunde &amp; katzen</a>' in listed(staff)


def test_what_somebody_looks_for_in_vain_is_in_the_list_and_nobody_is_named(
    client: Client, staff: Client, market: Market, settings: Any, tmp_path: Any, now: datetime
) -> None:
    settings.SEARCH_MISSES_DIR = tmp_path / "misses"
    for browser in ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "ExampleBot/1.0 (+https://bot.example)"):
        client.get("/suche?q=Xyzzyxyzzy&feld=energie", headers={"User-Agent": browser})
    client.get("/suche?q=melden", headers={"User-Agent": "Mozilla/5.0"})
    count_misses(now=now)
    (miss,) = Miss.objects.all()
    assert (miss.text, miss.facets, miss.count) == ("xyzzyxyzzy", "field", 1)
    assert texts(listed(staff)) == ["xyzzyxyzzy"]


def test_a_search_in_vain_is_counted_each_time_and_not_answered_from_the_cache(
    client: Client, market: Market, settings: Any, tmp_path: Any, now: datetime
) -> None:
    settings.SEARCH_MISSES_DIR = tmp_path / "misses"
    for _ in range(3):
        client.get("/suche?q=xyzzyxyzzy", headers={"User-Agent": "Mozilla/5.0"})
    count_misses(now=now)
    assert Miss.objects.get().count == 3


@pytest.mark.parametrize(
    ("outcome", "state", "told"),
    [
        ("beantwortet", "answered", "Die Suche „hundesteuer“ gilt als beantwortet."),
        ("nicht-unsere-sache", "not_ours", "Die Suche „hundesteuer“ ist als „nicht unsere Sache“ abgelegt."),
    ],
)
def test_settling_keeps_the_reason_and_moves_it_to_its_list(
    staff: Client, outcome: str, state: str, told: str
) -> None:
    miss = missed("hundesteuer")
    assert told in settle(staff, miss, ergebnis=outcome, grund="Gehört ins Serviceportal.")
    miss.refresh_from_db()
    assert (miss.state, miss.because) == (state, "Gehört ins Serviceportal.")
    assert texts(listed(staff)) == []
    settled = listed(staff, f"?stand={outcome}")
    assert texts(settled) == ["hundesteuer"]
    assert "Begründung: Gehört ins Serviceportal." in settled


@pytest.mark.parametrize(
    ("reason", "told"), [("", "Bitte schreiben Sie in einem Satz"), ("a" * 501, "zu lang")]
)
def test_without_a_fitting_reason_it_stays_open(staff: Client, reason: str, told: str) -> None:
    miss = missed("hundesteuer")
    assert told in settle(staff, miss, grund=reason)
    miss.refresh_from_db()
    assert miss.state == "open"


def test_what_was_settled_by_mistake_is_opened_again(staff: Client) -> None:
    miss = missed("hundesteuer", state="not_ours", because="Irrtum")
    html = settle(staff, miss, ergebnis="offen", stand="nicht-unsere-sache")
    assert "Die Suche „hundesteuer“ ist wieder offen." in html
    assert 'aria-current="page">nicht unsere Sache' in html
    miss.refresh_from_db()
    assert (miss.state, miss.because) == ("open", "")


def test_what_is_gone_is_told(staff: Client) -> None:
    miss = missed("hundesteuer")
    miss.delete()
    assert "Diese Suche steht nicht mehr in der Liste." in settle(staff, miss)


@pytest.mark.parametrize("data", [{"ergebnis": "unfug", "stand": "unfug"}, {"ergebnis": "", "grund": ""}])
def test_nonsense_settles_nothing(staff: Client, data: dict[str, str]) -> None:
    miss = missed("hundesteuer")
    settle(staff, miss, **data)
    miss.refresh_from_db()
    assert miss.state == "open"


def test_a_town_cannot_settle(town: Client) -> None:
    miss = missed("hundesteuer")
    assert (
        town.post(f"/redaktion/ohne-treffer/{miss.public_id}", {"ergebnis": "beantwortet"}).status_code == 403
    )
    miss.refresh_from_db()
    assert miss.state == "open"


def test_empty_lists_say_so_kindly(staff: Client) -> None:
    assert "Hier ist nichts offen" in listed(staff)
    assert "Hier liegt nichts" in listed(staff, "?stand=beantwortet")


def test_the_desk_leads_there_and_counts(staff: Client) -> None:
    missed("hundesteuer")
    missed("hallenbad", state="answered", because="ist da")
    html = staff.get("/redaktion").content.decode()
    line = html[html.index("/redaktion/ohne-treffer") :].split("</li>")[0]
    assert "Suchen ohne Treffer ansehen" in line
    assert "1 wartet" in line


def test_markup_in_a_search_stays_text(staff: Client) -> None:
    missed("<b>fett</b>")
    assert "<b>" not in listed(staff)


@pytest.mark.parametrize(
    "query", ["?seite=0", "?seite=99999", "?seite=x", "?stand=%00", "?stand=offen&stand=x"]
)
def test_any_address_gets_a_page(staff: Client, query: str) -> None:
    for number in range(26):
        missed(f"suche {number}")
    assert len(texts(listed(staff, query))) in (25, 1)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_whatever_it_shows(
    staff: Client, django_assert_num_queries: Any, many: int
) -> None:
    for number in range(many):
        missed(f"suche {number}")
    listed(staff)
    with django_assert_num_queries(7):
        assert len(texts(listed(staff))) == many
