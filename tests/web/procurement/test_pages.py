"""The rules and the calculator for everybody, the desk for staff, and a town's own page."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from allmende.procurement.models import RuleSet
from tests.factories.people import signed_in, somebody
from tests.procurement.conftest import Towns, towns

__all__ = ["towns"]
pytestmark = pytest.mark.django_db
CALCULATOR = "/vergaberegeln/auftragswert"
RULE = {
    "scope": "state", "land": "06", "legal_basis": "state_rule", "title": "Grenzen in Hessen", "legal_text": "Erlass",
    "valid_from": "01.01.2026", "source_title": "Staatsanzeiger", "as_of": "01.02.2026",
    "grenze-0-procedure": "direct_award", "grenze-0-value": "10.000,00",
}  # fmt: skip


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]*>", " ", answer.content.decode()).replace("&nbsp;", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def line(number: int = 0, **said: str) -> dict[str, str]:
    return {f"zeile-{number}-{name}": value for name, value in said.items()}


def calculated(client: Client, **said: str) -> str:
    data = {"berechnen": "1", "day": "01.02.2026", "zeilen": "2", **said}
    return words(client.get(CALCULATOR, data))


def test_everybody_reads_what_is_known_and_what_is_not(client: Client, towns: Towns) -> None:
    page = words(client.get("/vergaberegeln?tag=01.02.2026"))
    for said in (
        "Ab 216.000 € gilt EU-Vergaberecht.",
        "221.000 € nennt das Land; seit 01.01.2026 gilt höchstens 216.000 €.",
        "beachtet Gleichbehandlung und Transparenz (§ 75a GO NRW)",
        "Für Hamburg und Hessen kennen wir an diesem Tag keine geprüften Grenzen.",
        "Das ist ein Hinweis und keine Rechtsberatung",
        "Quelle: Auftragsberatungsstelle Mecklenburg-Vorpommern: Geänderte Wertgrenzen in Baden-Württemberg",
        "Stand 23.11.2026",
    ):
        assert said in page
    assert "Ab 221.000 € gilt EU-Vergaberecht." in words(client.get("/vergaberegeln?tag=01.12.2025"))
    assert "Geben Sie bei „An welchem Tag?“ ein Datum ein" in words(client.get("/vergaberegeln?tag=gestern"))


def test_the_calculator_reckons_for_a_land_without_keeping_anything(client: Client, towns: Towns) -> None:
    page = calculated(client, land="08", **line(label="Lizenz", amount="218.000", rhythm="one_off"))
    assert (
        "Geschätzter Auftragswert am 01.02.2026: 218.000 € netto. Der EU-Schwellenwert ist erreicht." in page
    )
    assert "221.000 € nennt das Land; seit 01.01.2026 gilt höchstens 216.000 €." in page
    page = calculated(client, is_unlimited="on", **line(label="Betrieb", amount="3.000,00", rhythm="monthly"))
    assert "144.000 € netto. Der EU-Schwellenwert ist nicht erreicht." in page
    assert "§ 3 Abs. 11 Nr. 2 VgV" in page


def test_the_calculator_says_what_is_unknown(client: Client, towns: Towns) -> None:
    said = {**line(label="Lizenz", amount="11.900", tax="gross"), **line(1, label="Anpassung")}
    page = calculated(client, **said)
    assert "mindestens 0 € netto" in page
    assert "Der Betrag ist brutto und der Steuersatz nicht genannt." in page
    assert "Der Betrag ist nicht bekannt und nicht in der Summe." in page
    page = calculated(client, **line(label="Lizenz", amount="11.900", tax="gross", vat_rate="19 %"))
    assert "Geschätzter Auftragswert am 01.02.2026: 10.000 € netto." in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Tragen Sie mindestens einen Betrag ein."),
        (line(amount="5"), "Schreiben Sie, wofür der Betrag ist"),
        (line(label="x", amount="viel"), "Geben Sie bei „Betrag in Euro“ eine Zahl ein"),
        (line(label="x", amount="-5"), "Betrag in Euro"),
        (
            {**line(label="x", amount="5"), "day": "gestern"},
            "Geben Sie bei „Tag der Schätzung“ ein Datum ein",
        ),
        ({**line(label="x", amount="5"), "term": "0"}, "Laufzeit in Monaten"),
        ({**line(label="x", amount="5"), "term": "12", "is_unlimited": "on"}, "Wählen Sie eines."),
        ({**line(label="x", amount="5"), "term": "12", "extension_count": "2"}, "um wie viele Monate"),
        (
            {**line(label="x", amount="5"), "extension_count": "2", "extension_months": "12"},
            "Nennen Sie die Laufzeit",
        ),
        ({**line(label="x", amount="5"), "land": "unfug"}, "In welchem Land?"),
    ],
)
def test_the_calculator_names_the_field_and_the_way_out(
    client: Client, towns: Towns, said: dict[str, str], told: str
) -> None:
    page = calculated(client, **said)
    assert told in page
    assert "Geschätzter Auftragswert am" not in page


def test_more_lines_come_without_losing_what_was_typed(client: Client, towns: Towns) -> None:
    answer = client.get(CALCULATOR, {"mehr": "1", "zeilen": "2", **line(label="Lizenz", amount="5")})
    page = answer.content.decode()
    assert (page.count("<legend"), 'value="Lizenz"' in page) == (5, True)
    assert client.get(CALCULATOR, {"mehr": "1", "zeilen": "9" * 50}).status_code == 200


# -------------------------------------------------------------------------------------------------------- desk


def test_one_of_the_staff_enters_and_another_releases(
    client: Client, towns: Towns, now: datetime.datetime
) -> None:
    editor = signed_in(somebody("catalogue_editor", now=now))
    operator = signed_in(somebody("operator_admin", now=now))
    answer = editor.post("/redaktion/vergaberegeln/neu", RULE)
    made = RuleSet.objects.get(land="06")
    place = f"/redaktion/vergaberegeln/{made.public_id}"
    assert answer.headers["Location"] == place
    assert "Eine zweite Person gibt diese Regel frei" in words(editor.get(place))
    assert "nicht selbst eingetragen hat" in words(editor.post(place, {"schritt": "freigeben"}, follow=True))
    assert "1 wartet" in words(operator.get("/redaktion"))
    assert "ist hinterlegt und gilt für Schätzungen" in words(
        operator.post(place, {"schritt": "freigeben"}, follow=True)
    )
    assert "Bis 10.000 €." in words(client.get("/vergaberegeln?tag=01.02.2026"))
    assert "Vergaberegel hinterlegt" in words(client.get(f"/vergaberegeln/{made.public_id}/verlauf"))


def test_the_desk_ends_and_withdraws(towns: Towns, now: datetime.datetime) -> None:
    editor = signed_in(somebody("catalogue_editor", now=now))
    bw = RuleSet.objects.get(code="bw-2025")
    place = f"/redaktion/vergaberegeln/{bw.public_id}"
    assert "Geben Sie den letzten Tag ein" in words(
        editor.post(place, {"schritt": "beenden", "last_day": "bald"}, follow=True)
    )
    assert "gilt bis 30.06.2026" in words(
        editor.post(place, {"schritt": "beenden", "last_day": "30.06.2026"}, follow=True)
    )
    page = words(editor.post(place, {"schritt": "zurueckziehen", "grund": "Zahlendreher."}, follow=True))
    assert "ist zurückgezogen" in page
    assert "Zahlendreher." in page


def test_the_desk_names_what_is_missing(towns: Towns, now: datetime.datetime) -> None:
    editor = signed_in(somebody("catalogue_editor", now=now))
    answer = editor.post("/redaktion/vergaberegeln/neu", {**RULE, "land": "", "grenze-0-value": ""})
    assert answer.status_code == 422
    assert "Wählen Sie das Land, für das die Regel gilt." in words(answer)
    assert "Nennen Sie den Betrag, oder kreuzen Sie den EU-Schwellenwert an." in words(answer)


def test_a_threshold_is_entered_as_reached_by_its_amount(towns: Towns, now: datetime.datetime) -> None:
    editor = signed_in(somebody("catalogue_editor", now=now))
    changes = {"scope": "eu", "land": "", "valid_from": "01.01.2028", "grenze-0-procedure": "eu_threshold"}
    editor.post("/redaktion/vergaberegeln/neu", {**RULE, **changes})
    made = RuleSet.objects.get(valid_from=datetime.date(2028, 1, 1))
    assert (made.land, made.limits.get().is_inclusive, made.limits.get().cap_at_eu) == ("", False, False)


# ---------------------------------------------------------------------------------------------------- own rules


def test_a_town_enters_its_own_and_a_reader_only_reads(towns: Towns, now: datetime.datetime) -> None:
    place = f"/organisation/{towns.nw.public_id}/vergaberegeln"
    buyer = signed_in(somebody("procurement_officer", towns.nw, now=now))
    reader = signed_in(somebody("decision_maker", towns.nw, now=now))
    assert "§ 75a GO NRW" in words(buyer.get(place))
    page = words(buyer.post(place, RULE, follow=True))
    assert "Ihre Regel ist eingetragen." in page
    assert "Direktauftrag Bis 10.000 €. Grenzen in Hessen" in page
    page = words(reader.get(place))
    assert "Eigene Regeln tragen in Ihrer Kommune die Vergabestelle" in page
    assert "Regel eintragen" not in page
    made = RuleSet.objects.get(scope="own")
    change = f"{place}/{made.public_id}"
    assert "Dafür fehlt Ihnen die Berechtigung." in words(
        reader.post(change, {"schritt": "zurueckziehen", "grund": "Weil."}, follow=True)
    )
    assert "gilt bis 31.12.2026" in words(buyer.post(change, {"last_day": "31.12.2026"}, follow=True))


def test_a_towns_rules_are_not_there_for_others(client: Client, towns: Towns, now: datetime.datetime) -> None:
    buyer = signed_in(somebody("procurement_officer", towns.nw, now=now))
    other = signed_in(somebody("procurement_officer", towns.bw, now=now))
    place = f"/organisation/{towns.nw.public_id}/vergaberegeln"
    buyer.post(place, RULE)
    made = RuleSet.objects.get(scope="own")
    assert other.get(place).status_code == 404
    assert other.post(f"{place}/{made.public_id}", {"last_day": "31.12.2026"}).status_code == 404
    assert other.get(f"/vergaberegeln/{made.public_id}/verlauf").status_code == 404
    assert client.get(f"/vergaberegeln/{made.public_id}/verlauf").status_code == 404
    own = f"/organisation/{towns.bw.public_id}/vergaberegeln/{made.public_id}"
    assert other.post(own, {"last_day": "31.12.2026"}).status_code == 404
    assert buyer.get(f"/vergaberegeln/{made.public_id}/verlauf").status_code == 200
