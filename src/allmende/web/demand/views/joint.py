"""Going on together: whom to invite, the page of a joint need, and every act on it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from allmende.demand import joint_rules as rules
from allmende.demand.actions import joint as acts
from allmende.demand.matching import similar_needs
from allmende.demand.matching.nearness import IndexAway
from allmende.demand.models import Joining, JointNeed, Need
from allmende.demand.queries.joint import (
    days_left,
    invitation_of,
    joint_for,
    joint_of,
    joint_visible_to,
    may_still_join,
    others,
    parties,
    together,
    why_ended,
)
from allmende.demand.queries.needs import visible_to
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.periods import months_after
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import labels
from allmende.web.components.drafting import version_in
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table
from allmende.web.components.templatetags.formats import day, number
from allmende.web.demand.pages import HOME, crumbs, own
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

MOST_SIMILAR = 20
MOST_ON_A_NEED = 3
_DAY_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]


class JointForm(KindForm):
    title = forms.CharField(label="Titel", max_length=acts.LONGEST_TITLE)
    purpose = forms.CharField(
        label="Was soll gemeinsam werden?",
        help_text="Zum Beispiel: eine gemeinsame Markterkundung, eine gemeinsame Beschaffung, oder erst ein Gespräch. "
        "Ohne Namen von Personen.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=acts.LONGEST_PURPOSE,
    )
    join_until = forms.DateField(
        label="Bis wann können Kommunen beitreten?",
        help_text="Der Tag zählt mit. Zum Beispiel 31.01.2027.",
        input_formats=_DAY_FORMATS,
    )


def part(need: Need, actor: Actor) -> dict[str, Any]:
    """What the page of a need says of a joint one: to its own town, as the page itself does."""
    if not rules.speaks_for_needs(actor, need.organisation):
        return {}
    joint = joint_of(need)
    may_begin = joint is None and need.state == "published"
    alike = _similar(need, actor, MOST_ON_A_NEED) if may_begin else []
    return {"joint": joint, "may_begin_joint": may_begin, "alike": alike}


@limit_posts("joint", per_address="300/h", per_account="60/h")
@for_members
def begin(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Towns that need the same, and the form with which one's own town begins."""
    need = own(actor, public_id)
    running = joint_of(need)
    if running is not None:
        return redirect("joint", running.public_id)
    proposed = months_after(timezone.localdate(), 2)
    form = JointForm(
        request.POST or None,
        initial={"title": need.title, "join_until": f"{proposed:%d.%m.%Y}"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.begin_joint(need, **form.cleaned_data, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, "Der gemeinsame Bedarf ist begonnen. Laden Sie jetzt andere Kommunen ein."
            )
            return redirect("joint", made.public_id)
    context = {
        "need": need,
        "form": form,
        "similar": _similar(need, actor),
        "crumbs": crumbs(need, Crumb("Gemeinsam angehen")),
    }
    return render(request, "demand/joint_begin.html", context)


def _similar(need: Need, actor: Actor, most: int = MOST_SIMILAR) -> list[Need] | None:
    """Needs of other towns that say the same; None while the search is being set up."""
    try:
        return similar_needs(need, actor, most)
    except IndexAway:
        return None


@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """The joint need for the towns that lead it, take part or are invited; 404 for everybody else."""
    joint, now = _readable(actor, public_id), datetime.now(UTC)
    rows = parties(joint)
    leads = rules.may_lead(actor, joint)
    own_places = {place for _, place in actor.roles if place}
    mine = [each for each in rows if each.need.organisation.public_id in own_places]
    takes_part = bool(mine) or joint.lead.public_id in own_places
    invitation = invitation_of(joint, actor)
    context = {
        "joint": joint,
        "leads": leads,
        "takes_part": takes_part,
        "parties": rows,
        "table": _table(rows, actor) if takes_part else None,
        "sums": together(each.need for each in rows) if takes_part else None,
        "others": others(joint) if leads else [],
        "invitation": invitation,
        "may_decide": invitation is not None and rules.may_decide_joining(actor, invitation),
        "leavable": [
            each
            for each in mine
            if each.need.organisation_id != joint.lead_id and rules.may_decide_joining(actor, each)
        ],
        "is_open": may_still_join(joint, now),
        "days": days_left(joint, now),
        "candidates": _candidates(joint, rows, actor) if leads and may_still_join(joint, now) else [],
        "why_ended": why_ended(joint) if joint.state == "ended" else "",
        "crumbs": (*HOME, Crumb("Gemeinsamer Bedarf")),
    }
    return render(request, "demand/joint.html", context)


def _candidates(joint: JointNeed, rows: list[Joining], actor: Actor) -> list[Need]:
    """Whom the leading town may still ask: same need, open to invitations, and neither asked nor part of it."""
    ours = next((each.need for each in rows if each.need.organisation_id == joint.lead_id), None)
    found = (_similar(ours, actor) or []) if ours else []
    asked = set(joint.joinings.filter(state__in=("invited", "joined")).values_list("need_id", flat=True))
    readable = rules.READABLE
    return [
        each for each in found if each.may_be_invited and each.visibility in readable and each.pk not in asked
    ]


def _table(rows: list[Joining], actor: Actor) -> Table:
    """What those who take part see of each other: of their needs, and of no person."""
    seen = set(visible_to(actor).filter(pk__in=[each.need_id for each in rows]).values_list("pk", flat=True))
    budgets = labels("need_budget")
    return Table(
        caption="Kommunen und ihre Bedarfe",
        columns=(
            Column("Kommune"),
            Column("Bedarf"),
            Column("Menschen", numeric=True),
            Column("Gebraucht ab"),
            Column("Budget"),
        ),
        rows=[_row(each.need, seen, budgets) for each in rows],
    )


def _row(need: Need, seen: set[int], budgets: Mapping[str, str]) -> Row:
    start = need.needed_from_told
    return Row(
        (
            Cell(need.organisation.name, invented=need.organisation.is_invented),
            Cell(need.title, href=reverse("need", args=[need.public_id]) if need.pk in seen else ""),
            Cell(number(need.population) if need.population is not None else None),
            Cell(day(start) if start else None),
            Cell(budgets.get(need.budget_class, need.budget_class) or None),
        )
    )


@limit_posts("joint", per_address="300/h", per_account="60/h")
@for_members
def change(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Other words, or another last day."""
    joint = _led(actor, public_id)
    said = {"title": joint.title, "purpose": joint.purpose, "join_until": f"{joint.join_until:%d.%m.%Y}"}
    form = JointForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            version, now = version_in(request), datetime.now(UTC)
            acts.change_joint(joint, **form.cleaned_data, lock_version=version, by=actor, now=now)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Gespeichert. Wer dabei ist, erfährt davon.")
            return redirect("joint", public_id)
    trail = (*HOME, Crumb(joint.title, reverse("joint", args=[public_id])), Crumb("Ändern"))
    return render(request, "demand/joint_change.html", {"joint": joint, "form": form, "crumbs": trail})


@require_POST
@limit_posts("joint_invite", per_address="300/h", per_account="100/h")
@for_members
def invite(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    joint = _led(actor, public_id)
    wanted = request.POST.get("bedarf", "")
    need = visible_to(actor).filter(public_id=wanted).first() if is_public_id(wanted) else None
    if need is None:
        raise Http404("Diesen Bedarf gibt es nicht.")
    return carry_out(
        request,
        f"{need.organisation.name} ist eingeladen.",
        lambda now: acts.invite(joint, need=need, by=actor, now=now),
        then=reverse("joint", args=[public_id]),
    )


Act = Callable[[JointNeed, QueryDict, Actor, datetime], object]
ACTS: Mapping[str, tuple[str, Act]] = {
    "schliessen": (
        "Der gemeinsame Bedarf ist geschlossen. Es kann niemand mehr beitreten.",
        lambda joint, said, by, now: acts.close_joint(joint, by=by, now=now),
    ),
    "oeffnen": (
        "Der gemeinsame Bedarf ist wieder offen.",
        lambda joint, said, by, now: acts.reopen_joint(
            joint, join_until=_day(said.get("bis", "")), by=by, now=now
        ),
    ),
    "beenden": (
        "Der gemeinsame Bedarf ist beendet. Die Bedarfe der Kommunen bleiben, wie sie sind.",
        lambda joint, said, by, now: acts.end_joint(joint, reason=said.get("grund", ""), by=by, now=now),
    ),
}


@require_POST
@limit_posts("joint", per_address="300/h", per_account="60/h")
@for_members
def act(request: HttpRequest, actor: Actor, public_id: str, step: str) -> HttpResponse:
    """One act of the leading town."""
    joint = _led(actor, public_id)
    if step not in ACTS:
        raise Http404
    done, action = ACTS[step]
    return carry_out(
        request,
        done,
        lambda now: action(joint, request.POST, actor, now),
        then=reverse("joint", args=[public_id]),
    )


Deciding = Callable[..., Joining]
DECISIONS: Mapping[str, tuple[str, Deciding]] = {
    "beitreten": ("Ihre Kommune ist dabei.", acts.join),
    "ablehnen": ("Sie haben die Einladung abgelehnt.", acts.decline),
    "austreten": ("Ihre Kommune ist ausgetreten.", acts.leave_joint),
    "zuruecknehmen": ("Die Einladung ist zurückgenommen.", acts.take_back_invitation),
}


@require_POST
@limit_posts("joint", per_address="300/h", per_account="60/h")
@for_members
def decide(request: HttpRequest, actor: Actor, public_id: str, step: str) -> HttpResponse:
    """One act on an invitation or a part: of the invited town, or of the leading one."""
    seen = Joining.objects.filter(joint__in=joint_visible_to(actor)).select_related(
        "joint", "need__organisation"
    )
    joining = seen.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if joining is None or step not in DECISIONS:
        raise Http404("Diese Einladung gibt es nicht.")
    done, action = DECISIONS[step]
    # Whoever is out of it cannot open its page any more.
    out = step in ("ablehnen", "austreten")
    then = (
        reverse("need", args=[joining.need.public_id])
        if out
        else reverse("joint", args=[joining.joint.public_id])
    )
    return carry_out(request, done, lambda now: action(joining, by=actor, now=now), then=then)


def _readable(actor: Actor, public_id: str) -> JointNeed:
    joint = joint_for(actor, public_id) if is_public_id(public_id) else None
    if joint is None:
        raise Http404("Diesen gemeinsamen Bedarf gibt es nicht.")
    return joint


def _led(actor: Actor, public_id: str) -> JointNeed:
    joint = _readable(actor, public_id)
    if not rules.may_lead(actor, joint):
        raise Http404("Diesen gemeinsamen Bedarf führt eine andere Kommune.")
    return joint


def _day(text: str) -> date:
    for known in _DAY_FORMATS:
        try:
            return datetime.strptime(text.strip(), known).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise Refused("Geben Sie ein Datum ein, zum Beispiel 31.01.2027.")
