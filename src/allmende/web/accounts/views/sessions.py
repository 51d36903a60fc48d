"""Where somebody is signed in, and how to end that."""

import re
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from allmende.accounts.actions import end_session, end_sessions
from allmende.accounts.queries import sessions_of
from allmende.lib.actors import Actor
from allmende.web.accounts.views.overview import ACCOUNT, START, signed_in
from allmende.web.components.parts import Crumb
from allmende.web.shell.access import carry_out, for_members

# The first that fits; browsers claim to be each other, so the order matters.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone|iPad", "iPhone oder iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    there = [
        {"session": each, "device": device(each.user_agent), "is_here": _is_here(request, each)}
        for each in sessions_of(signed_in(request))
    ]
    crumbs = [START, ACCOUNT, Crumb("Anmeldungen")]
    return render(request, "accounts/sessions.html", {"sessions": there, "crumbs": crumbs})


def _is_here(request: HttpRequest, session: UserSession) -> bool:
    return bool(session.session_key == request.session.session_key)


def device(user_agent: str) -> str:
    """What a browser says it is, in words that people use: „Firefox unter Windows“."""
    browser = next((name for mark, name in BROWSERS if f"{mark}/" in user_agent), "Unbekannter Browser")
    system = next((name for marks, name in SYSTEMS if re.search(marks, user_agent)), "")
    return f"{browser} unter {system}" if system else browser


@require_POST
@for_members
def end(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """End one; this one too, which then is signing out."""
    user = signed_in(request)
    return carry_out(
        request,
        "Dort sind Sie jetzt abgemeldet.",
        lambda now: end_session(user, number, by=actor, now=now),
        then="account_sessions",
    )


@require_POST
@for_members
def end_others(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everywhere but here."""
    user, here = signed_in(request), request.session.session_key
    return carry_out(
        request,
        "Überall sonst sind Sie jetzt abgemeldet.",
        lambda now: end_sessions(user, but=here, by=actor, now=now),
        then="account_sessions",
    )


@require_POST
@for_members
def end_all(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everywhere, here too."""
    end_sessions(signed_in(request), by=actor, now=datetime.now(UTC))
    logout(request)
    messages.success(request, "Sie sind überall abgemeldet.")
    return redirect("account_login")
