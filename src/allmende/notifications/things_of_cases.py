"""Market explorations as news are about them: to the town by the case, to companies by what they were asked."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from allmende.accounts.models import User
from allmende.catalogue.editors import EDITORS
from allmende.exploration.models import AuditAccess, Case, CompanyQuestion, Inquiry, Questionnaire
from allmende.exploration.queries.cases import visible_to
from allmende.lib.actors import Actor
from allmende.notifications.thing import Thing
from allmende.organisations.queries import confirmed_addresses, once_called

# The step in which companies are asked.
_ASKING = "/markterkundungen/{case}/ansprache"


def _visible(actor: Actor) -> QuerySet[Case]:
    return visible_to(actor, datetime.now(UTC))


def cases(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    found = _visible(actor).filter(public_id__in=ids)
    return {each.public_id: Thing(each.title, f"/markterkundungen/{each.public_id}") for each in found}


def questionnaires(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To a company that was asked: its own answers; to the town: the step in which it asks."""
    rows = Questionnaire.objects.filter(public_id__in=ids)
    return _both_sides(rows, actor, lambda row: row, lambda row: row.public_id)


def inquiries(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    rows = Inquiry.objects.filter(public_id__in=ids).select_related("questionnaire")
    told = _both_sides(rows, actor, lambda row: row.questionnaire, lambda row: row.public_id)
    names = dict(rows.values_list("public_id", "company_name"))
    return {each: _saying(thing, company=names[each]) for each, thing in told.items()}


def company_questions(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """Never who asked."""
    rows = CompanyQuestion.objects.filter(public_id__in=ids).select_related("questionnaire")
    return _both_sides(rows, actor, lambda row: row.questionnaire, lambda row: row.public_id)


def audit_accesses(ids: Collection[str], actor: Actor) -> Mapping[str, Thing]:
    """To the auditors while it lasts, and to the town."""
    rows = AuditAccess.objects.filter(public_id__in=ids).select_related("case__organisation")
    ours = set(_visible(actor).filter(audit_accesses__in=rows).values_list("pk", flat=True))
    mine = _addresses(actor)
    today = timezone.localdate(datetime.now(UTC))
    found = {}
    for each in rows:
        lasts = each.ended_at is None and each.until >= today and each.case.state != "erased"
        if each.case_id in ours or (lasts and each.email.lower() in mine):
            words = {"town": each.case.organisation.name, "day": f"{each.until:%d.%m.%Y}"}
            place = "markterkundungen" if each.case_id in ours else "pruefung"
            found[each.public_id] = Thing(each.case.title, f"/{place}/{each.case.public_id}", words)
    return found


def _both_sides(
    rows: QuerySet[Any],
    actor: Actor,
    questionnaire_of: Callable[[Any], Questionnaire],
    name_of: Callable[[Any], str],
) -> dict[str, Thing]:
    """The same words for both sides, each with a page of its own. Three queries."""
    listed = list(rows)
    asked = {questionnaire_of(row).pk for row in listed}
    ours = {each.pk: each for each in _visible(actor).filter(questionnaires__in=asked)}
    places = {place for role, place in actor.roles if role in EDITORS and place}
    own = Inquiry.objects.filter(organisation__public_id__in=once_called(places), questionnaire__in=asked)
    own = own.exclude(state="planned")
    own = own.exclude(questionnaire__case__state="erased").select_related("questionnaire__case__organisation")
    by_questionnaire = {each.questionnaire_id: each for each in own}
    found = {}
    for row in listed:
        questionnaire = questionnaire_of(row)
        case, inquiry = ours.get(questionnaire.case_id), by_questionnaire.get(questionnaire.pk)
        if case is not None:
            found[name_of(row)] = _thing(case, _ASKING.format(case=case.public_id))
        elif inquiry is not None and (not isinstance(row, Inquiry) or row.pk == inquiry.pk):
            found[name_of(row)] = _thing(inquiry.questionnaire.case, f"/anfragen/{inquiry.public_id}")
    return found


def _thing(case: Case, href: str) -> Thing:
    return Thing(case.title, href, {"town": case.organisation.name})


def _saying(thing: Thing, **words: str) -> Thing:
    return Thing(thing.title, thing.href, {**thing.words, **words})


def _addresses(actor: Actor) -> set[str]:
    person = User.objects.filter(public_id=actor.id).first() if actor.kind == "person" else None
    return set(confirmed_addresses(person)) if person else set()
