"""People with a role, signed in."""

from datetime import datetime

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
    client.force_login(user)
    return client
