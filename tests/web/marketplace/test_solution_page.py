"""The page of a solution: what is known, who says so, and what is not known."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.html import escape

from allmende.catalogue.actions import confirm_use, end_use, erase, merge, publish_offer, receive, withdraw
from allmende.catalogue.drafts import (
    ClaimedUseDraft,
    ContactDraft,
    ContractorDraft,
    DependencyDraft,
    LinkDraft,
    OfferDraft,
    PriceDraft,
    ReleaseDraft,
    SolutionDraft,
    TextDraft,
)
from allmende.catalogue.models import Solution
from allmende.lib.actors import Actor
from tests.factories.market import DEMO, HARVEST, MELDER, RAUM, Market

pytestmark = pytest.mark.django_db

STAFF = Actor("person", "redaktion00", frozenset({("operator_admin", None)}))
BARE = SolutionDraft(name="Nackt", repository_url="https://code.example.org/nackt")
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def page_of(client: Client, solution: Solution, query: str = "") -> str:
    answer = client.get(f"/loesungen/{solution.public_id}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def section(page: str, name: str) -> str:
    """One section of the page, by its id."""
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    assert found, name
    return found.group()


def plain(html: str) -> str:
    """The words of the page, as a reader gets them."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ").split())


def take_in(draft: SolutionDraft, market: Market, now: datetime, key: str = "") -> Solution:
    return receive(draft, origin=market.city, key=key or draft.name, by=HARVEST, now=now).solution


# ------------------------------------------------------------------------------------------------ what is not known


def test_what_nobody_states_is_shown_as_unknown_neither_as_yes_nor_as_no(
    client: Client, market: Market, now: datetime
) -> None:
    page = page_of(client, take_in(BARE, market, now))
    facts = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    unknown = {term for term, value in facts if "keine Angabe" in value}
    assert unknown == {
        "Handlungsfelder", "Art der Lösung", "Abgrenzung", "Reife", "Zielgruppen", "Lizenz", "Website",
        "verantwortlich", "Pflege", "Betriebsart", "läuft auf", "braucht", "Sprachen der Oberfläche", "Personal",
    }  # fmt: skip
    assert {plain(value) for term, value in facts if term in unknown} == {
        "keine Angabe", "keine Angabe Fragen Sie eine Kommune, die die Lösung nutzt.",
    }  # fmt: skip


@pytest.mark.parametrize("word", ["erfüllt", "nicht erfüllt", "Nein", "✗", "✓", "kern-badge--danger"])
def test_an_unknown_value_carries_no_sign_of_a_verdict(
    client: Client, market: Market, now: datetime, word: str
) -> None:
    page = page_of(client, take_in(BARE, market, now))
    assert word not in page[page.index("<main") : page.index("</main>")]


def test_no_evidence_is_not_called_missing_evidence(client: Client, market: Market) -> None:
    assert "Das heißt nicht, dass es keine gibt" in section(page_of(client, market.melder), "nachweise")


def test_a_solution_without_words_still_has_a_page(client: Client, market: Market, now: datetime) -> None:
    page = page_of(client, take_in(BARE, market, now))
    for sentence in (
        "Eine kurze Beschreibung fehlt noch.", "Eine ausführliche Beschreibung fehlt noch.", "Stand unbekannt",
        "Noch ist keine Nutzung bekannt", "Zum Preis gibt es keine Angabe",
        "Noch gibt es kein Angebot zu dieser Lösung.",
    ):  # fmt: skip
        assert sentence in page, sentence


# ------------------------------------------------------------------------------------------------------- languages


def test_german_words_come_first_and_foreign_ones_carry_their_language(
    client: Client, market: Market
) -> None:
    page = page_of(client, market.melder)
    assert '<p class="am-lead">Menschen melden Schäden an Straßen.</p>' in page
    english = page[page.index("Beschreibung auf Englisch") :]
    assert english.startswith('Beschreibung auf Englisch</summary><div lang="en"><p>People report damage')


def test_where_there_is_no_german_text_the_foreign_one_is_marked(client: Client, market: Market) -> None:
    page = page_of(client, market.foreign)
    assert (
        '<p class="am-lead"><span lang="en">Report a pothole in your street.</span> '
        '<span class="am-lang">auf Englisch</span></p>' in page
    )


def test_a_foreign_description_and_its_features_carry_their_language(
    client: Client, market: Market, now: datetime
) -> None:
    text = TextDraft(language="it", summary="Sommario", description="Testo lungo", features=("Mappa",))
    page = section(page_of(client, take_in(replace(BARE, texts=(text,)), market, now)), "was")
    assert '<div class="am-prose" lang="it"><p>Testo lungo</p></div>' in page
    assert '<ul lang="it"><li>Mappa</li></ul>' in page


