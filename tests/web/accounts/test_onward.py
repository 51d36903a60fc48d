"""Whoever was on the way to a page gets there, whatever stood in between: sign-up, a letter, a second factor."""

import time
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from allmende.accounts.models import User
from allmende.web.accounts.onward import LONGEST, local, with_next
from tests.factories.people import sign_in as sign_in_as
from tests.factories.people import somebody
from tests.web.accounts.conftest import PASSWORD, account, code_of, letters, link_in, who, with_app
from tests.web.accounts.test_second_factor import by_password, set_up_app

pytestmark = pytest.mark.django_db

NEW, WANTED = "neu@beispiel.example", "/angebote/neu?art=betrieb&x=1"
FORM = {"email": NEW, "name": "Nele Neu", "password1": PASSWORD, "password2": PASSWORD}
FOREIGN = [
    "https://boese.example/",
    "//boese.example/",
    "/\\boese.example/",
    "javascript:alert(1)",
    "konto",
    "",
]


def sign_up(client: Client, **more: str) -> Any:
    return client.post("/konto/registrieren", FORM | more)


def confirmed(client: Client, link: str) -> Any:
    """As a person does: open the link, press the button of the page it leads to, at the address it has."""
    assert "Gehört Ihnen diese E-Mail-Adresse?" in client.get(link).content.decode()
    return client.post(link)


