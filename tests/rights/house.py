"""A town with people in every position to it, and everybody else around it: made once for a whole file of tests.

The town offers developments of its own, so that one organisation does all that an organisation can do here.
"""

import datetime
from dataclasses import dataclass, replace

from allauth.account.models import EmailAddress

from allmende.accounts.models import User
from allmende.catalogue.actions import know_origin, receive
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.catalogue.models import Solution
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region, grant_role, register
from allmende.organisations.models import Absence, Membership, Organisation
from allmende.organisations.queries import actor_for
from allmende.regions.actions import add_invented
from allmende.regions.drafts import InventedRegion
from allmende.regions.models import Region
from allmende.vocabulary.actions import load

NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
PROGRAM = Actor.program("test")
EVERYTHING = ("organisation_admin", "municipality_editor", "provider_editor")
# Whoever belongs nowhere has the address of a town hall.
DOMAINS = {"account": "ahorn-rathaus.example"}

WHO = (
    "owner",  # does the town's work, and everything that belongs to a person belongs to them
    "administrator",  # of the same town
    "deputy",  # reads, and stands in for somebody of the town who does everything and is away today
    "colleague",  # of the same town, reads
    "buyer",  # of the same town, procurement_officer
    "former",  # did everything there and has left
    "competitor",  # does everything in another organisation
    "vendor",  # provider_editor of a company
    "account",  # has signed in and belongs nowhere
    "anonymous",
    "reviewer",  # quality_reviewer
    "editor",  # catalogue_editor
    "operator",  # operator_admin
    "program",
)


@dataclass
class House:
    people: dict[str, User]
    town: Organisation
    rival: Organisation
    company: Organisation
    region: Region
    free_region: Region
    gone_region: Region
    solution: Solution
    other: Solution
    now: datetime.datetime = NOW

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def actor(self, name: str) -> Actor:
        """What the edge makes of them."""
        if name in ("anonymous", "program"):
            return Actor.anonymous() if name == "anonymous" else PROGRAM
        return actor_for(self.people[name], on=self.now.date())


def person(name: str, domain: str = "woanders.example") -> User:
    """Somebody with a confirmed address and no password: nobody types one here."""
    user = User.objects.create_user(f"{name}@{domain}", None, name=name.capitalize())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def build() -> House:
    load(by=PROGRAM, now=NOW)
    region, rival_region, free_region, gone = _regions()
    town = for_region(region, by=PROGRAM, now=NOW)
    rival = for_region(rival_region, by=PROGRAM, now=NOW)
    company = register("Beispiel-Lieferant GmbH", kind="sme", by=PROGRAM, now=NOW)
    roles: dict[str, tuple[Organisation | None, tuple[str, ...]]] = {
        "owner": (town, ("municipality_editor", "provider_editor")),
        "administrator": (town, ("organisation_admin",)),
        "absent": (town, EVERYTHING),
        "deputy": (town, ("decision_maker",)),
        "colleague": (town, ("decision_maker",)),
        "buyer": (town, ("procurement_officer",)),
        "former": (town, EVERYTHING),
        "competitor": (rival, EVERYTHING),
        "vendor": (company, ("provider_editor",)),
        "account": (None, ()),
        "reviewer": (None, ("quality_reviewer",)),
        "editor": (None, ("catalogue_editor",)),
        "operator": (None, ("operator_admin",)),
        "second": (None, ("operator_admin",)),
    }
    people = {name: person(name, DOMAINS.get(name, "woanders.example")) for name in roles}
    for name, (organisation, held) in roles.items():
        for role in held:
            grant_role(role, user=people[name], organisation=organisation, by=PROGRAM, now=NOW)
    Membership.objects.filter(user=people["former"]).update(ended_at=NOW)
    Absence.objects.create(
        organisation=town, person=people["absent"], deputy=people["deputy"], starts_on=NOW.date(),
        ends_on=NOW.date(), reported_at=NOW,
    )  # fmt: skip
    solution, other = _solutions()
    for each in (town, rival, company):
        each.refresh_from_db()
    return House(people, town, rival, company, region, free_region, gone, solution, other)


def _regions() -> tuple[Region, Region, Region, Region]:
    places = [
        InventedRegion(key="99", name="Beispielland", type_code="", parent_key=None),
        InventedRegion(key="99001", name="Beispielkreis", type_code="43", parent_key="99"),
        *(
            InventedRegion(key=f"9900100{n}", name=name, type_code="64", parent_key="99001", population=900)
            for n, name in enumerate(("Ahorn", "Birken", "Eichen", "Fichten"), start=1)
        ),
    ]
    towns = add_invented(places, by=PROGRAM, now=NOW)[2:]
    Region.objects.filter(pk=towns[3].pk).update(valid_to=datetime.date(2026, 1, 1))
    towns[3].refresh_from_db()
    return towns[0], towns[1], towns[2], towns[3]


def _solutions() -> tuple[Solution, Solution]:
    origin = know_origin("hessen", label="Katalog Hessen", kind="harvest", by=PROGRAM, now=NOW)
    draft = SolutionDraft(
        name="Mängelmelder Musterstadt",
        texts=(TextDraft(language="de", summary="Menschen melden Schäden an Straßen."),),
        repository_url="https://code.example.org/stadt/maengelmelder",
        licence="EUPL-1.2",
        fields_of_action=("verwaltung",),
    )
    other = replace(draft, name="Raumbuchung Beispiel", repository_url="https://code.example.org/land/raum")
    one = receive(draft, origin=origin, key="a.yml", by=PROGRAM, now=NOW).solution
    two = receive(other, origin=origin, key="b.yml", by=PROGRAM, now=NOW).solution
    assert one is not None
    assert two is not None
    return one, two


def provider(house: House) -> Organisation:
    """An organisation in which nobody of the house is."""
    return register("Beispiel GmbH", kind="sme", by=PROGRAM, now=house.now)
