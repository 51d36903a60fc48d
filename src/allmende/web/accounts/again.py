"""Who has been signed in for long is asked again: staff after a time, everybody before what cannot be taken back.

allauth asks before an address, a second factor or a password is changed; what else is of that kind stands here. The
times are those of OWASP ASVS 4.0.3, 3.3.2, for level 2.
"""

import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows, suspend_request
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from allmende.accounts.models import User

_SEEN = "account_seen_at"
# A request in between is not written down: staff would write to the database with every click.
SEEN_EVERY = 300

# Forms that ask for the password or the second factor once more: names of addresses; with a step, only that one.
ASKED_AGAIN: frozenset[tuple[str, str]] = frozenset(
    {
        # Who may act: roles in an organisation, and on the platform.
        ("organisation_invite", ""),
        ("organisation_member", ""),
        ("organisation_request", ""),
        ("desk_roles", ""),
        ("desk_role_end", ""),
        ("desk_role_proposal", ""),
        # Further ways into the account.
        ("account_join", ""),
        ("socialaccount_connections", ""),
        # The same, of everybody in two organisations at once.
        ("desk_organisation_merge", ""),
        # What is gone afterwards.
        ("desk_solution_step", "loeschen"),
        ("desk_erasure", ""),
        ("desk_journal_words", ""),
        ("retention_decide", ""),
    }
)


def shown_at(request: HttpRequest) -> float | None:
    """When the second factor was last shown in this session, in seconds since 1970; None: never."""
    records = get_authentication_records(request, request.user)
    return max((record["at"] for record in records if record.get("method") == "mfa"), default=None)


def is_over(request: HttpRequest) -> bool:
    """Whether the second factor was shown too long ago, or nobody has sat there for too long."""
    at, now = shown_at(request) or 0, time.time()
    seen = max(at, request.session.get(_SEEN, 0))
    return bool(now - at > settings.STAFF_SESSION_LONGEST or now - seen > settings.STAFF_SESSION_IDLE)


def note_as_seen(request: HttpRequest) -> None:
    now = time.time()
    if now - max(shown_at(request) or 0, request.session.get(_SEEN, 0)) > SEEN_EVERY:
        request.session[_SEEN] = now


class AskAgainMiddleware:
    """Stands after the second factor. A form that was sent is kept, and carried out once the answer is right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or match is None or not _is_asked(match) or _is_fresh(request):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        response: HttpResponse = suspend_request(request, ways[0]["url"])
        return response


def _is_asked(match: ResolverMatch) -> bool:
    name = match.url_name or ""
    return (name, "") in ASKED_AGAIN or (name, match.kwargs.get("step") or "") in ASKED_AGAIN


def _is_fresh(request: HttpRequest) -> bool:
    """Signed in, or asked, a short time ago. Who has nothing but an identity provider cannot be asked here."""
    user = request.user
    if not isinstance(user, User) or not get_reauthentication_flows(user):
        return True
    last = max((record["at"] for record in get_authentication_records(request, user)), default=0)
    return bool(time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
