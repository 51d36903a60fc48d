"""The desk: two entries are one organisation. One person proposes it here, another decides, and it can be undone."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations import queries
from allmende.organisations.actions import confirm_merge, propose_merge, refuse_merge, undo_merge
from allmende.organisations.models import Organisation, OrganisationMerge
from allmende.organisations.roles import ROLES
from allmende.organisations.rules import may_decide_merge
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.organisations.forms import MergeForm, ReasonForm
from allmende.web.organisations.loading import posted
from allmende.web.organisations.views.organisation import facts
from allmende.web.shell.access import carry_out, for_staff

MERGE_DAYS = 5
TITLE = "Zusammenführungen von Organisationen"
_DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))
MOST_FOUND = 20


@for_staff
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Proposals, the longest waiting first; below them what was merged and can be undone."""
    now = datetime.now(UTC)
    context = {
        "lines": [_line(each, now) for each in queries.merges_to_decide()[:200]],
        "past": queries.past_merges()[:50],
        "crumbs": [*_DESK, Crumb(TITLE)],
    }
    return render(request, "organisations/desk_merges.html", context)


def _line(merge: OrganisationMerge, now: datetime) -> Line:
    return Line.of(
        f"{merge.source.name} und {merge.target.name}",
        reverse("desk_organisation_merge", args=[merge.public_id]),
        why=merge.reason,
        since=merge.proposed_at,
        days=MERGE_DAYS,
        now=now,
    )


@for_staff
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Both entries side by side, who gets which role where, and the decision."""
    merge = _merge(public_id)
    place = _place(merge)
    reason = ReasonForm(posted(request) if request.POST.get("urteil") == "rueckgaengig" else None)
    if request.method == "POST":
        answer = _decide(request, merge, reason, actor, place)
        if answer is not None:
            return answer
    context = {
        "merge": merge,
        "place": place,
        "sides": [_side(merge.source), _side(merge.target)],
        "proposed_by": _named(merge.proposed_by),
        "may_confirm": may_decide_merge(actor, merge),
        "reason": reason,
        "crumbs": [*_DESK, Crumb(TITLE, reverse("desk_organisation_merges")), Crumb(merge.source.name)],
    }
    return render(request, "organisations/desk_merge.html", context)


def _merge(public_id: str) -> OrganisationMerge:
    rows = OrganisationMerge.objects.select_related("source", "target")
    found = rows.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if found is None:
        raise Http404
    return found


def _place(merge: OrganisationMerge) -> Place:
    ids = list(queries.merges_to_decide().values_list("public_id", flat=True))
    return Place.among(
        ids, merge.public_id, one="desk_organisation_merge", every="desk_organisation_merges", label=TITLE
    )


def _side(organisation: Organisation) -> dict[str, object]:
    return {
        "organisation": organisation,
        "facts": facts(organisation),
        "people": [
            (each.user, [ROLES[role].label for role in each.roles if role in ROLES])
            for each in queries.members(organisation)
        ],
    }


def _named(actor: str) -> str:
    kind, _, public_id = actor.partition(":")
    user = User.objects.filter(public_id=public_id).first() if kind == "person" else None
    return str(user) if user else "der Befehlszeile"


def _decide(
    request: HttpRequest, merge: OrganisationMerge, reason: ReasonForm, actor: Actor, place: Place
) -> HttpResponse | None:
    verdict = request.POST.get("urteil", "")
    if verdict == "bestaetigen":
        done = f"{merge.source.name} und {merge.target.name} sind jetzt eine Organisation."
        return carry_out(request, done, lambda now: confirm_merge(merge, by=actor, now=now), then=place.then)
    if verdict == "ablehnen":
        done = "Der Vorschlag ist abgelehnt. Beide Einträge bleiben, wie sie sind."
        return carry_out(request, done, lambda now: refuse_merge(merge, by=actor, now=now), then=place.then)
    if verdict == "rueckgaengig" and reason.is_valid():
        done = f"{merge.source.name} und {merge.target.name} sind wieder zwei Organisationen."
        words = reason.cleaned_data["reason"]
        return carry_out(
            request,
            done,
            lambda now: undo_merge(merge, reason=words, by=actor, now=now),
            then=reverse("desk_organisation_merges"),
        )
    return None


@for_staff
def propose(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Look for the entry that stays, and say why both are the same."""
    source = Organisation.objects.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if source is None or source.region_id:
        raise Http404
    sought = " ".join(request.GET.get("name", "").replace("\0", "").split())[:100]
    found = _candidates(source, sought)
    labels = dict(current().labels("organisation_type"))
    choices = [(each.public_id, _choice(each, labels)) for each in found]
    form = MergeForm(posted(request), candidates=choices)
    if request.method == "POST" and form.is_valid():
        into = next(each for each in found if each.public_id == form.cleaned_data["into"])
        try:
            propose_merge(
                source, into=into, reason=form.cleaned_data["reason"], by=actor, now=datetime.now(UTC)
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Der Vorschlag wartet jetzt auf eine zweite Person.")
            return redirect("desk_organisation_merges")
    context = {
        "organisation": source,
        "facts": facts(source),
        "form": form,
        "found": found,
        "sought": sought,
        "crumbs": [
            *_DESK,
            Crumb(source.name, reverse("desk_organisation", args=[source.public_id])),
            Crumb("Zusammenführen"),
        ],
    }
    return render(request, "organisations/desk_merge_with.html", context)


def _candidates(source: Organisation, sought: str) -> list[Organisation]:
    """What was looked for, else what is called alike."""
    found = queries.found_by_name(sought) if sought else queries.taken_for(source.name)
    return [each for each in found if each.pk != source.pk][:MOST_FOUND]


def _choice(organisation: Organisation, labels: dict[str, str]) -> str:
    register = " ".join(part for part in (organisation.register_number, organisation.register_court) if part)
    known = (labels.get(organisation.kind, ""), organisation.get_state_display(), register)
    return f"{organisation.name} ({', '.join(part for part in known if part)})"
