"""What /mein says of needs, market explorations and questions of towns: to whom it concerns, and to nobody else."""

import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from allmende.accounts.models import User
from allmende.demand.models import Joining, JointNeed, NeedResponse
from allmende.exploration.models import AuditAccess, Case, CaseMember, Inquiry, Questionnaire
from allmende.organisations.actions import register
from allmende.organisations.queries import actor_for
from allmende.web.answers import mine as answers
from allmende.web.components.parts import Section
from allmende.web.demand import mine as demand
from allmende.web.exploration import mine as exploration
from tests.demand.towns import SETUP, Towns, a_need, a_person, four_towns
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def towns(now: datetime.datetime, settings: Any) -> Towns:
    settings.DEMO = True
    return four_towns(now)


@pytest.fixture
def seller(towns: Towns, now: datetime.datetime) -> User:
    return a_person("provider_editor", register("Firma", kind="sme", by=SETUP, now=now), now=now)


def told(sections: list[Section]) -> list[tuple[str, str]]:
    return [(task.label, task.state) for section in sections for task in section.tasks]


def case_of(towns: Towns, now: datetime.datetime, title: str, **said: Any) -> Case:
    need = a_need(towns.bodies[0], now=now)
    return Case.objects.create(
        organisation=towns.bodies[0],
        need=need,
        title=title,
        begun_at=now,
        begun_by="x",
        changed_at=now,
        **said,
    )


def test_a_town_reads_what_waits_and_a_neighbour_does_not(towns: Towns, now: datetime.datetime) -> None:
    own, neighbour = towns.bodies[:2]
    a_need(own, now=now, state="draft", title="Entwurf")
    a_need(own, now=now, state="closed", title="Fertig")
    answered = a_need(own, now=now, title="Beantwortet")
    invited = a_need(own, now=now, title="Eingeladen")
    for number, state in enumerate(("sent", "sent", "noted")):
        body = register(f"Firma {number}", kind="sme", by=SETUP, now=now)
        NeedResponse.objects.create(
            need=answered,
            organisation=body,
            text="x",
            edition_number=1,
            sent_at=now,
            sent_by="x",
            state=state,
        )
    joint = JointNeed.objects.create(
        title="Zusammen", purpose="x", lead=neighbour, join_until=datetime.date(2999, 1, 1), begun_at=now,
        begun_by="x",
    )  # fmt: skip
    joining = Joining.objects.create(joint=joint, need=invited, invited_at=now, invited_by="x")

    found = demand.sections(towns.by(0))
    assert told(found) == [
        ("Einladung zu „Zusammen“", "open"),
        ("„Beantwortet“", "open"),
        ("Ergebnis zu „Fertig“ angeben", "open"),
        ("Entwurf", "begun"),
        ("Ihre Bedarfe", "optional"),
    ]
    assert found[0].tasks[1].hint.replace("\xa0", " ") == "2 neue Antworten"
    assert told(demand.sections(towns.by(1))) == [("Ihre Bedarfe", "optional")]

    Joining.objects.filter(pk=joining.pk).update(state="joined", decided_at=now)
    assert ("Gemeinsam: Zusammen", "look") in told(demand.sections(towns.by(0)))


def test_whoever_only_reads_for_a_town_has_nothing_to_do(towns: Towns, now: datetime.datetime) -> None:
    reader = actor_for(a_person("decision_maker", towns.bodies[0], now=now))
    a_need(towns.bodies[0], now=now, state="closed")
    assert [each.sections(reader) for each in (demand, exploration, answers)] == [[], [], []]


def test_a_provider_reads_that_a_town_has_given_it_a_contact(
    towns: Towns, seller: User, now: datetime.datetime
) -> None:
    assert demand.sections(actor_for(seller)) == []
    NeedResponse.objects.create(
        need=a_need(towns.bodies[0], now=now, visibility="public"), organisation=seller.memberships.get().organisation,
        text="x", edition_number=1, sent_at=now, sent_by="x", contact="Rathaus", contact_given_at=now,
    )  # fmt: skip
    assert told(demand.sections(actor_for(seller))) == [("Kontakt zu „Mängel melden“", "look")]


