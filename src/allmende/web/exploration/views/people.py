"""Step 2: who takes part, what each declares about interests of their own, and what follows from a conflict."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.exploration import rules
from allmende.exploration.actions.members import add_member, declare, end_member, note_remedy
from allmende.exploration.models import Case
from allmende.exploration.queries.cases import declarations_of, members_of, names_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.queries import members
from allmende.web.exploration.forms import DeclarationForm, MemberForm, RemedyForm
from allmende.web.exploration.pages import case_or_404, step_page, step_url
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

NOBODY = "Konto gelöscht"


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    return _page(request, actor, case)


def _page(request: HttpRequest, actor: Actor, case: Case, **bound: forms.Form) -> HttpResponse:
    taking_part, declared = members_of(case), declarations_of(case)
    names = names_of([each.user for each in taking_part] + list(declared))
    rows = [
        {
            "member": each,
            "name": names.get(each.user, NOBODY),
            "declared": declared.get(each.user),
            "may_settle": rules.may_settle_conflict(actor, case, each.user),
            "is_me": each.user == actor.id,
        }
        for each in taking_part
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "declaration_form": bound.get("declaration") or DeclarationForm(),
        "remedy_form": bound.get("remedy") or RemedyForm(),
        "may_declare": rules.may_declare(actor, case),
        "mine": declared.get(actor.id),
    }
    if rules.may_lead(actor, case) and case.is_open:
        context["member_form"] = bound.get("member") or MemberForm(people=_people(case))
    return step_page(request, actor, case, "zustaendigkeit", "exploration/people.html", context)


def _people(case: Case) -> list[User]:
    return [each.user for each in members(case.organisation)]


@require_POST
@limit_posts("case_people", per_address="600/h", per_account="120/h")
@for_members
def add(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    form = MemberForm(request.POST, people=_people(case))
    person = form.chosen() if form.is_valid() else None
    if person is None:
        return _page(request, actor, case, member=form)
    try:
        add_member(
            case,
            person=person,
            role=form.cleaned_data["role"],
            function=form.cleaned_data["function"],
            by=actor,
            now=datetime.now(UTC),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, actor, case, member=form)
    messages.success(request, f"{person} wirkt jetzt mit.")
    return redirect(step_url(case, "zustaendigkeit"))


@require_POST
@limit_posts("case_people", per_address="600/h", per_account="120/h")
@for_members
def end(request: HttpRequest, actor: Actor, public_id: str, person: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    if person not in {each.user for each in members_of(case)}:
        raise Http404("Diese Person wirkt nicht mit.")
    then = "cases" if person == actor.id else step_url(case, "zustaendigkeit")
    done = "Die Beteiligung ist beendet."
    return carry_out(request, done, lambda now: end_member(case, person=person, by=actor, now=now), then=then)


@require_POST
@limit_posts("case_people", per_address="600/h", per_account="120/h")
@for_members
def declaration(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, case, declaration=form)
    has_conflict = form.cleaned_data["has_conflict"] == "yes"
    try:
        declare(
            case, has_conflict=has_conflict, about=form.cleaned_data["about"], by=actor, now=datetime.now(UTC)
        )
    except Refused as refusal:
        form.add_error("about" if has_conflict else None, refusal.message)
        return _page(request, actor, case, declaration=form)
    messages.success(request, "Ihre Erklärung ist festgehalten.")
    return redirect(step_url(case, "zustaendigkeit"))


@require_POST
@limit_posts("case_people", per_address="600/h", per_account="120/h")
@for_members
def remedy(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    person, words = request.POST.get("person", ""), request.POST.get("remedy", "")
    return carry_out(
        request,
        "Festgehalten, was daraus folgt.",
        lambda now: note_remedy(case, person=person, remedy=words, by=actor, now=now),
        then=step_url(case, "zustaendigkeit"),
    )
