"""Forms that are saved as one types and that two people may have open: whose words are newer, and what differs.

A form of this sort has `initial_of(content)` and `applied(content)`, its two directions, and may be saved half-filled.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from allmende.web.components.parts import Option
from allmende.web.components.templatetags.formats import day, number

UNKNOWN = "keine Angabe"
CHOICE = "wahl-"
MINE, THEIRS = "meine", "andere"
# What belongs to a request and not to the page that was written.
_NOT_CARRIED = ("csrfmiddlewaretoken", "lock_version", "gelesen", "seite", "weiter", "bleiben", "mehr")


@dataclass(frozen=True)
class Difference:
    """One field that the two saw differently."""

    name: str
    label: str
    mine: str
    theirs: str
    label_of_theirs: str = "Gespeicherte Fassung"

    @property
    def options(self) -> list[Option]:
        return [
            Option(THEIRS, self.label_of_theirs, hint=self.theirs, chosen=True),
            Option(MINE, "Ihre Fassung", hint=self.mine),
        ]


def left_alone(data: Mapping[str, Any]) -> frozenset[str]:
    """Fields for which somebody has chosen what was stored."""
    return frozenset(
        name.removeprefix(CHOICE)
        for name, value in data.items()
        if name.startswith(CHOICE) and value == THEIRS
    )


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """What was typed, to be sent once more with the choices."""
    return [
        (name, value)
        for name, values in data.lists()
        if name not in _NOT_CARRIED and not name.startswith(CHOICE)
        for value in values
        if isinstance(value, str)
    ]


def shown(form: forms.Form, name: str, value: Any) -> str:
    """A value of a page in words; "keine Angabe" where there is none."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return number(value)
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        labels = dict(field.choices)  # type: ignore[arg-type]  # pairs, as the forms set them
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(labels.get(each, each)) for each in values if each) or UNKNOWN
    return str(value) if value not in (None, "") else UNKNOWN


def version_in(request: HttpRequest, field: str = "lock_version") -> int:
    """The version that a form was made from; a form without one is as good as out of date."""
    text = request.POST.get(field, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def fingerprint(shown_there: object) -> str:
    """Tells whether what a page shows is still what somebody has read there."""
    return hashlib.sha256(repr(shown_there).encode("utf-8", "replace")).hexdigest()[:16]


def new_page_id() -> str:
    """One id for each time the page is loaded: an old tab must not pass for the one that saved last."""
    return secrets.token_urlsafe(12)


def window(request: HttpRequest) -> str:
    """Tells one open page from every other: saving as one types and pressing its button may cross.

    "" where the page has no id: then only the version counts. The session is in it, so that nobody can name another's.
    """
    page = request.POST.get("seite", "")
    said = f"{request.session.session_key}:{page}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:40] if page else ""
