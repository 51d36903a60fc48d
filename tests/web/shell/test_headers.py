"""What every answer carries."""

import pytest
from django.test import Client

from allmende.accounts.models import User
from tests.factories.people import sign_in

STRICT = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "manifest-src 'self'",
}  # fmt: skip


def policy(headers: object) -> set[str]:
    return {part.strip() for part in headers["Content-Security-Policy"].split(";")}  # type: ignore[index]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/konto/anmelden", "/gibt-es-nicht", "/robots.txt", "/konto/gesperrt"])
def test_the_content_policy_is_exactly_this(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert policy(headers) == STRICT
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_the_policy_is_looser_in_the_back_office_and_only_there(client: Client) -> None:
    sign_in(client, User.objects.create_superuser("chef@beispiel.de", "x" * 12))
    inside = policy(client.get("/verwaltung/").headers)
    assert inside - STRICT == {
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "frame-ancestors 'self'",
        "frame-src 'self'",
    }
    assert {part.split()[0] for part in STRICT - inside} == {
        "script-src",
        "style-src",
        "img-src",
        "frame-ancestors",
    }
    assert policy(client.get("/konto/abmelden").headers) == STRICT


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/gibt-es-nicht", "/robots.txt", "/konto/gesperrt"])
def test_who_only_reads_gets_no_cookie(client: Client, path: str) -> None:
    assert dict(client.get(path).cookies) == {}
