"""One page that leads to everything of one's own account, and one's name."""

from datetime import UTC, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_provider_adapter
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.accounts.actions import rename
from allmende.accounts.models import User
from allmende.accounts.queries import SECOND_FACTORS, sessions_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.accounts.forms import NameForm
from allmende.web.accounts.second_factor import must_have_one
from allmende.web.components.parts import Crumb, Definition
from allmende.web.shell.access import for_members

START, ACCOUNT = Crumb("Start", "/"), Crumb("Mein Konto", "/konto")


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    user = signed_in(request)
    context = {
        "rows": _rows(request, user),
        "must_have_one": must_have_one(user),
        "crumbs": [START, Crumb("Mein Konto")],
    }
    return render(request, "accounts/overview.html", context)


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that `for_members` has let in."""
    assert isinstance(request.user, User)  # noqa: S101  # nobody else gets here
    return request.user


def _rows(request: HttpRequest, user: User) -> list[tuple[Definition, str]]:
    """What is so, and what one can do about it; the address of the deed is that of the definition."""
    new_address = EmailAddress.objects.get_new(user)
    note = f"Noch nicht bestätigt: {new_address.email}" if new_address else ""
    password = "festgelegt" if user.has_usable_password() else "keines festgelegt"
    rows = [
        (_row("Name", [user.name] if user.name else [], "account_name"), "Name ändern"),
        (_row("E-Mail-Adresse", [user.email], "account_email", note), "Adresse ändern"),
        (_row("Passwort", [password], "account_change_password"), "Passwort ändern"),
        (_row("Zweiter Faktor", _second_factors(user), "mfa_index"), "Zweiten Faktor verwalten"),
        (_row("Anmeldungen", [_count(len(sessions_of(user)))], "account_sessions"), "Anmeldungen ansehen"),
    ]
    if providers := get_provider_adapter().list_providers(request):
        joined = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
        names = [each.name for each in providers if each.app.provider_id in joined]
        row = _row("Verbundene Anbieter", names or ["keine"], "socialaccount_connections")
        rows.append((row, "Anbieter verwalten"))
    return rows


def _row(term: str, values: list[str], name: str, note: str = "") -> Definition:
    return Definition(term, values, note=note, href=reverse(name))


def _second_factors(user: User) -> list[str]:
    kinds = Authenticator.objects.filter(user=user).exclude(type="recovery_codes").order_by("type", "pk")
    return [SECOND_FACTORS[kind] for kind in kinds.values_list("type", flat=True)] or ["nicht eingerichtet"]


def _count(number: int) -> str:
    return "nur hier" if number <= 1 else f"an {number} Orten"


@for_members
def name(request: HttpRequest, actor: Actor) -> HttpResponse:
    user = signed_in(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename(user, form.cleaned_data["name"], by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, "Ihr Name ist gespeichert.")
            return redirect("account")
    crumbs = [START, ACCOUNT, Crumb("Name")]
    return render(request, "accounts/name.html", {"form": form, "crumbs": crumbs})
