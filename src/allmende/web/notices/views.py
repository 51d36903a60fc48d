"""Report an entry, follow what becomes of it, answer for one's own. Links with a key stand in for an account."""

from collections.abc import Callable
from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from allmende.accounts.models import User
from allmende.catalogue import notice_links
from allmende.catalogue.actions import notices as actions
from allmende.catalogue.drafts import NoticeDraft
from allmende.catalogue.models import Notice, Offer, Solution
from allmende.catalogue.queries.notices import (
    Reportable,
    notice_for_party,
    reportable,
    reporter_of,
    subject_of,
)
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.queries import actor_for, confirmed_addresses
from allmende.web.components.parts import Crumb
from allmende.web.notices.forms import APPEAL, STATEMENT, ReportForm, WordsForm
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts

# German words of the address → what is reported.
KINDS = {"loesung": "solution", "angebot": "offer", "organisation": "organisation"}
START = Crumb("Start", "/")


def page_of(subject: Reportable | None) -> str:
    """Where the public reads what a notice is about."""
    if isinstance(subject, Solution):
        return reverse("solution", args=[subject.public_id])
    if isinstance(subject, Offer):
        return reverse("solution", args=[subject.solution.public_id]) + "#angebote"
    return reverse("provider", args=[subject.public_id]) if subject else ""


