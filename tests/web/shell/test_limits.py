"""How often somebody may ask: counted per address and per account, in the cache that processes share."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.http import HttpRequest, HttpResponse  # noqa: TID251  # a test of the web
from django.test import RequestFactory

from allmende.accounts.models import User
from allmende.web.shell.limits import limit_posts, limited

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(rf: RequestFactory) -> Any:
    """Ask from an address, as somebody or nobody; whether it was allowed."""

    def asked(address: str, user: User | None = None, scope: str = "test", **rates: str) -> bool:
        request = rf.post("/", REMOTE_ADDR=address)
        request.user = user or AnonymousUser()
        return limited(request, scope, **rates) is None

    return asked


def test_an_address_may_ask_so_often_and_no_oftener(ask: Any) -> None:
    assert [ask("127.0.0.2", per_address="2/h") for _ in range(4)] == [True, True, False, False]


def test_addresses_are_counted_apart(ask: Any) -> None:
    assert [ask(f"127.0.0.{number}", per_address="1/h") for number in (2, 3, 2)] == [True, True, False]


def test_scopes_are_counted_apart(ask: Any) -> None:
    assert [ask("127.0.0.2", scope=scope, per_address="1/h") for scope in ("a", "b", "a")] == [
        True, True, False
    ]  # fmt: skip


def test_an_account_is_counted_wherever_it_asks_from(ask: Any) -> None:
    anna = User.objects.create_user("anna@beispiel.example")
    bert = User.objects.create_user("bert@beispiel.example")
    asked = [
        ask(f"127.0.0.{place}", who, per_account="2/h") for place, who in enumerate([anna, anna, anna, bert])
    ]
    assert asked == [True, True, False, True]


def test_nobody_is_counted_by_address_alone(ask: Any) -> None:
    assert [ask("127.0.0.2", per_account="1/h") for _ in range(3)] == [True, True, True]


def test_neighbours_in_one_network_of_ipv6_are_one(ask: Any) -> None:
    asked = [ask(address, per_address="1/h") for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")]
    assert asked == [True, False, True]


def test_the_answer_is_our_page(rf: RequestFactory) -> None:
    request = rf.post("/")
    request.user = AnonymousUser()
    assert limited(request, "test", per_address="1/h") is None
    answer = limited(request, "test", per_address="1/h")
    assert answer is not None
    assert answer.status_code == 429
    assert "Das waren zu viele Versuche" in answer.content.decode()


def test_looking_at_a_page_is_free(rf: RequestFactory) -> None:
    @limit_posts("test", per_address="1/h")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("gut")

    def status(method: str) -> int:
        request = rf.generic(method, "/")
        request.user = AnonymousUser()
        return view(request).status_code

    assert [status(method) for method in ("GET", "POST", "GET", "POST", "GET")] == [200, 200, 200, 429, 200]


def test_the_cache_is_shared_and_large_enough_that_a_flood_of_addresses_does_not_wash_counts_away() -> None:
    cache = caches["default"]
    assert isinstance(cache, DatabaseCache)
    assert cache._max_entries == 50_000  # type: ignore[attr-defined]


class TestBehindAProxy:
    """Whose address counts is said by whoever is trusted to know it."""

    @pytest.fixture
    def address(self, rf: RequestFactory, settings: Any) -> Any:
        from allauth.account.adapter import get_adapter

        def of(forwarded: str, *, proxies: int) -> str:
            settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
            headers = {"x-forwarded-for": forwarded} if forwarded else {}
            request = rf.get("/", REMOTE_ADDR="127.0.0.1", headers=headers)
            return str(get_adapter(request).get_client_ip(request))

        return of

    def test_without_a_proxy_nobody_gives_themselves_an_address(self, address: Any) -> None:
        assert address("203.0.113.7", proxies=0) == "127.0.0.1"

    def test_behind_a_proxy_the_last_entry_counts_which_the_proxy_wrote(self, address: Any) -> None:
        assert address("198.51.100.1, 203.0.113.7", proxies=1) == "203.0.113.7"

    def test_a_request_past_the_proxy_counts_as_what_it_is(self, address: Any) -> None:
        assert address("", proxies=1) == "127.0.0.1"
