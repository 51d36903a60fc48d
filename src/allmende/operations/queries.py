"""Is the house in order? Each condition says in German what is wrong and what to do."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q, QuerySet, Sum
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from allmende.jobs import queries as jobs
from allmende.lib.actors import Actor
from allmende.mail import queries as mail
from allmende.operations import neighbours as ask_neighbours
from allmende.operations.models import Disposal, Rejection
from allmende.operations.states import OPEN
from allmende.organisations.models import Membership
from allmende.search.queries import Question, SearchUnavailable, number_found

Weight = Literal["fatal", "trouble"]

# A schedule is taken up within seconds by any worker that lives.
WORKER_SILENT = timedelta(minutes=3)
QUEUE_LATE = timedelta(minutes=30)
MAIL_LATE = timedelta(hours=1)
DISK_FREE_MB = 500
# Answers that turn a request away, and what they mean.
REJECTIONS = {
    403: "Das Recht fehlte (403)",
    404: "Das gibt es nicht, oder nicht für diese Person (404)",
    429: "Zu viele Versuche (429)",
}


@dataclass(frozen=True)
class Condition:
    """`fatal` ones decide whether this process can answer pages at all; the others are for people to see to."""

    code: str
    label: str
    weight: Weight
    problem: str = ""
    mend: str = ""

    @property
    def is_met(self) -> bool:
        return not self.problem


Said = tuple[str, str] | None


def is_behind() -> bool:
    """Whether the database lacks migrations of this program."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def conditions(*, now: datetime) -> list[Condition]:
    """Every condition, in the order in which they depend on each other. What cannot be asked is not met."""
    return [_asked(code, label, weight, ask, now) for code, label, weight, ask in _CONDITIONS]


def neighbours(*, now: datetime) -> list[Condition]:
    """What other programs say when they are asked; it may take seconds, so no page does."""
    return [_asked(code, label, "trouble", ask, now) for code, label, ask in _NEIGHBOURS]


def fatal_conditions(*, now: datetime) -> list[Condition]:
    """What a load balancer has to know: whether this process can answer pages."""
    fatal = (each for each in _CONDITIONS if each[2] == "fatal")
    return [_asked(code, label, weight, ask, now) for code, label, weight, ask in fatal]


def _asked(
    code: str, label: str, weight: Weight, ask: Callable[[datetime], Said], now: datetime
) -> Condition:
    try:
        said = ask(now)
    except DatabaseError:
        said = ("Die Datenbank antwortet nicht.", "Läuft sie, und stimmt ALLMENDE_DATABASE_URL?")
    return Condition(code, label, weight, *(said or ("", "")))


def _database(_now: datetime) -> Said:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def _migrations(_now: datetime) -> Said:
    if is_behind():
        return (
            "Die Datenbank ist nicht auf dem Stand des Programms.",
            "Sichern Sie sie, dann: allmende migrate",
        )
    return None


def _cache(_now: datetime) -> Said:
    try:
        cache.set("operations.condition", "1", 60)
        is_kept = cache.get("operations.condition") == "1"
    except DatabaseError:
        is_kept = False
    if not is_kept:
        return "Der gemeinsame Zwischenspeicher nimmt nichts an.", "Geben Sie ein: allmende createcachetable"
    return None


def _worker(now: datetime) -> Said:
    first = jobs.schedules().order_by("next_due").first()
    if first is None or now - first.next_due > WORKER_SILENT:
        since = f" seit {_minutes(now - first.next_due)} Minuten" if first else ""
        return (
            f"Kein Arbeiter meldet sich{since}.",
            "Starten Sie die Arbeiter; siehe docs/how-to/run-in-production.md.",
        )
    return None


def _queues(now: datetime) -> Said:
    late = jobs.ready(now - QUEUE_LATE).filter(enqueued_at__lt=now - QUEUE_LATE)
    names = sorted(set(late.values_list("queue_name", flat=True)))
    if names:
        return (
            f"In {', '.join(names)} warten Aufträge seit über {_minutes(QUEUE_LATE)} Minuten.",
            "Bedient ein Arbeiter diese Warteschlange? Ist er überlastet?",
        )
    return None


def _failed(_now: datetime) -> Said:
    count = jobs.failed().count()
    if count:
        many = f"{count} gescheiterte Aufträge warten" if count > 1 else "Ein gescheiterter Auftrag wartet"
        return f"{many} auf eine Entscheidung.", "Sehen Sie in der Redaktion unter „Betrieb“ nach."
    return None


def _index(_now: datetime) -> Said:
    try:
        number_found(Question())
    except SearchUnavailable:
        return (
            "Die Suche antwortet nicht.",
            "Geben Sie ein: allmende index status, dann allmende index rebuild",
        )
    return None


