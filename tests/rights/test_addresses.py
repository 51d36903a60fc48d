"""Every address, tried by a stranger and by a competitor; and by others, for what every page has to hold to."""

import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import get_resolver

from allmende.journal.models import Entry
from allmende.search.actions import rebuild
from allmende.web.pages.actions import ensure_pages
from allmende.web.pages.models import LegalPage
from tests.factories.people import signed_in
from tests.rights.furniture import SECRET, furnish
from tests.rights.house import PROGRAM, House
from tests.rights.resolver import addresses, views
from tests.web.shell.test_headers import STRICT, policy

GROUPS = tomllib.loads((Path(__file__).parent / "addresses.toml").read_text(encoding="utf-8"))["group"]
EXAMPLES: dict[str, str] = {name: path for group in GROUPS for name, path in group["at"].items()}
EXPECTED = {name: [*group["get"].split(), *group["post"].split()] for group in GROUPS for name in group["at"]}
# Whoever sends an empty form to these does something of their own by it, as is right.
WRITES = {"offer_new_solution", "offer_new_for", "account_download", "need_new"}
# Mail programs press the button of a list (RFC 8058): the link itself is the secret, and stops mail only.
WITHOUT_TOKEN = {"unsubscribe"}
# Wagtail's interface for its own editor: Django REST framework asks for the token of whoever has a session.
ASKS_ITSELF = "verwaltung/api/main"
LEADS_TO = {"/konto/anmelden", "/konto", "/", "/static/allmende/favicon.svg"}


@pytest.fixture(scope="module")
def known(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("house")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        override_settings(
            SEARCH_INDEX_DIR=folder / "index", MEDIA_ROOT=folder / "media", PASSWORD_HASHERS=hashers
        ),
        # All of them use one sign-in; a slow machine must not take them for people who have been away.
        override_settings(
            ACCOUNT_REAUTHENTICATION_TIMEOUT=86_400, STAFF_SESSION_IDLE=86_400, STAFF_SESSION_LONGEST=86_400
        ),
        transaction.atomic(),
    ):
        found = furnish(house)
        ensure_pages(by=PROGRAM, now=house.now)
        rebuild()
        yield found
        transaction.set_rollback(True)


def test_every_address_stands_in_the_table_once() -> None:
    assert sorted(name for group in GROUPS for name in group["at"]) == sorted(dict(addresses()))


@pytest.fixture(scope="module")
def cookies(house: House, known: dict[str, str]) -> dict[str, str]:
    """Who has signed in already: the value of their session's cookie."""
    names = ("owner", "administrator", "competitor", "operator")
    return {name: signed_in(house[name]).cookies[settings.SESSION_COOKIE_NAME].value for name in names}


def browser(cookies: dict[str, str], name: str = "", *, strict: bool = False) -> Client:
    """A new browser of that person; of a stranger where nobody is named."""
    client = Client(enforce_csrf_checks=strict)
    if name:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookies[name]
    return client


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.usefixtures("taken_back")
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_stranger_and_a_competitor_get_no_further_than_written(
    known: dict[str, str], cookies: dict[str, str], name: str
) -> None:
    got, last = [], Entry.objects.latest("pk").pk
    for method in ("get", "post"):
        for who in ("", "competitor"):
            answer = getattr(browser(cookies, who), method)(EXAMPLES[name].format(**known))
            got.append(str(answer.status_code))
            told = content(answer).decode(errors="replace") + str(answer.headers)
            assert SECRET.lower() not in told.lower()
            hold(answer, told)
            if answer.status_code == 302 and not who:
                # To the door, home, or a file that everybody may have; never on to the thing itself.
                assert answer["Location"].split("?")[0] in LEADS_TO
    assert got == EXPECTED[name]
    assert name in WRITES or Entry.objects.latest("pk").pk == last


def test_the_word_is_there_for_those_whom_it_concerns(known: dict[str, str], cookies: dict[str, str]) -> None:
    """Else its absence elsewhere would say nothing."""
    for who, names in (
        ("owner", ("offer_draft", "offer_preview", "organisation_profile", "saved_searches", "own_statement", "need",
                   "need_edit", "need_review")),
        ("administrator", ("organisation", "organisation_member")),
        ("operator", ("desk_check", "desk_edit", "desk_claim", "desk_notice", "desk_misses", "desk_registration",
                    "desk_domain", "desk_roles")),
    ):  # fmt: skip
        for name in names:
            text = browser(cookies, who).get(EXAMPLES[name].format(**known)).content.decode()
            assert SECRET.lower() in text.lower(), name


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_form_without_its_token_is_refused(
    known: dict[str, str], cookies: dict[str, str], name: str
) -> None:
    path = EXAMPLES[name].format(**known)
    got = [browser(cookies, who, strict=True).post(path).status_code for who in ("", "owner")]
    assert got == ([404, 404] if name in WITHOUT_TOKEN else [403, 403])


def test_no_other_view_does_without_the_token() -> None:
    """Django marks the views that it leaves out."""
    exempt = {path for path, view in views(get_resolver()) if getattr(view, "csrf_exempt", False)}
    assert {path for path in exempt if not path.startswith(ASKS_ITSELF)} == {"abbestellen/<str:ticket>"}


def test_what_asks_for_the_token_itself_does_so(
    house: House, known: dict[str, str], cookies: dict[str, str]
) -> None:
    page = LegalPage.objects.first()
    client = browser(cookies, "operator", strict=True)
    answer = client.post(f"/{ASKS_ITSELF}/pages/{page.pk}/action/unpublish/")
    assert (answer.status_code, "CSRF" in answer.content.decode()) == (403, True)


class Inline(HTMLParser):
    """Collects what a strict policy would not run or show."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type") in ("application/json", "application/ld+json")
        if (tag == "script" and "src" not in given and not data) or tag == "style":
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {each}" for each in given if each == "style" or each.startswith("on")]
        self.found += [
            f"{tag} {key}={value}"
            for key, value in given.items()
            if key in ("src", "action", "data", "poster", "srcset") and _is_foreign(value or "")
        ]
        if tag == "link" and _is_foreign(given.get("href") or ""):
            self.found.append(f"link {given['href']}")
        if (given.get("href") or "").strip().lower().startswith("javascript:"):
            self.found.append(f"{tag} javascript:")


def _is_foreign(value: str) -> bool:
    return value.startswith(("http:", "https:", "//"))


def hold(answer: Any, told: str) -> None:
    """The strict policy, and nothing in the page that it would stop."""
    assert policy(answer.headers) == STRICT
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        page = Inline()
        page.feed(told)
        assert page.found == []


@pytest.mark.usefixtures("taken_back")
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_one_person_sees_is_kept_by_no_cache_and_has_nothing_inline(
    known: dict[str, str], cookies: dict[str, str], name: str
) -> None:
    """A computer in a town hall is used by many."""
    for who in ("owner", "operator"):
        answer = browser(cookies, who).get(EXAMPLES[name].format(**known))
        hold(answer, content(answer).decode(errors="replace"))
        is_private = EXPECTED[name][0] == "302" and answer.status_code == 200
        assert not is_private or "no-store" in answer["Cache-Control"]
