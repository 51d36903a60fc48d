"""Towns with needs that others share, and people who speak for them. Needs are made as rows, whatever the form asks."""

import datetime
from dataclasses import dataclass
from typing import Any

from allmende.accounts.models import User
from allmende.demand.models import Need, NeedEdition
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region, grant_role
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.regions.actions import add_invented
from allmende.regions.drafts import InventedRegion
from tests.factories.words import load

SETUP = Actor.program("setup")
NAMES = ("Ahornstadt", "Birkenmarkt", "Eichenau", "Fichtental")


@dataclass
class Towns:
    """Four accredited towns; in each somebody who does its digital work."""

    bodies: list[Organisation]
    people: list[User]
    now: datetime.datetime

    def by(self, index: int) -> Actor:
        return actor_for(self.people[index], on=self.now.date())


def four_towns(now: datetime.datetime) -> Towns:
    load(by=SETUP, now=now)
    places = [
        InventedRegion(key="99", name="Beispielland", type_code="", parent_key=None),
        InventedRegion(key="99001", name="Beispielkreis", type_code="43", parent_key="99"),
        *(
            InventedRegion(
                key=f"9900100{n}",
                name=name,
                type_code="64",
                parent_key="99001",
                population=900 * n,
                size_class=50,
            )
            for n, name in enumerate(NAMES, start=1)
        ),
    ]
    regions = add_invented(places, by=SETUP, now=now)[2:]
    bodies = [for_region(region, by=SETUP, now=now) for region in regions]
    people = [a_person("municipality_editor", body, now=now) for body in bodies]
    for body in bodies:
        body.refresh_from_db()
        # As in earnest: what is invented is told by the program, too, and that is no right of a person.
        Organisation.objects.filter(pk=body.pk).update(is_invented=False)
        body.refresh_from_db()
    return Towns(bodies, people, now)


def a_person(role: str, body: Organisation | None, *, now: datetime.datetime) -> User:
    user = User.objects.create_user(f"{role}-{User.objects.count()}@beispiel.example", None)
    grant_role(role, user=user, organisation=body, by=SETUP, now=now)
    return user


def a_need(body: Organisation, *, now: datetime.datetime, state: str = "published", **said: Any) -> Need:
    """A need as it stands after its publication, open to invitations."""
    given = {
        "title": "Mängel melden",
        "visibility": "administration",
        "fields_of_action": ["verwaltung"],
        "may_be_invited": True,
        "begun_at": now, "begun_by": "person:x", "changed_at": now, "changed_by": "person:x",
    }  # fmt: skip
    if state != "draft":
        given |= {"published_at": now, "edition_number": 1}
    if state in ("closed", "withdrawn"):
        given |= {"ended_at": now}
    need = Need.objects.create(organisation=body, state=state, **(given | said))
    if state != "draft":
        NeedEdition.objects.create(
            need=need, number=1, content="{}", digest="0" * 64, made_at=now, made_by="person:x"
        )
    return need
