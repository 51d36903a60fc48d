"""The desk's queue of notices: everything needed to decide on one page, and the next one after it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from allmende.catalogue import rules
from allmende.catalogue.actions import notices as actions
from allmende.catalogue.actions.corrections import correctable
from allmende.catalogue.models import Notice, Offer, Solution
from allmende.catalogue.queries.notices import (
    notices,
    parties,
    reporter_of,
    same_subject,
    subject_of,
    to_decide,
)
from allmende.catalogue.states import NOTICE
from allmende.journal.queries import history, known_kinds
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.lib.workdays import after_working_days
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.notices.forms import HIDING, DecisionForm, HearingForm, WordsForm
from allmende.web.notices.views import page_of
from allmende.web.shell.access import for_staff

DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))
TITLE = "Meldungen"
# What stands beside the state in the list: why it is on the desk now.
WHY = {
    "open": "Neu. Sehen Sie, ob etwas daran ist.",
    "hearing": "Die Frist zur Stellungnahme ist vorbei. Entscheiden Sie.",
    "answered": "Die betroffene Seite hat geantwortet. Entscheiden Sie.",
    "appealed": "Einspruch. Entscheiden Sie neu, als zweite Person.",
}


def waiting(actor: Actor) -> int:
    return len(to_decide(actor, datetime.now(UTC)))


def waiting_since(actor: Actor, now: datetime) -> list[datetime]:
    return [_since(notice) for notice in to_decide(actor, now)]


@for_staff
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for this person first; below it what runs or was decided last."""
    now = datetime.now(UTC)
    mine = to_decide(actor, now)
    others = notices(actor).exclude(pk__in=[notice.pk for notice in mine]).order_by("-received_at", "-pk")
    context = {
        "lines": [_line(notice, now) for notice in mine[:200]],
        "others": [(notice, reverse("desk_notice", args=[notice.public_id])) for notice in others[:50]],
        "crumbs": [*DESK, Crumb(TITLE)],
    }
    return render(request, "notices/desk_list.html", context)


def _line(notice: Notice, now: datetime) -> Line:
    return Line.of(
        f"{notice.subject_name}: {notice.get_reason_display()}",
        reverse("desk_notice", args=[notice.public_id]),
        why=WHY[notice.state],
        since=_since(notice),
        days=actions.DAYS_TO_LOOK,
        now=now,
    )


def _since(notice: Notice) -> datetime:
    """Since when it waits for the desk, and not for somebody else."""
    if notice.state == "hearing" and notice.heard_until:
        return datetime.combine(notice.heard_until, datetime.max.time(), timezone.get_current_timezone())
    turn = {"answered": notice.stated_at, "appealed": notice.appealed_at}.get(notice.state)
    return turn or notice.received_at


