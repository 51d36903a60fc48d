"""Somebody is away, and who acts meanwhile."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.people import locked
from allmende.organisations.models import Absence, Organisation
from allmende.organisations.queries import administrators, belongs

# Longer than this is not an absence; the person hands over.
LONGEST_DAYS = 366


@transaction.atomic
def report_absence(
    person: User,
    *,
    organisation: Organisation,
    starts_on: date,
    ends_on: date,
    deputy: User | None,
    by: Actor,
    now: datetime,
) -> Absence:
    """Say that a person is away from one day to another, both included; their deputy acts in their roles meanwhile.

    The person says so, or an administrator of the organisation where they cannot. `Refused` where the deputy is away
    as well, where the person stands in for somebody at that time, and for a deputy from elsewhere.
    """
    organisation = locked(organisation)
    is_own = by.kind == "person" and person.public_id == by.id and belongs(person, organisation)
    require(is_own or rules.may_manage(by, organisation))
    if not belongs(person, organisation):
        raise Refused(f"Diese Person gehört nicht zu {organisation.name}.")
    if (
        not is_own
        and rules.manages_as_deputy(by, organisation)
        and administrators(organisation).contains(person)
    ):
        raise Refused("In Vertretung können Sie niemanden abwesend melden, der die Organisation verwaltet.")
    _check_days(starts_on, ends_on, today=timezone.localdate(now))
    same_days = Absence.objects.filter(
        organisation=organisation, ended_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if same_days.filter(person=person).exists():
        raise Refused("Für diese Tage ist schon eine Abwesenheit eingetragen. Beenden Sie diese zuerst.")
    if same_days.filter(deputy=person).exists():
        raise Refused(
            "In diesen Tagen vertritt diese Person jemanden. Dafür muss zuerst jemand anderes einspringen."
        )
    if deputy is not None:
        _check_deputy(deputy, person, organisation)
        if same_days.filter(person=deputy).exists():
            raise Refused("Die Vertretung ist in diesen Tagen selbst abwesend. Wählen Sie jemand anderen.")
    absence = Absence.objects.create(
        organisation=organisation,
        person=person,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        reported_at=now,
    )
    _note("organisations.absence_reported", absence, by=by, now=now)
    return absence


def _check_days(starts_on: date, ends_on: date, *, today: date) -> None:
    if ends_on < starts_on:
        raise Refused("Der letzte Tag liegt vor dem ersten. Prüfen Sie die beiden Tage.")
    if ends_on < today:
        raise Refused("Diese Tage sind schon vorbei.")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Refused("Länger als ein Jahr geht nicht. Geben Sie die Rollen stattdessen ab.")


def _check_deputy(deputy: User, person: User, organisation: Organisation) -> None:
    if deputy == person:
        raise Refused("Wählen Sie jemand anderen als Vertretung.")
    if not deputy.is_active or not belongs(deputy, organisation):
        raise Refused(f"Die Vertretung muss zu {organisation.name} gehören. Laden Sie sie zuerst ein.")


@transaction.atomic
def end_absence(absence: Absence, *, by: Actor, now: datetime) -> None:
    """The person is back, or does not go: from now on they act for themselves, and the deputy no longer does."""
    locked(absence.organisation)
    absence = Absence.objects.select_related("organisation", "person", "deputy").get(pk=absence.pk)
    is_own = by.kind == "person" and absence.person.public_id == by.id
    require(is_own or rules.may_manage(by, absence.organisation))
    if absence.ended_at:
        raise Refused("Diese Abwesenheit ist schon beendet.")
    absence.ended_at = now
    absence.save(update_fields=["ended_at"])
    _note("organisations.absence_ended", absence, by=by, now=now)


def _note(kind: str, absence: Absence, *, by: Actor, now: datetime) -> None:
    data = {
        "person": absence.person.public_id,
        "deputy": absence.deputy.public_id if absence.deputy else None,
        "from": absence.starts_on.isoformat(),
        "to": absence.ends_on.isoformat(),
    }
    place = absence.organisation.public_id
    record(kind, subject=absence, by=by, now=now, organisation=place, data=data)
