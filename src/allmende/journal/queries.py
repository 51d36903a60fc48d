"""Read the journal. `Entry` is imported from here by those who need its type."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Q, QuerySet

from allmende.journal import keys, ranges, seals
from allmende.journal.kinds import known_kinds
from allmende.journal.models import Bump, Delivery, Entry, Seal, Words

__all__ = [
    "Entry",
    "Words",
    "followers_of",
    "history",
    "history_within",
    "known_kinds",
    "newest",
    "of_kinds",
    "of_organisation",
    "search",
    "since",
    "undelivered",
    "version",
    "versions",
    "words_of",
]


def history(subject_type: str, subject_id: str) -> QuerySet[Entry]:
    """What happened to one subject, the latest first."""
    return Entry.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-at", "-pk")


def of_kinds(*kinds: str) -> QuerySet[Entry]:
    """All entries of these kinds, the latest first."""
    return Entry.objects.filter(kind__in=kinds).order_by("-at", "-pk")


def history_within(subject_type: str, subject_id: str, name: str, value: str) -> QuerySet[Entry]:
    """What happened to a part that has no entries of its own, the latest first: entries about the whole that name the
    part in their data, as those of a solution name an offer (`history_within("solution", id, "offer", offer_id)`)."""
    return history(subject_type, subject_id).filter(**{f"data__{name}": value})


def of_organisation(public_id: str) -> QuerySet[Entry]:
    """What happened to an organisation, and what was done for it, the latest first."""
    about = Q(subject_type="organisation", subject_id=public_id) | Q(organisation=public_id)
    return Entry.objects.filter(about).order_by("-at", "-pk")


def search(
    *,
    people: Sequence[str] | None = None,
    organisation: str = "",
    subject: tuple[str, str] | None = None,
    kind: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[Entry]:
    """Entries to which all of this applies, the latest written first. `people`: ids of accounts or names of programs,
    one of which acted; `subject`: type and id, of which one may be ""; `kind` may be the beginning of one."""
    found = Entry.objects.order_by("-pk")
    if people is not None:
        found = found.filter(actor_id__in=list(people))
    if organisation:
        found = found.filter(
            Q(organisation=organisation) | Q(subject_type="organisation", subject_id=organisation)
        )
    if subject is not None:
        named = zip(("subject_type", "subject_id"), subject, strict=True)
        found = found.filter(**{column: value for column, value in named if value})
    if kind:
        found = found.filter(kind__startswith=kind)
    if since is not None:
        found = found.filter(at__gte=since)
    return found.filter(at__lt=before) if before is not None else found


def words_of(entries: Iterable[Entry]) -> Mapping[tuple[int, str], Words]:
    """What people typed for these entries, by id of the entry and name; one query, none where nobody typed."""
    typed = [each.pk for each in entries if isinstance(each.data, dict) and "words" in each.data]
    rows = Words.objects.filter(entry__in=typed) if typed else Words.objects.none()
    return {(each.entry_id, each.name): each for each in rows}


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


def newest() -> int:
    """The highest id of an entry, 0 where there is none."""
    return int(Entry.objects.aggregate(highest=Max("pk"))["highest"] or 0)


def since(pk: int, topics: Sequence[str], limit: int) -> list[Entry]:
    """Entries of these topics behind an id, in order, at most `limit`. One that is written now may get a lower id than
    one that is here already: whoever follows this way looks back a little."""
    wanted = Q()
    for topic in topics:
        wanted |= Q(kind__startswith=f"{topic}.")
    return list(Entry.objects.filter(wanted, pk__gt=pk).order_by("pk")[:limit])


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


# --------------------------------------------------------------------------------------------------------------- seals

CHECKPOINT_FILE = "checkpoint.json"
# An id is handed out a moment before its transaction gets a number. Far more than that moment.
MARGIN = timedelta(minutes=10)
# After a move to another server the numbers of transactions begin anew and prove nothing; then time has to do.
GIVEN_UP_AFTER = timedelta(days=7)
_RANGES_AT_ONCE = 50
# More than this is looked up by reading the whole span.
_MANY_RANGES = 1_000


def last_seal() -> Seal | None:
    return Seal.objects.order_by("-number").first()


def newest_transaction() -> int:
    """A number that every transaction open now is below; 0 where one writer at a time hands out ids and commits them.

    It is that of a transaction of our own. The end of a snapshot would not do: it lies one above what has *completed*,
    and those that are open may lie beyond it.
    """
    return _number("pg_current_xact_id()")


def given_up_below(upto: int, now: datetime) -> int:
    """Up to which id a missing row cannot come any more, since no transaction that may hold it is still open."""
    if connection.vendor != "postgresql":
        return upto
    oldest_open = _oldest_writer()
    over = Seal.objects.filter(horizon__lt=oldest_open).order_by("-number").first()
    settled = max([now - GIVEN_UP_AFTER, *([over.sealed_at - MARGIN] if over else [])])
    old = Seal.objects.filter(sealed_at__lte=settled).order_by("-number").first()
    return old.upto if old else 0


# Which transactions are open is known for the whole cluster, also for databases that are none of ours. One that has
# written an entry here holds the lock of writers on our table until it ends (a prepared one as well), and everybody
# may read the locks. A snapshot leaves out the transaction that takes it. Above what has completed no older one can be,
# so that is the answer where there is none.
_OLDEST_WRITER = """
    SELECT COALESCE(MIN(running.xid), MAX(pg_snapshot_xmax(pg_current_snapshot())::text::bigint))
      FROM (SELECT 1) AS always
      LEFT JOIN (
        SELECT open.xid
          FROM (
            SELECT xid::text::bigint AS xid FROM pg_snapshot_xip(pg_current_snapshot()) AS xid
            UNION ALL SELECT pg_current_xact_id_if_assigned()::text::bigint
          ) AS open
          JOIN pg_locks AS own ON own.locktype = 'transactionid' AND own.mode = 'ExclusiveLock'
           AND own.transactionid::text::bigint = open.xid %% 4294967296
          JOIN pg_locks AS writing USING (virtualtransaction)
         WHERE writing.locktype = 'relation' AND writing.mode = 'RowExclusiveLock' AND writing.granted
           AND writing.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND writing.relation = %s::regclass
      ) AS running ON TRUE
