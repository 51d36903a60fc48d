"""The doors: where they lead, what they tell, and what a browser carries through them."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import Client, override_settings

from allmende.accounts.models import User
from allmende.mail.models import Letter

PASSWORD = "ein Satz den niemand kennt"
ELSEWHERE = [
    "https://boese.example/",
    "//boese.example/",
    "///boese.example/",
    "/\\boese.example/",
    "https:boese.example",
    "http:///boese.example",
    "javascript:alert(1)",
    "\thttps://boese.example/",
    "https://testserver@boese.example/",
]


@pytest.fixture
def anna(db: None, settings: Any) -> User:
    """Somebody with a password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    caches["default"].clear()
    user = User.objects.create_user("anna@beispiel.example", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, email: str = "anna@beispiel.example", **more: Any) -> Any:
    return client.post("/konto/anmelden", {"login": email, "password": PASSWORD} | more)


@pytest.mark.parametrize("where", ELSEWHERE)
def test_nobody_is_led_out_of_the_house(anna: User, where: str) -> None:
    client = Client()
    client.force_login(anna)
    for answer in (
        client.get("/konto/anmelden", {"next": where}),
        client.get("/konto/registrieren", {"next": where}),
        client.post("/konto/abmelden", {"next": where}),
    ):
        assert answer.status_code == 302
        assert answer["Location"] in ("/", "/mein")


def test_nor_after_the_password(anna: User) -> None:
    for where in ELSEWHERE[:3]:
        assert sign_in(Client(), next=where)["Location"] == "/mein"


def test_the_back_office_leads_to_our_door_and_on_inside_only(anna: User) -> None:
    answer = Client().get("/verwaltung/login/", {"next": "https://boese.example/"})
    assert answer["Location"].startswith("/konto/anmelden?next=")
    client = Client()
    assert sign_in(client, next="https://boese.example/")["Location"] == "/mein"


def test_a_session_that_was_put_in_a_browser_beforehand_is_worth_nothing(anna: User) -> None:
    """Whoever plants a key must not share what is signed in with it."""
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    sign_in(client)
    assert client.session.session_key not in (planted, None)
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = planted
    assert thief.get("/mein").status_code == 302


def test_signing_out_ends_the_session_itself(anna: User) -> None:
    client = Client()
    sign_in(client)
    kept = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    client.post("/konto/abmelden")
    thief = Client()
    thief.cookies[django_settings.SESSION_COOKIE_NAME] = kept
    assert thief.get("/mein").status_code == 302


def test_a_host_that_is_not_ours_gets_no_answer(anna: User) -> None:
    assert Client().get("/konto/anmelden", HTTP_HOST="boese.example").status_code == 400


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_no_letter_leads_to_the_host_that_a_request_names(anna: User, header: str) -> None:
    """Even where an operator lets every host in."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        for path, sent in (
            ("/konto/passwort-vergessen", {"email": anna.email}),
            ("/konto/passwort-vergessen", {"email": "niemand@beispiel.example"}),
            ("/konto/registrieren", {"email": "neu@beispiel.example", "password1": PASSWORD, "password2": PASSWORD}),
        ):  # fmt: skip
            Client().post(path, sent, **{header: "boese.example"})
    texts = list(Letter.objects.values_list("text", flat=True))
    assert len(texts) == 3
    assert [text for text in texts if "boese" in text] == []
    assert all(django_settings.SITE_URL in text for text in texts)


def test_who_tries_to_get_in_stands_in_the_log_without_what_they_typed(
    anna: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="allmende")
    Client().post("/konto/anmelden", {"login": "mein passwort", "password": "x"}, REMOTE_ADDR="192.0.2.7")
    Client().post("/konto/anmelden", {"login": anna.email, "password": "falsch"}, REMOTE_ADDR="192.0.2.8")
    sign_in(Client(REMOTE_ADDR="192.0.2.9"))
    said = [each.getMessage() for each in caplog.records if each.name == "allmende.web.accounts.signals"]
    assert said == [
        "sign-in refused, asked from 192.0.2.8",
        f"signed in {anna.public_id} from 192.0.2.9",
    ]


REAL = """
import json, django
from django.conf import settings
django.setup()
from django.core import checks
found = [each.id for each in checks.run_checks(include_deployment_checks=True) if str(each.id).startswith("security.")]
names = ["SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_CONTENT_TYPE_NOSNIFF", "X_FRAME_OPTIONS", "DEBUG", "DEMO",
    "SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"]
print(json.dumps([{name: getattr(settings, name) for name in names},
    [each for each in found if each not in settings.SILENCED_SYSTEM_CHECKS]]))
"""


def test_a_site_with_tls_has_secure_cookies_and_tells_browsers_to_stay_with_it() -> None:
    environment = os.environ | {
        "ALLMENDE_SITE_URL": "https://allmende.example",
        "ALLMENDE_HOSTS": "allmende.example",
        "ALLMENDE_SECRET_KEY": "".join(chr(33 + n % 90) for n in range(60)),
    }
    done = subprocess.run(
        [sys.executable, "-c", REAL], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [
        {
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "CSRF_COOKIE_SECURE": True,
            "SECURE_SSL_REDIRECT": True,
            "SECURE_HSTS_SECONDS": 31_536_000,
            "SECURE_CONTENT_TYPE_NOSNIFF": True,
            "X_FRAME_OPTIONS": "DENY",
            "DEBUG": False,
            "DEMO": False,
            # Only where an operator says that a proxy stands before it.
            "SECURE_PROXY_SSL_HEADER": None,
            "USE_X_FORWARDED_HOST": False,
            "SESSION_COOKIE_NAME": "__Host-sessionid",
            "CSRF_COOKIE_NAME": "__Host-csrftoken",
        },
        [],
    ]


def test_what_nobody_has_set_up_is_no_door(db: None) -> None:
    """The demo's list of logins and its letters exist in a demo only."""
    for path in ("/demo/anmeldungen", "/demo/post", "/komponenten", "/media/x", "/static/../settings.py"):
        assert Client().get(path).status_code == 404
