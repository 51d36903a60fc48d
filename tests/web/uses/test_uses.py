"""A town says for itself what it uses."""

from datetime import date, datetime

import pytest
from django.test import Client

from allmende.catalogue.models import ConfirmedUse
from tests.factories.market import Market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db


def say(client: Client, market: Market, **said: str) -> str:
    use = ConfirmedUse.objects.filter(solution=market.raum, organisation=market.town).first()
    version = {f"lock_version-{market.town.public_id}": str(use.lock_version if use else 0)}
    answer = client.post(
        f"/loesungen/{market.raum.public_id}/nutzung",
        {"town": market.town.public_id, **version, **said},
        follow=True,
    )
    assert answer.status_code == 200
    return answer.content.decode()


def use_of(market: Market) -> ConfirmedUse | None:
    return ConfirmedUse.objects.filter(solution=market.raum).first()


def test_a_town_confirms_its_use_and_it_shows(town: Client, market: Market) -> None:
    page = say(town, market, state="pilot", since="01.04.2025", note="Nur im Rathaus.")
    assert "Danke. Die Angabe für Ahornstadt steht jetzt hier auf der Seite." in page
    assert "Pilotbetrieb seit 01.04.2025" in page
    assert "Nur im Rathaus." in page


def test_the_form_begins_with_what_the_town_said_last(town: Client, market: Market) -> None:
    say(town, market, state="pilot", since="01.04.2025", note="Nur im Rathaus.")
    page = town.get(f"/loesungen/{market.raum.public_id}/nutzung").content.decode()
    for value in ("01.04.2025", "Nur im Rathaus."):
        assert f'value="{value}"' in page


def test_a_use_becomes_productive_and_ends(town: Client, market: Market) -> None:
    say(town, market, state="pilot", since="01.04.2025")
    say(town, market, state="productive")
    page = say(town, market, state="ended", ended_on="31.12.2025")
    use = use_of(market)
    assert use
    assert (use.state, use.since, use.ended_on) == ("ended", date(2025, 4, 1), date(2025, 12, 31))
    assert "Beendet am 31.12.2025" in page


def test_a_use_may_be_told_after_its_end(town: Client, market: Market) -> None:
    say(town, market, state="ended", since="01.04.2022", ended_on="31.12.2025", note="Zu teuer.")
    use = use_of(market)
    assert use
    assert (use.state, use.since, use.ended_on, use.note) == (
        "ended", date(2022, 4, 1), date(2025, 12, 31), "Zu teuer.",
    )  # fmt: skip


def test_an_ended_use_may_begin_again(town: Client, market: Market) -> None:
    say(town, market, state="ended", ended_on="31.12.2025")
    say(town, market, state="productive", since="01.02.2026")
    use = use_of(market)
    assert use
    assert (use.state, use.ended_on) == ("productive", None)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Wählen Sie eine Antwort aus."),
        ({"state": "unfug"}, "Wählen Sie eine der Antworten aus."),
        ({"state": "pilot", "since": "gestern"}, "Geben Sie ein Jahr, einen Monat oder einen Tag ein"),
        ({"state": "pilot", "since": "01.01.2199"}, "Der Beginn der Nutzung liegt in der Zukunft."),
        ({"state": "ended"}, "Geben Sie an, wann die Nutzung geendet hat."),
        ({"state": "ended", "ended_on": "01.01.2199"}, "Geben Sie einen Tag zwischen dem Beginn"),
        ({"state": "ended", "since": "01.04.2025", "ended_on": "01.01.2025"}, "Geben Sie einen Tag zwischen"),
        ({"state": "pilot", "ended_on": "01.01.2025"}, "Wählen Sie „Beendet“, oder lassen Sie"),
    ],
)
def test_what_cannot_be_is_told_in_the_form_and_nothing_is_published(
    town: Client, market: Market, said: dict[str, str], sentence: str
) -> None:
    page = say(town, market, **said)
    assert sentence in page
    assert "Angabe veröffentlichen" in page  # still the form, with what was entered
    assert use_of(market) is None


def test_nobody_speaks_for_another_town(market: Market, now: datetime) -> None:
    neighbour = signed_in(somebody("municipality_editor", market.neighbour, now=now))
    page = say(neighbour, market, state="pilot")
    assert "Angabe veröffentlichen" in page
    assert use_of(market) is None


def test_staff_and_companies_do_not_speak_for_towns(staff: Client, company: Client, market: Market) -> None:
    for client in (staff, company):
        page = say(client, market, state="pilot")
        assert "Das kann nur die Kommune selbst sagen" in page
    assert use_of(market) is None


def test_a_stranger_signs_in_first_and_comes_back(client: Client, market: Market) -> None:
    address = f"/loesungen/{market.raum.public_id}/nutzung"
    assert client.get(address)["Location"] == f"/konto/anmelden?next={address}"


@pytest.mark.parametrize("public_id", ["0000000000", "x", "%00"])
def test_an_unknown_solution_is_not_found(town: Client, market: Market, public_id: str) -> None:
    assert town.get(f"/loesungen/{public_id}/nutzung").status_code == 404


def test_somebody_of_two_towns_is_asked_which(market: Market, now: datetime) -> None:
    user = somebody("municipality_editor", market.town, now=now)
    from allmende.organisations.actions import grant_role
    from tests.factories.people import SETUP

    grant_role("municipality_editor", user=user, organisation=market.neighbour, by=SETUP, now=now)
    page = signed_in(user).get(f"/loesungen/{market.raum.public_id}/nutzung").content.decode()
    assert page.count('name="town"') == 2
    assert not any("checked" in part.split(">")[0] for part in page.split('name="town"')[1:])


def test_two_people_of_a_town_see_both_versions_and_nothing_is_overwritten_in_silence(
    market: Market, now: datetime
) -> None:
    one, other = (signed_in(somebody("municipality_editor", market.town, now=now)) for _ in range(2))
    address = f"/loesungen/{market.raum.public_id}/nutzung"
    mine = {"town": market.town.public_id, f"lock_version-{market.town.public_id}": "0"}
    one.post(address, {**mine, "state": "pilot", "since": "01.04.2025", "note": "Nur im Rathaus."})
    answer = other.post(address, {**mine, "state": "productive", "since": "01.01.2026", "note": "Überall."})
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Nur im Rathaus.", "Überall.", "01.04.2025", "01.01.2026"):
        assert words in page
    use = use_of(market)
    assert use
    assert (use.state, use.note) == ("pilot", "Nur im Rathaus.")
    # Having seen both, the second one decides.
    again = {**mine, f"lock_version-{market.town.public_id}": str(use.lock_version)}
    other.post(address, {**again, "state": "productive", "since": "01.01.2026", "note": "Überall."})
    use.refresh_from_db()
    assert (use.state, use.note) == ("productive", "Überall.")


def test_a_form_without_its_version_is_out_of_date(town: Client, market: Market) -> None:
    answer = town.post(
        f"/loesungen/{market.raum.public_id}/nutzung", {"town": market.town.public_id, "state": "pilot"}
    )
    assert "Inzwischen hat jemand aus Ihrer Kommune etwas anderes angegeben" in answer.content.decode()
    assert use_of(market) is None
