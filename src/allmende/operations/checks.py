"""What is misconfigured, and how to mend it: Django's system checks, in German. `allmende check` runs them all.

None of them looks into the database: `migrate` runs them before there is one. What is in it: `queries.conditions`.
"""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Concern

from allmende.lib.refusals import Refused
from allmende.operations.databases import client

Found = list[CheckMessage]


def _one(wrong: bool, kind: type[Error] | type[Concern], number: int, message: str, hint: str) -> Found:
    return [kind(message, hint=hint, id=f"allmende.{kind.__name__[0]}{number:03}")] if wrong else []


@register(deploy=True)
def addresses(**_: Any) -> Found:
    """The public address and the names under which the server answers fit together."""
    site = urlsplit(settings.SITE_URL)
    names = settings.ALLOWED_HOSTS
    return [
        *_one(
            site.scheme != "https", Concern, 1,
            f"ALLMENDE_SITE_URL ist „{settings.SITE_URL}“: Anmeldungen gingen offen über die Leitung.",
            "Stellen Sie einen Proxy mit TLS davor und tragen Sie die Adresse mit https:// ein.",
        ),
        *_one(
            "*" in names, Error, 2, "ALLMENDE_HOSTS lässt jeden Namen zu.",
            "Tragen Sie nur die Namen ein, unter denen der Server erreicht wird.",
        ),
        *_one(
            "*" not in names and not _answers_to(site.hostname or "", names), Error, 3,
            f"Unter „{site.hostname}“ (ALLMENDE_SITE_URL) antwortet der Server nicht.",
            "Tragen Sie diesen Namen in ALLMENDE_HOSTS ein.",
        ),
        *_one(
            site.scheme == "https" and settings.SECURE_PROXY_SSL_HEADER is None, Concern, 4,
            "ALLMENDE_BEHIND_PROXY ist nicht gesetzt, die Adresse beginnt aber mit https://.",
            "Setzen Sie ALLMENDE_BEHIND_PROXY=1, wenn ein Proxy das TLS macht; sonst leitet der Server endlos um.",
        ),
    ]  # fmt: skip


def _answers_to(host: str, names: Sequence[str]) -> bool:
    return any(host == name or (name.startswith(".") and f".{host}".endswith(name)) for name in names)


@register(deploy=True)
def secrets_and_cookies(**_: Any) -> Found:
    """Nobody can guess the key, and what a browser keeps never goes over an open line."""
    # Who has changed `settings.py` may have taken one away; they follow from the address otherwise.
    behind_tls = (settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT)
    is_safe = all(behind_tls) and settings.SECURE_HSTS_SECONDS > 0 and settings.SESSION_COOKIE_HTTPONLY
    return [
        *_one(
            _is_guessable(settings.SECRET_KEY), Error, 12,
            "ALLMENDE_SECRET_KEY ist kurz oder leicht zu erraten: Wer ihn hat, kann sich als jede Person ausgeben.",
            "Erzeugen Sie einen mit „python -c 'import secrets; print(secrets.token_urlsafe(50))'“. Den bisherigen "
            "nennen Sie zwei Wochen lang in ALLMENDE_SECRET_KEYS_BEFORE.",
        ),
        *_one(
            settings.SITE_URL.startswith("https://") and not is_safe, Error, 13,
            "Cookies können offen über die Leitung gehen, obwohl die Adresse mit https:// beginnt.",
            "In settings.py müssen SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SESSION_COOKIE_HTTPONLY, "
            "SECURE_SSL_REDIRECT und SECURE_HSTS_SECONDS gesetzt sein; ohne eigene Änderungen sind sie es.",
        ),
    ]  # fmt: skip


def _is_guessable(key: str) -> bool:
    return len(key) < 50 or len(set(key)) < 10


@register(deploy=True)
def demo_and_debug(**_: Any) -> Found:
    """What is for trying out is off."""
    return _one(
        settings.DEMO or settings.DEBUG, Error, 5,
        "ALLMENDE_DEMO oder ALLMENDE_DEBUG ist gesetzt: Passwörter sind bekannt, Fehler zeigen ihren Code.",
        "Entfernen Sie beide aus der Umgebung.",
    )  # fmt: skip


@register(deploy=True)
def mail(**_: Any) -> Found:
    """Letters reach somebody."""
    sender = settings.DEFAULT_FROM_EMAIL
    return [
        *_one(
            not settings.EMAIL_HOST, Error, 6, "Kein Mailserver ist genannt: Niemand kann sich registrieren.",
            "Setzen Sie ALLMENDE_SMTP_HOST; siehe docs/how-to/set-up-mail.md.",
        ),
        *_one(
            sender.rstrip(">").endswith(("@localhost", ".example")), Error, 7,
            f"Der Absender „{sender}“ ist keine Adresse, die im Internet gilt.",
            "Setzen Sie ALLMENDE_EMAIL_FROM auf eine Adresse Ihrer Domain.",
        ),
    ]  # fmt: skip


@register(deploy=True)
def places(**_: Any) -> Found:
    """The data directory can be written to, and secrets are read by their owner alone."""
    open_keys = [path for path in _key_files() if path.stat().st_mode & 0o077]
    return [
        *_one(
            not _is_writable(settings.DATA_DIR), Error, 8,
            f"In „{settings.DATA_DIR}“ kann das Programm nicht schreiben.",
            "Geben Sie dem Benutzer des Programms das Recht dazu, oder setzen Sie ALLMENDE_DATA_DIR.",
        ),
        *_one(
            bool(open_keys), Error, 9,
            f"Schlüssel sind für andere lesbar: {', '.join(path.name for path in open_keys)}.",
            "Geben Sie ein: chmod 600 und den Pfad.",
        ),
        *_one(
            shutil.disk_usage(settings.DATA_DIR).free < 500_000_000, Concern, 10,
            "Auf der Platte sind weniger als 500 MB frei.", "Schaffen Sie Platz.",
        ),
    ]  # fmt: skip


def _key_files() -> Iterable[Path]:
    for place in settings.BACKUP_KEYS.values():
        files = [place] if place.is_file() else sorted(place.glob("*"))
        # Public keys and checkpoints are there to be read.
        yield from (path for path in files if path.is_file() and path.suffix not in (".pub", ".json"))


def _is_writable(folder: Path) -> bool:
    try:
        probe = folder / ".probe"
        probe.write_text("")
        probe.unlink()
    except OSError:
        return False
    return True


@register(deploy=True)
def backup_programs(**_: Any) -> Found:
    """A backup can be made."""
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        return []
    try:
        for name in ("pg_dump", "psql"):
            client(name)
    except Refused as refusal:
        return [Concern("Eine Sicherung ist nicht möglich.", hint=refusal.message, id="allmende.W011")]
    return []
