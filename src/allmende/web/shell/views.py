"""What crawlers ask for first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static

# Pages of one person, and endless combinations of the same things.
ROBOTS = """User-agent: *
Disallow: /konto/
Disallow: /verwaltung/
Disallow: /redaktion
Disallow: /mein
Disallow: /vergleich
Disallow: /suche/warum
"""


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers need not fetch."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    """Old browsers ask here, whatever the page says."""
    return redirect(static("allmende/favicon.svg"))