def test_a_foreign_offer_carries_its_language(client: Client, market: Market, now: datetime) -> None:
    offer = OfferDraft(
        title="Hosting", description="We run it.", language="en", seller=market.provider.public_id
    )
    publish_offer(offer, solution=market.raum, by=STAFF, now=now)
    assert '<div class="am-prose" lang="en"><p>We run it.</p></div>' in page_of(client, market.raum)


# ------------------------------------------------------------------------------------------------------------- uses


def test_what_a_town_confirms_stands_apart_from_what_others_say(client: Client, market: Market) -> None:
    uses = section(page_of(client, market.melder), "nutzung")
    own, others = (
        uses[: uses.index("Laut Anbieter oder Quelle")],
        uses[uses.index("Laut Anbieter oder Quelle") :],
    )
    assert ("Ahornstadt" in own, "Ahornstadt" in others) == (True, False)
    assert ("Birkenmarkt" in own, "Birkenmarkt" in others) == (False, True)
    assert "Im Einsatz seit 01.04.2024" in own
    assert "Die Genannten selbst haben das hier nicht bestätigt." in others
    assert "Katalog der Stadt" in others
    assert "1 Kommune bestätigt selbst, dass sie die Lösung einsetzt." in plain(own)


def test_a_claim_gives_way_when_the_town_speaks_for_itself(
    client: Client, market: Market, now: datetime
) -> None:
    confirm_use(market.melder, organisation=market.neighbour, state="pilot", by=DEMO, now=now)
    uses = section(page_of(client, market.melder), "nutzung")
    assert "Laut Anbieter oder Quelle" not in uses
    assert plain(uses).count("Birkenmarkt") == 1
    assert "2 Kommunen bestätigen selbst" in plain(uses)


def test_an_ended_use_stays_visible_and_is_not_counted(client: Client, market: Market, now: datetime) -> None:
    use = market.melder.confirmed_uses.get()
    end_use(use, ended_on=date(2026, 3, 31), note="Zu wenig Personal.", by=DEMO, now=now)
    uses = plain(section(page_of(client, market.melder), "nutzung"))
    assert "Noch hat keine Kommune selbst bestätigt, dass sie die Lösung heute einsetzt." in uses
    assert "Beendet am 31.03.2026" in uses
    assert "Zu wenig Personal." in uses


def test_many_claims_hide_behind_one_line(client: Client, market: Market, now: datetime) -> None:
    claims = tuple(ClaimedUseDraft(name=f"Gemeinde {number:02}") for number in range(20))
    uses = section(page_of(client, take_in(replace(BARE, claimed_uses=claims), market, now)), "nutzung")
    assert "<summary>12\u00a0weitere Nennungen</summary>" in uses
    assert uses.index("Gemeinde 07") < uses.index("<details") < uses.index("Gemeinde 08")


@pytest.mark.parametrize(
    "asked", ["?kommune=99001002", "?kommune=birkenmarkt", "?kommune=00102", "?einwohner=6.000"]
)
def test_towns_of_the_own_size_come_first(client: Client, market: Market, now: datetime, asked: str) -> None:
    claims = tuple(ClaimedUseDraft(name=name, ags=ags) for name, ags in (
        ("Ahornstadt", "99001001"), ("Aaa e. V.", None), ("Birkenmarkt", "99001002"),
    ))  # fmt: skip
    solution = take_in(replace(BARE, claimed_uses=claims), market, now)
    uses = plain(section(page_of(client, solution, asked), "nutzung"))
    assert uses.index("Birkenmarkt", uses.index("Laut Anbieter")) < uses.index("Aaa e. V.")
    assert uses.count("ähnliche Größe wie bei Ihnen") == (1 if "einwohner" in asked else 0)
    assert uses.count("Ihre Kommune 6.040") == (0 if "einwohner" in asked else 1)


def test_towns_of_the_own_land_come_before_others(client: Client, market: Market, now: datetime) -> None:
    claims = (ClaimedUseDraft(name="Aaa e. V."), ClaimedUseDraft(name="Birkenmarkt", ags="99001002"))
    solution = take_in(replace(BARE, claimed_uses=claims), market, now)
    uses = plain(section(page_of(client, solution, "?kommune=99001001"), "nutzung"))
    assert uses.index("im selben Land") < uses.index("Aaa e. V.")
    assert "ähnliche Größe wie" not in uses


def test_a_name_that_nobody_knows_is_told_with_the_way_out(client: Client, market: Market) -> None:
    uses = section(page_of(client, market.melder, "?kommune=Gibtsnicht"), "nutzung")
    assert "Diese Kommune haben wir nicht gefunden." in uses
    assert 'value="Gibtsnicht"' in uses
    assert 'aria-invalid="true"' in uses


