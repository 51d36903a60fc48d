"""Step 7, after it went out: the proof, the answers, questions back, more time for all, thanks."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from allmende.exploration.actions import asking, sharing
from allmende.exploration.deadlines import is_open, told
from allmende.exploration.models import Answer, Case, CompanyQuestion, Questionnaire
from allmende.exploration.queries import asking as queries
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.web.exploration.asking_forms import LongerForm, SharedAnswerForm
from allmende.web.exploration.asking_tables import answer_table
from allmende.web.exploration.pages import case_or_404, step_page
from allmende.web.exploration.views.asking import STEP, page_of, questionnaire_or_404
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

Act = Callable[..., object]


def _sent_or_404(case: Case, public_id: str) -> Questionnaire:
    found = questionnaire_or_404(case, public_id)
    if found.state == "draft":
        raise Http404("Dieser Fragebogen ist noch nicht verschickt.")
    return found


@for_members
def proof(request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str) -> HttpResponse:
    """To whom it went and whether it arrived, company by company, letter by letter."""
    case = case_or_404(actor, public_id)
    found = _sent_or_404(case, questionnaire_id)
    return step_page(request, actor, case, STEP, "exploration/proof.html", _context(found))


def _context(found: Questionnaire) -> dict[str, object]:
    now = datetime.now(UTC)
    back = list(queries.asked_back(found))
    inquiries = list(queries.inquiries_of(found))
    return {
        "questionnaire": found,
        "deadline": told(found.deadline) if found.deadline else "",
        "is_open": found.state == "sent" and is_open(found.deadline, now),
        "inquiries": inquiries,
        "unspoken": [each.company_name for each in queries.without_speaker(inquiries)],
        "answered": sum(each.state == "answered" for each in inquiries),
        "open_questions": [
            (each, SharedAnswerForm(initial={"shared_text": each.text}, prefix=each.public_id))
            for each in back
            if each.answered_at is None
        ],
        "shared": [each for each in back if each.answered_at is not None],
        "longer": LongerForm(),
        "may_thank": found.state == "closed" and any(each.thanked_at is None for each in inquiries),
        "undecided": found.case.candidates.filter(state="open").exists(),
    }


@for_members
def answers(request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str) -> HttpResponse:
    """Question by question, what each company says; for members of the case alone."""
    case = case_or_404(actor, public_id)
    found = _sent_or_404(case, questionnaire_id)
    inquiries = [each for each in queries.inquiries_of(found) if each.state == "answered"]
    given = queries.answers_of(found)
    tables = []
    for question in queries.questions_of(found):
        rows = [(each, given.get(each.pk, {}).get(question.pk)) for each in inquiries]
        tables.append(answer_table(question, [(each, _answer(said)) for each, said in rows]))
    context = {
        "questionnaire": found,
        "tables": tables if inquiries else [],
        "declined": [each for each in queries.inquiries_of(found) if each.state == "declined"],
        "is_open": found.state == "sent",
        "deadline": told(found.deadline) if found.deadline else "",
    }
    return step_page(request, actor, case, STEP, "exploration/answers.html", context)


def _answer(said: object) -> Answer | None:
    return said if isinstance(said, Answer) else None


@require_POST
@limit_posts("questionnaire", per_address="600/h", per_account="300/h")
@for_members
def step(request: HttpRequest, actor: Actor, public_id: str, questionnaire_id: str) -> HttpResponse:
    """One button of the page: correct an address, answer a question, tell all, more time, thank."""
    found = _sent_or_404(case_or_404(actor, public_id), questionnaire_id)
    act = STEPS.get(request.POST.get("schritt", ""))
    if act is None:
        return redirect(page_of(found, "case_proof"))
    done, todo, form = act(request, found)
    if form is not None and (not form.is_valid() or todo is None):
        return _failed(request, actor, found, form)

    def carried(now: datetime) -> object:
        return todo(by=actor, now=now) if todo else None

    return carry_out(request, done, carried, then=page_of(found, "case_proof"))


def _failed(request: HttpRequest, actor: Actor, found: Questionnaire, form: forms.Form) -> HttpResponse:
    context = _context(found) | {"failed": form}
    if isinstance(form, LongerForm):
        context["longer"] = form
    else:
        context["open_questions"] = [
            (each, form if shown.prefix == form.prefix else shown)
            for each, shown in context["open_questions"]  # type: ignore[attr-defined]  # pairs, as above
        ]
    return step_page(request, actor, found.case, STEP, "exploration/proof.html", context, status=422)


Button = Callable[[HttpRequest, Questionnaire], tuple[str, Act | None, forms.Form | None]]


def _correct(request: HttpRequest, found: Questionnaire) -> tuple[str, Act | None, forms.Form | None]:
    key = request.POST.get("anfrage", "")
    inquiry = queries.inquiry_of(found.case, key) if is_public_id(key) else None
    if inquiry is None or inquiry.questionnaire_id != found.pk:
        raise Http404("Diese Anfrage gibt es nicht.")
    email = request.POST.get("email", "")
    return (
        "Das Anschreiben ist noch einmal unterwegs. Der frühere Link gilt nicht mehr.",
        lambda **who: asking.correct_address(inquiry, email=email, **who),
        None,
    )


def _answer_back(request: HttpRequest, found: Questionnaire) -> tuple[str, Act | None, forms.Form | None]:
    key = request.POST.get("rueckfrage", "")
    question = CompanyQuestion.objects.filter(questionnaire=found, public_id=key).first()
    if question is None:
        raise Http404("Diese Frage gibt es nicht.")
    form = SharedAnswerForm(request.POST, prefix=question.public_id)
    said = form.cleaned_data if form.is_valid() else {"shared_text": "", "answer": ""}
    return (
        "Ihre Antwort ist an alle unterwegs.",
        lambda **who: sharing.answer_question(
            question, shared_text=said["shared_text"], answer=said["answer"], **who
        ),
        form,
    )


def _tell(request: HttpRequest, found: Questionnaire) -> tuple[str, Act | None, forms.Form | None]:
    text = request.POST.get("mitteilung", "")
    return "Der Hinweis ist an alle unterwegs.", lambda **who: sharing.tell_all(found, text=text, **who), None


def _longer(request: HttpRequest, found: Questionnaire) -> tuple[str, Act | None, forms.Form | None]:
    form = LongerForm(request.POST)
    moment = form.moment("answers") if form.is_valid() else None
    reason = form.cleaned_data.get("reason", "")
    todo = (
        (lambda **who: asking.extend_deadline(found, deadline=moment, reason=reason, **who))
        if moment
        else None
    )
    return "Die Frist ist für alle verlängert, und alle erfahren es.", todo, form


def _thank(request: HttpRequest, found: Questionnaire) -> tuple[str, Act | None, forms.Form | None]:
    words = request.POST.get("worte", "")
    return "Der Dank ist an alle unterwegs.", lambda **who: sharing.thank_all(found, words=words, **who), None


STEPS: Mapping[str, Button] = {
    "adresse": _correct,
    "rueckfrage": _answer_back,
    "mitteilung": _tell,
    "frist": _longer,
    "dank": _thank,
}
