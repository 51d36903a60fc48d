"""People with a role, signed in."""

import time
from datetime import datetime

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.actions import grant_role
from allmende.organisations.models import Organisation

SETUP = Actor.program("setup")


def somebody(role: str, organisation: Organisation | None = None, *, now: datetime) -> User:
    """A person who holds the role, in the organisation or on the platform; every call makes another one."""
    user = User.objects.create_user(f"{role}-{User.objects.count()}@beispiel.example", "nur-fuer-tests-123")
    grant_role(role, user=user, organisation=organisation, by=SETUP, now=now)
    return user


def signed_in(user: User, *, strict: bool = False) -> Client:
    """A browser of that person; a strict one insists on the token of a form, as real ones meet it."""
    client = Client(enforce_csrf_checks=strict)
    sign_in(client, user)
    return client


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> None:
    """Sign a person in as if by password and second factor, which staff need; or by password alone."""
    client.force_login(user)
    records = [{"method": "password", "at": time.time()}]
    if second_factor:
        records.append({"method": "mfa", "type": "totp", "at": time.time()})
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = records
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
