"""Two addresses for whatever watches the site: `/zustand` (this process lives) and `/zustand/bereit` (it can work).

Answered before everything else: a load balancer calls by number and without TLS, and must hear of a missing database
instead of failing on it. Strangers learn which condition fails, and no more.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from allmende.operations.queries import fatal_conditions

ALIVE, READY = "/zustand", "/zustand/bereit"
# An answer holds so long in a process: whoever asks all the time costs the database nothing.
HOLDS_SECONDS = 5.0


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._told: tuple[float, dict[str, bool]] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or request.path_info not in (ALIVE, READY):
            return self.get_response(request)
        answer = _alive() if request.path_info == ALIVE else self._ready()
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _ready(self) -> HttpResponse:
        if self._told is None or time.monotonic() > self._told[0] + HOLDS_SECONDS:
            found = fatal_conditions(now=datetime.now(UTC))
            self._told = time.monotonic(), {each.code: each.is_met for each in found}
        conditions = self._told[1]
        is_ready = all(conditions.values())
        told = {"ready": is_ready, "conditions": conditions}
        return JsonResponse(told, status=200 if is_ready else 503)


def _alive() -> HttpResponse:
    """Asks nothing, so that nobody restarts this process because the database is away."""
    return HttpResponse("lebt\n", content_type="text/plain; charset=utf-8")
