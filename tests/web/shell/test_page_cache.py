"""Pages for people who have not signed in: kept, and never stale."""

import datetime
import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib import messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - a middleware is about nothing else
from django.test import Client, RequestFactory

from allmende.accounts.models import User
from allmende.catalogue.actions import withdraw
from allmende.catalogue.models import Solution
from allmende.journal.actions import bump
from allmende.lib.actors import Actor
from allmende.search.actions import rebuild
from allmende.web.shell import page_cache
from allmende.web.shell.page_cache import TOPICS, PageCacheMiddleware, public_page
from tests.factories.market import Market, open_market

FROM_CACHE = 1
"""Queries of an answer from the cache: one, for the versions."""


def ask(client: Client, address: str = "/suche", **headers: str) -> HttpResponse:
    answer = client.get(address, headers=headers or None)
    assert answer.status_code == 200
    return answer  # type: ignore[return-value]


def queries_of(client: Client, address: str = "/suche", **headers: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask(client, address, **headers)
    return len(captured)


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime.datetime) -> Market:
    """A few solutions and towns, with an index of this test alone."""
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


@pytest.fixture
def kept(client: Client, market: Market) -> Client:
    """The search page is in the cache."""
    ask(client)
    assert queries_of(client) == FROM_CACHE
    return client


def test_a_second_reader_gets_the_same_page_for_one_query(kept: Client, market: Market) -> None:
    assert queries_of(Client()) == FROM_CACHE
    assert ask(kept).content == ask(Client()).content


@pytest.mark.parametrize("topic", TOPICS)
def test_a_change_of_any_topic_makes_the_page_anew(kept: Client, topic: str) -> None:
    bump(topic)
    assert queries_of(kept) > FROM_CACHE
    assert queries_of(kept) == FROM_CACHE


def test_a_new_index_makes_the_page_anew(kept: Client) -> None:
    rebuild()
    assert queries_of(kept) > FROM_CACHE


def test_what_has_been_withdrawn_is_gone_at_the_next_request(
    kept: Client, market: Market, now: datetime.datetime
) -> None:
    solution = Solution.objects.get(name="Mängelmelder")
    link = f'href="/loesungen/{solution.public_id}"'
    assert link in ask(kept).content.decode()
    withdraw(solution, reason="Test", by=Actor.program("test"), now=now)
    assert link not in ask(kept).content.decode()


def test_a_new_day_is_a_new_page(rf: RequestFactory, db: None) -> None:
    request = rf.get("/suche")
    monday, tuesday = datetime.date(2026, 11, 23), datetime.date(2026, 11, 24)
    assert page_cache._key(request, monday) == page_cache._key(request, monday)
    assert page_cache._key(request, monday) != page_cache._key(request, tuesday)


def test_a_change_while_a_page_is_made_is_not_hidden_by_it(rf: RequestFactory, db: None) -> None:
    """The page is kept under the versions from before, which nobody asks for any more."""
    state = ["old"]

    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        seen = state[0]
        if seen == "old":
            state[0] = "new"
            bump("catalogue")
        return HttpResponse(seen)

    middleware = PageCacheMiddleware(view)
    assert [middleware(rf.get("/x")).content for _ in range(3)] == [b"old", b"new", b"new"]  # type: ignore[attr-defined]


def test_whoever_has_signed_in_gets_a_page_of_their_own(kept: Client, market: Market) -> None:
    reader = Client()
    reader.force_login(User.objects.create(email="leserin@allmende.example"))
    assert "Abmelden" in ask(reader).content.decode()
    assert "Abmelden" not in ask(kept).content.decode()


def test_a_page_of_somebody_signed_in_is_not_kept(client: Client, market: Market) -> None:
    reader = Client()
    reader.force_login(User.objects.create(email="leserin@allmende.example"))
    ask(reader)
    assert queries_of(client) > FROM_CACHE


def _middleware(response: HttpResponse, calls: list[str]) -> PageCacheMiddleware:
    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        calls.append(str(request.method))
        return response

    return PageCacheMiddleware(view)


