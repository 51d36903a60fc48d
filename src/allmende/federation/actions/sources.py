from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from allmende.catalogue.actions import know_origin
from allmende.catalogue.addresses import is_web_address
from allmende.catalogue.models import Origin
from allmende.federation import rules
from allmende.federation.formats.registry import FORMATS
from allmende.federation.models import Source
from allmende.jobs.actions import enqueue, schedule, unschedule
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require


@transaction.atomic
def add_source(
    code: str,
    *,
    name: str,
    kind: str,
    location: str,
    format: str,  # noqa: A002  # the word of the field
    by: Actor,
    now: datetime,
    profile: Mapping[str, Any] | None = None,
    origin_kind: str = "harvest",
    website_url: str = "",
    licence: str = "",
    attribution: str = "",
    every_hours: int | None = None,
    is_held: bool = False,
) -> Source:
    """Add a source, and its origin; refuses unknown kinds and formats and a code that is taken.

    `is_held`: it is paused from the beginning, until somebody has seen a trial. People enter addresses on the net; what
    lies on the server itself is entered there.
    """
    require(rules.may_manage_sources(by))
    _require_on_the_net(kind, location, by)
    _check(kind, location, format, profile or {}, every_hours)
    if Source.objects.filter(code=code).exists():
        raise Refused(f"Eine Quelle „{code}“ gibt es schon. Wählen Sie ein anderes Kürzel.")
    if Origin.objects.filter(code=code).exists():
        raise Refused(f"Das Kürzel „{code}“ gehört schon einer anderen Herkunft. Wählen Sie ein anderes.")
    origin = know_origin(
        code,
        label=name,
        kind=origin_kind,
        website_url=website_url,
        licence=licence,
        attribution=attribution,
        by=by,
        now=now,
    )
    source = Source.objects.create(
        code=code,
        origin=origin,
        kind=kind,
        location=location,
        format=format,
        profile=dict(profile or {}),
        every_hours=every_hours,
        is_paused=is_held,
        added_at=now,
    )
    _plan(source, now)
    record("federation.source_added", subject=source, by=by, now=now, data={"code": code})
    return source


@transaction.atomic
def change_source(
    source: Source,
    *,
    by: Actor,
    now: datetime,
    kind: str,
    location: str,
    format: str,  # noqa: A002
    profile: Mapping[str, Any],
    every_hours: int | None,
) -> Source:
    """Change where and how a source is read; the next run compares anew. Writes nothing where all is as told."""
    require(rules.may_manage_sources(by))
    _check(kind, location, format, profile, every_hours)
    source = Source.objects.select_for_update().get(pk=source.pk)
    if (kind, location) != (source.kind, source.location):
        _require_on_the_net(kind, location, by)
    told = {
        "kind": kind,
        "location": location,
        "format": format,
        "profile": dict(profile),
        "every_hours": every_hours,
    }
    if all(getattr(source, field) == value for field, value in told.items()):
        return source
    for field, value in told.items():
        setattr(source, field, value)
    source.save(update_fields=list(told))
    _plan(source, now)
    record("federation.source_changed", subject=source, by=by, now=now)
    return source


@transaction.atomic
def pause_source(source: Source, *, by: Actor, now: datetime) -> None:
    """Stop the schedule; what is published stays."""
    require(rules.may_manage_sources(by))
    Source.objects.filter(pk=source.pk).update(is_paused=True)
    unschedule(_schedule_name(source))
    record("federation.source_paused", subject=source, by=by, now=now)


@transaction.atomic
def resume_source(source: Source, *, by: Actor, now: datetime) -> None:
    require(rules.may_manage_sources(by))
    Source.objects.filter(pk=source.pk).update(is_paused=False)
    source.refresh_from_db()
    _plan(source, now)
    record("federation.source_resumed", subject=source, by=by, now=now)


def _require_on_the_net(kind: str, location: str, by: Actor) -> None:
    """A page must not read files of the server."""
    if not by.is_program and (kind == "directory" or not is_web_address(location)):
        raise Refused(
            "Geben Sie eine Adresse im Netz ein, die mit https:// beginnt. Was auf dem Server selbst liegt, trägt der "
            "Betrieb auf der Befehlszeile ein: allmende source add --help"
        )


def _check(
    kind: str, location: str, format_code: str, profile: Mapping[str, Any], every_hours: int | None
) -> None:
    if kind not in dict(Source.KINDS):
        raise Refused(f"Die Art „{kind}“ gibt es nicht. Möglich sind: {', '.join(dict(Source.KINDS))}.")
    if format_code not in FORMATS:
        raise Refused(f"Das Format „{format_code}“ gibt es nicht. Möglich sind: {', '.join(FORMATS)}.")
    if problems := FORMATS[format_code].profile_problems(profile):
        raise Refused(" ".join(problems))
    if not location.strip():
        raise Refused("Geben Sie an, wo die Quelle liegt.")
    if every_hours is not None and not 1 <= every_hours <= 24 * 31:
        raise Refused("Der Abstand zwischen zwei Abgleichen liegt zwischen einer Stunde und 31 Tagen.")


def _schedule_name(source: Source) -> str:
    return f"harvest:{source.code}"


def _plan(source: Source, now: datetime) -> None:
    if source.every_hours is None or source.is_paused:
        unschedule(_schedule_name(source))
        return
    schedule(
        _schedule_name(source),
        every=timedelta(hours=source.every_hours),
        job="allmende.federation.tasks.run_source",
        args=(source.public_id,),
        now=now,
    )


@transaction.atomic
def request_run(source: Source, *, by: Actor, now: datetime) -> None:
    """Have the worker harvest a source as soon as it can; who asked for it stands in the journal."""
    require(rules.may_run(by))
    if source.is_paused:
        raise Refused("Diese Quelle ist angehalten. Der Betrieb nimmt sie auf ihrer Seite wieder auf.")
    enqueue("allmende.federation.tasks.run_source", source.public_id)
    record("federation.run_requested", subject=source, by=by, now=now)