@never_cache
@limit_posts("notice", per_address="10/h", per_account="20/d")
def report(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Anybody may, without an account; ten times an hour from one address, so that nobody buries the desk."""
    subject = reportable(KINDS.get(kind, ""), public_id) if is_public_id(public_id) else None
    if subject is None:
        raise Http404("Das gibt es hier nicht.")
    form = ReportForm(_posted(request), initial={"email": _own_address(request)})
    if request.method == "POST" and form.is_valid():
        notice = _carry_out(form, lambda now: _report(request, form, subject, now))
        if notice is not None:
            messages.success(request, f"Ihre Meldung ist eingegangen. Sie hat die Nummer {notice.number}.")
            return redirect(notice_links.reporter_page(notice))
    name = subject.title if isinstance(subject, Offer) else subject.name
    context = {
        "form": form,
        "name": name,
        "back": page_of(subject),
        "crumbs": [START, Crumb("Fehler melden")],
    }
    return render(request, "notices/report.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was handed in, also where it is nothing at all."""
    return request.POST if request.method == "POST" else None


def _own_address(request: HttpRequest) -> str:
    return request.user.email if isinstance(request.user, User) else ""


def _report(request: HttpRequest, form: ReportForm, subject: Reportable, now: datetime) -> Notice:
    given = form.cleaned_data
    confirmed = confirmed_addresses(request.user) if isinstance(request.user, User) else []
    draft = NoticeDraft(
        reason=given["reason"],
        what=given["what"],
        source=given["source"],
        email=given["email"],
        confirmed_email=given["email"] if given["email"].lower() in confirmed else "",
    )
    return actions.report(draft, subject=subject, by=actor_for(request.user), now=now)


def _carry_out(form: forms.Form, act: Callable[[datetime], Notice]) -> Notice | None:
    """None where it was refused; the form then says why and keeps what was typed."""
    try:
        return act(datetime.now(UTC))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


def _notice(public_id: str, key: str, use: notice_links.Use) -> Notice:
    """One answer for a wrong key and for a notice that does not exist."""
    notice = Notice.objects.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if notice is None or not notice_links.fits(key, notice, use):
        raise Http404("Diese Seite gibt es nicht. Prüfen Sie, ob der Link vollständig ist.")
    return notice


# ------------------------------------------------------------------------------------------------ whoever has reported


@never_cache
@limit_posts("notice_page", per_address="30/h")
def follow(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """What became of it; object to the decision, or have one's address forgotten."""
    notice = _notice(public_id, key, "reporter")
    if request.method == "POST" and request.POST.get("schritt") == "vergessen":
        return _forget(request, notice)
    form = WordsForm(_posted(request), APPEAL) if _may_appeal(notice) else None
    if request.method == "POST" and form and form.is_valid():
        text, by = form.cleaned_data["text"], actor_for(request.user)
        done = _carry_out(
            form,
            lambda now: actions.appeal(notice, side="reporter", text=text, by=by, now=now, has_link=True),
        )
        if done is not None:
            messages.success(
                request, "Ihr Einspruch ist eingegangen. Eine andere Person sieht alles noch einmal an."
            )
            return redirect(request.path)
    context = {
        "notice": notice,
        "form": form,
        "contact": reporter_of(notice),
        "due": actions.due(notice),
        "href": page_of(subject_of(notice)),
        "crumbs": [START, Crumb("Ihre Meldung")],
    }
    return render(request, "notices/follow.html", context, status=422 if form and form.errors else 200)


def _may_appeal(notice: Notice) -> bool:
    return (
        notice.state == "decided"
        and notice.appeal_until is not None
        and timezone.localdate() <= notice.appeal_until
    )


def _forget(request: HttpRequest, notice: Notice) -> HttpResponse:
    contact = reporter_of(notice)
    if contact is not None:
        actions.forget_contact(contact, by=Actor.anonymous(), now=datetime.now(UTC), has_link=True)
    messages.success(request, "Ihre Kontaktdaten sind gelöscht. Die Meldung bearbeiten wir weiter.")
    return redirect(request.path)


@never_cache
@limit_posts("notice_page", per_address="30/h")
def confirm(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Asks first: programs that read mail open links, people press buttons."""
    notice = Notice.objects.filter(public_id=public_id).first() if is_public_id(public_id) else None
    contact = reporter_of(notice) if notice else None
    if (
        notice is None
        or contact is None
        or not notice_links.fits(key, notice, "confirm", address=contact.email)
    ):
        raise Http404("Dieser Link gilt nicht mehr. Vielleicht sind Ihre Kontaktdaten schon gelöscht.")
    if request.method == "POST":
        actions.confirm_address(notice, now=datetime.now(UTC))
        messages.success(
            request, "Ihre Adresse ist bestätigt. Wir schreiben Ihnen, was aus der Meldung wird."
        )
        return redirect(notice_links.reporter_page(notice))
    context = {
        "title": f"Adresse bestätigen ({notice.number})",
        "text": "Dann schreiben wir Ihnen, was aus der Meldung wird, und sonst nichts.",
        "label": "Adresse bestätigen",
        "action": request.path,
        "cancel": "/",
        "crumbs": [START, Crumb("Adresse bestätigen")],
    }
    return render(request, "components/confirm_page.html", context)


# ------------------------------------------------------------------------------------------------- the side concerned


@never_cache
@limit_posts("notice_page", per_address="30/h")
def statement(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """By the link of our letter, without an account."""
    notice = _notice(public_id, key, "party")
    if notice.heard_at is None and notice.hidden_at is None and notice.outcome in ("", "rejected"):
        raise Http404("Diese Seite gibt es noch nicht.")
    return _statement(request, notice, actor_for(request.user), has_link=True)


@for_members
def own_statement(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponseBase:
    """The same for whoever keeps the entry here."""
    notice = notice_for_party(actor, public_id) if is_public_id(public_id) else None
    if notice is None:
        raise Http404("Diese Meldung gibt es nicht, oder sie betrifft keinen Ihrer Einträge.")
    return _statement(request, notice, actor, has_link=False)


def _statement(request: HttpRequest, notice: Notice, actor: Actor, *, has_link: bool) -> HttpResponse:
    form = _party_form(notice, request)
    if request.method == "POST" and form and form.is_valid():
        text = form.cleaned_data["text"]
        if form.asked is APPEAL:
            done = _carry_out(
                form,
                lambda now: actions.appeal(
                    notice, side="party", text=text, by=actor, now=now, has_link=has_link
                ),
            )
        else:
            done = _carry_out(
                form,
                lambda now: actions.give_statement(notice, text=text, by=actor, now=now, has_link=has_link),
            )
        if done is not None:
            messages.success(request, "Das ist bei uns angekommen. Sie hören von uns.")
            return redirect(request.path)
    context = {
        "notice": notice,
        "form": form,
        "is_appeal": form is not None and form.asked is APPEAL,
        "href": page_of(subject_of(notice)),
        "crumbs": [START, Crumb("Meldung zu Ihrem Eintrag")],
    }
    return render(request, "notices/statement.html", context, status=422 if form and form.errors else 200)


def _party_form(notice: Notice, request: HttpRequest) -> WordsForm | None:
    if notice.state in ("hearing", "answered"):
        return WordsForm(_posted(request), STATEMENT)
    return WordsForm(_posted(request), APPEAL) if _may_appeal(notice) else None
