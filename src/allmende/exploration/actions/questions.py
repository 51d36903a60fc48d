"""Write the questions: sets on the desk, and the questionnaire of a case until it is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from allmende.exploration import company_rules
from allmende.exploration.actions.cases import note, open_for_change
from allmende.exploration.actions.searches import open_after_plan
from allmende.exploration.answer_values import cleaned
from allmende.exploration.deadlines import proposed
from allmende.exploration.models import Case, Question, Questionnaire, QuestionSet
from allmende.exploration.queries.asking import question_sets, questionnaires_of
from allmende.exploration.question_sets import QuestionDraft, SetDraft, checked_question, checked_set
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require

# Who answers does so without being paid: what takes longer than an hour few will do.
MOST_QUESTIONS = 60
LONGEST_INTRODUCTION = 10_000
NOT_DRAFT = "Dieser Fragebogen ist verschickt und bleibt, wie er ist. Für weitere Fragen beginnen Sie eine neue Runde."


# ------------------------------------------------------------------------------------------------------ question sets


@transaction.atomic
def write_question_set(draft: SetDraft, *, version: int, by: Actor, now: datetime) -> QuestionSet:
    """A new version of a set, or the first of a new one (`version` 0: there is none yet).

    `version` is the one that was read: `OutOfDate` where somebody wrote another meanwhile. Questionnaires keep the
    questions that they have.
    """
    require(company_rules.may_edit_question_sets(by))
    draft = checked_set(draft)
    latest = _latest_version(draft.code)
    if version != latest:
        raise OutOfDate
    row = QuestionSet.objects.create(
        code=draft.code,
        version=latest + 1,
        title=draft.title,
        about=draft.about,
        questions=[each.as_json() for each in draft.questions],
        changed_at=now,
        changed_by=by.id,
    )
    _note_set(row, by=by, now=now)
    return row


@transaction.atomic
def end_question_set(code: str, *, version: int, by: Actor, now: datetime) -> QuestionSet:
    """Offer a set to nobody any more. Writing it anew brings it back."""
    require(company_rules.may_edit_question_sets(by))
    offered = question_sets().get(code)
    if offered is None:
        raise Refused("Diese Sammlung wird nicht mehr angeboten.")
    if version != offered.version:
        raise OutOfDate
    row = QuestionSet.objects.create(
        code=code,
        version=offered.version + 1,
        title=offered.title,
        about=offered.about,
        questions=[each.as_json() for each in offered.questions],
        is_current=False,
        changed_at=now,
        changed_by=by.id,
    )
    _note_set(row, by=by, now=now)
    return row


def _latest_version(code: str) -> int:
    known = question_sets(with_ended=True).get(code)
    return known.version if known else 0


def _note_set(row: QuestionSet, *, by: Actor, now: datetime) -> None:
    data = {"version": row.version, "is_offered": row.is_current}
    record("exploration.question_set_changed", subject=("question_set", row.code), by=by, now=now, data=data)


# ----------------------------------------------------------------------------------------------------- questionnaires


@transaction.atomic
def begin_questionnaire(case: Case, *, by: Actor, now: datetime) -> Questionnaire:
    """Begin the next round, with an introduction to be gone over and the own-word criteria of the need as questions."""
    case = open_after_plan(case, by=by, now=now)
    last = questionnaires_of(case).last()
    if last is not None and last.state == "draft":
        raise Refused("Es gibt schon einen Fragebogen in Arbeit. Machen Sie dort weiter.")
    deadline = proposed(now)
    questionnaire = Questionnaire.objects.create(
        case=case,
        round=last.round + 1 if last else 1,
        introduction=_introduction(case),
        deadline=deadline,
        questions_until=deadline - timedelta(days=7),
    )
    if last is None:
        _append(questionnaire, _criteria(case))
    note("exploration.questionnaire_changed", case, by=by, now=now, subject=questionnaire)
    return questionnaire


def _introduction(case: Case) -> str:
    """From the need, and from no product: what the problem is, what shall be better, for how many."""
    need = case.need
    size = f"{need.population:,}".replace(",", ".") if need.population else ""
    known = ", ".join(str(each) for each in need.existing_systems)
    parts = (
        need.problem and f"Das Problem heute:\n{need.problem}",
        need.goal and f"Was besser werden soll:\n{need.goal}",
        need.users and f"Für wen:\n{need.users}",
        size and f"Größe: {size} Menschen.",
        known and f"Vorhandene Systeme: {known}.",
        need.needed_from_told and f"Gebraucht ab: {need.needed_from_told}.",
        "Ihre Antworten helfen uns, den Markt kennenzulernen und den Bedarf so zu beschreiben, dass viele ihn "
        "erfüllen können. Antworten Sie kurz. Was Sie nicht sagen können oder wollen, lassen Sie offen.",
    )
    return "\n\n".join(part for part in parts if part)[:LONGEST_INTRODUCTION]


def _criteria(case: Case) -> list[tuple[QuestionDraft, str, str]]:
    """What the need says in words of its own can only be asked."""
    rows = case.need.criteria.filter(criterion="").exclude(text="")
    hint = "Erläutern Sie in einem Satz, wie."
    return [
        (
            QuestionDraft(text=f"Erfüllt Ihre Lösung das: „{each.text[:440]}“?", kind="yes_no", hint=hint),
            "",
            each.public_id,
        )
        for each in rows
    ]


def _append(questionnaire: Questionnaire, drafts: Sequence[tuple[QuestionDraft, str, str]]) -> list[Question]:
    """Further questions at the end: draft, origin, criterion."""
    last = _last(questionnaire)
    if questionnaire.questions.count() + len(drafts) > MOST_QUESTIONS:
        raise Refused(
            f"Ein Fragebogen hat höchstens {MOST_QUESTIONS} Fragen. Mehr ist für die Unternehmen nicht zumutbar."
        )
    return [
        Question.objects.create(
            questionnaire=questionnaire,
            position=last + number,
            origin=origin,
            criterion=criterion,
            **_fields(draft),
        )
        for number, (draft, origin, criterion) in enumerate(drafts, start=1)
    ]


def _fields(draft: QuestionDraft) -> dict[str, object]:
    return {
        "text": draft.text,
        "hint": draft.hint,
        "kind": draft.kind,
        "choices": list(draft.choices),
        "is_required": draft.is_required,
        "prefill": draft.prefill,
    }


def draft_of(questionnaire: Questionnaire, *, by: Actor, now: datetime) -> Questionnaire:
    """The locked questionnaire, the case first; `Refused` once it is sent."""
    open_for_change(questionnaire.case, by=by, now=now)
    fresh = Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire.pk)
    fresh = Questionnaire.objects.select_related("case__organisation", "case__need").get(pk=fresh.pk)
    if fresh.state != "draft":
        raise Refused(NOT_DRAFT)
    return fresh


def _saved(questionnaire: Questionnaire, *fields: str, by: Actor, now: datetime) -> Questionnaire:
    questionnaire.lock_version += 1
    questionnaire.save(update_fields=[*fields, "lock_version"])
    note("exploration.questionnaire_changed", questionnaire.case, by=by, now=now, subject=questionnaire)
    return questionnaire


@transaction.atomic
def save_questionnaire(
    questionnaire: Questionnaire,
    *,
    introduction: str,
    deadline: datetime | None,
    questions_until: datetime | None,
    lock_version: int,
    by: Actor,
    now: datetime,
) -> Questionnaire:
    """The introduction and the deadlines. Whether they can be kept is asked when it is sent."""
    fresh = draft_of(questionnaire, by=by, now=now)
    if fresh.lock_version != lock_version:
        raise OutOfDate
    fresh.introduction = cleaned(introduction, LONGEST_INTRODUCTION)
    fresh.deadline, fresh.questions_until = deadline, questions_until
    return _saved(fresh, "introduction", "deadline", "questions_until", by=by, now=now)


@transaction.atomic
def take_questions(
    questionnaire: Questionnaire,
    *,
    code: str,
    questions: Sequence[str] | None = None,
    by: Actor,
    now: datetime,
) -> list[Question]:
    """Copy questions of a set (None: all) to the end; what is there already is not taken twice."""
    fresh = draft_of(questionnaire, by=by, now=now)
    chosen = question_sets().get(code)
    if chosen is None:
        raise Refused("Diese Sammlung wird nicht mehr angeboten. Wählen Sie eine andere.")
    there = {_plain_origin(each) for each in fresh.questions.values_list("origin", flat=True)}
    drafts = [
        (each, f"{code}/{chosen.version}:{each.code}", "")
        for each in chosen.questions
        if (questions is None or each.code in questions) and f"{code}:{each.code}" not in there
    ]
    if not drafts:
        raise Refused("Diese Fragen stehen schon im Fragebogen.")
    added = _append(fresh, drafts)
    _saved(fresh, by=by, now=now)
    return added


def _plain_origin(origin: str) -> str:
    """Without the version: a question is not asked twice because its set was changed."""
    place, _, question = origin.partition(":")
    return f"{place.partition('/')[0]}:{question}"


@transaction.atomic
def add_question(questionnaire: Questionnaire, draft: QuestionDraft, *, by: Actor, now: datetime) -> Question:
    """A question of the town's own."""
    fresh = draft_of(questionnaire, by=by, now=now)
    added = _append(fresh, [(checked_question(replace(draft, code="", prefill="")), "", "")])
    _saved(fresh, by=by, now=now)
    return added[0]