@pytest.mark.parametrize("wanted", [WANTED, "/kommunen/99001001", "/einladungen/abc"])
def test_from_a_door_by_way_of_sign_up_and_letter_to_the_page_behind_it(client: Client, wanted: str) -> None:
    door = client.get("/konto/anmelden", {"next": wanted}).content.decode()
    link = with_next("/konto/registrieren", wanted)
    assert f'href="{link.replace("&", "&amp;")}"' in door
    assert f'name="next" value="{wanted.replace("&", "&amp;")}"' in client.get(link).content.decode()
    sign_up(client, next=wanted)
    # The letter may be opened on another device: nothing of it hangs on the session.
    elsewhere = Client()
    answer = confirmed(elsewhere, link_in(letters(NEW)[0]))
    assert answer.headers["Location"] == with_next("/konto/anmelden", wanted)
    answer = elsewhere.post(answer.headers["Location"], {"login": NEW, "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == wanted
    assert who(elsewhere) == User.objects.get(email=NEW).public_id


def test_in_the_letter_for_a_sign_in_before_the_address_was_confirmed(client: Client) -> None:
    sign_up(client)
    Client().post("/konto/anmelden", {"login": NEW, "password": PASSWORD, "next": WANTED})
    # One letter in three minutes; the first one counts.
    assert [link_in(each) for each in letters(NEW)] == [link_in(letters(NEW)[0])]
    other = account("bert@beispiel.example")
    other.emailaddress_set.update(verified=False)
    Client().post("/konto/anmelden", {"login": other.email, "password": PASSWORD, "next": WANTED})
    assert link_in(letters(other.email)[0]).endswith(with_next("", WANTED))


def test_the_page_that_says_to_look_for_the_letter_leads_on_as_well(client: Client) -> None:
    place = sign_up(client, next=WANTED).headers["Location"]
    page = client.get(place).content.decode()
    assert f'href="{with_next("/konto/anmelden", WANTED).replace("&", "&amp;")}"' in page


def test_nothing_of_it_tells_whether_there_is_an_account(anna: User) -> None:
    places = [sign_up(Client(), email=email, next=WANTED).headers["Location"] for email in (anna.email, NEW)]
    assert places == [with_next("/konto/adresse-bestaetigen", WANTED)] * 2


def test_without_a_wish_the_link_has_no_tail(client: Client) -> None:
    sign_up(client)
    assert "?" not in link_in(letters(NEW)[0])


@pytest.mark.parametrize("foreign", FOREIGN)
def test_no_letter_leads_out_of_the_house(client: Client, foreign: str) -> None:
    assert sign_up(client, next=foreign).headers["Location"] == "/konto/adresse-bestaetigen"
    link = link_in(letters(NEW)[0])
    assert "?" not in link
    assert client.post(f"{link}?next={foreign}").headers["Location"] == "/konto/anmelden"


def test_a_link_that_is_over_leads_no_further(client: Client, settings: Any) -> None:
    sign_up(client, next=WANTED)
    link = link_in(letters(NEW)[0])
    settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 0
    page = client.get(link).content.decode()
    assert "Dieser Link gilt nicht mehr" in page
    assert 'href="/konto/anmelden"' in page
    assert client.post(link).status_code == 404


def test_whoever_is_signed_in_gets_there_at_once(client: Client, anna: User) -> None:
    """A new address of one's own, confirmed by a link with a tail."""
    by_password(client, anna)
    client.post("/konto/bestaetigen", {"password": PASSWORD})
    client.post("/konto/adresse", {"email": NEW, "action_add": "1"})
    answer = client.post(with_next(link_in(letters(NEW)[0]), "/karte"))
    assert answer.headers["Location"] == "/karte"


@pytest.mark.parametrize(("demo", "times"), [(True, 1), (False, 0)])
def test_in_the_demo_the_letter_is_one_step_away(
    client: Client, settings: Any, demo: bool, times: int
) -> None:
    settings.DEMO = demo
    place = sign_up(client).headers["Location"]
    assert client.get(place).content.decode().count('href="/demo/post"') == times


class TestAfterASecondFactor:
    def test_a_code_leads_on(self, client: Client, anna: User) -> None:
        secret = with_app(anna)
        client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD, "next": WANTED})
        answer = client.post("/konto/zweiter-faktor/eingeben", {"code": code_of(secret)})
        assert answer.headers["Location"] == WANTED

    @pytest.mark.django_db(transaction=True)
    def test_setting_one_up_leads_on_from_the_codes_and_from_the_overview(
        self, client: Client, now: datetime
    ) -> None:
        editor = somebody("catalogue_editor", now=now)
        editor.set_password(PASSWORD)
        editor.save()
        sign_in_as(client, editor, second_factor=False)
        door = client.get("/redaktion/betrieb").headers["Location"]
        onward = 'href="/redaktion/betrieb"'
        assert onward not in client.get(door).content.decode().split("<main")[1]
        set_up_app(client)
        for page in ("/konto/zweiter-faktor/notfallcodes", "/konto/zweiter-faktor"):
            assert onward in client.get(page).content.decode().split("<main")[1], page

    def test_an_hour_later_it_is_forgotten(
        self, client: Client, anna: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sign_in_as(client, anna)
        page = client.get("/konto/zweiter-faktor", {"next": "/karte"}).content.decode()
        assert 'href="/karte"><span class="kern-label">Weiter' in page
        later = time.time() + 3601
        monkeypatch.setattr("allmende.web.accounts.onward.time.time", lambda: later)
        assert "Weiter zu dem" not in client.get("/konto/zweiter-faktor").content.decode()

    @pytest.mark.parametrize("foreign", FOREIGN)
    def test_nobody_is_led_out_of_the_house(self, client: Client, anna: User, foreign: str) -> None:
        sign_in_as(client, anna)
        page = client.get("/konto/zweiter-faktor", {"next": foreign}).content.decode()
        assert "Weiter zu dem" not in page


@given(st.text(st.sampled_from("/\\:.?#@ \t\nabh"), max_size=12))
def test_what_counts_as_local_is_a_path_and_nothing_else(address: str) -> None:
    kept = local(address)
    assert kept in ("", address)
    if kept:
        assert kept[0] == "/"
        assert kept[1:2] not in ("/", "\\")


def test_what_is_too_long_for_a_letter_is_left_out() -> None:
    path = "/" + "a" * (LONGEST - 1)
    assert (local(path), local(path + "a"), local(None)) == (path, "", "")
