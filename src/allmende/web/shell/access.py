"""Who gets in: staff; everybody else is asked to sign in, or told that the right is missing."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.queries import actor_for
from allmende.organisations.rules import is_staff


def for_members(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For whoever has signed in; the view gets the actor after the request."""

    @wraps(view)
    @never_cache
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, actor_for(request.user), *args, **kwargs)

    return entered


def for_staff(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For the platform's staff. Actions ask for the right once more; this only spares people a form they cannot use."""

    def inside(request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_staff(actor):
            raise PermissionDenied
        return view(request, actor, *args, **kwargs)

    return for_members(wraps(view)(inside))


def carry_out(
    request: HttpRequest, done: str, act: Callable[[datetime], object], *, then: str
) -> HttpResponse:
    """One action: what it did, or why it was refused, stands above the page that follows."""
    try:
        act(datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(then)
