"""Whoever works for the platform signs in with a second factor, or gets no further than setting one up.

allauth asks everybody for the second factor they have; it does not ask anybody to have one.
"""

from collections.abc import Callable

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from allmende.accounts.models import User
from allmende.organisations.models import Membership
from allmende.organisations.roles import SECOND_FACTOR
from allmende.web.accounts.again import is_over, note_as_seen, shown_at
from allmende.web.shell.security import BACK_OFFICE

# What counts; recovery codes are there only beside one of these.
KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Pages that the law wants open to everybody, and the ways out.
ALWAYS = frozenset(
    {"account_logout", "page_impressum", "page_datenschutz", "page_barrierefreiheit", "robots", "suggest"}
)
# Who has none yet gets here, to set one up; allauth asks for the password before.
TO_SET_UP = ALWAYS | {"account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "mfa_index"}
# Who has one and has not shown it in this session gets here. Nothing that takes a second factor away is among them.
TO_SHOW = ALWAYS | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}


def must_have_one(user: User) -> bool:
    """Staff and reviewers; whoever may enter the back office by a flag or by a role that is held now."""
    return (
        user.is_staff
        or user.is_superuser
        or Membership.objects.filter(user=user, role__in=SECOND_FACTOR, ended_at__isnull=True).exists()
    )


def has_one(user: User) -> bool:
    """Whether the account has an app or a passkey."""
    return bool(is_mfa_enabled(user, KINDS))


def is_last(authenticator: Authenticator) -> bool:
    """Whether the account has no other app or passkey."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=KINDS)
    return not others.exclude(pk=authenticator.pk).exists()


def shown(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session: when signing in, when confirming, or by setting it up."""
    return shown_at(request) is not None


def note_as_shown(request: HttpRequest, authenticator: Authenticator) -> None:
    """Whoever has just set one up has it in hand, and has just typed the password."""
    if authenticator.type in KINDS:
        record_authentication(
            request, authenticator.user, "mfa", id=authenticator.pk, type=authenticator.type
        )


def forget_where_none_is_left(request: HttpRequest) -> None:
    """A session that was signed in with a second factor is worth no more than the account."""
    if isinstance(request.user, User) and not has_one(request.user):
        kept = [each for each in get_authentication_records(request, request.user) if each["method"] != "mfa"]
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


class SecondFactorMiddleware:
    """Stands after authentication and messages. A session that has shown the second factor passes without a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User):
            return None
        if shown(request) and not is_over(request):
            note_as_seen(request)
            return None
        if not self._is_asked_of(request, user):
            return None
        if settings.DEMO:
            # Its passwords are printed: a second factor would protect nothing. The page says so (base.html).
            request.second_factor_waived = True  # type: ignore[attr-defined]
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if has_one(user):
            return None if name in TO_SHOW else _ask(request)
        if name in TO_SET_UP:
            return None
        messages.info(
            request,
            "Mit Ihrer Rolle brauchen Sie einen zweiten Faktor. Richten Sie ihn ein; danach geht es weiter.",
        )
        return _send(request, "mfa_index")

    @staticmethod
    def _is_asked_of(request: HttpRequest, user: User) -> bool:
        # Into the back office also lead groups that are given there by hand.
        is_inside = request.path_info.startswith(BACK_OFFICE) and user.has_perm("wagtailadmin.access_admin")
        return is_inside or must_have_one(user)


def _ask(request: HttpRequest) -> HttpResponse:
    """Where it was shown before, a form that was sent waits for the answer and is carried out then."""
    if not shown(request):
        return _send(request, "mfa_reauthenticate")
    messages.info(request, "Sie sind seit Längerem angemeldet. Zeigen Sie noch einmal, dass Sie es sind.")
    response: HttpResponse = suspend_request(request, reverse("mfa_reauthenticate"))
    return response


def _send(request: HttpRequest, name: str) -> HttpResponse:
    """A form that was sent is lost on purpose: what it asked for is not done."""
    back = request.get_full_path() if request.method == "GET" else reverse("account")
    return redirect(f"{reverse(name)}?{urlencode({'next': back})}")
