"""The pages of news, rates, saved searches and the way out, as their owner, a stranger and nobody meet them."""

import datetime
import html
import re
from typing import Any

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.catalogue.actions import withdraw
from allmende.lib.actors import Actor
from allmende.mail.actions import send
from allmende.mail.models import Letter, UndeliverableAddress
from allmende.notifications.models import NewsItem, Preference, SavedSearch
from allmende.notifications.queries import rates_of, unread_count
from allmende.notifications.unsubscribing import ticket_path
from tests.factories.market import Market
from tests.factories.people import signed_in, somebody
from tests.web.notifications.conftest import news

OWN = ["/mein/nachrichten", "/mein/nachrichten/einstellungen", "/mein/suchen", "/mein/suchen/neu?q=karte"]

CHOSEN = {
    "tasks": "daily",
    "decisions": "weekly",
    "roles": "never",
    "use": "at_once",
    "matches": "weekly",
    "needs": "daily",
    "cases": "never",
}


def text(answer: Any) -> str:
    """What stands on the page, without marks."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


# --------------------------------------------------------------------------------------------------------------- doors


@pytest.mark.parametrize("address", OWN)
def test_whoever_has_not_signed_in_is_asked_to(market: Market, address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/konto/anmelden")


def test_a_stranger_meets_nothing_of_others(
    market: Market, user: User, stranger: Client, now: datetime.datetime
) -> None:
    item = news(user, market, now)
    saved = SavedSearch.objects.create(
        user=user, title="Meine", address="/suche?q=x", rate="daily", made_at=now, looked_at=now
    )
    addresses = {
        f"/mein/nachrichten/{item.public_id}": "get",
        f"/mein/suchen/{saved.public_id}": "post",
        f"/mein/suchen/{saved.public_id}/loeschen": "post",
    }
    for address, method in addresses.items():
        assert (address, getattr(stranger, method)(address).status_code) == (address, 404)
    for address in ("/mein/nachrichten", "/mein/suchen"):
        page = text(stranger.get(address))
        assert "Mängelmelder" not in page
        assert "Meine" not in page.replace("Meine Arbeit", "")
    item.refresh_from_db()
    assert (item.read_at, SavedSearch.objects.count()) == (None, 1)


@pytest.mark.parametrize(
    "address",
    ["/mein/nachrichten/gelesen", "/mein/nachrichten/adresse", "/mein/suchen/x", "/mein/suchen/x/loeschen"],
)
def test_looking_presses_no_button(client: Client, address: str) -> None:
    assert client.get(address).status_code == 405


# ---------------------------------------------------------------------------------------------------------------- news


def test_every_page_says_how_much_is_unread(
    client: Client, user: User, market: Market, now: datetime.datetime
) -> None:
    assert "Nachrichten</a>" in client.get("/ueber").content.decode()
    news(user, market, now)
    news(user, market, now, data={"town": "Birkenmarkt"})
    assert (
        'Nachrichten (2)<span class="am-hidden"> ungelesen</span></a>'
        in client.get("/ueber").content.decode()
    )
    assert "ungelesen" not in Client().get("/ueber").content.decode()


def test_what_is_opened_is_read_and_leads_on(
    client: Client, user: User, market: Market, now: datetime.datetime
) -> None:
    item = news(user, market, now)
    page = client.get("/mein/nachrichten")
    assert "Neu: Ahornstadt bestätigt die Nutzung von „Mängelmelder“." in text(page)
    answer = client.get(f"/mein/nachrichten/{item.public_id}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/loesungen/{market.melder.public_id}")
    assert unread_count(user) == 0
    assert "Neu: " not in text(client.get("/mein/nachrichten"))


def test_what_is_gone_says_only_that(
    client: Client, user: User, market: Market, now: datetime.datetime
) -> None:
    item = news(user, market, now)
    withdraw(market.melder, reason="Wird nicht mehr gepflegt.", by=Actor.program("test"), now=now)
    page = text(client.get("/mein/nachrichten"))
    assert "Mängelmelder" not in page
    assert "Was diese Nachricht betraf, gibt es nicht mehr" in page
    answer = client.get(f"/mein/nachrichten/{item.public_id}")
    assert (answer.headers["Location"], unread_count(user)) == ("/mein/nachrichten", 0)


def test_everything_is_read_at_once(
    client: Client, user: User, market: Market, now: datetime.datetime
) -> None:
    for number in range(3):
        news(user, market, now, data={"town": f"Stadt {number}"})
    answer = client.post("/mein/nachrichten/gelesen", follow=True)
    assert "Sie haben alles gelesen." in text(answer)
    assert unread_count(user) == 0


def test_the_list_costs_the_same_with_one_and_with_three(
    client: Client, user: User, market: Market, now: datetime.datetime, django_assert_num_queries: Any
) -> None:
    client.get("/mein/nachrichten")
    solutions = iter((market.melder, market.raum, market.foreign))
    news(user, market, now, subject_id=next(solutions).public_id)
    costs = []
    for _ in range(2):
        with django_assert_num_queries(8, exact=False) as counted:
            client.get("/mein/nachrichten")
        costs.append(len(counted))
        for solution in solutions:
            news(user, market, now, subject_id=solution.public_id)
    assert (costs[0] - costs[1], NewsItem.objects.filter(user=user).count()) == (0, 3)


def test_a_page_number_out_of_the_blue_is_the_last_page(
    client: Client, user: User, market: Market, now: datetime.datetime
) -> None:
    for number in range(21):
        news(user, market, now, data={"town": f"Stadt {number}"})
    assert "Stadt 0 bestätigt" in text(client.get("/mein/nachrichten?seite=999"))
    assert "Stadt 20 bestätigt" in text(client.get("/mein/nachrichten?seite=unfug"))


# --------------------------------------------------------------------------------------------------------------- rates


def test_how_often_mail_comes_is_chosen_category_by_category(client: Client, user: User) -> None:
    assert "Keine E-Mail. Die Nachricht steht nur hier." in text(
        client.get("/mein/nachrichten/einstellungen")
    )
    chosen = dict(CHOSEN)
    answer = client.post("/mein/nachrichten/einstellungen", chosen, follow=True)
    assert "Gespeichert. So oft schreiben wir Ihnen ab jetzt." in text(answer)
    assert rates_of(user) == chosen | {"searches": "weekly", "post": "never", "desk": "daily"}


def test_the_staff_alone_is_asked_how_often_the_desk_writes(
    client: Client, user: User, now: datetime.datetime
) -> None:
    page = client.get("/mein/nachrichten/einstellungen").content.decode()
    assert "Was am Schreibtisch wartet" not in page
    editor = somebody("catalogue_editor", now=now)
    page = signed_in(editor).get("/mein/nachrichten/einstellungen").content.decode()
    assert "Was am Schreibtisch wartet" in page
    assert re.findall(r'name="desk"[^>]*value="(\w+)"', page) == ["daily", "weekly", "never"]


def test_the_staff_chooses_and_others_cannot(client: Client, user: User, now: datetime.datetime) -> None:
    chosen = CHOSEN | {"desk": "weekly"}
    client.post("/mein/nachrichten/einstellungen", chosen)
    assert rates_of(user)["desk"] == "daily"
    editor = somebody("catalogue_editor", now=now)
    browser = signed_in(editor)
    answer = browser.post("/mein/nachrichten/einstellungen", chosen | {"desk": "at_once"})
    assert "Wählen Sie bei „Was am Schreibtisch wartet“ eine der Antworten aus." in text(answer)
    browser.post("/mein/nachrichten/einstellungen", chosen)
    assert rates_of(editor)["desk"] == "weekly"


def test_what_cannot_be_chosen_is_said(client: Client, user: User) -> None:
    answer = client.post("/mein/nachrichten/einstellungen", {"tasks": "hourly", "use": "daily"})
    page = text(answer)
    assert "Wählen Sie bei „Was auf Sie wartet“ eine der Antworten aus." in page
    assert "Wählen Sie bei „Entscheidungen“ eine der Antworten aus." in page
    assert Preference.objects.count() == 0


def test_an_address_that_takes_no_mail_is_said_and_its_owner_can_mend_it(
    client: Client, user: User, now: datetime.datetime
) -> None:
    UndeliverableAddress.objects.create(address=user.email, bounces=2, since=now, last_at=now)
    assert "Unsere E-Mails kommen bei Ihnen nicht an" in text(client.get("/mein/nachrichten/einstellungen"))
    answer = client.post("/mein/nachrichten/adresse", follow=True)
    assert "Wir schreiben wieder an diese Adresse." in text(answer)
    assert UndeliverableAddress.objects.count() == 0


# ------------------------------------------------------------------------------------------------------------ searches


def test_a_search_is_saved_from_its_page(client: Client, user: User, market: Market) -> None:
    page = client.get("/suche?q=R%C3%A4ume&feld=verwaltung&sortierung=name&seite=1").content.decode()
    [link] = re.findall(r'href="(/mein/suchen/neu[^"]*)"[^>]*>Diese Suche speichern', page)
    address = html.unescape(link)
    form = client.get(address)
    assert "Suchwörter Räume Handlungsfeld Verwaltung" in text(form)
    said = {"title": "Räume in der Verwaltung", "rate": "daily"}
    answer = client.post(address, said, follow=True)
    assert "Die Suche „Räume in der Verwaltung“ ist gespeichert." in text(answer)
    saved = SavedSearch.objects.get()
    assert (saved.user, saved.address, saved.text) == (user, "/suche?q=R%C3%A4ume&feld=verwaltung", "Räume")
    assert (saved.choices, saved.seen) == ({"field": ["verwaltung"]}, [market.raum.public_id])
    # Once more is refused, with a sentence.
    assert "haben Sie schon gespeichert" in text(client.post(address, said, follow=True))


def test_a_search_that_nobody_named_is_asked_for_a_name(client: Client) -> None:
    answer = client.post("/mein/suchen/neu?q=karte", {"title": " ", "rate": ""})
    assert "Füllen Sie „Name der Suche“ aus." in text(answer)
    assert SavedSearch.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["", "q=%00%ff", "q=" + "x" * 9_000, "feld=unfug&feld=%3Cscript%3E", "seite=-1"]
)
def test_any_query_string_is_a_page(client: Client, query: str) -> None:
    answer = client.get(f"/mein/suchen/neu?{query}")
    assert (answer.status_code, b"<script>" in answer.content) == (200, False)


def test_a_saved_search_is_changed_and_deleted(client: Client, user: User, now: datetime.datetime) -> None:
    saved = SavedSearch.objects.create(
        user=user, title="Räume", address="/suche?q=x", rate="daily", made_at=now, looked_at=now
    )
    answer = client.post(f"/mein/suchen/{saved.public_id}", {"rate": "never"}, follow=True)
    assert "E-Mails zu „Räume“: nie." in text(answer)
    answer = client.post(f"/mein/suchen/{saved.public_id}", {"rate": "unfug"}, follow=True)
    assert "Wählen Sie aus, wie oft wir Ihnen schreiben sollen." in text(answer)
    answer = client.post(f"/mein/suchen/{saved.public_id}/loeschen", follow=True)
    assert "Die Suche „Räume“ ist gelöscht." in text(answer)


def test_the_list_of_searches_costs_the_same_with_one_and_with_three(
    client: Client, user: User, now: datetime.datetime, django_assert_num_queries: Any
) -> None:
    client.get("/mein/suchen")
    costs = []
    for number in range(3):
        SavedSearch.objects.create(
            user=user, title="R", address=f"/suche?q={number}", rate="daily", made_at=now, looked_at=now
        )
        with django_assert_num_queries(8, exact=False) as counted:
            client.get("/mein/suchen")
        costs.append(len(counted))
    assert len(set(costs)) == 1


# ---------------------------------------------------------------------------------------------------------- the way out


def test_looking_at_the_way_out_changes_nothing(user: User) -> None:
    path = ticket_path(user, ["use", "searches"])
    answer = Client(enforce_csrf_checks=True).get(path)
    assert answer.status_code == 200
    assert "Nutzung Ihrer Lösungen" in text(answer)
    assert user.email not in answer.content.decode()
    assert (Preference.objects.count(), answer.headers["Referrer-Policy"]) == (0, "no-referrer")


def test_one_click_of_a_mail_program_is_enough(user: User) -> None:
    path = ticket_path(user, ["use"])
    browser = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "Wir schicken Ihnen dazu keine E-Mails mehr." in text(answer)) == (
            200,
            True,
        )
    assert [(each.user, each.category, each.rate) for each in Preference.objects.all()] == [
        (user, "use", "never")
    ]


def test_the_other_button_stops_all_news_and_saved_searches(user: User, now: datetime.datetime) -> None:
    SavedSearch.objects.create(
        user=user, title="R", address="/suche?q=x", rate="daily", made_at=now, looked_at=now
    )
    answer = Client().post(ticket_path(user, ["use"]), {"alles": "1"})
    assert "keine Benachrichtigungen mehr per E-Mail" in text(answer)
    assert set(rates_of(user).values()) == {"never"}
    assert SavedSearch.objects.get().rate == "never"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("ticket", ["x", "0000000000.use:AAAA", "%00", "..%2F", "a" * 3_000])
def test_a_forged_link_is_no_page(market: Market, method: str, ticket: str) -> None:
    assert getattr(Client(), method)(f"/abbestellen/{ticket}").status_code == 404


# ----------------------------------------------------------------------------------------------------- post of the demo


@pytest.fixture
def letter(market: Market, now: datetime.datetime) -> Letter:
    return send(
        to="kim@stadt.example",
        subject="Einladung <b>",
        text="Guten Tag,\n\n<script>alert(1)</script>\nhttps://allmende.example/einladung/x\n",
        kind="tests.letter",
        about=("organisation", "x"),
        by=Actor.program("test"),
        now=now,
    )


def test_in_the_demo_mail_is_read_on_a_page(letter: Letter) -> None:
    assert "Einladung <b>" in text(Client().get("/demo/post"))
    page = Client().get(f"/demo/post/{letter.public_id}").content.decode()
    assert '<a href="https://allmende.example/einladung/x"' in page
    assert "<script>alert" not in page


def test_elsewhere_mail_is_nobodys_business(letter: Letter, settings: Any) -> None:
    settings.DEMO = False
    assert [Client().get(path).status_code for path in ("/demo/post", f"/demo/post/{letter.public_id}")] == [
        404,
        404,
    ]
