"""What every template may count on: `shell`, worked out only as far as a page asks for it."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from allmende.accounts.models import User
from allmende.notifications.queries import unread_count

# Label and address. An address that no topic serves yet is left out, so that a new topic shows itself.
NAVIGATION = (
    ("Suche", "/suche"),
    ("Karte", "/karte"),
    ("Kommunen", "/kommunen"),
    ("Anbieter", "/anbieter"),
    ("Bedarfe", "/bedarfe"),
    ("Wissen", "/wissen"),
    ("Beratung", "/beratung"),
    ("Über Allmende", "/ueber"),
)
FOOTER = (
    ("Impressum", "/impressum"),
    ("Datenschutz", "/datenschutz"),
    ("Barrierefreiheit", "/barrierefreiheit"),
    ("Über Allmende", "/ueber"),
    ("Wie die Rangfolge entsteht", "/ueber/rangfolge"),
    ("Woher die Einträge kommen", "/daten"),
    ("Karte", "/karte"),
)
GALLERY = (("Komponenten", "/komponenten"),)


@dataclass(frozen=True)
class Entry:
    label: str
    href: str
    # What `aria-current` says: the page itself, or a page below it.
    current: str


@cache
def _served(entries: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    def is_served(path: str) -> bool:
        try:
            resolve(path)
        except Resolver404:
            return False
        return True

    return tuple(entry for entry in entries if is_served(entry[1]))


class Shell:
    def __init__(self, path: str, user: AbstractBaseUser | AnonymousUser | None = None) -> None:
        self._path = path
        self._user = user

    def _entries(self, entries: tuple[tuple[str, str], ...]) -> list[Entry]:
        return [Entry(label, href, self._current(href)) for label, href in _served(entries)]

    def _current(self, href: str) -> str:
        if self._path == href:
            return "page"
        return "true" if self._path.startswith(f"{href}/") else ""

    @cached_property
    def navigation(self) -> list[Entry]:
        """Whoever is signed in needs the room for their own ways; what the footer has as well goes."""
        if isinstance(self._user, User):
            return self._entries(tuple(each for each in NAVIGATION if each not in FOOTER))
        return self._entries(NAVIGATION)

    @cached_property
    def footer(self) -> list[Entry]:
        return self._entries(FOOTER + (GALLERY if settings.DEBUG or settings.DEMO else ()))

    @cached_property
    def unread(self) -> int:
        """News that whoever has signed in has not read; asked for by no page of anybody else."""
        return unread_count(self._user) if isinstance(self._user, User) else 0

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO)


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request.path, getattr(request, "user", None))}