def _with_cookie() -> HttpResponse:
    response = HttpResponse("Seite")
    response.set_cookie("csrftoken", "1")
    return response


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("fehlt", status=404),
        HttpResponse("ruht", status=503),
        HttpResponse(status=302, headers={"Location": "/"}),
        _with_cookie(),
    ],
    ids=["not found", "unavailable", "redirect", "sets a cookie"],
)
def test_only_whole_pages_without_cookies_are_kept(
    rf: RequestFactory, db: None, response: HttpResponse
) -> None:
    calls: list[str] = []
    middleware = _middleware(response, calls)
    for _ in range(2):
        middleware(rf.get("/seite"))
    assert calls == ["GET", "GET"]


def test_a_view_that_does_not_say_so_is_not_kept(rf: RequestFactory, db: None) -> None:
    calls: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        calls.append("made")
        return HttpResponse("für eine Person")

    middleware = PageCacheMiddleware(view)
    for _ in range(2):
        middleware(rf.get("/seite"))
    assert calls == ["made", "made"]


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE"])
def test_only_get_is_answered_from_the_cache(rf: RequestFactory, db: None, method: str) -> None:
    calls: list[str] = []
    middleware = _middleware(HttpResponse("Seite"), calls)
    middleware(rf.get("/seite"))
    middleware(rf.generic(method, "/seite"))
    assert calls == ["GET", method]


def test_a_waiting_message_is_shown_on_a_page_that_is_kept(kept: Client, market: Market) -> None:
    request = RequestFactory().get("/")
    storage = messages.storage.cookie.CookieStorage(request)
    storage.add(messages.SUCCESS, "Sie sind abgemeldet.")
    answer = HttpResponse()
    storage.update(answer)
    kept.cookies["messages"] = answer.cookies["messages"].value
    assert "Sie sind abgemeldet." in ask(kept).content.decode()
    assert "Sie sind abgemeldet." not in ask(kept).content.decode()
    assert "Sie sind abgemeldet." not in ask(Client()).content.decode()


def test_each_address_and_each_host_has_its_own_page(kept: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "markt.example"]
    assert queries_of(kept, "/suche?q=melden") > FROM_CACHE
    assert queries_of(kept, host="markt.example") > FROM_CACHE


def test_a_part_for_htmx_is_kept_apart(kept: Client) -> None:
    assert queries_of(kept, hx_request="true") > FROM_CACHE
    assert queries_of(kept, hx_request="true") == FROM_CACHE


def test_a_page_goes_out_compressed_where_the_browser_can_read_that(kept: Client) -> None:
    plain = ask(kept)
    packed = ask(kept, accept_encoding="br, gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    for answer in (plain, packed):
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert answer.headers["Vary"] == "Accept-Encoding, Cookie, HX-Request"


def test_a_page_from_the_cache_has_the_headers_of_the_first(client: Client, market: Market) -> None:
    first, second = ask(client), ask(client)
    assert dict(first.headers) == dict(second.headers)
    assert "Content-Security-Policy" in second.headers


def test_a_short_page_is_not_compressed(rf: RequestFactory, db: None) -> None:
    middleware = _middleware(HttpResponse("kurz"), [])
    for _ in range(2):
        answer = middleware(rf.get("/kurz", headers={"accept-encoding": "gzip"}))
        assert "Content-Encoding" not in answer.headers
        assert answer.content == b"kurz"  # type: ignore[attr-defined]


def test_memory_is_bounded_by_the_number_and_the_size_of_pages(
    rf: RequestFactory, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = caches["pages"]
    monkeypatch.setattr(pages, "_max_entries", 20)
    middleware = _middleware(HttpResponse("Seite" * 200), [])
    for number in range(100):
        middleware(rf.get(f"/seite?nummer={number}"))
    assert len(pages._cache) <= 20  # type: ignore[attr-defined]


def test_a_huge_page_is_not_kept(rf: RequestFactory, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "LARGEST_KEPT", 10)
    calls: list[str] = []
    middleware = _middleware(HttpResponse("Seite" * 200), calls)
    for _ in range(2):
        assert middleware(rf.get("/seite")).content == b"Seite" * 200  # type: ignore[attr-defined]
    assert calls == ["GET", "GET"]
