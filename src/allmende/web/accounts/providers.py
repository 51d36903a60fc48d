"""Signing in with an identity provider of a Land or a town (OpenID Connect).

A provider says who somebody is; it never opens an account that exists already. Whoever has both signs in the usual
way once, with everything the account asks for, and then joins the two.
"""

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from allmende.accounts.models import User

log = logging.getLogger(__name__)
_WAITING = "account_to_join"


class NamedProvider(OpenIDConnectProvider):
    """Remembered in a session by its own name: several providers may know us under the same client id."""

    def serialize(self) -> dict[str, Any]:
        return {"id": self.app.provider_id}


class ProviderAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "connected_other": "Diese Anmeldung gehört schon zu einem anderen Konto.",
        "invalid_token": "Der Anbieter hat eine Antwort geschickt, die wir nicht prüfen können.",
        "no_password": "Legen Sie zuerst ein Passwort fest. Sonst kommen Sie nicht mehr in Ihr Konto.",
        "no_verified_email": "Bestätigen Sie zuerst Ihre E-Mail-Adresse. Sonst kommen Sie nicht mehr in Ihr Konto.",
    }

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id=client_id)
        return NamedProvider(request, app=found.app) if found.id == NamedProvider.id else found

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(part for part in parts if part)
        user.name = str(name).strip()[:200]
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return initial | {"name": getattr(sociallogin.user, "name", "")}

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Where the address has an account already, its owner joins the two; nothing is joined in silence.

        Only whoever owns the address gets here: the provider has confirmed it. An address that it has not confirmed
        is treated like one that was typed, and then nothing tells whether there is an account.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") != AuthProcess.LOGIN:
            return
        confirmed = [address.email for address in sociallogin.email_addresses if address.verified]
        if _has_account(confirmed):
            request.session[_WAITING] = sociallogin.serialize()
            raise ImmediateHttpResponse(redirect("account_join"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Back to the sign-in with a sentence; what exactly went wrong is the operator's business and in the log."""
        if error == AuthError.CANCELLED:
            return
        log.warning("Identity provider %s: %s %s", provider.app.provider_id, error, exception)
        raise ImmediateHttpResponse(did_not_work(request))


def did_not_work(request: HttpRequest) -> HttpResponse:
    """Back to the sign-in, with a sentence."""
    messages.error(
        request,
        "Die Anmeldung über diesen Anbieter hat nicht geklappt. Versuchen Sie es noch einmal, oder melden Sie sich auf "
        "einem anderen Weg an.",
    )
    return redirect("account_login")


def _has_account(addresses: list[str]) -> bool:
    return any(
        EmailAddress.objects.filter(email__iexact=address).exists()
        or User.objects.filter(email__iexact=address).exists()
        for address in addresses
    )


def waiting_to_join(request: HttpRequest) -> SocialLogin | None:
    """What a provider has said about whoever sits here, until they have signed in to the account it belongs to."""
    kept = request.session.get(_WAITING)
    try:
        return SocialLogin.deserialize(kept) if kept else None
    except ValueError:
        return None


def forget_waiting(request: HttpRequest) -> None:
    request.session.pop(_WAITING, None)


def belongs_to(login: SocialLogin, user: User) -> bool:
    """Whether the provider and we have both confirmed one and the same address of this person."""
    ours = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    known = {address.lower() for address in ours}
    return any(each.verified and each.email.lower() in known for each in login.email_addresses)
