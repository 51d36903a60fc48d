"""Step 7, before anything goes out: the questionnaire, its questions, whom it goes to, how companies will see it."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.demand.hints import neutral
from allmende.demand.queries.names import brands_in
from allmende.exploration import deadlines
from allmende.exploration.actions import asking, questions
from allmende.exploration.company_letters import LINK, sealed
from allmende.exploration.company_letters import asking as letter
from allmende.exploration.models import Case, Question, Questionnaire
from allmende.exploration.queries import asking as queries
from allmende.exploration.wording import NO_TENDER
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import OutOfDate, Refused
from allmende.web.components.drafting import version_in
from allmende.web.exploration.asking_forms import QuestionForm, QuestionnaireForm, RecipientForm
from allmende.web.exploration.asking_tables import size_table
from allmende.web.exploration.pages import case_or_404, step_page, step_url
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

STEP = "ansprache"
CHANGED = "Inzwischen hat jemand anderes gespeichert. Vergleichen Sie, und speichern Sie noch einmal."


def questionnaire_or_404(case: Case, public_id: str) -> Questionnaire:
    found = queries.questionnaire_of(case, public_id) if is_public_id(public_id) else None
    if found is None:
        raise Http404("Diesen Fragebogen gibt es nicht.")
    return found


def page_of(questionnaire: Questionnaire, name: str = "case_questionnaire") -> str:
    return reverse(name, args=[questionnaire.case.public_id, questionnaire.public_id])


@for_members
def overview(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """All rounds, and how many were asked by size."""
    case = case_or_404(actor, public_id)
    rounds = list(queries.questionnaires_of(case))
    kept = case.candidates.filter(state="kept").exists()
    context = {
        "rounds": rounds,
        "has_short_list": kept,
        "may_begin": case.plan_fixed_at is not None
        and kept
        and not any(each.state == "draft" for each in rounds),
        "sizes": size_table(queries.counts(case)),
        "sentence": NO_TENDER,
    }
    return step_page(request, actor, case, STEP, "exploration/asking.html", context)


@require_POST
@limit_posts("questionnaire", per_address="600/h", per_account="300/h")
@for_members
def begin(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    try:
        made = questions.begin_questionnaire(case, by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(step_url(case, STEP))
    return redirect("case_questionnaire", case.public_id, made.public_id)


@limit_posts("questionnaire", per_address="600/h", per_account="300/h")
@for_members
def one(request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str) -> HttpResponse:
    """Introduction, deadlines and questions, while it is in work; afterwards what came of it."""
    case = case_or_404(actor, public_id)
    found = questionnaire_or_404(case, questionnaire_id)
    if found.state != "draft":
        return redirect(page_of(found, "case_proof"))
    form = QuestionnaireForm(request.POST or None, questionnaire=found)
    if request.method == "POST" and form.is_valid() and _saved(request, form, found, actor):
        messages.success(request, "Gespeichert.")
        return redirect(page_of(found))
    found.refresh_from_db()
    return step_page(request, actor, case, STEP, "exploration/questionnaire.html", _context(found, form))


def _saved(request: HttpRequest, form: QuestionnaireForm, found: Questionnaire, actor: Actor) -> bool:
    answers, asked = form.moment("answers"), form.moment("questions")
    if form.errors:
        return False
    try:
        questions.save_questionnaire(
            found,
            introduction=form.cleaned_data["introduction"],
            deadline=answers,
            questions_until=asked,
            lock_version=version_in(request),
            by=actor,
            now=datetime.now(UTC),
        )
    except OutOfDate:
        form.add_error(None, CHANGED)
    except Refused as refusal:
        form.add_error(None, refusal.message)
    return not form.errors


def _context(found: Questionnaire, form: QuestionnaireForm) -> dict[str, Any]:
    now = datetime.now(UTC)
    asked = queries.questions_of(found)
    return {
        "questionnaire": found,
        "form": form,
        "questions": asked,
        "sets": list(queries.question_sets().values()),
        "warning": deadlines.warning(found.deadline, now),
        "deadline": deadlines.told(found.deadline) if found.deadline else "",
        "minutes": 5 * max(1, round(len(asked) * 2 / 5)),
        "unready": [each for each in queries.recipients(found) if not each.is_ready],
        "brands": _brands(found, asked) if found.state == "draft" else [],
    }


def _brands(found: Questionnaire, asked: Iterable[Question]) -> list[tuple[str, str]]:
    """Names of products and makers that companies would read, each with how to say it without a name."""
    read = [found.introduction]
    for each in asked:
        read += [each.text, each.hint, *each.choices]
    return [(named.written, neutral(named.field)) for named in brands_in(read)]


@require_POST
@limit_posts("questionnaire", per_address="600/h", per_account="300/h")
@for_members
def arrange(request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str) -> HttpResponse:
    """Take questions of a set, move one, remove one."""
    found = questionnaire_or_404(case_or_404(actor, public_id), questionnaire_id)
    act, done = _arranging(request, found)

    def carried(now: datetime) -> object:
        return act(by=actor, now=now)

    return carry_out(request, done, carried, then=f"{page_of(found)}#fragen")


def _arranging(request: HttpRequest, found: Questionnaire) -> tuple[Callable[..., object], str]:
    data = request.POST
    if "sammlung" in data:
        chosen = data.getlist("frage") or None
        return (
            lambda **who: questions.take_questions(found, code=data["sammlung"], questions=chosen, **who),
            "Die Fragen stehen jetzt am Ende. Nehmen Sie heraus, was Sie nicht brauchen.",
        )
    question = _question(found, data.get("weg") or data.get("hoch") or data.get("runter") or "")
    if "weg" in data:
        return lambda **who: questions.remove_question(question, **who), "Die Frage ist entfernt."
    return lambda **who: questions.move_question(question, up="hoch" in data, **who), "Verschoben."


def _question(found: Questionnaire, public_id: str) -> Question:
    question = found.questions.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if question is None:
        raise Http404("Diese Frage gibt es nicht.")
    return question


@limit_posts("questionnaire", per_address="600/h", per_account="300/h")
@for_members
def question(
    request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str, question_id: str = ""
) -> HttpResponse:
    """Write one question of one's own, or change one."""
    case = case_or_404(actor, public_id)
    found = questionnaire_or_404(case, questionnaire_id)
    there = _question(found, question_id) if question_id else None
    form = QuestionForm(request.POST or None, initial=QuestionForm.initial_of(there))
    if request.method == "POST" and form.is_valid():
        now = datetime.now(UTC)
        try:
            if there is not None:
                questions.change_question(there, form.draft, by=actor, now=now)
            else:
                questions.add_question(found, form.draft, by=actor, now=now)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect(f"{page_of(found)}#fragen")
    context = {"questionnaire": found, "question": there, "form": form}
    return step_page(request, actor, case, STEP, "exploration/question.html", context)


