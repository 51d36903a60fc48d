"""A town hall in which people do a market exploration together, and everybody who must not know of it."""

import datetime
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from allmende.accounts.models import User
from allmende.demand.actions import needs
from allmende.demand.drafts import NeedDraft
from allmende.exploration.actions.cases import begin_case
from allmende.exploration.actions.handing_in import submit_case
from allmende.exploration.actions.members import add_member, declare
from allmende.exploration.actions.sheets import fix_plan, save_sheet
from allmende.exploration.models import Case
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region, grant_role, register
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.regions.actions import add_invented
from allmende.regions.drafts import InventedRegion
from tests.factories.words import load

PROGRAM = Actor.program("test")
ROLES = {
    "lead": "municipality_editor",
    "editor": "municipality_editor",
    "approver": "decision_maker",
    "reader": "decision_maker",
    "colleague": "municipality_editor",  # of the town, and no part of the case
    "buyer": "procurement_officer",
    "neighbour": "municipality_editor",
    "neighbour_buyer": "procurement_officer",
    "company": "provider_editor",
    "desk": "catalogue_editor",
}
TAKE_PART = ("lead", "editor", "approver", "reader")
# Every required question of every sheet, answered.
ANSWERS = {
    "bedarf": {"checked": "yes"},
    "zustaendigkeit": {"offices": ["department", "procurement"]},
    "wege": {
        **{
            code: {"verdict": "not", "reason": "Geprüft, passt nicht."}
            for code in ("own", "reuse", "framework", "inhouse", "together", "efa")
        },
        "buy": {"verdict": "fits", "reason": "Es gibt mehrere Lösungen."},
        "conclusion": "Wir sehen uns auf dem Markt um.",
    },
    "plan": {
        "purpose": "Wissen, welche Lösungen es gibt.",
        "questions": "Was kostet es?",
        "sources": ["allmende", "towns"],
        "rule": "Alle, die die Muss-Kriterien nicht ausschließen.",
        "from": "2026-11-23",
        "to": "2026-12-23",
        "who_answers": "Vergabestelle",
    },
    "auswertung": {
        "findings": "Es gibt drei Lösungen.",
        "prices": "1.000 bis 3.000 Euro.",
        "risks": "Keine.",
    },
    "schlussfolgerung": {
        "market": "several",
        "market_reason": "Drei Unternehmen.",
        "lots": "open",
        "description": "functional",
        "requirements": "Meldungen mit Foto.",
    },
    "vorbefassung": {"measures": ["same_information"]},
}


@dataclass
class Hall:
    people: dict[str, User]
    town: Organisation
    neighbour: Organisation
    company: Organisation
    case: Case
    now: datetime.datetime

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def actor(self, name: str) -> Actor:
        if name in ("anonymous", "program"):
            return Actor.anonymous() if name == "anonymous" else PROGRAM
        return actor_for(self.people[name], on=self.now.date())

    def fresh(self) -> Case:
        return Case.objects.select_related("organisation", "need").get(pk=self.case.pk)


def person(name: str) -> User:
    user = User.objects.create_user(f"{name}@woanders.example", None, name=name.capitalize())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def a_hall(now: datetime.datetime) -> Hall:
    """A case has just been begun by its lead; the others of it take part already."""
    load(by=PROGRAM, now=now)
    region, beside = add_invented(
        [
            InventedRegion(key="99", name="Beispielland", type_code="", parent_key=None),
            InventedRegion(key="99001", name="Beispielkreis", type_code="43", parent_key="99"),
            *(
                InventedRegion(
                    key=f"9900100{n}", name=name, type_code="64", parent_key="99001", population=6000 * n
                )
                for n, name in enumerate(("Ahorn", "Birken"), start=1)
            ),
        ],
        by=PROGRAM,
        now=now,
    )[2:]
    town, neighbour = (for_region(each, by=PROGRAM, now=now) for each in (region, beside))
    company = register("Beispiel GmbH", kind="sme", by=PROGRAM, now=now)
    people = {name: person(name) for name in (*ROLES, "stranger")}
    places = {"neighbour": neighbour, "neighbour_buyer": neighbour, "company": company, "desk": None}
    for name, role in ROLES.items():
        grant_role(role, user=people[name], organisation=places.get(name, town), by=PROGRAM, now=now)
    for each in (town, neighbour, company):
        each.refresh_from_db()
    lead = actor_for(people["lead"], on=now.date())
    draft = NeedDraft(
        title="Schäden an Straßen melden",
        problem="Menschen melden Schäden am Telefon, und niemand weiß, was daraus wurde.",
        goal="Jede Meldung ist in einer Woche beantwortet.",
        fields_of_action=("verwaltung",),
    )
    need = needs.begin(town, draft=draft, by=lead, now=now)
    case = begin_case(need, by=lead, now=now)
    for name in TAKE_PART[1:]:
        add_member(case, person=people[name], role=name, function="Fachamt", by=lead, now=now)
    return Hall(people, town, neighbour, company, case, now)


def fill(hall: Hall, *steps: str, by: str = "lead") -> None:
    """Answer everything that is required in these steps, and call them done."""
    for step in steps:
        held = hall.case.sheets.filter(step=step).first()
        version = held.lock_version if held else 0
        save_sheet(
            hall.case,
            step,
            lambda before, step=step: {**before, **ANSWERS[step]},  # type: ignore[misc]
            is_done=True,
            lock_version=version,
            by=hall.actor(by),
            now=hall.now,
        )


def with_plan(hall: Hall) -> Hall:
    """The plan is fixed: from here on one may look and ask."""
    fill(hall, "plan")
    fix_plan(hall.case, by=hall.actor("lead"), now=hall.now)
    return hall


def with_declarations(hall: Hall) -> Hall:
    for name in ("lead", "editor", "approver"):
        declare(hall.case, has_conflict=False, by=hall.actor(name), now=hall.now)
    return hall


def submitted(hall: Hall) -> Hall:
    """Handed in as it is: what other parts lack is not looked at here."""
    case = hall.fresh()
    submit_case(case, lock_version=case.lock_version, by=hall.actor("lead"), now=hall.now)
    return hall
