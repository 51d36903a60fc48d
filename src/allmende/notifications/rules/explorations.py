"""News about market explorations: for those who take part, for companies that are asked, for auditors.

Companies get letters of their own, with the fixed sentence that it is no tender (exploration.company_letters); here
their people see it when they come by.
"""

from collections.abc import Callable, Iterable

from allmende.accounts.models import User
from allmende.catalogue.editors import EDITORS
from allmende.exploration.models import AuditAccess, Case, Inquiry
from allmende.exploration.models.cases import CASE_ROLES
from allmende.exploration.queries.cases import PROCUREMENT
from allmende.exploration.steps import STEPS
from allmende.journal.queries import Entry
from allmende.notifications.queries import people_with
from allmende.notifications.rules.rule import Data, Rule
from allmende.organisations.queries import with_confirmed_address

_TASKS = dict(CASE_ROLES)
Who = Callable[[Entry], Iterable[User]]


def _case(entry: Entry) -> Case | None:
    """The entry's subject, or what its data name."""
    public_id = (
        entry.subject_id if entry.subject_type == Case.journal_type else str(entry.data.get("case", ""))
    )
    return Case.objects.filter(public_id=public_id).first()


def _with(*roles: str) -> Who:
    """Who takes part in the case in one of these roles now; in any where none is named."""

    def who(entry: Entry) -> Iterable[User]:
        case = _case(entry)
        if case is None:
            return ()
        members = case.members.filter(until=None)
        held = members.filter(role__in=roles) if roles else members
        return User.objects.filter(public_id__in=held.values("user"), is_active=True).order_by("pk")

    return who


_WORK = _with("lead", "editor")
_ALL = _with()


def _approvers(entry: Entry) -> Iterable[User]:
    """Whoever may approve: those chosen for it and the town's procurement staff, but for who leads or handed it in."""
    case = _case(entry)
    if case is None:
        return ()
    chosen = _with("approver")(entry)
    staff = people_with(entry.organisation, (PROCUREMENT,), now=entry.at)
    own = {case.submitted_by, *case.members.filter(until=None, role="lead").values_list("user", flat=True)}
    return {each.pk: each for each in (*chosen, *staff) if each.public_id not in own}.values()


def _procurement(entry: Entry) -> Iterable[User]:
    return people_with(entry.organisation, (PROCUREMENT,), now=entry.at)


def _person(entry: Entry) -> Iterable[User]:
    return User.objects.filter(public_id=str(entry.data.get("person") or ""), is_active=True)


def _lead_and_procurement(entry: Entry) -> Iterable[User]:
    return {each.pk: each for each in (*_with("lead")(entry), *_procurement(entry))}.values()


def _auditor(entry: Entry) -> Iterable[User]:
    access = AuditAccess.objects.filter(public_id=entry.subject_id).first()
    return with_confirmed_address(access.email) if access else ()


def _of_inquiries(**which: object) -> Who:
    """Who answers for the companies that a questionnaire went to."""

    def who(entry: Entry) -> Iterable[User]:
        rows = Inquiry.objects.filter(organisation__isnull=False, **which).exclude(state="planned")
        if entry.subject_type == "company_question":
            rows = rows.filter(questionnaire__asked_back__public_id=entry.subject_id)
        elif entry.subject_type == Inquiry.journal_type:
            rows = rows.filter(public_id=entry.subject_id)
        else:
            rows = rows.filter(questionnaire__public_id=entry.subject_id)
        bodies = rows.order_by("pk").values_list("organisation__public_id", flat=True)
        groups = [people_with(body, EDITORS, now=entry.at) for body in bodies]
        return {person.pk: person for group in groups for person in group}.values()

    return who


def _own_town(entry: Entry) -> tuple[str, str]:
    return "organisation", entry.organisation


def _task(entry: Entry) -> Data:
    return {"task": _TASKS.get(str(entry.data.get("role")), "arbeitet mit")}


def _step(entry: Entry) -> Data:
    step = STEPS.get(str(entry.data.get("step")))
    return {"step": step.title if step else "ein Schritt"}


def _was_given_back(entry: Entry) -> bool:
    """Not taken back by whoever leads it."""
    return not entry.data.get("taken_back")