def test_the_next_steps_know_the_town(client: Client, market: Market) -> None:
    page = page_of(client, market.melder, "?kommune=99001002")
    assert f'href="/vergleich?l={market.melder.public_id}&amp;kommune=99001002"' in page


# ------------------------------------------------------------------------------------------------------- harmlessness


def test_html_from_a_source_is_shown_as_text(client: Client, market: Market, now: datetime) -> None:
    draft = SolutionDraft(
        name=f"Böse {SCRIPT}",
        texts=(TextDraft(language="de", summary=SCRIPT, description=SCRIPT, features=(SCRIPT,)),),
        repository_url="https://code.example.org/boese",
        maintainer=SCRIPT,
        topics=(SCRIPT,),
        claimed_uses=(ClaimedUseDraft(name=SCRIPT),),
        contractors=(ContractorDraft(name=SCRIPT),),
        dependencies=(DependencyDraft(kind="open", name=SCRIPT),),
        release=ReleaseDraft(version=SCRIPT[:40]),
        links=(LinkDraft(kind="website", url="https://beispiel.example/", label=SCRIPT),),
        contacts=(ContactDraft(name=SCRIPT, is_team=True),),
    )
    solution = take_in(draft, market, now)
    for page in (
        page_of(client, solution),
        client.get(f"/loesungen/{solution.public_id}/ausgabe/1").content.decode(),
        client.get(f"/vergleich?l={solution.public_id}&l={market.raum.public_id}").content.decode(),
    ):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert escape("<script>alert(1)") in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//fremd.example/x"])
def test_a_description_cannot_link_to_anything_but_the_web(
    client: Client, market: Market, now: datetime, address: str
) -> None:
    text = TextDraft(language="de", description=f"[Klick]({address})")
    page = page_of(client, take_in(replace(BARE, texts=(text,)), market, now))
    assert f'href="{address}' not in page


def test_teams_are_shown_and_persons_are_not(client: Client, market: Market, now: datetime) -> None:
    contacts = (
        ContactDraft(name="Team Digitales", email="digital@beispiel.example", phone="0123 456", is_team=True),
        ContactDraft(name="Erika Muster", email="erika.muster@beispiel.example", phone="0987 654"),
    )
    solution = take_in(replace(BARE, contacts=contacts), market, now)
    pages = [
        page_of(client, solution),
        client.get(f"/loesungen/{solution.public_id}/ausgabe/1").content.decode(),
        client.get(f"/loesungen/{solution.public_id}/ausgabe/1.json").content.decode(),
        client.get(f"/vergleich.csv?l={solution.public_id}&l={market.raum.public_id}").content.decode(),
    ]
    assert "Team Digitales" in pages[0]
    assert "mailto:digital@beispiel.example" in pages[0]
    for page in pages:
        assert not re.search(r"erika|0987", page, re.IGNORECASE)


# ---------------------------------------------------------------------------------------------------- other states


def test_a_merged_solution_leads_to_what_it_has_become(client: Client, market: Market, now: datetime) -> None:
    merge(market.raum, into=market.melder, reason="dieselbe", by=STAFF, now=now)
    answer = client.get(f"/loesungen/{market.raum.public_id}")
    assert (answer.status_code, answer["Location"]) == (302, f"/loesungen/{market.melder.public_id}")


def test_a_chain_of_merges_is_followed_to_its_end(client: Client, market: Market, now: datetime) -> None:
    merge(market.raum, into=market.foreign, reason="dieselbe", by=STAFF, now=now)
    merge(market.foreign, into=market.melder, reason="dieselbe", by=STAFF, now=now)
    assert client.get(f"/loesungen/{market.raum.public_id}")["Location"].endswith(market.melder.public_id)


def test_a_withdrawn_solution_says_why_and_leads_to_its_editions(
    client: Client, market: Market, now: datetime
) -> None:
    withdraw(market.melder, reason="Der Betrieb ist eingestellt.", by=STAFF, now=now)
    answer = client.get(f"/loesungen/{market.melder.public_id}")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Der Betrieb ist eingestellt." in page
    assert f'href="/loesungen/{market.melder.public_id}/ausgaben"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Birkenmarkt" not in page


def test_an_erased_solution_says_why_and_shows_nothing_else(
    client: Client, market: Market, now: datetime
) -> None:
    erase(market.melder, reason="Artikel 17 DSGVO", by=HARVEST, now=now)
    answer = client.get(f"/loesungen/{market.melder.public_id}")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Artikel 17 DSGVO" in page
    assert "Mängelmelder" not in page


