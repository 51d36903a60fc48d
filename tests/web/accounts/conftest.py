"""People with accounts, and what a browser of theirs does."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import caches
from django.test import Client

from allmende.accounts.models import User
from allmende.mail.models import Letter

PASSWORD = "ein Satz den niemand kennt"


@pytest.fixture(autouse=True)
def _no_counts_from_before(db: None) -> None:
    """Limits are on; what other tests used up of them is not this one's fault."""
    caches["default"].clear()


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    """What takes a third of a second each time is right for people and of no use here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def account(email: str, *, name: str = "", password: str | None = PASSWORD, **more: Any) -> User:
    """Somebody with a confirmed address."""
    user = User.objects.create_user(email, password, name=name, **more)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def anna(db: None) -> User:
    return account("anna@beispiel.example", name="Anna Ahorn")


@pytest.fixture
def chief(db: None) -> User:
    """Works for the platform, and has no second factor yet."""
    return account("chef@beispiel.example", name="Chefin", is_staff=True)


def with_app(user: User) -> str:
    """Set up an app with one-time codes for somebody; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str, at: float | None = None) -> str:
    """What the app shows (RFC 6238), worked out here and not by the program that checks it."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def recovery_codes(user: User) -> list[str]:
    codes: list[str] = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    return codes


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Any]:
    """Type an address and a password into the form."""

    def signed(email: str, password: str = PASSWORD, **more: Any) -> Any:
        return client.post("/konto/anmelden", {"login": email, "password": password}, **more)

    return signed


def who(client: Client) -> str | None:
    """The public id of whoever is signed in."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).public_id if key else None


def letters(to: str) -> list[Letter]:
    return list(Letter.objects.filter(to=to).order_by("pk"))


def link_in(letter: Letter) -> str:
    """The one address in a letter that leads further, without the host."""
    return re.findall(r"^http://localhost:8000(/konto/\S+)$", letter.text, re.MULTILINE)[0]
