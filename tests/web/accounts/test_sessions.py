"""Where somebody is signed in: seen, told apart, ended."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from allmende.accounts.actions import end_session, end_sessions, forget_ended_sessions
from allmende.accounts.models import User
from allmende.accounts.tasks import tidy
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.accounts.views.sessions import device
from tests.web.accounts.conftest import PASSWORD, account, who

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in_at(user: User, agent: str = FIREFOX, place: str = "127.0.0.2") -> Client:
    client = Client(REMOTE_ADDR=place, headers={"user-agent": agent})
    client.post("/konto/anmelden", {"login": user.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return bool(client.get("/konto").status_code == 200)


def test_each_place_is_listed_with_browser_and_address(anna: User) -> None:
    here = signed_in_at(anna)
    signed_in_at(anna, IPHONE, "127.0.0.3")
    page = here.get("/konto/anmeldungen").content.decode()
    for part in ("Firefox unter Linux – hier", "Safari unter iPhone oder iPad", "127.0.0.2", "127.0.0.3"):
        assert part in page, part
    assert page.count("Dort abmelden") == 1
    assert "an 2 Orten" in here.get("/konto").content.decode()


def test_one_place_is_ended_and_the_others_stay(anna: User) -> None:
    here, there = signed_in_at(anna), signed_in_at(anna, IPHONE)
    number = UserSession.objects.get(session_key=there.session.session_key).pk
    answer = here.post(f"/konto/anmeldungen/{number}/beenden")
    assert answer.headers["Location"] == "/konto/anmeldungen"
    assert (is_in(here), is_in(there)) == (True, False)
    entry = Entry.objects.get(kind="accounts.sessions_ended")
    assert (entry.actor_id, entry.subject_id, entry.data) == (anna.public_id, anna.public_id, {"ended": 1})


def test_ended_twice_it_says_so(anna: User) -> None:
    here = signed_in_at(anna)
    page = here.post("/konto/anmeldungen/999/beenden", follow=True).content.decode()
    assert "Diese Anmeldung ist schon beendet." in page


def test_a_strangers_session_cannot_be_ended(anna: User) -> None:
    here, strange = signed_in_at(anna), signed_in_at(account("bert@beispiel.example"))
    number = UserSession.objects.get(session_key=strange.session.session_key).pk
    here.post(f"/konto/anmeldungen/{number}/beenden")
    assert is_in(strange)


def test_everywhere_but_here(anna: User) -> None:
    here, there = signed_in_at(anna), signed_in_at(anna)
    here.post("/konto/anmeldungen/andere-beenden")
    assert (is_in(here), is_in(there)) == (True, False)


def test_everywhere(anna: User) -> None:
    here, there = signed_in_at(anna), signed_in_at(anna)
    page = here.post("/konto/anmeldungen/alle-beenden", follow=True)
    assert "Sie sind überall abgemeldet." in page.content.decode()
    assert (is_in(here), is_in(there)) == (False, False)
    assert UserSession.objects.count() == 0


@pytest.mark.parametrize("deed", ["1/beenden", "andere-beenden", "alle-beenden"])
def test_nothing_ends_by_a_link_or_for_strangers(anna: User, deed: str) -> None:
    here = signed_in_at(anna)
    assert here.get(f"/konto/anmeldungen/{deed}").status_code == 405
    assert Client().post(f"/konto/anmeldungen/{deed}").headers["Location"].startswith("/konto/anmelden")
    assert is_in(here)


def test_a_new_password_ends_all_others(anna: User) -> None:
    here, there = signed_in_at(anna), signed_in_at(anna)
    other = "ein anderer Satz den niemand kennt"
    here.post("/konto/passwort", {"oldpassword": PASSWORD, "password1": other, "password2": other})
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_closed_account_is_out_at_once(anna: User) -> None:
    here = signed_in_at(anna)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert not is_in(here)


def test_nobody_ends_sessions_of_others(anna: User) -> None:
    bert = Actor("person", account("bert@beispiel.example").public_id)
    now = datetime.now(UTC)
    here = signed_in_at(anna)
    number = UserSession.objects.get(user=anna).pk
    for deed in (
        lambda: end_session(anna, number, by=bert, now=now),
        lambda: end_sessions(anna, by=bert, now=now),
    ):
        with pytest.raises(Refused, match="Berechtigung"):
            deed()
    assert is_in(here)


def test_what_is_over_is_forgotten(anna: User) -> None:
    """Where somebody was signed in from is kept no longer than the session lasts."""
    signed_in_at(anna)
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(seconds=1))
    other = signed_in_at(account("bert@beispiel.example"))
    forget_ended_sessions(now=datetime.now(UTC))
    assert [each.session_key for each in UserSession.objects.all()] == [other.session.session_key]
    assert Session.objects.count() == 1


def test_the_daily_job_runs(anna: User) -> None:
    tidy.call()
    assert User.objects.count() == 1


def test_whoever_does_not_want_to_be_remembered_is_not(anna: User, client: Client) -> None:
    client.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD})
    assert client.session.get_expire_at_browser_close()
    stays = Client()
    stays.post("/konto/anmelden", {"login": anna.email, "password": PASSWORD, "remember": "on"})
    assert not stays.session.get_expire_at_browser_close()
    assert who(stays) == anna.public_id


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox unter Linux"),
        (IPHONE, "Safari unter iPhone oder iPad"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
         "Edge unter Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
         "Chrome unter Android"),
        ("curl/8.0", "Unbekannter Browser"),
        ("", "Unbekannter Browser"),
        ("<script>alert(1)</script> Firefox/1 Windows", "Firefox unter Windows"),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words(agent: str, said: str) -> None:
    assert device(agent) == said
