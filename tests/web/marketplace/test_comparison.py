"""Comparing: the same rows for all, unknown counted and never called different."""

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from allmende.catalogue.actions import merge, publish_offer, receive, withdraw
from allmende.catalogue.drafts import ClaimedUseDraft, OfferDraft, PriceDraft, SolutionDraft
from allmende.catalogue.models import Solution
from allmende.lib.actors import Actor
from allmende.web.components.parts import Cell
from allmende.web.marketplace.comparison import BASIS, Line
from tests.factories.market import HARVEST, MELDER, Market, more_solutions

pytestmark = pytest.mark.django_db

STAFF = Actor("person", "redaktion00", frozenset({("operator_admin", None)}))


def ask(*solutions: Solution | str, more: str = "") -> str:
    ids = [each if isinstance(each, str) else each.public_id for each in solutions]
    return "/vergleich?" + "&".join([*(f"l={each}" for each in ids), *filter(None, [more])])


def row(page: str, label: str) -> str:
    """The row of the table that begins with this label."""
    table = page[page.index("<tbody>") : page.index("</tfoot>")]
    rows = table.split("<tr")
    return next(each for each in rows if f">{label}<" in each or f">{label}\n" in each)


def test_all_solutions_answer_the_same_questions(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder, market.raum, market.foreign)).content.decode()
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "Vergleich von 3 Lösungen" in page
    assert body.count("<td") == 3 * body.count('<th scope="row"') == 3 * 22


def test_unknown_is_grey_counted_and_no_difference(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder, market.foreign)).content.decode()
    assert row(page, "Reife").count('<span class="am-unknown">keine Angabe</span>') == 1
    assert "unterschiedlich" not in row(page, "Reife")
    assert "unterschiedlich" in row(page, "Handlungsfelder")
    foot = page[page.index("<tfoot>") : page.index("</tfoot>")]
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    told = [
        int(part.split(" von 22")[0].rsplit(">", 1)[1]) for part in foot.split("</td>") if " von 22" in part
    ]
    assert sum(told) == body.count('class="am-unknown"')


@pytest.mark.parametrize(
    ("texts", "differs", "verdict"),
    [
        (["a", "a"], False, "nein"),
        (["a", "b"], True, "ja"),
        (["a", None], False, "offen"),
        ([None, None], False, "offen"),
        (["a", None, "b"], True, "ja"),
        (["a", None, "a"], False, "offen"),
        (["0", None], False, "offen"),
    ],
)
def test_only_known_values_can_differ(texts: list[str | None], differs: bool, verdict: str) -> None:
    line = Line("Lizenz", [Cell(text) for text in texts])
    assert (line.differs, line.verdict) == (differs, verdict)


@pytest.mark.parametrize(
    ("other", "verdict"),
    [("100,00 €", "offen"), (None, "offen"), ("hängt von Ihrer Einwohnerzahl ab", "offen")],
)
def test_a_remark_is_neither_known_nor_unknown(other: str | None, verdict: str) -> None:
    remark = Cell("hängt von Ihrer Einwohnerzahl ab", is_remark=True)
    line = Line("Kosten", [remark, Cell(other, is_remark=bool(other and other.startswith("hängt")))])
    assert (line.differs, line.verdict) == (False, verdict)


def test_free_words_are_not_compared() -> None:
    line = Line("Was sie tut", [Cell("a"), Cell("b")], is_free_text=True)
    assert (line.differs, line.verdict) == (False, "")


def test_foreign_words_carry_their_language(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder, market.foreign)).content.decode()
    assert '<span lang="en">Report a pothole in your street.</span>' in row(page, "Was sie tut")


