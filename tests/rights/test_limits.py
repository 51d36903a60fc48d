"""Every address that takes a form: which limit counts it, or why none does; written by hand, compared with the code."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account import app_settings as accounts
from allauth.mfa import app_settings as second_factors
from django.http import HttpResponse  # noqa: TID251  # what a view gets from `limited`
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from allmende.accounts.models import User
from tests.factories.people import signed_in
from tests.rights.resolver import BACK_OFFICE

FOLDER = Path(__file__).parent
TABLE = tomllib.loads((FOLDER / "limits.toml").read_text(encoding="utf-8"))
GROUPS = tomllib.loads((FOLDER / "addresses.toml").read_text(encoding="utf-8"))["group"]
# The desk: whoever gets in works for the platform, has shown a second factor, and stands in the journal.
DESK = "redaktion"


def served(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str, object]]:
    """Name, pattern and view of each address outside of the back office and of the desk."""
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if path.startswith((BACK_OFFICE, DESK)):
            continue
        if isinstance(pattern, URLPattern):
            yield pattern.name or path, path, pattern.callback
        else:
            yield from served(pattern, path)


VIEWS = {name: view for name, _, view in served(get_resolver())}
ANSWERS = {name: group["post"] for group in GROUPS for name in group["at"]}
TAKES_FORMS = {name for name in VIEWS if ANSWERS[name] != "405 405"}
COUNTED = [(name, scope) for scope, names in TABLE["counted"].items() for name in names]


def test_every_address_that_takes_a_form_stands_in_the_table_once() -> None:
    listed = [name for part in TABLE.values() for names in part.values() for name in names]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) - set(VIEWS) == set()
    assert TAKES_FORMS - set(listed) == set()


def test_what_the_table_says_is_what_the_views_say() -> None:
    scopes = {name: scope for name, view in VIEWS.items() if (scope := getattr(view, "limit_scope", None))}
    assert scopes == dict(COUNTED)


@pytest.mark.parametrize("action", TABLE["allauth"])
def test_allauth_counts_what_the_table_leaves_to_it(action: str) -> None:
    assert action in {**accounts.RATE_LIMITS, **second_factors.RATE_LIMITS}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "scope"), COUNTED)
def test_once_there_were_too_many_the_form_does_nothing(
    name: str, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the view runs: that the thing is not there is not even found out."""
    asked: list[str] = []

    def too_many(_request: object, what: str, **_rates: str) -> HttpResponse:
        asked.append(what)
        return HttpResponse(status=429)

    monkeypatch.setattr("allmende.web.shell.limits.limited", too_many)
    path = next(path for group in GROUPS for each, path in group["at"].items() if each == name)
    holes = dict.fromkeys(("key", "free_key"), "99001001")
    client = signed_in(User.objects.create_user("anna@beispiel.example"))
    answer = client.post(path.format_map(Anything(holes)))
    assert (answer.status_code, asked) == (429, [scope])
    assert client.get(path.format_map(Anything(holes))).status_code != 429


class Anything(dict[str, str]):
    """Fills the holes of an address with what is not there."""

    def __missing__(self, name: str) -> str:
        return "0000000000"


def test_a_stranger_is_counted_before_being_sent_to_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "allmende.web.shell.limits.limited", lambda *_args, **_rates: HttpResponse(status=429)
    )
    assert Client().post("/angebote/0000000000/abgeben").status_code == 429
