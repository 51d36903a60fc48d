"""Which Gemeinde follows a vanished one: proposed by comparison, confirmed by a person."""

from datetime import UTC, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from allmende.lib.actors import Actor
from allmende.regions.actions import confirm_succession, reject_succession
from allmende.regions.models import Region, RegionSuccession
from allmende.regions.queries import ended_without_successor, open_successions
from allmende.web.components.parts import Cell, Column, Crumb, Row, Table
from allmende.web.components.queues import Line, Place
from allmende.web.components.templatetags.formats import day, number
from allmende.web.desk.queues import queue
from allmende.web.marketplace.addresses import clean
from allmende.web.shell.access import carry_out, for_staff

TITLE = "Nachfolgen von Gemeinden"
DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))


@for_staff
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    now, days = datetime.now(UTC), queue("nachfolgen").days
    lines = [
        Line.of(
            _title(each), reverse("desk_succession", args=[each.public_id]),
            why=each.reason or each.get_origin_display(), since=_since(each, now), days=days, now=now,
        )
        for each in open_successions()[:200]
    ]  # fmt: skip
    context = {
        "lines": lines,
        "orphans": ended_without_successor()[:100],
        "crumbs": [*DESK, Crumb("Nachfolgen")],
    }
    return render(request, "desk/regions.html", context)


def _title(each: RegionSuccession) -> str:
    old, new = each.predecessor, each.successor
    return f"{old.official_name} ({old.key}) wird {new.official_name} ({new.key})"


def _since(each: RegionSuccession, now: datetime) -> datetime:
    """The day of the change: when it was proposed nobody has written down, and it was not before."""
    known = each.on or each.predecessor.valid_to
    return timezone.make_aware(datetime.combine(known, time(12))) if known else now


@for_staff
def decide(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Both regions side by side; confirm or reject, then the next one."""
    succession = open_successions().filter(public_id=clean(public_id)).first()
    if succession is None:
        messages.error(request, "Über diese Nachfolge ist schon entschieden.")
        return redirect("desk_regions")
    ids = list(open_successions().values_list("public_id", flat=True))
    place = Place.among(ids, public_id, one="desk_succession", every="desk_regions", label=TITLE)
    if request.method != "POST":
        context = {
            "succession": succession,
            "title": _title(succession),
            "table": _both(succession.predecessor, succession.successor),
            "place": place,
            "crumbs": [
                *DESK,
                Crumb("Nachfolgen", reverse("desk_regions")),
                Crumb(succession.predecessor.name),
            ],
        }
        return render(request, "desk/succession.html", context)
    verdict = request.POST.get("urteil")
    if verdict == "bestaetigen":
        return carry_out(
            request,
            "Die Nachfolge ist bestätigt.",
            lambda now: confirm_succession(succession, by=actor, now=now),
            then=place.then,
        )
    if verdict == "ablehnen":
        return carry_out(
            request,
            "Der Vorschlag ist abgelehnt.",
            lambda now: reject_succession(succession, by=actor, now=now),
            then=place.then,
        )
    messages.error(request, "Wählen Sie „Bestätigen“ oder „Ablehnen“.")
    return redirect(request.path)


def _both(old: Region, new: Region) -> Table:
    """What tells whether one follows the other."""
    lines = [
        ("Schlüssel", old.key, new.key),
        ("Kreis", old.kreis.name if old.kreis else None, new.kreis.name if new.kreis else None),
        ("Land", old.land.name if old.land else None, new.land.name if new.land else None),
        ("Menschen", number(old.population) or None, number(new.population) or None),
        ("Postleitzahl des Sitzes", old.postcode or None, new.postcode or None),
        ("gültig bis", day(old.valid_to) or None, day(new.valid_to) if new.valid_to else "gilt"),
    ]
    rows = [Row([Cell(label), Cell(one), Cell(other)]) for label, one, other in lines]
    columns = [
        Column("Angabe"),
        Column(f"früher: {old.official_name}"),
        Column(f"jetzt: {new.official_name}"),
    ]
    return Table("Beide Gebiete", columns, rows)
