"""Who hears what of a market exploration. Entries are recorded as its actions record them; what follows is real."""

import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from allmende.accounts.models import User
from allmende.exploration.models import (
    AuditAccess,
    Case,
    CaseMember,
    CompanyQuestion,
    Inquiry,
    Questionnaire,
)
from allmende.jobs.actions import run_all
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.notifications.models import NewsItem
from allmende.notifications.telling import GONE, told
from allmende.organisations.actions import register
from allmende.organisations.queries import actor_for
from tests.demand.towns import SETUP, Towns, a_need, a_person, four_towns

pytestmark = pytest.mark.django_db
SYSTEM = Actor.program("exploration")
DAY = datetime.timedelta(days=1)
ROLES = ("lead", "editor", "approver", "reader")


@pytest.fixture
def towns(now: datetime.datetime, settings: Any) -> Towns:
    settings.DEMO = True
    return four_towns(now)


@pytest.fixture
def case(towns: Towns, now: datetime.datetime) -> Case:
    return Case.objects.create(
        organisation=towns.bodies[0], need=a_need(towns.bodies[0], now=now), title="Melder erkunden",
        begun_at=now, begun_by="x", changed_at=now,
    )  # fmt: skip


@pytest.fixture
def crew(case: Case, now: datetime.datetime) -> dict[str, User]:
    """One in each role, one of the procurement staff who has none, and one in the town who is not concerned."""
    people = {role: a_person("decision_maker", case.organisation, now=now) for role in ROLES}
    for role, person in people.items():
        CaseMember.objects.create(case=case, user=person.public_id, role=role, since=now, added_by="x")
    people["buyer"] = a_person("procurement_officer", case.organisation, now=now)
    people["colleague"] = a_person("decision_maker", case.organisation, now=now)
    return people


@pytest.fixture
def seller(towns: Towns, now: datetime.datetime) -> User:
    return a_person("provider_editor", register("Firma eins", kind="sme", by=SETUP, now=now), now=now)


@pytest.fixture
def rival(towns: Towns, now: datetime.datetime) -> User:
    return a_person("provider_editor", register("Firma zwei", kind="sme", by=SETUP, now=now), now=now)


def asked(case: Case, *people: User, now: datetime.datetime) -> tuple[Questionnaire, list[Inquiry]]:
    sheet = Questionnaire.objects.create(
        case=case, state="sent", sent_at=now, deadline=now + 10 * DAY, digest="0" * 64
    )
    bodies = [each.memberships.get().organisation for each in people]
    return sheet, [
        Inquiry.objects.create(
            questionnaire=sheet, organisation=body, company_name=body.name, state="sent", sent_at=now
        )
        for body in bodies
    ]


def happened(
    kind: str, subject: Any, case: Case, now: datetime.datetime, by: Actor = SYSTEM, **data: Any
) -> None:
    with transaction.atomic():
        # Of what is part of a case, the case stands in the data (exploration.actions.cases.note).
        told = data if subject is case else {"case": case.public_id, **data}
        record(kind, subject=subject, by=by, now=now, organisation=case.organisation.public_id, data=told)
    run_all()


def heard(user: User) -> list[str]:
    items = list(NewsItem.objects.filter(user=user).exclude(category="roles").order_by("pk"))
    return [f"{each.sentence} → {each.href}" for each in told(items, actor_for(user))]


def who(crew: dict[str, User]) -> set[str]:
    return {name for name, user in crew.items() if heard(user)}


@pytest.mark.parametrize(
    ("kind", "data", "whom"),
    [
        ("exploration.case_submitted", {}, {"approver", "buyer"}),
        ("exploration.case_returned", {}, {"lead", "editor"}),
        ("exploration.case_returned", {"taken_back": True}, set()),
        ("exploration.case_frozen", {}, set(ROLES)),
        ("exploration.case_stopped", {}, set(ROLES)),
        ("exploration.case_erased", {}, {"buyer"}),
        ("exploration.case_changed", {}, set()),
        ("exploration.sheet_saved", {}, set()),
    ],
)
def test_each_step_is_told_to_whom_it_concerns(
    case: Case, crew: dict[str, User], now: datetime.datetime, kind: str, data: dict[str, Any], whom: set[str]
) -> None:
    happened(kind, case, case, now, **data)
    assert who(crew) == whom


def test_nobody_approves_what_they_handed_in(
    case: Case, crew: dict[str, User], now: datetime.datetime
) -> None:
    case.submitted_by = crew["buyer"].public_id
    case.save()
    happened("exploration.case_submitted", case, case, now)
    assert heard(crew["approver"]) == [
        f"Die Markterkundung „Melder erkunden“ wartet auf Ihre Freigabe. → /markterkundungen/{case.public_id}/freigabe"
    ]
    assert heard(crew["buyer"]) == []


def test_who_is_added_hears_what_their_part_is_and_who_goes_that_it_is_over(
    case: Case, crew: dict[str, User], now: datetime.datetime
) -> None:
    page = f"/markterkundungen/{case.public_id}"
    happened("exploration.member_added", case, case, now, person=crew["editor"].public_id, role="editor")
    assert heard(crew["editor"]) == [
        f"Sie wirken an der Markterkundung „Melder erkunden“ mit. Ihre Aufgabe: arbeitet mit. → {page}"
    ]
    CaseMember.objects.filter(user=crew["editor"].public_id).update(until=now)
    happened("exploration.member_ended", case, case, now, person=crew["editor"].public_id, role="editor")
    town = f"/organisation/{case.organisation.public_id}"
    assert heard(crew["editor"]) == [
        f"{GONE} → ",
        f"Ahornstadt: Ihre Beteiligung an einer Markterkundung ist beendet. → {town}",
    ]
    assert who(crew) == {"editor"}