def test_a_price_that_depends_on_something_unknown_is_unknown(
    client: Client, market: Market, now: datetime
) -> None:
    prices = (PriceDraft(kind="per_unit_yearly", amount=Decimal("0.5"), unit="inhabitant"),)
    publish_offer(
        OfferDraft(title="Je Kopf", seller=market.provider.public_id, prices=prices),
        solution=market.raum,
        by=STAFF,
        now=now,
    )
    page = client.get(ask(market.melder, market.raum)).content.decode()
    assert row(page, "Kosten jährlich, netto").count("keine Angabe") == 0
    assert "hängt von Ihrer Einwohnerzahl ab" in row(page, "Kosten jährlich, netto")
    assert "unterschiedlich" not in row(page, "Kosten jährlich, netto")
    assert "0,00\u00a0€" not in row(page, "Kosten jährlich, netto").replace("1.200,00\u00a0€", "")
    page = client.get(ask(market.melder, market.raum, more="kommune=99001002")).content.decode()
    assert "3.020,00\u00a0€" in row(page, "Kosten jährlich, netto")


def test_a_price_known_in_full_goes_before_one_that_only_looks_lower(
    client: Client, market: Market, now: datetime
) -> None:
    prices = (
        PriceDraft(kind="one_off", amount=Decimal(1)),
        PriceDraft(kind="per_unit_yearly", amount=Decimal(9), unit="user"),
    )
    publish_offer(
        OfferDraft(title="Scheinbar billig", seller=market.provider.public_id, prices=prices),
        solution=market.melder,
        by=STAFF,
        now=now,
    )
    page = client.get(ask(market.melder, market.raum)).content.decode()
    assert "5.300,00\u00a0€" in row(page, "Kosten in 48 Monaten, netto")
    assert "Scheinbar billig" not in page


def test_consulting_is_not_the_price_of_a_solution(client: Client, market: Market, now: datetime) -> None:
    prices = (PriceDraft(kind="yearly", amount=Decimal(1)),)
    publish_offer(
        OfferDraft(title="Beratung", kind="consulting", seller=market.provider.public_id, prices=prices),
        solution=market.raum,
        by=STAFF,
        now=now,
    )
    page = client.get(ask(market.melder, market.raum)).content.decode()
    assert row(page, "Kosten jährlich, netto").count("keine Angabe") == 1


def test_on_request_is_told_beside_the_unknown_price(client: Client, market: Market, now: datetime) -> None:
    publish_offer(
        OfferDraft(title="Auf Anfrage", seller=market.provider.public_id, on_request=True),
        solution=market.raum,
        by=STAFF,
        now=now,
    )
    page = client.get(ask(market.melder, market.raum)).content.decode()
    assert "Preise nennt der Anbieter auf Anfrage." in row(page, "Kosten einmalig, netto")
    assert "Es gibt kein Angebot mit einem Preis." in row(page, BASIS)


def test_the_condition_of_a_price_stands_below_the_sums(
    client: Client, market: Market, now: datetime
) -> None:
    prices = (
        PriceDraft(kind="yearly", amount=Decimal(0), unit="inhabitant", tier_to=10_000),
        PriceDraft(kind="yearly", amount=Decimal(1900), unit="inhabitant", tier_from=10_000),
        PriceDraft(kind="one_off", amount=Decimal(0)),
    )
    draft = OfferDraft(
        title="Gefördert",
        seller=market.provider.public_id,
        price_model="funded",
        minimum_term_months=60,
        included_services="Bis 10.000 Einwohner trägt der Kreis die Kosten.",
        prices=prices,
    )
    publish_offer(draft, solution=market.raum, by=STAFF, now=now)
    open_page = client.get(ask(market.melder, market.raum)).content.decode()
    assert "Jährlich 0,00\u00a0€ für weniger als 10.000 Einwohnerinnen und Einwohner." in row(
        open_page, BASIS
    )
    assert "Jährlich 1.900,00\u00a0€ für 10.000 und mehr Einwohnerinnen und Einwohner." in row(
        open_page, BASIS
    )
    page = client.get(ask(market.melder, market.raum, more="einwohner=6000")).content.decode()
    said = row(page, BASIS)
    assert "Preismodell: Gefördert." in said
    assert "Jährlich 0,00\u00a0€ für weniger als 10.000 Einwohnerinnen und Einwohner." in said
    assert "1.900,00" not in said
    assert "Bis 10.000 Einwohner trägt der Kreis die Kosten." in said
    assert "Das Angebot läuft mindestens 60 Monate; so lange ist gerechnet." in said
    assert "unterschiedlich" not in said


