"""What will be frozen, approving it, and what the record gives out."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from allmende.exploration import rules
from allmende.exploration.actions.auditing import note_export
from allmende.exploration.actions.freezing import approve
from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.record.exports import FORMS, Record
from allmende.exploration.record.summary import summary_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.components.drafting import version_in
from allmende.web.exploration.pages import case_or_404, crumbs, step_url
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts, limited


@require_safe
@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    frozen = FrozenRecord.objects.filter(case=case).first()
    context = {
        "case": case,
        "record": frozen,
        "forms": [form for form in FORMS.values() if frozen or not form.needs_record],
        "later": [form for form in FORMS.values() if form.needs_record and not frozen],
        "parts": summary_of(case),
        "may_give_access": rules.may_give_access(actor, case),
        "crumbs": crumbs(case, "Dokumentation"),
    }
    return render(request, "exploration/record.html", context)


@require_POST
@limit_posts("case_hand_in", per_address="300/h", per_account="60/h")
@for_members
def approve_case(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    if request.POST.get("gelesen") != "ja":
        messages.error(request, "Bestätigen Sie, dass Sie alles gelesen haben.")
        return redirect(step_url(case, "freigabe"))
    return carry_out(
        request,
        "Die Markterkundung ist freigegeben. Was darin steht, ändert sich nicht mehr.",
        lambda now: approve(case, lock_version=version_in(request), by=actor, now=now),
        then=reverse("case_record", args=[public_id]),
    )


@require_safe
@for_members
def read(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Everything that is or will be frozen, on one page."""
    case = case_or_404(actor, public_id)
    record = Record(case, without_confidential=False, now=datetime.now(UTC))
    context = {
        "case": case,
        "document": record.document(),
        "digest": record.digest,
        "crumbs": crumbs(case, "Dokumentation"),
    }
    return render(request, "exploration/record_read.html", context)


@require_safe
@for_members
def export(request: HttpRequest, actor: Actor, public_id: str, form: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    return given_out(request, case, actor, form, back=reverse("case_record", args=[public_id]))


def given_out(request: HttpRequest, case: Case, actor: Actor, form: str, *, back: str) -> HttpResponse:
    """One of `FORMS` as a file; what is refused is told on the page before."""
    if form not in FORMS:
        raise Http404("Diese Form der Dokumentation gibt es nicht.")
    if refusal := limited(request, "case_export", per_address="600/h", per_account="120/h"):
        return refusal
    now, without = datetime.now(UTC), request.GET.get("ohne") == "vertrauliches"
    try:
        record = Record(case, without_confidential=without, now=now)
        data = record.file(form)
        note_export(case, form=form, without_confidential=without, by=actor, now=now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(back)
    answer = HttpResponse(data, content_type=FORMS[form].media_type)
    answer["Content-Disposition"] = f'attachment; filename="{record.name_of(form)}"'
    return answer