@transaction.atomic
def change_question(question: Question, draft: QuestionDraft, *, by: Actor, now: datetime) -> Question:
    """Other words or another kind; where it comes from and what it speaks to stays."""
    fresh = draft_of(question.questionnaire, by=by, now=now)
    found = _question(fresh, question)
    for name, value in _fields(checked_question(replace(draft, prefill=found.prefill))).items():
        setattr(found, name, value)
    found.save()
    _saved(fresh, by=by, now=now)
    return found


@transaction.atomic
def remove_question(question: Question, *, by: Actor, now: datetime) -> None:
    fresh = draft_of(question.questionnaire, by=by, now=now)
    _question(fresh, question).delete()
    _saved(fresh, by=by, now=now)


@transaction.atomic
def move_question(question: Question, *, up: bool, by: Actor, now: datetime) -> Question:
    """Change places with the one before or after; at the end of the list nothing moves."""
    fresh = draft_of(question.questionnaire, by=by, now=now)
    found = _question(fresh, question)
    others = fresh.questions.order_by("-position" if up else "position")
    beside = (
        others.filter(position__lt=found.position) if up else others.filter(position__gt=found.position)
    ).first()
    if beside is None:
        return found
    here, there = found.position, beside.position
    # One place cannot hold two, not even for a moment.
    found.position = _last(fresh) + 1
    found.save(update_fields=["position"])
    beside.position = here
    beside.save(update_fields=["position"])
    found.position = there
    found.save(update_fields=["position"])
    _saved(fresh, by=by, now=now)
    return found


def _last(questionnaire: Questionnaire) -> int:
    return questionnaire.questions.order_by("-position").values_list("position", flat=True).first() or 0


def _question(questionnaire: Questionnaire, question: Question) -> Question:
    found = questionnaire.questions.filter(pk=question.pk).first()
    if found is None:
        raise Refused("Diese Frage gibt es nicht mehr. Laden Sie die Seite neu.")
    return found
