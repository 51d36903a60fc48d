"""Naming what is missing: from the search to the desk and back."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from allmende.catalogue.actions import confirm_use, withdraw
from allmende.catalogue.models import ConfirmedUse, MissingSolution, Solution
from tests.factories.market import DEMO, Market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db

WHAT_FOR = "Bäume erfassen und ihre Pflege planen."
NEW = "/fehlende-loesung"


def named(client: Client, market: Market, **said: str) -> MissingSolution:
    told = {"town": market.town.public_id, "name": "Grünbuch", "purpose": WHAT_FOR, "use_state": "", **said}
    answer = client.post(NEW, told)
    assert answer.status_code == 302, answer.content.decode()
    return MissingSolution.objects.get(public_id=answer["Location"].rpartition("/")[2])


def decide(client: Client, missing: MissingSolution, **said: str) -> Any:
    return client.post(f"/redaktion/genannt/{missing.public_id}", said, follow=True)


ENTRY = {
    "ergebnis": "aufnehmen", "name": "Grünbuch", "summary": "Ein Baumkataster.",
    "website_url": "gruenbuch.example.org", "field": "",
}  # fmt: skip


def test_the_search_leads_to_it_where_nothing_is_found_and_quietly_below_the_hits(
    client: Client, market: Market
) -> None:
    nothing = client.get("/suche?q=xylophonstimmer").content.decode()
    some = client.get("/suche?q=M%C3%A4ngelmelder").content.decode()
    assert 'href="/fehlende-loesung?name=xylophonstimmer"' in nothing
    assert 'Nicht dabei? <a href="/fehlende-loesung?name=M%C3%A4ngelmelder">' in some


def test_whoever_has_not_signed_in_reads_which_way_is_theirs(client: Client, market: Market) -> None:
    page = client.get(f"{NEW}?name=Gr%C3%BCnbuch").content.decode()
    assert '/konto/anmelden?next=%2Ffehlende-loesung%3Fname%3DGr%25C3%25BCnbuch"' in page
    assert "<form" not in page[page.index("<main") : page.index("</main")]
    assert client.post(NEW, {"name": "x"}).status_code == 200
    assert MissingSolution.objects.count() == 0


def test_a_company_is_led_to_offering_itself(company: Client, market: Market) -> None:
    page = company.get(NEW).content.decode()
    assert "Ihr Konto gehört noch zu keiner Kommune." in page
    assert 'href="/angebote/neu"' in page


def test_a_town_names_it_the_desk_enters_it_and_the_use_stands_there(
    town: Client, editor: Client, client: Client, market: Market
) -> None:
    assert 'value="Grünbuch"' in town.get(f"{NEW}?name=Gr%C3%BCnbuch").content.decode()
    missing = named(town, market, use_state="productive", since="04.2024")
    assert "seit April 2024" in town.get(f"{NEW}/{missing.public_id}").content.decode()
    assert "Genannte Lösungen aufnehmen" in editor.get("/redaktion").content.decode()
    assert (
        "Ahornstadt nutzt sie und findet sie hier nicht." in editor.get("/redaktion/genannt").content.decode()
    )

    decide(editor, missing, **ENTRY)

    missing.refresh_from_db()
    assert (missing.state, missing.solution and missing.solution.name) == ("entered", "Grünbuch")
    assert missing.solution is not None
    page = client.get(f"/loesungen/{missing.solution.public_id}").content.decode()
    assert "seit April 2024" in page
    told = town.get(f"{NEW}/{missing.public_id}").content.decode()
    assert f'href="/loesungen/{missing.solution.public_id}"' in told


def test_the_desk_attaches_it_by_choice_or_by_address(town: Client, editor: Client, market: Market) -> None:
    first = named(town, market, name="Mängelmelder")
    page = editor.get(f"/redaktion/genannt/{first.public_id}").content.decode()
    assert f'value="{market.melder.public_id}"' in page
    decide(editor, first, ergebnis="zuordnen", eintrag=market.melder.public_id)
    second = named(town, market, name="Räume", use_state="pilot")
    address = f"https://marktplatz.example.org/loesungen/{market.raum.public_id}?kommune=1#nutzung"
    decide(editor, second, ergebnis="zuordnen", andere=address)

    rows = MissingSolution.objects.order_by("named_at").values_list("state", "solution")
    assert list(rows) == [("known", market.melder.pk), ("known", market.raum.pk)]
    assert ConfirmedUse.objects.get(solution=market.raum).state == "pilot"


def test_what_the_desk_leaves_out_stands_beside_the_field(
    town: Client, editor: Client, market: Market
) -> None:
    missing = named(town, market)
    without = decide(editor, missing, **{**ENTRY, "website_url": "", "summary": ""})
    assert without.status_code == 422
    assert "Füllen Sie „Kurzbeschreibung“ aus." in without.content.decode()
    no_address = decide(editor, missing, **{**ENTRY, "website_url": ""})
    assert "Adresse des Quellcodes oder der Website" in no_address.content.decode()
    unknown = decide(editor, missing, ergebnis="zuordnen", andere="unfug")
    assert "geben Sie seine Adresse ein" in unknown.content.decode()
    assert Solution.objects.count() == 3
    missing.refresh_from_db()
    assert missing.state == "open"


def test_a_town_reads_why_it_was_declined(town: Client, editor: Client, market: Market) -> None:
    missing = named(town, market)
    decide(editor, missing, ergebnis="ablehnen", grund="Das ist ein Gerät und keine Software.")
    assert "Das ist ein Gerät und keine Software." in town.get(f"{NEW}/{missing.public_id}").content.decode()
    assert f"{missing.name}</a>" in town.get("/mein/nutzung").content.decode()


def test_a_town_takes_it_back_and_a_competitor_does_not_see_it(
    town: Client, company: Client, client: Client, market: Market
) -> None:
    missing = named(town, market)
    back = f"{NEW}/{missing.public_id}/zuruecknehmen"
    assert company.get(f"{NEW}/{missing.public_id}").status_code == 404
    assert company.post(back).status_code == 404
    assert client.get(f"{NEW}/{missing.public_id}").status_code == 302
    assert "ist zurückgenommen" in town.post(back, follow=True).content.decode()
    missing.refresh_from_db()
    assert missing.state == "withdrawn"


def test_a_reader_of_a_town_names_it_without_stating_a_use(market: Market, now: datetime) -> None:
    reader = signed_in(somebody("decision_maker", market.town, now=now))
    assert "Nutzt Ihre Kommune die Lösung?" not in reader.get(NEW).content.decode()
    missing = named(reader, market, use_state="productive")
    assert missing.use_state == ""
    assert "Diese Rolle vergibt" in reader.get("/mein/nutzung").content.decode()


def test_nobody_floods_the_desk(market: Market, now: datetime) -> None:
    reader = signed_in(somebody("decision_maker", market.town, now=now))
    answers = [reader.post(NEW, {"town": market.town.public_id}).status_code for _ in range(21)]
    assert (set(answers[:20]), answers[20]) == ({200}, 429)


# ----------------------------------------------------------------------------------------------------- one's own uses


def test_a_town_finds_a_solution_and_sees_what_it_and_others_say(town: Client, market: Market) -> None:
    confirm_use(
        market.raum, organisation=market.neighbour, state="pilot", by=DEMO, now=market.raum.changed_at
    )
    page = town.get("/mein/nutzung?q=R%C3%A4ume").content.decode()
    assert f'href="/loesungen/{market.raum.public_id}/nutzung"' in page
    assert 'href="/fehlende-loesung?name=R%C3%A4ume"' in page
    assert page.count("Ändern oder beenden") == 1  # Mängelmelder, since April 2024
    assert "Nutzung angeben" in town.get("/mein").content.decode()


def test_what_others_say_of_a_town_it_confirms_from_its_own_page(market: Market, now: datetime) -> None:
    neighbour = signed_in(somebody("municipality_editor", market.neighbour, now=now))
    page = neighbour.get("/mein/nutzung").content.decode()
    assert page.count("Bestätigen oder berichtigen") == 1
    assert "Eine Nutzung bestätigen oder berichtigen" in neighbour.get("/mein").content.decode()


def test_members_of_a_town_get_the_button_and_nobody_else(
    town: Client, company: Client, client: Client, market: Market, now: datetime
) -> None:
    other = signed_in(somebody("municipality_editor", market.neighbour, now=now))
    button = '<span class="kern-label">Nutzung angeben</span>'
    shown = {
        name: (
            button in who.get(f"/loesungen/{market.raum.public_id}").content.decode(),
            button in who.get("/kommunen/99001001").content.decode(),
        )
        for name, who in {"town": town, "other": other, "company": company, "nobody": client}.items()
    }
    assert shown == {
        "town": (True, True), "other": (True, False), "company": (False, False), "nobody": (False, False),
    }  # fmt: skip


def test_members_are_led_to_their_organisation_and_not_to_joining_it(
    town: Client, client: Client, market: Market, now: datetime
) -> None:
    reader = signed_in(somebody("decision_maker", market.town, now=now))
    address, joining = "/kommunen/99001001", "/kommunen/99001001/uebernehmen"
    for browser, own, told in ((town, True, False), (reader, True, True), (client, False, False)):
        page = browser.get(address).content.decode()
        assert (f'href="/organisation/{market.town.public_id}"' in page) is own
        assert (joining in page) is not own
        assert ("Nutzungen trägt ein, wer die Rolle" in page) is told


def test_a_use_known_to_the_year_is_shown_to_the_year(town: Client, client: Client, market: Market) -> None:
    said = {"town": market.town.public_id, f"lock_version-{market.town.public_id}": "0"}
    town.post(
        f"/loesungen/{market.raum.public_id}/nutzung",
        {**said, "state": "ended", "since": "2019", "ended_on": "Mai 2024"},
    )
    use = ConfirmedUse.objects.get(solution=market.raum)
    assert (use.since_told.iso, use.ended_told.iso) == ("2019", "2024-05")  # type: ignore[union-attr]
    assert "Beendet im Mai 2024" in client.get(f"/loesungen/{market.raum.public_id}").content.decode()
    form = town.get(f"/loesungen/{market.raum.public_id}/nutzung").content.decode()
    assert 'value="2019"' in form
    assert 'value="Mai 2024"' in form
    place = client.get("/kommunen/99001001").content.decode()
    assert '<td data-label="Seit">2019</td><td data-label="Bis">Mai 2024</td>' in place


def test_the_use_of_what_is_withdrawn_stays_readable_and_can_end(
    town: Client, client: Client, market: Market, now: datetime
) -> None:
    withdraw(market.melder, reason="Eingestellt.", by=DEMO, now=now)
    assert "Mängelmelder</a>" in client.get("/kommunen/99001001").content.decode()
    assert "„Mängelmelder“ ist zurückgezogen" in town.get("/mein").content.decode()
    address = f"/loesungen/{market.melder.public_id}/nutzung"
    assert "Dieser Eintrag ist zurückgezogen" in town.get(address).content.decode()
    version = {f"lock_version-{market.town.public_id}": "1", "town": market.town.public_id}
    town.post(address, {**version, "state": "ended", "ended_on": "2025"})
    assert ConfirmedUse.objects.get(solution=market.melder).state == "ended"
    refused = town.post(
        address,
        {f"lock_version-{market.town.public_id}": "2", "town": market.town.public_id, "state": "pilot"},
    )
    assert "einer veröffentlichten Lösung" in refused.content.decode()


def test_a_town_of_which_something_is_confirmed_is_not_said_to_have_said_nothing(
    client: Client, market: Market
) -> None:
    told = client.get("/kommunen/99001001").content.decode()
    silent = client.get("/kommunen/99001002").content.decode()
    assert "Ihre Angaben unten gehören zur Demonstration." in told
    assert "Noch ist hier niemand" not in told
    assert "Noch ist hier niemand für diese Kommune angemeldet." in silent
