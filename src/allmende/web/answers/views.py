"""One inquiry as its company sees it: read, answer, decline, ask back. Looking changes nothing; buttons do."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from allmende.exploration.actions import answering
from allmende.exploration.answer_values import Given
from allmende.exploration.deadlines import told
from allmende.exploration.models import Inquiry
from allmende.exploration.queries.answering import CompanyView, why_closed
from allmende.exploration.queries.answering import inbox as inbox_of
from allmende.exploration.wording import NO_TENDER
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.vocabulary.queries import current as vocabulary
from allmende.web.answers.fields import errors, given_in, in_words_of, rows, taken_over
from allmende.web.answers.places import Place, by_account, by_link
from allmende.web.components.drafting import new_page_id, version_in, window
from allmende.web.components.parts import Crumb
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

SENT = "Ihre Antworten sind angekommen. Eine Bestätigung ist unterwegs. Bis zum Ende der Frist können Sie sie ändern."


# ----------------------------------------------------------------------------------------------------------- addresses


@for_members
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What towns have asked the actor's companies: what can be answered first, then the rest."""
    now = datetime.now(UTC)
    found = inbox_of(actor)
    waiting = [each for each in found if not why_closed(each.questionnaire, now)]
    waiting.sort(
        key=lambda each: (each.state in ("answered", "declined"), each.questionnaire.deadline or now)
    )
    context = {
        "waiting": waiting,
        "past": [each for each in found if each not in waiting],
        "sentence": NO_TENDER,
        "crumbs": [Crumb("Start", "/"), Crumb("Meine Arbeit", reverse("mine")), Crumb("Anfragen")],
    }
    return render(request, "answers/inbox.html", context)