"""


def _oldest_writer() -> int:
    """The number of the oldest open transaction that has written entries, or one that all open ones are not below."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_WRITER, [connection.ops.quote_name(Entry._meta.db_table)])
        return int(cursor.fetchone()[0])


def _number(transaction: str) -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {transaction}::text::bigint")
        return int(cursor.fetchone()[0])


def _sealed_columns(entries: QuerySet[Entry]) -> Any:
    return entries.order_by("pk").values(*seals.COLUMNS[seals.SCHEMA])


def unsealed(last: Seal | None, *, limit: int) -> list[dict[str, Any]]:
    """Rows without a seal: first those that came late, then those above everything sealed so far."""
    rows = rows_in(ranges.from_text(last.gaps))[:limit] if last else []
    above = Entry.objects.filter(pk__gt=last.upto if last else 0)
    return rows + list(_sealed_columns(above)[: limit - len(rows)])


def rows_in(wanted: ranges.Ranges) -> list[dict[str, Any]]:
    """The rows with these ids as far as there are any, as seals see them, by id."""
    if len(wanted) > _MANY_RANGES:
        span = Entry.objects.filter(pk__range=(wanted[0][0], wanted[-1][1])).order_by("pk")
        there = ranges.inside(span.values_list("pk", flat=True).iterator(chunk_size=10_000), wanted)
        wanted = ranges.of_ids(there)
    found: list[dict[str, Any]] = []
    for at in range(0, len(wanted), _RANGES_AT_ONCE):
        inside = Q()
        for pair in wanted[at : at + _RANGES_AT_ONCE]:
            inside |= Q(pk__range=pair)
        found += _sealed_columns(Entry.objects.filter(inside))
    return found


def checkpoint(*, now: datetime) -> seals.Checkpoint | None:
    """A signed statement of the newest seal; None where nothing is sealed yet. Makes the key where there is none."""
    last = last_seal()
    if last is None:
        return None
    signer = keys.signer()
    said = seals.Checkpoint(
        last.number, last.digest, last.entries, now.isoformat(timespec="seconds"), signer.public
    )
    return replace(said, signature=signer.sign(said.message))
