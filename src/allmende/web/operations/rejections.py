"""Who is turned away: one line in the log, and a number for the operator (OWASP ASVS 4.0.3, 7.2.2).

Neither says who asked or for what: an address may hold the secret of a link or somebody's name. What stands there is
the answer, the method, the name of the page where there is one, and whether the browser has a session.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from allmende.operations.actions import count_rejections
from allmende.operations.queries import REJECTIONS

log = logging.getLogger(__name__)
# A flood of them costs the database one transaction a minute.
REPORTS_SECONDS = 60.0
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Tally:
    """What one process has counted since it last reported: a number for each answer, and nothing that grows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._counts: dict[int, int] = {}
        self._reported = time.monotonic()

    def add(self, status: int) -> None:
        with self._lock:
            self._counts[status] = self._counts.get(status, 0) + 1

    def is_due(self) -> bool:
        return time.monotonic() - self._reported >= REPORTS_SECONDS

    def report(self, *, now: datetime) -> None:
        """Hand the numbers over. Where the database is away they wait for the next time."""
        with self._lock:
            counts, self._counts, self._reported = self._counts, {}, time.monotonic()
        if not counts:
            return
        try:
            count_rejections(counts, now=now)
        except DatabaseError:
            with self._lock:
                for status, number in counts.items():
                    self._counts[status] = self._counts.get(status, 0) + number


tally = Tally()


class RejectionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in REJECTIONS:
            log.log(_weight(response.status_code), "%s", _line(request, response.status_code))
            tally.add(response.status_code)
            if tally.is_due():
                tally.report(now=datetime.now(UTC))
        return response


def _weight(status: int) -> int:
    """An address that is not there is asked for by every stranger who tries doors; a right that is missing is not."""
    return logging.INFO if status == 404 else logging.WARNING


def _line(request: HttpRequest, status: int) -> str:
    method = request.method if request.method in _METHODS else "other"
    page = (request.resolver_match.url_name if request.resolver_match else None) or "none"
    session = "yes" if settings.SESSION_COOKIE_NAME in request.COOKIES else "no"
    return f"turned away status={status} method={method} page={page} session={session}"
