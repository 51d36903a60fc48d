"""Reading for an audit: who is let in and until when; and what those who are let in read."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allmende.exploration import rules
from allmende.exploration.actions.auditing import end_access, give_access, look
from allmende.exploration.models import Case
from allmende.exploration.queries.auditing import accesses_of, auditable_by
from allmende.exploration.queries.cases import names_of
from allmende.exploration.record.exports import FORMS, Record
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.web.components.parts import Crumb
from allmende.web.exploration.forms import AccessForm
from allmende.web.exploration.pages import GONE, case_or_404, crumbs
from allmende.web.exploration.views.record import given_out
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

HOME = (Crumb("Start", "/"), Crumb("Prüfung", "/pruefung"))


@limit_posts("case_access", per_address="120/h", per_account="30/h")
@for_members
def accesses(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Who may read this case for an audit, and a form to let somebody in."""
    case = case_or_404(actor, public_id)
    form = AccessForm(request.POST or None)
    if form.is_valid():
        try:
            give_access(case, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, "Die Einsicht ist gegeben. Sagen Sie der Stelle, dass sie unter /pruefung liest."
            )
            return redirect("case_accesses", public_id)
    given = list(accesses_of(case))
    names = names_of(each.given_by for each in given)
    today = timezone.localdate()
    rows = [
        (each, names.get(each.given_by, ""), each.ended_at is None and each.until >= today) for each in given
    ]
    context = {
        "case": case,
        "form": form,
        "rows": rows,
        "may_give": rules.may_give_access(actor, case),
        "crumbs": crumbs(case, "Einsicht für die Prüfung"),
    }
    return render(request, "exploration/accesses.html", context)


@require_POST
@limit_posts("case_access", per_address="120/h", per_account="30/h")
@for_members
def end(request: HttpRequest, actor: Actor, public_id: str, access: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    found = accesses_of(case).filter(public_id=access).first()
    if found is None:
        raise Http404("Diese Einsicht gibt es nicht.")
    return carry_out(
        request,
        "Die Einsicht ist beendet.",
        lambda now: end_access(found, by=actor, now=now),
        then=reverse("case_accesses", args=[public_id]),
    )


@require_safe
@for_members
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The cases that the reader may see for an audit now."""
    found = auditable_by(actor, datetime.now(UTC))
    return render(request, "exploration/audits.html", {"accesses": found, "crumbs": [*HOME]})


@require_safe
@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The whole case with its history, read only. Each look is noted before anything is shown."""
    case = _looked_at(actor, public_id, "fall")
    record = Record(case, without_confidential=False, now=datetime.now(UTC))
    context = {
        "case": case,
        "document": record.document(),
        "digest": record.digest,
        "forms": [form for form in FORMS.values() if record.frozen or not form.needs_record],
        "crumbs": [*HOME, Crumb(case.title)],
    }
    return render(request, "exploration/audit.html", context)


@require_safe
@for_members
def export(request: HttpRequest, actor: Actor, public_id: str, form: str) -> HttpResponse:
    case = _looked_at(actor, public_id, f"dokumentation-{form}"[:60])
    return given_out(request, case, actor, form, back=reverse("audit", args=[public_id]))


def _looked_at(actor: Actor, public_id: str, page: str) -> Case:
    """The case, noted as read; 404 for whoever has no access at this moment."""
    case = Case.objects.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if case is None:
        raise Http404(GONE)
    try:
        look(case, page=page, by=actor, now=datetime.now(UTC))
    except Refused:
        raise Http404(GONE) from None
    return case
