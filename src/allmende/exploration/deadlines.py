"""Deadlines as people here set them: a day and a minute of German time. Pure.

The moment itself still counts (`at <= deadline`). Where clocks change, a minute may be missing or come twice: a missing
one is refused, of two the later one holds, and it is told with its offset.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allmende.lib.refusals import Refused
from allmende.lib.workdays import after_working_days, is_working_day

HERE = ZoneInfo("Europe/Berlin")
# Fewer working days nobody can answer in: a deadline that only insiders keep would shut the others out.
LEAST_DAYS = 3
# Fewer are allowed, with a warning; § 28 VgV asks that the effort stays reasonable.
USUAL_DAYS = 10
# Before the deadline: when those who are silent are reminded, once.
REMIND_DAYS = 3
# Whoever wants to ask back needs an answer before the end.
QUESTIONS_DAYS = 3
# A typing error, not a plan.
LONGEST = timedelta(days=366)

_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def moment_of(day: date, at: time) -> datetime:
    """That minute of German time, in UTC; `Refused` where the clock leaves it out."""
    local = datetime.combine(day, at.replace(second=0, microsecond=0, tzinfo=None))
    later = local.replace(tzinfo=HERE, fold=1)
    in_utc = later.astimezone(UTC)
    if in_utc.astimezone(HERE).replace(tzinfo=None) != local:
        raise Refused(
            f"Am {day:%d.%m.%Y} gibt es {at:%H:%M} Uhr nicht: Die Uhren werden vorgestellt. Wählen Sie eine andere."
        )
    return in_utc


def is_open(deadline: datetime | None, now: datetime) -> bool:
    """Whether the deadline has not passed; its own moment counts."""
    return deadline is not None and now <= deadline


def told(moment: datetime) -> str:
    """ "Donnerstag, 03.12.2026, 12:00 Uhr"; with its offset where the same time comes twice that night."""
    local = moment.astimezone(HERE)
    words = f"{_DAYS[local.weekday()]}, {local:%d.%m.%Y, %H:%M} Uhr"
    return f"{words} ({local:%Z}, UTC{_offset(local)})" if _comes_twice(local) else words


def _comes_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _offset(local: datetime) -> str:
    return f"+{int((local.utcoffset() or timedelta()).total_seconds() // 3600)}"


def working_days_left(now: datetime, deadline: datetime) -> int:
    """Whole working days after today up to the day of the deadline, which counts as well."""
    day, last = now.astimezone(HERE).date(), deadline.astimezone(HERE).date()
    days = 0
    while day < last:
        day += timedelta(days=1)
        days += is_working_day(day)
    return days


def check(deadline: datetime | None, questions_until: datetime | None, now: datetime) -> datetime:
    """The deadline for answers; `Refused` where it is missing, too near or too far, or questions end after it."""
    if deadline is None:
        raise Refused("Legen Sie fest, bis wann die Unternehmen antworten.")
    if deadline <= now:
        raise Refused(f"Die Frist liegt in der Vergangenheit: {told(deadline)}. Wählen Sie eine spätere.")
    if deadline - now > LONGEST:
        raise Refused("Die Frist liegt mehr als ein Jahr in der Zukunft. Wählen Sie eine frühere.")
    if working_days_left(now, deadline) < LEAST_DAYS:
        raise Refused(
            f"Lassen Sie den Unternehmen mindestens {LEAST_DAYS} Arbeitstage Zeit. Üblich sind {USUAL_DAYS} und mehr."
        )
    if questions_until is not None and not now < questions_until <= deadline:
        raise Refused("Rückfragen enden nach heute und spätestens mit der Antwortfrist.")
    return deadline


def warning(deadline: datetime | None, now: datetime) -> str:
    """A sentence where the deadline is short, "" where it is not."""
    if deadline is None or deadline <= now:
        return ""
    days = working_days_left(now, deadline)
    if days >= USUAL_DAYS:
        return ""
    said = "einen Arbeitstag" if days == 1 else f"{days} Arbeitstage"
    return (
        f"Die Frist ist kurz: Die Unternehmen haben {said} Zeit, üblich sind {USUAL_DAYS} und mehr. "
        "Kleine Unternehmen schaffen das oft nicht. Wählen Sie eine spätere Frist, wenn Sie können."
    )


def proposed(now: datetime) -> datetime:
    """Noon, three weeks of working days from now."""
    return moment_of(after_working_days(now.astimezone(HERE).date(), 15), time(12))


def remind_from(deadline: datetime) -> datetime:
    """From when those who are silent are reminded: the morning of the third working day before the deadline."""
    day, left = deadline.astimezone(HERE).date(), REMIND_DAYS
    while left > 0:
        day -= timedelta(days=1)
        left -= is_working_day(day)
    return moment_of(day, time(8))