@pytest.mark.parametrize(
    "public_id", ["0000000000", "x", "aaaaaaaaaaa", "ÄÖÜ", "%00", "../x", "1; DROP TABLE"]
)
def test_an_unknown_address_is_not_found(client: Client, market: Market, public_id: str) -> None:
    for rest in ("", "/ausgaben", "/ausgabe/1", "/ausgabe/1.json"):
        assert client.get(f"/loesungen/{public_id}{rest}").status_code == 404


def test_invented_things_say_so(client: Client, market: Market) -> None:
    page = page_of(client, market.melder)
    assert section(page, "nutzung").count("erfunden") == 2
    assert section(page, "angebote").count("erfunden") == 3  # the offer, its supplier, its seller


# ------------------------------------------------------------------------------------------------------------ costs


def test_costs_are_worked_out_for_the_numbers_in_the_address(
    client: Client, market: Market, now: datetime
) -> None:
    prices = (PriceDraft(kind="per_unit_yearly", amount=Decimal("0.19"), unit="inhabitant"),)
    publish_offer(
        OfferDraft(title="Je Kopf", seller=market.provider.public_id, prices=prices),
        solution=market.raum,
        by=STAFF,
        now=now,
    )
    before = plain(section(page_of(client, market.raum), "kosten"))
    assert "0,00" not in before
    assert "Der Preis hängt ab von: Einwohnerinnen und Einwohner. Geben Sie diese Zahl an." in before
    after = plain(section(page_of(client, market.raum, "?einwohner=6.000&monate=12"), "kosten"))
    assert "einmalig keine Angabe jährlich 1.140,00 € in 12 Monaten mindestens 1.140,00 € netto" in after


def test_nothing_per_year_is_said_only_where_the_offer_says_so(
    client: Client, market: Market, now: datetime
) -> None:
    free = OfferDraft(
        title="Vom Kreis bezahlt",
        seller=market.provider.public_id,
        prices=(PriceDraft(kind="yearly", amount=Decimal(0)),),
    )
    publish_offer(free, solution=market.raum, by=STAFF, now=now)
    costs = plain(section(page_of(client, market.raum), "kosten"))
    assert "einmalig keine Angabe jährlich 0,00 € in 48 Monaten keine Angabe" in costs


def test_a_price_on_request_is_a_statement(client: Client, market: Market, now: datetime) -> None:
    offer = OfferDraft(title="Auf Anfrage", seller=market.provider.public_id, on_request=True)
    publish_offer(offer, solution=market.raum, by=STAFF, now=now)
    page = page_of(client, market.raum)
    assert "Preise nennt der Anbieter auf Anfrage." in section(page, "kosten")
    assert "(Preis auf Anfrage)" in section(page, "angebote")


def test_a_wrong_number_is_told_at_its_field(client: Client, market: Market) -> None:
    costs = section(page_of(client, market.melder, "?einwohner=viele&monate=0"), "kosten")
    assert 'href="#kosten-einwohner"' in costs
    assert 'href="#kosten-monate"' in costs
    assert "Geben Sie eine ganze Zahl ein, zum Beispiel 6.000." in costs
    assert "Geben Sie eine Zahl zwischen 1 und 120 ein." in costs
    assert 'value="viele"' in costs


# ---------------------------------------------------------------------------------------------------------- counted

QUERIES = 15


@pytest.mark.parametrize("many", [1, 3])
def test_a_page_takes_the_same_number_of_queries_however_much_it_shows(
    client: Client, market: Market, now: datetime, django_assert_num_queries: object, many: int
) -> None:
    solution = take_in(
        replace(RAUM, name="Gezählt", repository_url="https://code.example.org/zahl"), market, now
    )
    for number in range(many):
        draft = replace(
            MELDER,
            name="Gezählt",
            repository_url="https://code.example.org/zahl",
            claimed_uses=(
                ClaimedUseDraft(name=f"Ort {number}"),
                ClaimedUseDraft(name="Ahornstadt", ags="99001001"),
            ),
            contacts=(ContactDraft(name=f"Team {number}", is_team=True),),
            release=ReleaseDraft(version=f"{number}.0"),
        )
        origin = (market.city, market.editors, market.city)[number]
        receive(draft, origin=origin, key=f"zahl-{number}", by=HARVEST, now=now)
        prices = tuple(PriceDraft(kind="yearly", amount=Decimal(place + 1)) for place in range(number + 1))
        offer = OfferDraft(title=f"Angebot {number}", seller=market.provider.public_id, prices=prices)
        publish_offer(offer, solution=solution, by=STAFF, now=now)
        if number < 2:
            town = (market.town, market.neighbour)[number]
            confirm_use(solution, organisation=town, state="pilot", by=DEMO, now=now)
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        page = page_of(client, solution)
    assert page.count("Angebot ") >= many
