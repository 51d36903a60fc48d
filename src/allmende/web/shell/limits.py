"""How often somebody may ask for what costs, or for what could be guessed.

Counted in the cache that all processes share, per address of the network and per account. Sign-in, sign-up and
recovery have limits of their own in settings (`ACCOUNT_RATE_LIMITS`), counted by the same means.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


def limited(
    request: HttpRequest, scope: str, *, per_address: str | None = None, per_account: str | None = None
) -> HttpResponse | None:
    """Count this request; the page that says "too many" (429) once there were more than allowed, else None.

        if refusal := limited(request, "upload", per_address="60/h", per_account="20/h"):
            return refusal

    A rate is a number and a time: `5/m`, `20/h`, `100/d`, `3/10m`. What exceeds it is not counted. Of IPv6, the
    network (/64) counts. Who has not signed in is counted by address alone.
    """
    rates = [f"{per_address}/ip"] if per_address else []
    if per_account and request.user.is_authenticated:
        rates.append(f"{per_account}/user")
    allowed = ratelimit.consume(
        request, app="allmende", action=scope, config={scope: ",".join(rates)}, limit_get=True
    )
    return None if allowed else ratelimit.respond_429(request)


def limit_posts(
    scope: str, *, per_address: str | None = None, per_account: str | None = None
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view whose forms are counted as `limited` counts; looking at the page is free."""

    def around(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                refusal = limited(request, scope, per_address=per_address, per_account=per_account)
                if refusal is not None:
                    return refusal
            return view(request, *args, **kwargs)

        # Views around this one keep it (`functools.wraps`), so that a test can tell which address counts as what.
        counted.limit_scope = scope  # type: ignore[attr-defined]
        return counted

    return around
