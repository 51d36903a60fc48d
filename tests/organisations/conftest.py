"""A town that somebody administers, a provider, and the people around them."""

import datetime
from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region, grant_role, register
from allmende.organisations.drafts import AddressDraft
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.regions.actions import add_invented
from allmende.regions.drafts import InventedRegion
from allmende.regions.models import Region
from tests.factories.words import load
from tests.support.laid import laid

PROGRAM = Actor.program("test")
TOWN_HALL = AddressDraft("Gemeinde Eichen", "Am Markt", "00103", "Eichen", attention="Verwaltungsleitung")


def person(name: str, domain: str = "woanders.example", *, confirmed: bool = True) -> User:
    """Somebody with an address; confirmed unless told otherwise. No password: nobody signs in here."""
    email = f"{name}@{domain}"
    user = User.objects.create_user(email, None, name=name.capitalize())
    EmailAddress.objects.create(user=user, email=email, verified=confirmed, primary=True)
    return user


@dataclass
class Cast:
    """Who stands where; `actor("boss")` is what the edge makes of them now."""

    people: dict[str, User]
    town: Organisation
    neighbour: Organisation
    provider: Organisation
    region: Region
    free_region: Region

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def actor(self, name: str) -> Actor:
        if name in ("public", "program"):
            return Actor.anonymous() if name == "public" else PROGRAM
        return actor_for(self.people[name])


@pytest.fixture
def cast(db: None, now: datetime.datetime) -> Cast:
    """boss and editor and reader of the town, a neighbour, a competitor, two of the staff, a stranger."""
    return laid(("cast", now), lambda: _cast(now))


def _cast(now: datetime.datetime) -> Cast:
    load(by=PROGRAM, now=now)
    places = [
        InventedRegion(key="99", name="Beispielland", type_code="", parent_key=None),
        InventedRegion(key="99001", name="Beispielkreis", type_code="43", parent_key="99"),
        InventedRegion(
            key="99001001", name="Ahorn", type_code="64", parent_key="99001", population=900, postcode="00101"
        ),
        InventedRegion(key="99001002", name="Birken", type_code="64", parent_key="99001", population=6000),
        InventedRegion(key="99001003", name="Eichen", type_code="64", parent_key="99001", population=7000),
    ]
    made = add_invented(places, by=PROGRAM, now=now)
    town, neighbour = (for_region(each, by=PROGRAM, now=now) for each in made[2:4])
    provider = register("Beispiel GmbH", kind="sme", by=PROGRAM, now=now)
    roles = {
        "boss": ("organisation_admin", town),
        "editor": ("municipality_editor", town),
        "reader": ("decision_maker", town),
        "neighbour": ("municipality_editor", neighbour),
        "competitor": ("organisation_admin", provider),
        "desk": ("catalogue_editor", None),
        "operator": ("operator_admin", None),
        "second": ("operator_admin", None),
    }
    people = {name: person(name) for name in (*roles, "stranger")}
    for name, (role, organisation) in roles.items():
        grant_role(role, user=people[name], organisation=organisation, by=PROGRAM, now=now)
    return Cast(people, town, neighbour, provider, made[2], made[4])