CASES = (
    Rule(
        "exploration.member_added",
        "cases",
        _person,
        "Sie wirken an der Markterkundung „{thing}“ mit. Ihre Aufgabe: {task}.",
        data=_task,
    ),
    Rule(
        "exploration.member_promoted",
        "cases",
        _person,
        "Sie führen jetzt die Markterkundung „{thing}“.",
    ),
    Rule(
        "exploration.member_ended",
        "cases",
        _person,
        "{thing}: Ihre Beteiligung an einer Markterkundung ist beendet.",
        about=_own_town,
    ),
    Rule(
        "exploration.case_submitted",
        "tasks",
        _approvers,
        "Die Markterkundung „{thing}“ wartet auf Ihre Freigabe.",
        page="/markterkundungen/{id}/freigabe",
    ),
    Rule(
        "exploration.case_returned",
        "tasks",
        _WORK,
        "Die Markterkundung „{thing}“ ist zurückgegeben. Lesen Sie, was noch fehlt.",
        when=_was_given_back,
    ),
    Rule(
        "exploration.case_frozen",
        "cases",
        _ALL,
        "Die Markterkundung „{thing}“ ist freigegeben und abgeschlossen.",
    ),
    Rule(
        "exploration.case_stopped",
        "cases",
        _ALL,
        "Die Markterkundung „{thing}“ ist abgebrochen.",
    ),
    Rule(
        "exploration.case_erased",
        "cases",
        _procurement,
        "{thing}: Eine abgeschlossene Markterkundung ist nach ihrer Aufbewahrung gelöscht.",
        about=_own_town,
    ),
    Rule(
        "exploration.step_plan_due",
        "tasks",
        _person,
        "In der Markterkundung „{thing}“ ist bald ein Schritt fällig: {step}.",
        data=_step,
    ),
    Rule(
        "exploration.case_due",
        "tasks",
        _person,
        "Die Markterkundung „{thing}“ soll bald fertig sein. Sehen Sie, was noch offen ist.",
    ),
    Rule(
        "exploration.questionnaire_closed",
        "cases",
        _WORK,
        "Die Antwortfrist zu „{thing}“ ist vorbei. Sehen Sie die Antworten an.",
    ),
    Rule(
        "exploration.inquiry_answered",
        "cases",
        _WORK,
        "{company} hat die Fragen zu „{thing}“ beantwortet.",
    ),
    Rule(
        "exploration.inquiry_declined",
        "cases",
        _WORK,
        "{company} beantwortet die Fragen zu „{thing}“ nicht.",
    ),
    Rule(
        "exploration.inquiry_bounced",
        "tasks",
        _WORK,
        "Die Fragen zu „{thing}“ sind bei {company} nicht angekommen. Prüfen Sie die Adresse.",
    ),
    Rule(
        "exploration.question_asked",
        "tasks",
        _WORK,
        "Ein Unternehmen hat eine Rückfrage zu „{thing}“. Antworten Sie; Frage und Antwort lesen alle.",
    ),
)
COMPANIES = (
    Rule(
        "exploration.questionnaire_sent",
        "tasks",
        _of_inquiries(),
        "{town} fragt Sie in einer Markterkundung: „{thing}“. Es ist keine Ausschreibung, und Ihre Antwort bindet Sie "
        "nicht.",
        by_mail=False,
    ),
    Rule(
        "exploration.questionnaire_reminded",
        "tasks",
        _of_inquiries(state__in=("sent", "bounced", "opened")),
        "{town} wartet noch auf Ihre Antwort zu „{thing}“. Die Frist endet bald.",
        by_mail=False,
    ),
    Rule(
        "exploration.questionnaire_extended",
        "cases",
        _of_inquiries(),
        "{town} hat die Antwortfrist zu „{thing}“ für alle verlängert.",
        by_mail=False,
    ),
    Rule(
        "exploration.question_answered",
        "cases",
        _of_inquiries(),
        "{town} hat eine Rückfrage zu „{thing}“ für alle beantwortet.",
        by_mail=False,
    ),
    Rule(
        "exploration.inquiry_thanked",
        "decisions",
        _of_inquiries(),
        "{town} dankt Ihnen für Ihre Antwort zu „{thing}“. Lesen Sie, wie es ausgegangen ist.",
        by_mail=False,
    ),
)
AUDITS = (
    Rule(
        "exploration.audit_access_given",
        "cases",
        _auditor,
        "Sie dürfen die Markterkundung „{thing}“ von {town} zur Prüfung lesen, bis zum {day}.",
    ),
    Rule(
        "exploration.audit_access_ended",
        "cases",
        _auditor,
        "{thing}: Ihre Einsicht in eine Markterkundung ist beendet.",
        about=_own_town,
    ),
    Rule(
        "exploration.audit_access_used",
        "cases",
        _lead_and_procurement,
        "Die Markterkundung „{thing}“ ist zur Prüfung gelesen worden.",
        by_mail=False,
    ),
)
RULES = (*CASES, *COMPANIES, *AUDITS)