def test_whoever_has_a_step_is_told_of_its_deadline(
    case: Case, crew: dict[str, User], now: datetime.datetime
) -> None:
    data = {"step": "recherche", "person": crew["editor"].public_id, "due_on": "2026-11-25"}
    happened("exploration.step_plan_due", case, case, now, **data)
    assert [each.partition(":")[0] for each in heard(crew["editor"])] == [
        "In der Markterkundung „Melder erkunden“ ist bald ein Schritt fällig"
    ]
    assert who(crew) == {"editor"}


def test_companies_are_told_in_the_site_and_each_sees_its_own(
    case: Case, crew: dict[str, User], seller: User, rival: User, now: datetime.datetime
) -> None:
    sheet, (ours, theirs) = asked(case, seller, rival, now=now)
    happened("exploration.questionnaire_sent", sheet, case, now, by=actor_for(crew["lead"]))
    said = (
        "Ahornstadt fragt Sie in einer Markterkundung: „Melder erkunden“. Es ist keine Ausschreibung, und Ihre "
        "Antwort bindet Sie nicht. → /anfragen/"
    )
    assert [heard(seller), heard(rival)] == [[said + ours.public_id], [said + theirs.public_id]]
    # A letter of its own has gone to them.
    assert set(
        NewsItem.objects.filter(kind="exploration.questionnaire_sent").values_list("rate", flat=True)
    ) == {"never"}
    assert who(crew) == set()


def test_only_who_is_silent_is_reminded(
    case: Case, seller: User, rival: User, now: datetime.datetime
) -> None:
    sheet, (ours, _) = asked(case, seller, rival, now=now)
    Inquiry.objects.filter(pk=ours.pk).update(state="answered", answered_at=now)
    happened("exploration.questionnaire_reminded", sheet, case, now)
    assert [len(heard(seller)), len(heard(rival))] == [0, 1]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("exploration.inquiry_answered", "Firma eins hat die Fragen zu „Melder erkunden“ beantwortet."),
        ("exploration.inquiry_declined", "Firma eins beantwortet die Fragen zu „Melder erkunden“ nicht."),
        (
            "exploration.inquiry_bounced",
            "Die Fragen zu „Melder erkunden“ sind bei Firma eins nicht angekommen. Prüfen Sie die Adresse.",
        ),
    ],
)
def test_the_town_hears_of_each_company(
    case: Case,
    crew: dict[str, User],
    seller: User,
    rival: User,
    now: datetime.datetime,
    kind: str,
    sentence: str,
) -> None:
    _, (ours, _) = asked(case, seller, rival, now=now)
    happened(kind, ours, case, now)
    assert heard(crew["lead"]) == [f"{sentence} → /markterkundungen/{case.public_id}/ansprache"]
    assert (who(crew), heard(rival)) == ({"lead", "editor"}, [])


def test_a_question_goes_to_the_town_and_its_answer_to_all_without_a_name(
    case: Case, crew: dict[str, User], seller: User, rival: User, now: datetime.datetime
) -> None:
    sheet, (ours, _) = asked(case, seller, rival, now=now)
    question = CompanyQuestion.objects.create(
        questionnaire=sheet, inquiry=ours, text="Wie viele?", asked_at=now
    )
    happened("exploration.question_asked", question, case, now, by=actor_for(seller))
    assert who(crew) == {"lead", "editor"}
    assert "Firma eins" not in str([heard(crew["lead"]), list(NewsItem.objects.values("data"))])
    happened("exploration.question_answered", question, case, now)
    said = "Ahornstadt hat eine Rückfrage zu „Melder erkunden“ für alle beantwortet."
    assert [[each.partition(" → ")[0] for each in heard(user)] for user in (seller, rival)] == [
        [said],
        [said],
    ]


def test_thanks_go_to_one_company_alone(
    case: Case, seller: User, rival: User, now: datetime.datetime
) -> None:
    _, (ours, _) = asked(case, seller, rival, now=now)
    happened("exploration.inquiry_thanked", ours, case, now)
    assert [len(heard(seller)), len(heard(rival))] == [1, 0]


def test_an_auditor_hears_of_access_by_a_confirmed_address_as_long_as_it_lasts(
    case: Case, towns: Towns, crew: dict[str, User], now: datetime.datetime
) -> None:
    auditor, stranger = (a_person("decision_maker", towns.bodies[n], now=now) for n in (2, 3))
    EmailAddress.objects.create(user=auditor, email="Pruefung@kreis.example", verified=True)
    EmailAddress.objects.create(user=stranger, email="andere@kreis.example", verified=True)
    access = AuditAccess.objects.create(
        case=case, email="pruefung@kreis.example", body="Rechnungsprüfungsamt", purpose="Jahresprüfung",
        given_at=now, given_by="x", until=datetime.date(2999, 12, 31),
    )  # fmt: skip
    happened("exploration.audit_access_given", access, case, now)
    assert heard(auditor) == [
        "Sie dürfen die Markterkundung „Melder erkunden“ von Ahornstadt zur Prüfung lesen, bis zum 31.12.2999. "
        f"→ /pruefung/{case.public_id}"
    ]
    assert heard(stranger) == []
    happened("exploration.audit_access_used", case, case, now, by=actor_for(auditor), page="fall")
    assert who(crew) == {"lead", "buyer"}

    AuditAccess.objects.filter(pk=access.pk).update(ended_at=now)
    assert heard(auditor) == [f"{GONE} → "]