@for_staff
def one(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    notice = notices(actor).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if notice is None:
        raise Http404("Diese Meldung gibt es nicht.")
    place = _place(notice, actor)
    step = request.POST.get("schritt", "")
    makers = _forms(notice, actor)
    offered: dict[str, KindForm] = {
        name: make(request.POST if request.method == "POST" and name == step else None)
        for name, make in makers.items()
    }
    failed = False
    if request.method == "POST" and step in offered:
        form = offered[step]
        failed = not form.is_valid() or not _done(request, notice, step, form, actor)
        if not failed:
            # What waits for others afterwards leaves the queue; what is only hidden stays where it is.
            return redirect(request.path if step == "ausblenden" else place.then)
    context = {
        "notice": notice,
        "forms": offered,
        "failed": offered.get(step) if failed else None,
        "partial": _is_partial(notice, actor),
        "parties": parties(notice),
        "named": notice.contacts.filter(side="party"),
        "reporter": reporter_of(notice),
        "href": page_of(subject_of(notice)),
        "same": same_subject(notice)[:20],
        "due": actions.due(notice),
        "entries": _entries(notice),
        "readers": _readers(notice),
        "org_desk": _desk_of(notice),
        "desk_solution": _solution_desk(notice),
        "place": place,
        "crumbs": [*DESK, Crumb(TITLE, reverse("desk_notices")), Crumb(notice.number)],
    }
    return render(request, "notices/desk_entry.html", context, status=422 if failed else 200)


def _place(notice: Notice, actor: Actor) -> Place:
    waiting_now = to_decide(actor, datetime.now(UTC))
    addresses = [reverse("desk_notice", args=[each.public_id]) for each in waiting_now]
    here = reverse("desk_notice", args=[notice.public_id])
    return Place.of(addresses, here, list_href=reverse("desk_notices"), list_label=TITLE)


def _entries(notice: Notice) -> list[tuple[object, str]]:
    kinds = known_kinds()
    return [(entry, kinds.get(entry.kind, entry.kind)) for entry in history("notice", notice.public_id)[:50]]


def _is_partial(notice: Notice, actor: Actor) -> bool:
    contact = reporter_of(notice)
    return not rules.may_handle_notice(actor, parties(notice), contact.account if contact else "")


def _forms(notice: Notice, actor: Actor) -> Mapping[str, Callable[[QueryDict | None], KindForm]]:
    """What can be done now, by the name of the button: how its form is made."""
    if _is_partial(notice, actor):
        return {}
    offered: dict[str, Callable[[QueryDict | None], KindForm]] = {}
    if NOTICE.can_become(notice.state, "decided"):
        offered["entscheiden"] = lambda data: _decision_form(notice, data)
    if NOTICE.can_become(notice.state, "hearing"):
        until = after_working_days(timezone.localdate(), actions.USUAL_HEARING)
        offered["anhoeren"] = lambda data: HearingForm(data) if data else HearingForm.proposing(until)
    if not notice.outcome and not notice.hidden_at and notice.subject_type != "organisation":
        offered["ausblenden"] = lambda data: WordsForm(data, HIDING)
    if notice.state == "appealed" and notice.decided_by != actor.id:
        offered["einspruch"] = lambda data: _decision_form(notice, data, is_last=True)
    return offered


def _decision_form(notice: Notice, data: QueryDict | None, *, is_last: bool = False) -> DecisionForm:
    return DecisionForm(
        data,
        correctable=correctable(subject_of(notice)),
        of_page=notice.subject_type == "organisation",
        readers=f"{_readers(notice)} Gehen Sie auf das ein, was die betroffene Seite gesagt hat."
        if notice.statement
        else _readers(notice),
        is_last=is_last,
    )


def _sides(notice: Notice) -> tuple[bool, bool]:
    """Whether we can write to whoever gave the notice, and to the side concerned."""
    contact = reporter_of(notice)
    return bool(contact and contact.email and contact.confirmed_at), actions.can_be_heard(notice)


def _readers(notice: Notice) -> str:
    return {
        (True, True): "Beide Seiten lesen diese Begründung.",
        (True, False): "Wer gemeldet hat, liest diese Begründung.",
        (False, True): "Die betroffene Seite liest diese Begründung.",
        (False, False): "Niemand wird angeschrieben. Die Begründung steht auf der Seite der Meldung.",
    }[_sides(notice)]


def _desk_of(notice: Notice) -> str:
    """Where the desk looks at the organisation that the notice is about."""
    if notice.subject_type != "organisation" or subject_of(notice) is None:
        return ""
    return reverse("desk_organisation", args=[notice.subject_id])


def _solution_desk(notice: Notice) -> str:
    subject = subject_of(notice)
    solution = subject.solution if isinstance(subject, Offer) else subject
    if not isinstance(solution, Solution):
        return ""
    return reverse("desk_solution", args=[solution.public_id])


TOLD = {
    (True, True): "beide Seiten bekommen sie mit der Begründung.",
    (True, False): "wer gemeldet hat, bekommt sie mit der Begründung.",
    (False, True): "die betroffene Seite bekommt sie mit der Begründung.",
    (False, False): "angeschrieben wird niemand.",
}


def _done_words(step: str, notice: Notice) -> str:
    if step == "ausblenden":
        heard = actions.can_be_heard(notice)
        return (
            "Der Eintrag ist ausgeblendet. Hören Sie jetzt die betroffene Seite."
            if heard
            else "Der Eintrag ist ausgeblendet. Suchen Sie jetzt, wen Sie dazu hören können."
        )
    if step == "anhoeren":
        return "Die betroffene Seite ist angeschrieben."
    return f"Die Entscheidung ist getroffen, {TOLD[_sides(notice)]}"


def _done(request: HttpRequest, notice: Notice, step: str, form: KindForm, actor: Actor) -> bool:
    try:
        _act(notice, step, form, actor, request.POST.get("stand", ""))(datetime.now(UTC))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _done_words(step, notice))
    return True


def _act(notice: Notice, step: str, form: KindForm, actor: Actor, seen: str) -> Callable[[datetime], Notice]:
    said = form.cleaned_data
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
    if step == "ausblenden":
        return lambda now: actions.hide_at_once(
            notice, reason=said["text"], by=actor, now=now, lock_version=version
        )
    if step == "anhoeren":
        assert isinstance(form, HearingForm)  # noqa: S101  # what _forms offers under this name
        also = form.addresses()
        return lambda now: actions.open_hearing(
            notice, until=said["until"], question=said["question"], also=also, by=actor, now=now,
            lock_version=version,
        )  # fmt: skip
    assert isinstance(form, DecisionForm)  # noqa: S101  # as above
    decided = form.said()
    act = actions.decide if step == "entscheiden" else actions.decide_appeal
    return lambda now: act(notice, **decided, by=actor, now=now, lock_version=version)
