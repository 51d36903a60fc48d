"""Taking one's data along, and leaving for good."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from allmende.accounts.actions import erase, hand_out
from allmende.accounts.personal import PersonalData, Value
from allmende.accounts.queries import obstacles
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.accounts.forms import EraseForm
from allmende.web.accounts.views.overview import ACCOUNT, START, signed_in
from allmende.web.components.parts import Crumb
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts, limited

FORMATS = ("json", "html")


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    crumbs = [START, ACCOUNT, Crumb("Daten mitnehmen")]
    return render(request, "accounts/data.html", {"crumbs": crumbs})


@for_members
@reauthentication_required
def download(request: HttpRequest, actor: Actor, format: str) -> HttpResponse:  # noqa: A002  # in the address
    """A file with everything; whoever sits at an open screen by chance has to know the password as well."""
    if refusal := limited(request, "account_export", per_address="60/h", per_account="20/h"):
        return refusal
    user = signed_in(request)
    now = datetime.now(UTC)
    parts = hand_out(user, by=actor, now=now)
    response = _as_json(parts, now) if format == "json" else _as_page(request, parts, now)
    name = f"allmende-konto-{now:%Y-%m-%d}.{format}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _as_json(parts: list[PersonalData], now: datetime) -> HttpResponse:
    data = {
        "format": "allmende.account/1",
        "made_at": now.isoformat(),
        **{part.code: [_plain(row) for row in part.rows] for part in parts},
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _plain(row: Mapping[str, Value]) -> dict[str, Any]:
    return {
        label: value.isoformat() if isinstance(value, datetime) else value for label, value in row.items()
    }


def _as_page(request: HttpRequest, parts: list[PersonalData], now: datetime) -> HttpResponse:
    """One page without anything around it: it is read from a disk, where our style sheets are not."""
    shown = [(part, [list(row.items()) for row in part.rows]) for part in parts]
    return render(request, "accounts/data_file.html", {"parts": shown, "made_at": now})


@limit_posts("account_erase", per_address="30/h", per_account="10/h")
@for_members
@reauthentication_required
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What goes, what stays, what has to be settled before; then, with the address typed, it is done."""
    user = signed_in(request)
    form = EraseForm(request.POST or None, address=user.email)
    if request.method == "POST" and form.is_valid():
        try:
            erase(user, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("account_erase")
        logout(request)
        return redirect("account_erased")
    context = {
        "form": form,
        "obstacles": obstacles(user),
        "crumbs": [START, ACCOUNT, Crumb("Konto löschen")],
    }
    return render(request, "accounts/erase.html", context)


def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/erased.html")
