"""Identity providers, read from a list in JSON: pure, because settings are made of it before Django is there."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_NEEDED = ("id", "name", "server_url", "client_id")
_KNOWN = {*_NEEDED, "client_secret", "client_secret_file", "uid_field", "token_auth_method", "scope"}
_LOCAL = ("localhost", "127.0.0.1", "::1")


def identity_providers(written: str) -> list[dict[str, Any]]:
    """Providers as allauth wants them, from a list in JSON or the path of a file that holds one; empty: none.

    Each is an object with `id` (in addresses), `name` (on the button), `server_url` (issuer, or the address of its
    configuration), `client_id`, and `client_secret` or `client_secret_file`. `ImproperlyConfigured` with a German
    sentence that names the entry and never repeats a secret.
    """
    written = written.strip()
    if not written:
        return []
    entries = _parsed(written if written.startswith("[") else _read(Path(written), "ALLMENDE_OIDC"))
    names = [str(entry.get("id")) for entry in entries]
    if len(set(names)) < len(names):
        raise ImproperlyConfigured("ALLMENDE_OIDC nennt zwei Anbieter mit derselben „id“.")
    return [_provider(entry, number) for number, entry in enumerate(entries, start=1)]


def _read(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as trouble:
        raise ImproperlyConfigured(f"{what}: Die Datei „{path}“ ist nicht lesbar.") from trouble


def _parsed(text: str) -> list[dict[str, Any]]:
    try:
        entries = json.loads(text)
    except ValueError:
        # The cause would repeat the text, and a secret in it.
        raise ImproperlyConfigured("ALLMENDE_OIDC ist kein gültiges JSON.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ImproperlyConfigured(
            "ALLMENDE_OIDC ist keine Liste von Objekten: [{…}], siehe docs/reference/settings.md."
        )
    return entries


def _provider(entry: dict[str, Any], number: int) -> dict[str, Any]:
    where = f"ALLMENDE_OIDC, {number}. Anbieter"
    missing = [name for name in _NEEDED if not _text(entry.get(name))]
    if missing:
        raise ImproperlyConfigured(f"{where}: Es fehlt {', '.join(missing)}.")
    if unknown := sorted(set(entry) - _KNOWN):
        raise ImproperlyConfigured(f"{where}: {', '.join(unknown)} kennen wir nicht.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", entry["id"]):
        raise ImproperlyConfigured(
            f"{where}: „id“ besteht aus kleinen Buchstaben, Ziffern und Bindestrichen, höchstens 40."
        )
    if not _is_safe(entry["server_url"]):
        raise ImproperlyConfigured(f"{where}: „server_url“ muss mit https:// beginnen.")
    more = {name: entry[name] for name in ("uid_field", "token_auth_method", "scope") if name in entry}
    return {
        "provider_id": entry["id"],
        "name": entry["name"],
        "client_id": entry["client_id"],
        "secret": _secret(entry, where),
        "settings": {"server_url": entry["server_url"], **more},
    }


def _text(value: object) -> str:
    """What was written, or nothing where it is no text."""
    return value.strip() if isinstance(value, str) else ""


def _is_safe(address: str) -> bool:
    """Whether secrets may go there: by TLS, or without leaving this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    )


def _secret(entry: dict[str, Any], where: str) -> str:
    if "client_secret" in entry and "client_secret_file" in entry:
        raise ImproperlyConfigured(
            f"{where}: Nennen Sie „client_secret“ oder „client_secret_file“, nicht beide."
        )
    if "client_secret_file" in entry:
        return _read(Path(entry["client_secret_file"]), where)
    return str(entry.get("client_secret", ""))
