"""Start page, map, towns, providers and origins."""

import gzip
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.catalogue.actions import confirm_use, end_use, withdraw
from allmende.catalogue.models import ConfirmedUse
from allmende.catalogue.queries import providers, towns_with_uses
from allmende.federation.models import Run, Source
from allmende.federation.queries import last_runs
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region
from allmende.regions.actions import confirm_succession, import_register, propose_succession
from allmende.regions.gv100ad import read
from allmende.regions.models import Region, RegionSuccession
from allmende.regions.queries import predecessors_of
from allmende.web.marketplace import drawing
from allmende.web.marketplace.views import map as usage_map
from tests.factories.market import DEMO, HARVEST, Market, more_solutions
from tests.factories.people import sign_in
from tests.regions.registers import LATER, Register, Town

ADMINISTRATOR = Actor("person", "0123456789", frozenset({("operator_admin", None)}))


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode().replace("\xa0", " ")


def rows(html: str) -> list[list[str]]:
    """Texts of the table's cells, row by row, blanks collapsed."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", html, re.DOTALL)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        for body in bodies
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


# ------------------------------------------------------------------------------------------------------------ start


def test_the_start_page_has_one_search_box_all_fields_with_counts_and_what_is_new(
    client: Client, market: Market
) -> None:
    html = page(client, "/")
    assert html.count('role="search"') == 1
    fields = re.findall(r'<li><a href="/suche\?feld=\w+">', html)
    assert len(fields) == 16
    assert re.search(r'feld=verwaltung">[^<]+</a> <span[^>]+>2<', html)
    assert len(re.findall(r'<li class="am-hit">', html)) == 3


def where_it_ends(client: Client, address: str) -> tuple[int, str]:
    """Status and address of the page that a browser shows in the end."""
    answer = client.get(address, follow=True)
    return answer.status_code, answer.request["PATH_INFO"]


def test_every_link_of_the_start_page_leads_somewhere(client: Client, market: Market, now: datetime) -> None:
    """To itself, or to the sign-in, which then has to lead to itself: a door says nothing of what is behind it."""
    main = page(client, "/").split("<main")[1].split("</main>")[0]
    member = Client()
    sign_in(member, User.objects.create_user("mitglied@beispiel.example"))
    behind_the_door = []
    for each in sorted(set(re.findall(r'href="(/[^"#]*)', main))):
        address = each.replace("&amp;", "&")
        path = address.partition("?")[0]
        if where_it_ends(client, address) == (200, "/konto/anmelden"):
            behind_the_door.append(path)
            assert where_it_ends(member, address) == (200, path), address
        else:
            assert where_it_ends(client, address) == (200, path), address
    assert behind_the_door == ["/angebote/neu"]


@pytest.mark.parametrize(
    "dead", ["/angebote/neuu/zu", "/angebote/0000000000", "/loesungen/0000000000", "/nichts"]
)
def test_a_dead_link_is_told_from_one_behind_the_door(market: Market, now: datetime, dead: str) -> None:
    member = Client()
    sign_in(member, User.objects.create_user("mitglied@beispiel.example"))
    assert where_it_ends(member, dead)[0] == 404


def test_the_start_page_stands_on_an_empty_catalogue(client: Client, db: None, own_index: Path) -> None:
    assert "Der Katalog ist noch leer" in page(client, "/")


def test_the_start_page_costs_the_same_with_one_and_with_three(
    client: Client, market: Market, now: datetime, django_assert_num_queries: Any
) -> None:
    page(client, "/suche")
    page(client, "/?aufwaermen")
    with django_assert_num_queries(11):
        page(client, "/?drei")
    for each in (market.raum, market.foreign):
        withdraw(each, reason="Test", by=DEMO, now=now)
    page(client, "/?aufwaermen")
    with django_assert_num_queries(11):
        page(client, "/?eine")


# -------------------------------------------------------------------------------------------------------------- map


def test_the_map_shows_confirmed_and_claimed_use_by_shape_and_as_a_table(
    client: Client, market: Market
) -> None:
    html = page(client, "/karte")
    assert "2 Kommunen nutzen eine Lösung aus dem Katalog" in html
    drawn = html.split("am-legend")[0]
    assert drawn.count('<circle class="am-map__dot"') == 1
    assert drawn.count('<path class="am-map__dot am-map__dot--claimed"') == 1
    assert rows(html) == [
        ["Ahornstadt erfunden", "Beispielkreis, Beispielland", "1", "0"],
        ["Birkenmarkt erfunden", "Beispielkreis, Beispielland", "0", "1"],
    ]


def test_the_map_can_be_narrowed_to_a_land_and_a_field(client: Client, market: Market) -> None:
    assert len(rows(page(client, "/karte?land=99"))) == 2
    assert len(rows(page(client, "/karte?feld=beteiligung"))) == 2
    empty = page(client, "/karte?feld=mobilitaet")
    assert "Noch keine Kommune nutzt etwas für „Mobilität &amp; Verkehr“" in empty
    assert "Hier ist noch nichts bekannt" in empty
    assert len(rows(page(client, "/karte?land=quatsch&feld=%00"))) == 2


def test_a_use_that_ended_is_not_on_the_map(client: Client, market: Market, now: datetime) -> None:
    end_use(ConfirmedUse.objects.get(), ended_on=date(2026, 6, 1), by=DEMO, now=now)
    assert [row[0] for row in rows(page(client, "/karte"))] == ["Birkenmarkt erfunden"]


def test_what_a_town_confirmed_is_not_counted_as_claimed_again(market: Market, now: datetime) -> None:
    confirm_use(market.melder, organisation=market.neighbour, state="pilot", by=DEMO, now=now)
    assert [(town.name, confirmed, claimed) for town, confirmed, claimed in towns_with_uses()] == [
        ("Ahornstadt", 1, 0),
        ("Birkenmarkt", 1, 0),
    ]


def test_uses_are_counted_by_solution_and_not_multiplied(market: Market, now: datetime) -> None:
    more_solutions(3, market.editors, now)
    confirm_use(market.raum, organisation=market.neighbour, state="pilot", by=DEMO, now=now)
    assert [(town.name, *numbers) for town, *numbers in towns_with_uses()] == [
        ("Ahornstadt", 1, 0),
        ("Birkenmarkt", 1, 4),
    ]


def test_a_map_of_very_many_towns_leaves_their_names_to_the_table(
    client: Client, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "MOST_NAMED", 1)
    monkeypatch.setattr(usage_map, "PAGE_SIZE", 1)
    html = page(client, "/karte?seite=2")
    assert html.split("am-legend")[0].count("<title>") == 1
    assert re.search(r'class="am-map__dot am-map__dot--claimed" d="M\d+ \d+l12-12l12 12l-12 12z"/>', html)
    assert re.search(r'class="am-map__dots" d="m\d+ \d+h0"/>', html)
    assert [row[0] for row in rows(html)] == ["Birkenmarkt erfunden"]
    assert "2 Kommunen nutzen" in html


def test_the_map_costs_the_same_with_one_and_with_three(
    client: Client, market: Market, now: datetime, django_assert_num_queries: Any
) -> None:
    page(client, "/karte?aufwaermen")
    with django_assert_num_queries(7):
        page(client, "/karte?zwei")
    end_use(ConfirmedUse.objects.get(), ended_on=date(2026, 6, 1), by=DEMO, now=now)
    page(client, "/karte?aufwaermen")
    with django_assert_num_queries(7):
        page(client, "/karte?eine")


def test_the_ground_is_a_picture_that_browsers_keep_while_it_is_the_same(
    client: Client, market: Market
) -> None:
    current = client.get(drawing.ground().href)
    assert current.headers["Content-Type"] == "image/svg+xml"
    assert current.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cache-Control" not in client.get("/karte/gemeinden.svg?v=0").headers


@pytest.mark.slow
def test_all_gemeinden_of_germany_fit_into_sixty_kilobytes(
    client: Client, db: None, own_index: Path, now: datetime
) -> None:
    from allmende.regions.actions import load_own_table

    load_own_table(by=HARVEST, now=now)
    picture = client.get("/karte/gemeinden.svg").content
    assert len(gzip.compress(picture, 5)) <= 25_000
    assert picture.count(b"h0") == 10_751
    assert "© GeoBasis-DE / BKG" in page(client, "/karte")


# ------------------------------------------------------------------------------------------------------------ towns


def test_a_town_says_what_it_uses_and_who_says_so(client: Client, market: Market) -> None:
    assert rows(page(client, "/kommunen/99001001")) == [["Mängelmelder", "im Einsatz", "01.04.2024"]]
    claimed = page(client, "/kommunen/99001002")
    assert rows(claimed) == [["Mängelmelder", "Katalog der Stadt", "03.02.2026"]]
    assert "Die Kommune selbst hat das nicht bestätigt." in claimed


def test_a_size_taken_from_the_population_says_so(client: Client, market: Market) -> None:
    sentence = "abgeleitet aus der Einwohnerzahl"
    given, derived = page(client, "/kommunen/99001001"), page(client, "/kommunen/99001002")
    assert ("Kleinere Mittelstadt" in given, sentence in given) == (True, False)
    assert ("Kleinere Kleinstadt" in derived, sentence in derived) == (True, True)
    assert 'href="/suche?groesse=40"' in derived


def test_a_kreis_has_a_page_and_an_unknown_key_has_none(client: Client, market: Market) -> None:
    assert "Davon wissen wir noch nichts" in page(client, "/kommunen/99001")
    for key in ("99", "12345678", "x", "9900100", "99001001x", "٩٩٠٠١٠٠١", "0" * 300):
        page(client, f"/kommunen/{key}", status=404)


def test_an_invented_town_is_unknown_where_no_demo_runs(
    client: Client, market: Market, settings: Any
) -> None:
    settings.DEMO = False
    page(client, "/kommunen/99001001", status=404)


def test_what_has_ended_stands_apart(client: Client, market: Market, now: datetime) -> None:
    end_use(ConfirmedUse.objects.get(), ended_on=date(2026, 6, 1), by=DEMO, now=now)
    html = page(client, "/kommunen/99001001")
    assert "Früher genutzt" in html
    assert rows(html) == [["Mängelmelder", "01.04.2024", "01.06.2026"]]


def test_a_town_costs_the_same_with_one_and_with_three(
    client: Client, market: Market, now: datetime, django_assert_num_queries: Any
) -> None:
    page(client, "/kommunen/99001002?aufwaermen")
    with django_assert_num_queries(8):
        assert len(rows(page(client, "/kommunen/99001002?eine"))) == 1
    more_solutions(2, market.editors, now)
    page(client, "/kommunen/99001002?aufwaermen")
    with django_assert_num_queries(8):
        assert len(rows(page(client, "/kommunen/99001002?drei"))) == 3


@pytest.fixture
def thueringen(db: None, own_index: Path, now: datetime) -> None:
    """Altdorf has gone into Neudorf, and nobody has decided about Hinterdorf."""
    towns = (
        Town("16061001", "Altdorf", population=1_200),
        Town("16061002", "Neudorf", population=800),
        Town("16061003", "Hinterdorf", population=300),
    )
    kreise = (("16061", "Eichsfeld", "44"),)
    before = Register(kreise=kreise, towns=towns)
    after = before.lacking("16061001", "16061003").dated(LATER)
    for register in (before, after):
        import_register(read(register.content()), by=HARVEST, now=now, accept_many_vanished=True)


def test_towns_are_found_by_name_post_code_and_key(client: Client, market: Market) -> None:
    for query in ("ahorn", "00101", "99001001", "ahornstadt+beispielland"):
        assert [row[:2] for row in rows(page(client, f"/kommunen?q={query}"))] == [
            ["Ahornstadt erfunden", "Beispielkreis, Beispielland"]
        ]
    assert "Dazu finden wir keine Kommune" in page(client, "/kommunen?q=quatsch")


def test_the_look_up_costs_the_same_with_one_and_with_more(
    client: Client, market: Market, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert len(rows(page(client, "/kommunen?q=ahornstadt"))) == 1
    with django_assert_num_queries(2):
        assert len(rows(page(client, "/kommunen?q=001"))) == 2


# -------------------------------------------------------------------------------------------- providers and origins


def test_providers_are_listed_by_name_with_what_they_offer(client: Client, market: Market) -> None:
    assert rows(page(client, "/anbieter")) == [
        ["Amt für Beispiele", "Öffentlicher IT-Dienstleister", "1"],
        ["Beispiel-Software GmbH erfunden", "Kleines oder mittleres Unternehmen", "1"],
    ]
    assert [(each.name, number) for each, number in providers()] == [
        ("Amt für Beispiele", 1),
        ("Beispiel-Software GmbH", 1),
    ]


def test_a_provider_says_what_it_does_in_each_offer(client: Client, market: Market) -> None:
    seller = page(client, f"/anbieter/{market.provider.public_id}")
    operator = page(client, f"/anbieter/{market.other_provider.public_id}")
    assert "<dt>Rolle</dt><dd>liefert und verkauft</dd>" in seller
    assert "<dt>Rolle</dt><dd>betreibt</dd>" in operator
    assert "<dt>Kosten</dt><dd>ab 1.200,00 € im Jahr</dd>" in seller
    assert "am-tag--invented" in seller


def test_a_provider_without_offers_says_so_and_an_unknown_one_is_not_there(
    client: Client, market: Market
) -> None:
    assert "Zurzeit steht hier kein Angebot" in page(client, f"/anbieter/{market.neighbour.public_id}")
    for wrong in ("0000000000", "x", f"{market.provider.public_id}x"):
        page(client, f"/anbieter/{wrong}", status=404)


def test_providers_cost_the_same_with_one_and_with_more(
    client: Client, market: Market, django_assert_num_queries: Any
) -> None:
    page(client, "/anbieter?aufwaermen")
    with django_assert_num_queries(4):
        page(client, "/anbieter?liste")
    with django_assert_num_queries(6):
        page(client, f"/anbieter/{market.provider.public_id}")


def test_origins_say_how_much_comes_from_them(client: Client, market: Market, now: datetime) -> None:
    html = page(client, "/daten")
    assert re.findall(r'<a href="(/suche\?quelle=\w+)">([^<]+) aus dieser Quelle', html) == [
        ("/suche?quelle=redaktion", "1 Lösung"),
        ("/suche?quelle=stadt", "2 Lösungen"),
    ]
    withdraw(market.raum, reason="Test", by=DEMO, now=now)
    assert "Zurzeit stammt keine Lösung von hier." in page(client, "/daten")


def source(market: Market, now: datetime, **run: Any) -> Source:
    made = Source.objects.create(
        code="stadt",
        origin=market.city,
        kind="directory",
        location="/srv/geheim/pfad",
        format="publiccode",
        added_at=now,
    )
    Run.objects.create(source=made, started_at=now, finished_at=now, lease_until=now, **run)
    return made


def test_the_last_run_is_told_without_paths(client: Client, market: Market, now: datetime) -> None:
    source(market, now, state="failed", problem="/srv/geheim/pfad ist nicht zu lesen")
    html = page(client, "/daten")
    assert "Der letzte Abgleich am 23.11.2026, 10:00 Uhr ist nicht gelungen (gescheitert)." in html
    assert "geheim" not in html
    assert [(run.state, run.finished_at) for run in last_runs().values()] == [("failed", now)]


def test_a_run_that_still_goes_is_not_the_last(market: Market, now: datetime) -> None:
    made = source(market, now, state="complete")
    Run.objects.create(source=made, state="running", started_at=now, lease_until=now)
    assert [run.state for run in last_runs().values()] == ["complete"]


def test_origins_cost_the_same_with_one_and_with_more(
    client: Client, market: Market, now: datetime, django_assert_num_queries: Any
) -> None:
    page(client, "/daten?aufwaermen")
    with django_assert_num_queries(4):
        page(client, "/daten?ohne")
    source(market, now, state="complete")
    with django_assert_num_queries(4):
        page(client, "/daten?mit")


# --------------------------------------------------------------------------------------------------- vanished towns


@pytest.mark.usefixtures("thueringen")
def test_a_vanished_town_says_that_it_ended_and_links_its_successor(client: Client, now: datetime) -> None:
    old, new = Region.objects.get(key="16061001"), Region.objects.get(key="16061002")
    RegionSuccession.objects.all().delete()
    proposal = propose_succession(old, new, reason="Gesetz", by=ADMINISTRATOR, now=now)
    confirm_succession(proposal, by=ADMINISTRATOR, now=now)
    html = page(client, "/kommunen/16061001")
    assert "Altdorf gibt es nicht mehr" in html
    assert '<a href="/kommunen/16061002">Neudorf</a>' in html


@pytest.mark.usefixtures("thueringen")
def test_what_a_vanished_town_used_stays_readable_and_its_successor_leads_there(
    client: Client, market: Market, now: datetime
) -> None:
    old, new = Region.objects.get(key="16061001"), Region.objects.get(key="16061002")
    town = for_region(old, by=DEMO, now=now)
    ConfirmedUse.objects.create(solution=market.raum, organisation=town, state="productive", confirmed_at=now)
    RegionSuccession.objects.all().delete()
    proposal = propose_succession(old, new, reason="Gesetz", by=ADMINISTRATOR, now=now)
    assert predecessors_of(new) == []
    confirm_succession(proposal, by=ADMINISTRATOR, now=now)

    assert predecessors_of(new) == [old]
    assert "Raumbuchung</a>" in page(client, "/kommunen/16061001")
    assert '<li><a href="/kommunen/16061001">Altdorf</a></li>' in page(client, "/kommunen/16061002")
    assert 'href="/kommunen/16061001"' in page(client, f"/loesungen/{market.raum.public_id}")


@pytest.mark.usefixtures("thueringen")
def test_a_vanished_town_without_a_successor_says_that_nobody_has_decided(client: Client) -> None:
    assert "In welchem, ist noch nicht bestätigt." in page(client, "/kommunen/16061003")
