"""Say that one is away, and who stands in."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import end_absence, report_absence
from allmende.organisations.models import Absence
from allmende.organisations.queries import members
from allmende.organisations.rules import may_manage
from allmende.web.organisations.forms import AbsenceForm
from allmende.web.organisations.loading import crumbs, member_of, organisation_of, posted
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@limit_posts("absence", per_address="300/h", per_account="60/h")
@for_members
def report(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """For oneself, or for a colleague (`?person=`) who cannot."""
    organisation = organisation_of(actor, public_id)
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    person = member_of(organisation, request.GET.get("person") or actor.id)
    if person != request.user and not may_manage(actor, organisation):
        raise Http404
    others = [each.user for each in members(organisation) if each.user != person]
    form = AbsenceForm(
        posted(request),
        people=others,
        nobody="Niemand",
        label="Wer vertritt Sie?" if person == request.user else f"Wer vertritt {person}?",
    )
    if request.method == "POST" and form.is_valid():
        try:
            report_absence(
                person,
                organisation=organisation,
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                deputy=form.chosen(),
                by=actor,
                now=datetime.now(UTC),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Die Abwesenheit ist eingetragen.")
            return redirect("organisation", public_id)
    context = {
        "organisation": organisation,
        "person": person,
        "is_me": person == request.user,
        "form": form,
        "crumbs": crumbs(organisation, "Abwesenheit"),
    }
    return render(request, "organisations/absence.html", context)


@require_POST
@for_members
def end(request: HttpRequest, actor: Actor, public_id: str, absence: str) -> HttpResponse:
    """Back again: the person says so, who has no other right here while away; or an administrator."""
    found = (
        Absence.objects.filter(public_id=absence, organisation__public_id=public_id, ended_at=None)
        .select_related("organisation", "person")
        .first()
    )
    if found is None or not (found.person == request.user or may_manage(actor, found.organisation)):
        raise Http404
    return carry_out(
        request,
        "Die Abwesenheit ist beendet.",
        lambda now: end_absence(found, by=actor, now=now),
        then=f"/organisation/{public_id}",
    )