def test_a_sum_that_is_only_a_part_says_what_comes_on_top(
    client: Client, market: Market, now: datetime
) -> None:
    prices = (
        PriceDraft(kind="one_off", amount=Decimal(800)),
        PriceDraft(kind="per_unit_yearly", amount=Decimal(9), unit="device"),
    )
    draft = OfferDraft(title="Je Gerät", seller=market.provider.public_id, prices=prices)
    publish_offer(draft, solution=market.raum, by=STAFF, now=now)
    total = row(client.get(ask(market.melder, market.raum)).content.decode(), "Kosten in 48 Monaten, netto")
    assert "mindestens 800,00\u00a0€" in total
    assert "Hinzu kommt, was von der Zahl der Geräte abhängt." in total


# ------------------------------------------------------------------------------------------------------ what is asked


def test_one_solution_is_not_enough_and_the_way_on_is_told(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder)).content.decode()
    assert "Sie haben erst eine Lösung gewählt: Mängelmelder." in page
    assert 'href="/suche?feld=verwaltung"' in page


@pytest.mark.parametrize("ids", [(), ("0000000000",), ("unfug", "x", "%00"), ("0000000000", "0000000001")])
def test_without_solutions_the_page_says_how_to_choose(
    client: Client, market: Market, ids: tuple[str, ...]
) -> None:
    answer = client.get(ask(*ids))
    assert answer.status_code == 200
    assert "Wählen Sie in der Suche zwei bis 6 Lösungen aus" in answer.content.decode()


def test_seven_are_cut_to_six_and_told(client: Client, market: Market, now: datetime) -> None:
    seven = more_solutions(7, market.editors, now)
    page = client.get(ask(*seven)).content.decode()
    assert "Vergleich von 6 Lösungen" in page
    assert "Sie haben mehr als 6 Lösungen gewählt. Verglichen werden die ersten 6." in page
    assert "Raumbuchung 6" not in page


def test_unknown_ones_are_left_out_and_told(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder, "0000000000", market.raum)).content.decode()
    assert "Vergleich von 2 Lösungen" in page
    assert "Nicht alle gewählten Lösungen sind noch veröffentlicht." in page


def test_a_withdrawn_one_is_left_out(client: Client, market: Market, now: datetime) -> None:
    withdraw(market.raum, reason="weg", by=STAFF, now=now)
    page = client.get(ask(market.melder, market.raum, market.foreign)).content.decode()
    assert "Vergleich von 2 Lösungen" in page
    assert "Raumbuchung" not in page


def test_a_merged_one_gives_way_to_what_it_has_become_and_counts_once(
    client: Client, market: Market, now: datetime
) -> None:
    merge(market.foreign, into=market.melder, reason="dieselbe", by=STAFF, now=now)
    page = client.get(ask(market.foreign, market.raum)).content.decode()
    assert "Vergleich von 2 Lösungen" in page
    assert '<th scope="col">Mängelmelder</th><th scope="col">Raumbuchung</th>' in page
    alone = client.get(ask(market.foreign, market.melder)).content.decode()
    assert "Sie haben erst eine Lösung gewählt" in alone


def test_the_same_one_twice_is_one(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder, market.melder, market.raum)).content.decode()
    assert "Vergleich von 2 Lösungen" in page


def test_a_chip_takes_one_away_and_keeps_the_rest(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder, market.raum, more="einwohner=6000")).content.decode()
    assert f'href="/vergleich?l={market.raum.public_id}&amp;einwohner=6000"' in page


