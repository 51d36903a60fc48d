"""The way out of mail: by the link below each one, without signing in."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from allmende.notifications.actions import unsubscribe
from allmende.notifications.categories import CATEGORIES
from allmende.notifications.unsubscribing import read_ticket
from allmende.web.components.parts import Crumb

MAILED = [each.code for each in CATEGORIES.values() if each.by_mail]
CRUMBS = (Crumb("Start", "/"), Crumb("E-Mails abbestellen"))


# Mail programs send the one click without a cookie (RFC 8058); the signature in the address is what allows it.
@csrf_exempt
@never_cache
def show(request: HttpRequest, ticket: str) -> HttpResponse:
    """Looking changes nothing, because scanners open every link; only the button, or the one click, does."""
    allowed = read_ticket(ticket)
    if allowed is None:
        raise Http404
    done = request.method == "POST"
    every = "alles" in request.POST
    if done:
        unsubscribe(allowed.user, MAILED if every else allowed.categories, now=datetime.now(UTC))
    context = {
        "categories": [CATEGORIES[code] for code in allowed.categories],
        "done": done,
        "every": every,
        "crumbs": CRUMBS,
    }
    response = render(request, "notifications/unsubscribe.html", context)
    # The address is a key: no page that is opened from here may learn it, and no search engine keeps it.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