def _mail(now: datetime) -> Said:
    if mail.newest().filter(state="queued", created_at__lt=now - MAIL_LATE).exists():
        return "E-Mails warten seit über einer Stunde.", "Antwortet der Mailserver? Siehe ALLMENDE_SMTP_HOST."
    return None


def _disk(_now: datetime) -> Said:
    free = shutil.disk_usage(settings.DATA_DIR).free // 1_000_000
    if free < DISK_FREE_MB:
        return (
            f"Auf der Platte sind nur noch {free} MB frei.",
            "Schaffen Sie Platz, bevor nichts mehr geschrieben wird.",
        )
    return None


def _people(_now: datetime) -> Said:
    if not Membership.objects.filter(role="operator_admin", ended_at__isnull=True).exists():
        return (
            "Niemand hat die Rolle „Betrieb“.",
            "Geben Sie ein: allmende createsuperuser, dann allmende role grant ADRESSE operator_admin",
        )
    return None


def _texts(now: datetime) -> Said:
    """The pages that the law asks for are above this package: settings name who knows them."""
    ask: Callable[[datetime], Said] = import_string(settings.OPERATIONS_TEXTS)
    return ask(now)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


_CONDITIONS: tuple[tuple[str, str, Weight, Callable[[datetime], Said]], ...] = (
    ("database", "Datenbank", "fatal", _database),
    ("migrations", "Stand der Datenbank", "fatal", _migrations),
    ("cache", "gemeinsamer Zwischenspeicher", "fatal", _cache),
    ("people", "Zuständige", "trouble", _people),
    ("worker", "Arbeiter", "trouble", _worker),
    ("queues", "Warteschlangen", "trouble", _queues),
    ("failed", "gescheiterte Aufträge", "trouble", _failed),
    ("search", "Suche", "trouble", _index),
    ("mail", "Post", "trouble", _mail),
    ("disk", "Platz auf der Platte", "trouble", _disk),
    ("texts", "Impressum und andere feste Seiten", "trouble", _texts),
)
_NEIGHBOURS: tuple[tuple[str, str, Callable[[datetime], Said]], ...] = (
    ("scanner", "Virenscanner", ask_neighbours.scanner),
    ("mail_server", "Mailserver", ask_neighbours.mail_server),
    ("clock", "Uhr", ask_neighbours.clock),
)


@dataclass(frozen=True)
class JobLine:
    """One job that needs a person: what it was to do, since when, and the last line of its error."""

    id: str
    path: str
    arguments: str
    attempts: int
    at: datetime | None
    error: str


def failed_jobs(limit: int = 200) -> list[JobLine]:
    """The latest first."""
    return [_line(row) for row in jobs.failed()[:limit]]


def stuck_jobs(now: datetime) -> list[JobLine]:
    """Running without anybody who holds them; a living worker takes them up by itself within seconds."""
    return [_line(row) for row in jobs.stuck(now)]


def waiting_by_queue() -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in jobs.waiting().values_list("queue_name", flat=True):
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _line(row: DBTaskResult) -> JobLine:
    told = row.args_kwargs
    named = [repr(each) for each in told["args"]] + [
        f"{name}={value!r}" for name, value in told["kwargs"].items()
    ]
    last = [line for line in (row.traceback or "").splitlines() if line.strip()]
    return JobLine(
        str(row.id),
        row.task_path,
        ", ".join(named)[:200],
        len(row.worker_ids),
        row.finished_at or row.started_at,
        last[-1].strip()[:300] if last else "",
    )


def disposals(actor: Actor) -> QuerySet[Disposal]:
    """What waits because its time is over, the longest first; nothing for others than the operator."""
    if not (actor.is_program or actor.has("operator_admin")):
        return Disposal.objects.none()
    return Disposal.objects.filter(state__in=OPEN).order_by("due_on", "pk")


@dataclass(frozen=True)
class Rejections:
    """How many requests got one answer: within a day and within a week, by full hours."""

    status: int
    label: str
    in_a_day: int
    in_a_week: int


def rejections(now: datetime) -> list[Rejections]:
    """Every answer that turns people away, also those that nobody got. Processes report once a minute."""
    day, week = now - timedelta(days=1), now - timedelta(days=7)
    rows = Rejection.objects.filter(hour__gte=week).values_list("status")
    counted = rows.annotate(a_day=Sum("number", filter=Q(hour__gte=day)), a_week=Sum("number"))
    found = {status: (in_a_day or 0, in_a_week) for status, in_a_day, in_a_week in counted}
    return [Rejections(status, label, *found.get(status, (0, 0))) for status, label in REJECTIONS.items()]