def test_a_case_waits_for_its_second_person_and_goes_on_with_those_who_write(
    towns: Towns, now: datetime.datetime
) -> None:
    lead, approver = (a_person("decision_maker", towns.bodies[0], now=now) for _ in range(2))
    running = case_of(towns, now, "Läuft")
    returned = case_of(towns, now, "Zurück", returned_reason="Der Preis fehlt.")
    submitted = case_of(
        towns, now, "Vorgelegt", state="submitted", submitted_at=now, submitted_by=lead.public_id
    )
    for case in (running, returned, submitted):
        for person, role in ((lead, "lead"), (approver, "approver")):
            CaseMember.objects.create(case=case, user=person.public_id, role=role, since=now, added_by="x")
    every = ("Alle Markterkundungen", "optional")
    assert told(exploration.sections(actor_for(lead))) == [("Läuft", "begun"), ("Zurück", "open"), every]
    assert told(exploration.sections(actor_for(approver))) == [("„Vorgelegt“ freigeben", "open"), every]
    assert exploration.sections(towns.by(1)) == []


def test_whoever_audits_reads_which_cases_are_open_to_them_and_until_when(
    towns: Towns, now: datetime.datetime
) -> None:
    auditor = towns.people[1]
    email = EmailAddress.objects.get_or_create(user=auditor, email=auditor.email)[0].email
    EmailAddress.objects.filter(user=auditor).update(verified=True)
    given = {"body": "Rechnungsprüfung", "purpose": "Jahresprüfung", "given_at": now, "given_by": "x"}
    for title, until, ended_at in (
        ("Später", "2999-02-01", None),
        ("Bald", "2999-01-01", None),
        ("Vorbei", "2020-01-01", None),
        ("Beendet", "2999-01-01", now),
    ):
        AuditAccess.objects.create(
            case=case_of(towns, now, title), email=email, until=until, ended_at=ended_at, **given
        )
    found = exploration.sections(actor_for(auditor))
    assert told(found) == [("„Bald“ prüfen", "look"), ("„Später“ prüfen", "look")]
    town = towns.bodies[0].name
    assert [task.hint for task in found[0].tasks] == [
        f"{town}. Anlass: Jahresprüfung. Einsicht bis 01.01.2999.",
        f"{town}. Anlass: Jahresprüfung. Einsicht bis 01.02.2999.",
    ]
    assert found[0].tasks[0].href == f"/pruefung/{AuditAccess.objects.get(case__title='Bald').case.public_id}"
    EmailAddress.objects.filter(user=auditor).update(verified=False)
    assert exploration.sections(actor_for(auditor)) == []


def test_a_company_reads_what_it_can_still_answer(towns: Towns, seller: User, now: datetime.datetime) -> None:
    case, body = case_of(towns, now, "Melder erkunden"), seller.memberships.get().organisation
    for round_, (state, deadline) in enumerate(
        (("sent", "2999-01-01"), ("answered", "2999-01-01"), ("sent", "2020-01-01")), start=1
    ):
        at = datetime.datetime.fromisoformat(f"{deadline}T12:00:00+00:00")
        sheet = Questionnaire.objects.create(
            case=case, round=round_, state="sent", sent_at=now, deadline=at, digest="0" * 64
        )
        Inquiry.objects.create(
            questionnaire=sheet, organisation=body, company_name="Firma", state=state, sent_at=now
        )
    found = answers.sections(actor_for(seller))
    assert told(found) == [("Melder erkunden", "open"), ("Alle Fragen von Kommunen", "optional")]
    assert found[0].tasks[0].until == datetime.date(2999, 1, 1)
    assert answers.sections(towns.by(0)) == []


def test_the_page_shows_them(towns: Towns, now: datetime.datetime) -> None:
    a_need(towns.bodies[0], now=now, state="closed", title="Fertig")
    words = signed_in(towns.people[0]).get("/mein").content.decode()
    assert "Ergebnis zu „Fertig“ angeben" in words
