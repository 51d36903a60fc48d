"""What a harvest kept back, and what vanished from a source: seen by a person, entry by entry."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.federation import queries
from allmende.federation.actions import look_at
from allmende.federation.models import RawRecord
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.web.components.parts import Crumb
from allmende.web.components.queues import Line, Place
from allmende.web.desk.queues import queue
from allmende.web.desk.views.findings import findings_table
from allmende.web.shell.access import for_staff

LISTED = 200
TITLE = "Zurückgestellte Einträge"
DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))


@for_staff
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What nobody has looked at since it changed; below it what waits for its source."""
    now, days = datetime.now(UTC), queue("zurueckgestellt").days
    lines = [
        Line.of(
            _title(record), reverse("desk_record", args=[record.public_id]), why=" ".join(record.reasons),
            since=record.changed_at, days=days, now=now,
        )
        for record in queries.waiting(actor)[:LISTED]
    ]  # fmt: skip
    seen = queries.kept_back(actor).filter(looked_at__isnull=False).order_by("-looked_at", "-pk")
    context = {
        "lines": lines,
        "count": queries.waiting(actor).count(),
        "seen": [(record, _title(record)) for record in seen[:50]],
        "crumbs": [*DESK, Crumb("Zurückgestellt")],
    }
    return render(request, "desk/waiting.html", context)


def _title(record: RawRecord) -> str:
    return f"{record.source.origin.label}: {record.key}"


@for_staff
def one(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """All findings, where the record lies, and one sentence about what was done."""
    record = queries.kept_back(actor).filter(public_id=public_id).first() if is_public_id(public_id) else None
    if record is None:
        raise Http404("Dieser Eintrag ist inzwischen veröffentlicht, oder es gibt ihn nicht.")
    ids = list(queries.waiting(actor).values_list("public_id", flat=True))
    place = Place.among(ids, public_id, one="desk_record", every="desk_waiting", label=TITLE)
    note = request.POST.get("notiz", "")
    if request.method == "POST":
        try:
            look_at(record, note=note, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Vermerkt. Ändert sich die Datei, erscheint der Eintrag wieder hier.")
            return redirect(place.then)
    context = {
        "record": record,
        "title": _title(record),
        "table": findings_table(record),
        "address": request.build_absolute_uri(reverse("findings", args=[record.public_id])),
        "note": note,
        "place": place,
        "crumbs": [*DESK, Crumb("Zurückgestellt", reverse("desk_waiting")), Crumb(record.key[-60:])],
    }
    return render(request, "desk/record.html", context)


@for_staff
def held(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Sources of which so much vanished at once that nothing was marked; decided on the page of the source."""
    now, days = datetime.now(UTC), queue("fehlende").days
    lines = [
        Line.of(
            source.origin.label, reverse("desk_source", args=[source.code]),
            why="Viele Einträge standen beim letzten Abgleich nicht mehr in der Quelle.",
            since=source.held_since,  # type: ignore[attr-defined]  # annotated by the query
            days=days, now=now,
        )
        for source in queries.held_sources(actor)
    ]  # fmt: skip
    return render(request, "desk/held.html", {"lines": lines, "crumbs": [*DESK, Crumb("Fehlende Einträge")]})
