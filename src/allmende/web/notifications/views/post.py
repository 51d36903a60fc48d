"""The demo has no mail server: what would have been sent is shown to whoever tries it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from allmende.mail.models import Letter
from allmende.mail.queries import newest
from allmende.web.components.parts import Crumb

MOST = 100
CRUMBS = (Crumb("Start", "/"),)


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404


@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The last hundred, the latest first."""
    _only_in_the_demo()
    context = {"letters": newest()[:MOST], "crumbs": [*CRUMBS, Crumb("Post der Demonstration")]}
    return render(request, "notifications/post.html", context)


@never_cache
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    _only_in_the_demo()
    letter: Letter | None = newest().filter(public_id=public_id).first()
    if letter is None:
        raise Http404
    crumbs = [*CRUMBS, Crumb("Post der Demonstration", "/demo/post"), Crumb(letter.subject)]
    return render(request, "notifications/letter.html", {"letter": letter, "crumbs": crumbs})
