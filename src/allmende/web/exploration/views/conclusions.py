"""Step 12: companies that took part in the preparation. Steps 14 and 15: what became of it."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from allmende.demand.actions.outcomes import state_outcome
from allmende.demand.models import Outcome
from allmende.exploration.actions.conclusions import drop_involvement, note_involvement, suggest_involvements
from allmende.exploration.models import Case, Involvement
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.web.exploration.forms import InvolvementForm, OutcomeForm
from allmende.web.exploration.pages import case_or_404, step_page, step_url
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@limit_posts("case_note", per_address="1200/h", per_account="300/h")
@for_members
def involvements(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Look at the rows, and note one: a new one, or a suggestion (`?zeile=`) as a person's own word."""
    case = case_or_404(actor, public_id)
    form = InvolvementForm(request.POST if request.method == "POST" else None, initial=_chosen(request, case))
    if request.method == "POST" and form.is_valid():
        try:
            note_involvement(case, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Festgehalten.")
            return redirect(step_url(case, "vorbefassung"))
    context = {"rows": case.involvements.order_by("company_name"), "form": form}
    return step_page(request, actor, case, "vorbefassung", "exploration/involvements.html", context)


def _chosen(request: HttpRequest, case: Case) -> dict[str, str]:
    number = request.GET.get("zeile", "")
    row = case.involvements.filter(pk=int(number)).first() if _is_key(number) else None
    names = ("company_name", "how", "knows", "measures")
    return {name: getattr(row, name) for name in names} if row else {}


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


@require_POST
@limit_posts("case_note", per_address="1200/h", per_account="300/h")
@for_members
def suggest(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    done = (
        "Die Unternehmen aus Antworten und Gesprächen stehen jetzt in der Liste. Sehen Sie jede Zeile durch."
    )
    return carry_out(
        request,
        done,
        lambda now: suggest_involvements(case, by=actor, now=now),
        then=step_url(case, "vorbefassung"),
    )


@require_POST
@limit_posts("case_note", per_address="1200/h", per_account="300/h")
@for_members
def drop(request: HttpRequest, actor: Actor, public_id: str, row: int) -> HttpResponse:
    case = case_or_404(actor, public_id)
    found = Involvement.objects.filter(case=case, pk=row).select_related("case").first()
    if found is None:
        raise Http404("Diese Zeile gibt es nicht.")
    return carry_out(
        request,
        "Die Zeile ist entfernt.",
        lambda now: drop_involvement(found, by=actor, now=now),
        then=step_url(case, "vorbefassung"),
    )


@limit_posts("case_hand_in", per_address="300/h", per_account="60/h")
@for_members
def award(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """What became of the need, once the case has ended: it is no part of the frozen case."""
    case = case_or_404(actor, public_id)
    outcome = Outcome.objects.filter(need=case.need).first()
    form = OutcomeForm(
        request.POST if request.method == "POST" else None, initial=vars(outcome) if outcome else {}
    )
    has_ended = case.state in ("frozen", "stopped")
    if request.method == "POST" and not has_ended:
        raise Http404("Das kommt, wenn die Markterkundung abgeschlossen ist.")
    if request.method == "POST" and form.is_valid():
        try:
            state_outcome(
                case.need, case_id=case.public_id, **form.cleaned_data, by=actor, now=datetime.now(UTC)
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Danke. Das Ergebnis ist festgehalten.")
            return redirect(step_url(case, "nachlauf"))
    context = {"outcome": outcome, "form": form if has_ended else None}
    return step_page(request, actor, case, "vergabe", "exploration/award.html", context)


@for_members
def follow_up(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    outcome = Outcome.objects.filter(need=case.need).select_related("solution").first()
    return step_page(request, actor, case, "nachlauf", "exploration/follow_up.html", {"outcome": outcome})
