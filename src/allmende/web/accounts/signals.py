"""What allauth tells by signals only: what was done to an account goes to the journal, who comes in to the log."""

import logging
from datetime import UTC, datetime
from typing import Any

from allauth.account import signals as account
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from allmende.accounts.actions import note
from allmende.accounts.models import User
from allmende.organisations.queries import actor_for
from allmende.web.accounts.second_factor import forget_where_none_is_left, note_as_shown

log = logging.getLogger(__name__)


@receiver(user_login_failed)
def refused(request: HttpRequest | None = None, **more: Any) -> None:
    """Without the address that was typed: it may be a password in the wrong field."""
    log.warning("sign-in refused, asked from %s", get_client_ip(request) if request else "nowhere")


@receiver(user_logged_in)
def signed_in(request: HttpRequest | None, user: User, **more: Any) -> None:
    log.info("signed in %s from %s", user.public_id, get_client_ip(request) if request else "nowhere")


def _note(kind: str, user: User, **data: str) -> None:
    note(kind, user, by=actor_for(user), now=datetime.now(UTC), data=data)


@receiver(account.user_signed_up)
def registered(user: User, **more: Any) -> None:
    _note("registered", user)


@receiver(account.email_changed)
def address_changed(user: User, from_email_address: object, **more: Any) -> None:
    """Told of the first address too; that one belongs to making the account."""
    if from_email_address is not None:
        _note("address_changed", user)


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(user: User, **more: Any) -> None:
    _note("password_changed", user)


@receiver(mfa.authenticator_added)
def second_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    note_as_shown(request, authenticator)
    _note("second_factor_added", user, type=authenticator.type)


@receiver(mfa.authenticator_removed)
def second_factor_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **more: Any
) -> None:
    forget_where_none_is_left(request)
    _note("second_factor_removed", user, type=authenticator.type)


@receiver(social.social_account_added)
def provider_joined(sociallogin: Any, **more: Any) -> None:
    _note("identity_provider_joined", sociallogin.user, provider=sociallogin.account.provider)


@receiver(social.social_account_removed)
def provider_parted(socialaccount: Any, **more: Any) -> None:
    _note("identity_provider_parted", socialaccount.user, provider=socialaccount.provider)
