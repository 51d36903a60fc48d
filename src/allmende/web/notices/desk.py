"""The desk's queue of notices: everything needed to decide on one page, and the next one after it."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from allmende.catalogue import rules
from allmende.catalogue.actions import notices as actions
from allmende.catalogue.models import Notice
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
from allmende.web.notices.forms import DecisionForm, EndForm, HearingForm, HideForm
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
    offered = _forms(notice, actor)
    failed = False
    if request.method == "POST" and step in offered:
        form = type(offered[step])(request.POST)
        offered[step] = form
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


def _forms(notice: Notice, actor: Actor) -> dict[str, KindForm]:
    """What can be done now, by the name of the button."""
    if _is_partial(notice, actor):
        return {}
    offered: dict[str, KindForm] = {}
    if NOTICE.can_become(notice.state, "decided"):
        offered["entscheiden"] = DecisionForm()
    if NOTICE.can_become(notice.state, "hearing"):
        until = after_working_days(timezone.localdate(), actions.USUAL_HEARING)
        offered["anhoeren"] = HearingForm.proposing(until)
    if not notice.outcome and not notice.hidden_at and notice.subject_type != "organisation":
        offered["ausblenden"] = HideForm()
    if notice.state == "appealed" and notice.decided_by != actor.id:
        offered["einspruch"] = EndForm()
    return offered


DONE = {
    "ausblenden": "Der Eintrag ist ausgeblendet. Hören Sie jetzt die betroffene Seite.",
    "anhoeren": "Die betroffene Seite ist angeschrieben.",
    "entscheiden": "Die Entscheidung ist getroffen, beide Seiten bekommen sie mit der Begründung.",
    "einspruch": "Über den Einspruch ist entschieden, beide Seiten bekommen Bescheid.",
}


def _done(request: HttpRequest, notice: Notice, step: str, form: KindForm, actor: Actor) -> bool:
    try:
        _act(notice, step, form, actor, request.POST.get("stand", ""))(datetime.now(UTC))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, DONE[step])
    return True


def _act(notice: Notice, step: str, form: KindForm, actor: Actor, seen: str) -> Callable[[datetime], Notice]:
    said = form.cleaned_data
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1
    if step == "ausblenden":
        return lambda now: actions.hide_at_once(
            notice, reason=said["reason"], by=actor, now=now, lock_version=version
        )
    if step == "anhoeren":
        assert isinstance(form, HearingForm)  # noqa: S101  # what _forms offers under this name
        also = form.addresses()
        return lambda now: actions.open_hearing(
            notice, until=said["until"], question=said["question"], also=also, by=actor, now=now,
            lock_version=version,
        )  # fmt: skip
    if step == "entscheiden":
        return lambda now: actions.decide(notice, **said, by=actor, now=now, lock_version=version)
    return lambda now: actions.decide_appeal(notice, **said, by=actor, now=now, lock_version=version)
