"""Whole pages for people who have not signed in, from a cache that is never stale.

The key carries the versions of everything a public page is made of: the journal's topics, the state of the search
(its index, and whether meaning has been loaded), the day. They are read before the page is made, so a change in
between leads to a page that is newer than its key says and is never asked for again, and not to an old page under a
new key.
"""

import gzip
import hashlib
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from allmende.journal.queries import versions
from allmende.search.queries import state

TOPICS = (
    "catalogue",
    "organisations",
    "files",
    "vocabulary",
    "regions",
    "federation",
    "web",
    "search",
    "demand",
)
_PUBLIC = "is_public_page"
_MESSAGES = CookieStorage.cookie_name
# Shorter bodies gain nothing; level 5 costs about a millisecond for a long list.
_WORTH_COMPRESSING = 500
_LEVEL = 5
# Bytes; with the number of pages in settings this bounds the memory of a process. A search page takes 11,000.
LARGEST_KEPT = 100_000


class Kept(NamedTuple):
    """A page as nearly everybody gets it: compressed where that pays. The plain one is a sixth of a millisecond away,
    and keeping it beside would take six times the memory."""

    body: bytes
    is_compressed: bool
    headers: tuple[tuple[str, str], ...]


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view whose pages are the same for everybody who has not signed in."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if not hasattr(response, _PUBLIC):
            setattr(response, _PUBLIC, True)
        return response

    return marked


def not_to_be_kept(response: HttpResponse) -> HttpResponse:
    """Of a public page: this answer is for this one request."""
    setattr(response, _PUBLIC, False)
    return response


class PageCacheMiddleware:
    """Stands before sessions: an answer from the cache costs one query, for the versions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.cache = caches["pages"]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or not _is_nobody(request):
            return self.get_response(request)
        key = _key(request, timezone.localdate())
        kept = self.cache.get(key)
        if kept is None:
            response = self.get_response(request)
            if not _may_be_kept(response):
                return response
            kept = _keep(response)
            if len(kept.body) <= LARGEST_KEPT:
                self.cache.set(key, kept)
        return _answer(kept, request)


def _is_nobody(request: HttpRequest) -> bool:
    """Has not signed in, and no message waits to be shown."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and _MESSAGES not in request.COOKIES


def _key(request: HttpRequest, today: date) -> str:
    version = (versions(TOPICS), state(), today.isoformat())
    asked = (request.get_host(), request.get_full_path(), "HX-Request" in request.headers)
    return hashlib.blake2b(repr((version, asked)).encode(), digest_size=20).hexdigest()


def _may_be_kept(response: HttpResponseBase) -> bool:
    return (
        getattr(response, _PUBLIC, False)
        and response.status_code == 200  # what else would it be
        and not response.cookies
        and not response.streaming
    )


def _keep(response: HttpResponseBase) -> Kept:
    assert isinstance(response, HttpResponse)  # noqa: S101  # _may_be_kept has asked for streaming
    body = response.content
    squeeze = len(body) > _WORTH_COMPRESSING
    # Nothing secret stands beside what the reader typed, so that compressing betrays nothing.
    kept = gzip.compress(body, _LEVEL, mtime=0) if squeeze else body
    return Kept(kept, squeeze, tuple(response.headers.items()))


def _answer(kept: Kept, request: HttpRequest) -> HttpResponse:
    squeezed = kept.is_compressed and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(gzip.decompress(kept.body) if kept.is_compressed and not squeezed else kept.body)
    for name, value in kept.headers:
        response.headers[name] = value
    if squeezed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Cookie, HX-Request"
    response.headers["Content-Length"] = str(len(response.content))
    return response
