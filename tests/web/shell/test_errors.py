"""Pages for when something does not work: kind, German, with a next step."""

from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse  # noqa: TID251  # these views break on purpose
from django.test import Client, override_settings
from django.urls import include, path
from django.views.decorators.http import require_POST


def break_with(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("kaputt", break_with(RuntimeError("x"))),
    path("seltsam", break_with(SuspiciousOperation("x"))),
    path("nur-senden", require_POST(lambda request: HttpResponse("gesendet"))),
    path("verboten", break_with(PermissionDenied())),
    path("", include("allmende.web.urls")),
]


@pytest.fixture
def visitor() -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/kaputt", 500, "Hier ist etwas kaputtgegangen"),
        ("/seltsam", 400, "Diese Anfrage haben wir nicht verstanden"),
        ("/verboten", 403, "Dafür fehlt Ihnen die Berechtigung"),
        ("/gibt-es-nicht", 404, "Diese Seite gibt es nicht"),
        ("/nur-senden", 405, "Hier gibt es nichts zu lesen"),
    ],
)
def test_the_page_says_what_happened_and_where_to_go(
    visitor: Client, address: str, status: int, heading: str
) -> None:
    answer = visitor.get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{heading}</h1>" in page
    assert '<html lang="de">' in page
    assert 'href="/"' in page


@pytest.mark.django_db
def test_an_address_that_only_takes_forms_still_names_its_methods_and_takes_them(visitor: Client) -> None:
    answer = visitor.get("/nur-senden")
    assert answer.headers["Allow"] == "POST"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Content-Security-Policy" in answer.headers
    assert visitor.post("/nur-senden").content == b"gesendet"
    assert visitor.put("/nur-senden").content == b""


def test_the_page_for_a_crash_needs_no_database(visitor: Client) -> None:
    assert visitor.get("/kaputt").status_code == 500


def test_an_expired_form_says_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/konto/anmelden", {"login": "a@beispiel.de"})
    assert answer.status_code == 403
    assert "<h1>Das Formular ist abgelaufen</h1>" in answer.content.decode()


@pytest.mark.django_db
def test_crawlers_are_told_what_not_to_fetch(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /konto/" in answer.content.decode()


@pytest.mark.django_db
def test_the_old_address_of_the_icon_leads_to_the_icon(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"].endswith("/allmende/favicon.svg")