@limit_posts("inquiry", per_address="300/h", per_account="120/h")
@for_members
def own(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return _overview(request, by_account(actor, public_id))


@limit_posts("inquiry", per_address="300/h", per_account="120/h")
@for_members
def own_form(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return _form(request, by_account(actor, public_id))


@require_POST
@limit_posts("inquiry_autosave", per_address="3000/h", per_account="600/h")
@for_members
def own_autosave(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return _autosave(request, by_account(actor, public_id))


@for_members
def own_print(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    return _print(request, by_account(actor, public_id))


@never_cache
@limit_posts("inquiry", per_address="300/h", per_account="120/h")
def linked(request: HttpRequest, token: str) -> HttpResponse:
    return _overview(request, by_link(request, token))


@never_cache
@limit_posts("inquiry", per_address="300/h", per_account="120/h")
def linked_form(request: HttpRequest, token: str) -> HttpResponse:
    return _form(request, by_link(request, token))


@require_POST
@never_cache
@limit_posts("inquiry_autosave", per_address="3000/h", per_account="600/h")
def linked_autosave(request: HttpRequest, token: str) -> HttpResponse:
    return _autosave(request, by_link(request, token))


@never_cache
def linked_print(request: HttpRequest, token: str) -> HttpResponse:
    return _print(request, by_link(request, token))


# ---------------------------------------------------------------------------------------------------------- one inquiry


def _overview(request: HttpRequest, place: Place) -> HttpResponse:
    """The letter, the questions, what all were told; and the buttons to open, to decline, to ask back."""
    if request.method == "POST":
        return _step(request, place)
    return _page(request, place, "answers/inquiry.html", {})


def _step(request: HttpRequest, place: Place) -> HttpResponse:
    step = STEPS.get(request.POST.get("schritt", ""))
    if step is None:
        return redirect(place.page)
    try:
        return step(request, place, datetime.now(UTC))
    except Refused as refusal:
        # What was typed stays: it can be copied, or sent once more.
        typed = {
            "typed_reason": request.POST.get("grund", ""),
            "typed_question": request.POST.get("frage", ""),
        }
        return _page(
            request, place, "answers/inquiry.html", {"refusal": refusal.message, **typed}, status=422
        )


def _open(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    answering.open_inquiry(place.inquiry, token=place.token, by=place.actor, now=now)
    return redirect(place.form)


def _decline(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    reason = request.POST.get("grund", "")
    answering.decline(place.inquiry, reason=reason, token=place.token, by=place.actor, now=now)
    messages.success(request, "Ihre Absage ist angekommen. Danke, dass Sie Bescheid sagen.")
    return redirect(place.page)


def _ask(request: HttpRequest, place: Place, now: datetime) -> HttpResponse:
    text = request.POST.get("frage", "")
    answering.ask_back(place.inquiry, text=text, token=place.token, by=place.actor, now=now)
    messages.success(
        request, "Ihre Frage ist angekommen. Die Antwort geht an alle, die gefragt sind, ohne Ihren Namen."
    )
    return redirect(place.page)


STEPS: Mapping[str, Callable[[HttpRequest, Place, datetime], HttpResponse]] = {
    "oeffnen": _open,
    "absagen": _decline,
    "fragen": _ask,
}


def _page(
    request: HttpRequest, place: Place, template: str, more: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    view = more.get("view") or place.view()
    context = {
        "place": place,
        "view": view,
        "inquiry": view.inquiry,
        "questionnaire": view.questionnaire,
        "title": view.questionnaire.case.title,
        "deadline": told(view.questionnaire.deadline) if view.questionnaire.deadline else "",
        "questions_until": told(view.questionnaire.questions_until)
        if view.questionnaire.questions_until
        else "",
        "sentence": NO_TENDER,
        "crumbs": place.crumbs,
        **more,
    }
    return render(request, template, context, status=status)


def _print(request: HttpRequest, place: Place) -> HttpResponse:
    """Everything on one page, for paper and for the file of the company."""
    return _page(request, place, "answers/print.html", {})


# -------------------------------------------------------------------------------------------------------------- answers


def _form(request: HttpRequest, place: Place) -> HttpResponse:
    view = place.view()
    if request.method == "POST":
        return _answered(request, place, view)
    if view.why_closed:
        return redirect(place.page)
    return _fields(request, place, view, {})


def _fields(
    request: HttpRequest,
    place: Place,
    view: CompanyView,
    given: Mapping[str, Given],
    *,
    faults: Mapping[str, str] | None = None,
    refusal: str = "",
    stored: Mapping[str, Given] | None = None,
    status: int = 200,
) -> HttpResponse:
    more = {
        "view": view,
        "rows": rows(view.lines, given, faults, stored=stored),
        "errors": errors(faults or {}, view.lines),
        "refusal": refusal,
        "is_conflict": stored is not None,
        "page_id": new_page_id(),
        "saved": saved_words(view.inquiry),
        "sizes": list(vocabulary().labels("company_size").items()),
        "size_class": request.POST.get("groesse", view.inquiry.size_class),
    }
    return _page(request, place, "answers/form.html", more, status=status)


def _answered(request: HttpRequest, place: Place, view: CompanyView) -> HttpResponse:
    """Send, keep for later, or take something over from one's own entry."""
    given = given_in(request.POST, view.lines)
    try:
        return _carried_out(request, place, view, given)
    except answering.TooLate as refusal:
        return _too_late(request, place, view, given, refusal.message)
    except OutOfDate:
        fresh = place.view()
        stored = {line.question.public_id: line.given for line in fresh.lines}
        return _fields(request, place, fresh, given, stored=stored, status=409)
    except answering.Unanswered as refusal:
        return _fields(request, place, view, given, faults=refusal.faults, status=422)
    except Refused as refusal:
        return _fields(request, place, view, given, refusal=refusal.message, status=422)


def _carried_out(
    request: HttpRequest, place: Place, view: CompanyView, given: Mapping[str, Given]
) -> HttpResponse:
    now = datetime.now(UTC)
    said: dict[str, Any] = {
        "lock_version": version_in(request),
        "page": window(request),
        "token": place.token,
        "by": place.actor,
        "now": now,
    }
    if taken := request.POST.get("uebernehmen", ""):
        answering.save_draft(place.inquiry, taken_over(given, view.lines, taken), **said)
        return redirect(f"{place.form}#antwort-{taken}" if taken.isalnum() else place.form)
    if "bleiben" in request.POST:
        answering.save_draft(place.inquiry, given, **said)
        messages.success(request, "Gespeichert. Die Kommune sieht noch nichts davon.")
        return redirect(place.form)
    answering.hand_in(place.inquiry, given, size_class=request.POST.get("groesse", ""), **said)
    messages.success(request, SENT)
    return redirect(place.page)


def _too_late(
    request: HttpRequest, place: Place, view: CompanyView, given: Mapping[str, Given], refusal: str
) -> HttpResponse:
    """Nothing is written any more, and nothing that was typed is lost: it stands on the page, to be copied."""
    typed = [
        (
            number,
            line.question,
            in_words_of(line.question, given[line.question.public_id]),
            given[line.question.public_id],
        )
        for number, line in enumerate(view.lines, start=1)
    ]
    return _page(
        request,
        place,
        "answers/too_late.html",
        {"view": view, "typed": typed, "refusal": refusal},
        status=422,
    )


def _autosave(request: HttpRequest, place: Place) -> HttpResponse:
    """What htmx sends as somebody types: answers with when it was saved, or why it was not."""
    view, problem = place.view(), ""
    try:
        inquiry = answering.save_draft(
            place.inquiry,
            given_in(request.POST, view.lines),
            lock_version=version_in(request),
            page=window(request),
            token=place.token,
            by=place.actor,
            now=datetime.now(UTC),
        )
    except OutOfDate:
        inquiry = view.inquiry
        problem = (
            "Nicht gespeichert: Inzwischen hat jemand aus Ihrem Unternehmen etwas geändert. Drücken Sie auf "
            "„Zwischenspeichern“, um beide Fassungen zu sehen."
        )
    except Refused as refusal:
        inquiry, problem = view.inquiry, refusal.message
    context = {
        "saved": saved_words(inquiry),
        "problem": problem,
        "version": None if problem else inquiry.lock_version,
    }
    return render(request, "answers/_saved.html", context)


def saved_words(inquiry: Inquiry) -> str:
    if inquiry.draft_saved_at is None:
        return ""
    saved = timezone.localtime(inquiry.draft_saved_at)
    return f"Gespeichert am {saved:%d.%m.%Y} um {saved:%H:%M}\u00a0Uhr, noch nicht abgeschickt."
