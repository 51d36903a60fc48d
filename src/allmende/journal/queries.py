"""Read the journal. `Entry` is imported from here by those who need its type."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from allmende.journal.kinds import known_kinds
from allmende.journal.models import Bump, Delivery, Entry

__all__ = [
    "Entry",
    "followers_of",
    "history",
    "known_kinds",
    "of_kinds",
    "undelivered",
    "version",
    "versions",
]


def history(subject_type: str, subject_id: str) -> QuerySet[Entry]:
    """What happened to one subject, the latest first."""
    return Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-at", "-pk")


def of_kinds(*kinds: str) -> QuerySet[Entry]:
    """All entries of these kinds, the latest first."""
    return Entry.objects.filter(kind__in=kinds).order_by("-at", "-pk")


def version(topic: str) -> int:
    """A number that grows, by steps of any size, with every committed change of the topic; 0 where there was none."""
    return versions([topic])[0]


def versions(topics: Sequence[str]) -> tuple[int, ...]:
    """The versions of several topics in one query, in the order asked for.

    A cache that carries them in its key is never stale if they are read *before* what it keeps: what is read later is
    at least as new. Plain SQL, because every anonymous page asks.
    """
    marks = ", ".join(["%s"] * len(topics))
    table, quote = Bump._meta.db_table, connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT topic, SUM(amount) FROM {quote(table)} WHERE topic IN ({marks}) GROUP BY topic",  # noqa: S608
            list(topics),
        )
        found = dict(cursor.fetchall())
    return tuple(int(found.get(topic, 0)) for topic in topics)


def followers_of(kind: str) -> list[str]:
    """Dotted paths of the functions that settings name for this kind, each once."""
    written: Mapping[str, Sequence[str]] = settings.JOURNAL_FOLLOWERS
    return list(
        dict.fromkeys(path for prefix, paths in written.items() if kind.startswith(prefix) for path in paths)
    )


def all_followers() -> set[str]:
    return {path for paths in settings.JOURNAL_FOLLOWERS.values() for path in paths}


def undelivered(follower: str) -> QuerySet[Delivery]:
    """What a follower has yet to be told, in the order of telling: what failed before comes last."""
    return Delivery.objects.filter(follower=follower).order_by("failures", "pk")