@limit_posts("questionnaire", per_address="600/h", per_account="300/h")
@for_members
def companies(request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str) -> HttpResponse:
    """Whom it goes to: one company of the short list after the other."""
    case = case_or_404(actor, public_id)
    found = questionnaire_or_404(case, questionnaire_id)
    if found.state != "draft":
        return redirect(page_of(found, "case_proof"))
    rows = [(each, _recipient_form(request, each)) for each in queries.recipients(found)]
    if request.method == "POST":
        chosen = request.POST.get("kandidat", "")
        for each, form in rows:
            if each.first.public_id == chosen and form.is_valid() and _planned(found, each, form, actor):
                messages.success(request, "Gespeichert.")
                return redirect(page_of(found, "case_recipients"))
    context = {"questionnaire": found, "rows": rows}
    return step_page(request, actor, case, STEP, "exploration/recipients.html", context)


def _recipient_form(request: HttpRequest, recipient: queries.Recipient) -> RecipientForm:
    """Each company has a form of its own on the page; only that of the button pressed is read."""
    key = recipient.first.public_id
    mine = request.method == "POST" and request.POST.get("kandidat") == key
    initial = {
        "company_name": recipient.name,
        "email": recipient.email,
        "size_class": recipient.size_class,
        "reason": recipient.left_out,
    }
    return RecipientForm(request.POST if mine else None, initial=initial, prefix=key)


def _planned(found: Questionnaire, recipient: queries.Recipient, form: RecipientForm, actor: Actor) -> bool:
    said, now = form.cleaned_data, datetime.now(UTC)
    try:
        if said["reason"].strip():
            asking.leave_out(found, recipient.first, reason=said["reason"], by=actor, now=now)
        else:
            asking.plan_inquiry(
                found,
                recipient.first,
                company_name=said["company_name"],
                email=said["email"],
                size_class=said["size_class"],
                by=actor,
                now=now,
            )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@limit_posts("questionnaire", per_address="600/h", per_account="300/h")
@for_members
def preview(request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str) -> HttpResponse:
    """How companies will see it, whom it goes to; and the one button that sends it to all."""
    case = case_or_404(actor, public_id)
    found = questionnaire_or_404(case, questionnaire_id)
    if found.state != "draft":
        return redirect(page_of(found, "case_proof"))
    refusal, now = "", datetime.now(UTC)
    if request.method == "POST":
        few = request.POST.get("warum_wenige", "")
        try:
            asking.dispatch(found, lock_version=version_in(request), few_reason=few, by=actor, now=now)
        except Refused as said:
            refusal = said.message
        else:
            messages.success(request, "Der Fragebogen ist unterwegs. Hier sehen Sie, ob er ankommt.")
            return redirect(page_of(found, "case_proof"))
    chosen = queries.recipients(found)
    asked = [each for each in chosen if not each.left_out]
    context = {
        "questionnaire": found,
        "questions": queries.questions_of(found),
        "letter": _letter(found),
        "asked": asked,
        "left_out": [each for each in chosen if each.left_out],
        "is_few": len(asked) < queries.ENOUGH,
        "few_reason": request.POST.get("warum_wenige", ""),
        "warning": deadlines.warning(found.deadline, now),
        "refusal": refusal,
        "sentence": NO_TENDER,
    }
    return step_page(
        request, actor, case, STEP, "exploration/preview.html", context, status=422 if refusal else 200
    )


def _letter(found: Questionnaire) -> str:
    """As a company without an account gets it, but for its link."""
    if found.deadline is None:
        return ""
    words = letter(found, found.questions.count())
    origin = f"Ihre Adresse hat {found.case.organisation.name} für diese Markterkundung eingetragen."
    text = sealed(words, found, link="[Ihr Link]", is_personal=True, origin=origin)
    assert LINK not in text  # noqa: S101  # a letter without its link would be of no use
    return text