def test_the_form_keeps_the_chosen_ones_and_the_town(client: Client, market: Market) -> None:
    page = client.get(ask(market.melder, market.raum, more="kommune=99001002")).content.decode()
    for hidden in (("l", market.melder.public_id), ("l", market.raum.public_id), ("kommune", "99001002")):
        assert f'<input type="hidden" name="{hidden[0]}" value="{hidden[1]}">' in page
    assert 'value="6040"' in page


@example(query="l=%FF%00&l[]=1&einwohner=9" * 400)
@example(query="&&&===;;;l=" + "a" * 5000)
@given(
    query=st.one_of(
        st.text(max_size=200),
        st.lists(
            st.tuples(
                st.sampled_from(
                    ["l", "einwohner", "monate", "nutzende", "geraete", "faelle", "kommune", "x"]
                ),
                st.text(max_size=30),
            ),
            max_size=12,
        ).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)),
    )
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_query_string_gets_a_page(client: Client, market: Market, query: str) -> None:
    raw = query.encode("utf-8", "replace").decode("latin-1")
    chosen = f"l={market.melder.public_id}&l={market.raum.public_id}&"
    for path, prefix in (
        ("/vergleich", ""), ("/vergleich", chosen), ("/vergleich.csv", chosen), ("/vergleich.xlsx", ""),
        (f"/loesungen/{market.melder.public_id}", ""),
    ):  # fmt: skip
        assert client.get(path, QUERY_STRING=prefix + raw).status_code == 200


# ------------------------------------------------------------------------------------------------------------ counted

FOR_EACH, APART = 8, 4


@pytest.mark.parametrize("many", [2, 6])
def test_queries_grow_by_the_solutions_and_by_nothing_else(
    client: Client, market: Market, now: datetime, django_assert_num_queries: object, many: int
) -> None:
    chosen = more_solutions(many, market.editors, now)
    for solution in chosen[:1]:
        for number in range(3):
            prices = tuple(PriceDraft(kind="yearly", amount=Decimal(place + 1)) for place in range(3))
            offer = OfferDraft(title=f"Angebot {number}", seller=market.provider.public_id, prices=prices)
            publish_offer(offer, solution=solution, by=STAFF, now=now)
        claims = tuple(ClaimedUseDraft(name=f"Ort {number}") for number in range(3))
        draft = SolutionDraft(name=MELDER.name, repository_url=solution.repository_url, claimed_uses=claims)
        receive(draft, origin=market.city, key="zweite", by=HARVEST, now=now)
    with django_assert_num_queries(APART + FOR_EACH * many):  # type: ignore[operator]
        page = client.get(ask(*chosen)).content.decode()
    assert f"Vergleich von {many} Lösungen" in page


def test_names_may_be_long(client: Client, market: Market, now: datetime) -> None:
    long = replace(
        MELDER, name="Donaudampfschifffahrtsgesellschaft" * 8, repository_url="https://a.example/b"
    )
    solution = receive(long, origin=market.city, key="lang", by=HARVEST, now=now).solution
    assert "Donaudampf" in client.get(ask(solution, market.raum)).content.decode()


def test_two_with_one_name_are_told_apart(client: Client, market: Market, now: datetime) -> None:
    twins = [
        receive(
            replace(MELDER, repository_url=f"https://zwilling.example/{place}"),
            origin=market.city,
            key=f"zwilling-{place}",
            by=HARVEST,
            now=now,
        ).solution
        for place in range(2)
    ]
    page = client.get(ask(*twins, market.raum)).content.decode()
    name, source = MELDER.name, market.city.label
    labels = dict.fromkeys(re.findall(r'data-label="([^"]+)"', page))
    assert list(labels) == [f"{name} ({source}), 1.", f"{name} ({source}), 2.", market.raum.name]
