"""The only place that writes the journal."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F

from allmende.jobs.actions import enqueue
from allmende.journal import keys, ranges, rules, seals
from allmende.journal.kinds import require_known
from allmende.journal.models import Bump, Delivery, Entry, Seal, Words
from allmende.journal.queries import (
    CHECKPOINT_FILE,
    all_followers,
    checkpoint,
    followers_of,
    given_up_below,
    last_seal,
    newest_transaction,
    unsealed,
)
from allmende.lib.actors import Actor
from allmende.lib.canonical import canonical_json
from allmende.lib.refusals import Refused, require

# An entry says that something happened; what exactly is in the editions.
DATA_LIMIT = 4_000
WORDS_LIMIT = 2_000
# More rows than this are folded: below it, a sum over an index is as fast as one row.
FOLD_ABOVE = 50
FOLD_AT_ONCE = 2_000

SEAL_AT_ONCE = 2_000


class Subject(Protocol):
    """What an entry can be about: a model with `journal_type = "solution"`."""

    journal_type: str
    public_id: Any


def record(
    kind: str,
    *,
    subject: Subject | tuple[str, str],
    by: Actor,
    now: datetime,
    organisation: str | None = None,
    data: Mapping[str, Any] | None = None,
    words: Mapping[str, str] | None = None,
) -> Entry:
    """Write down what has just been done, in the transaction that does it, as its last step.

    `subject` is the object, or a pair of type and public id (`("catalogue", "")` for an act on many). `organisation`
    is the public id of the one acted for. `data` is small JSON (4,000 letters) without anything personal; where the
    actor acts in the roles of absent people there, their ids join it as `in_place_of`. What a person typed goes into
    `words` (2,000 letters each): the entry and its seal hold only the hash, so that the text can be erased. The topic's
    version moves and followers are told, if and when the transaction commits. Raises `RuntimeError` outside of a
    transaction, `ValueError` for an unknown kind or too much data.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} is recorded outside of the transaction that does it")
    require_known(kind)
    subject_type, subject_id = (
        subject if isinstance(subject, tuple) else (subject.journal_type, subject.public_id)
    )
    absent = by.stands_in_for(organisation or (subject_id if subject_type == "organisation" else None))
    if absent:
        data = {**(data or {}), "in_place_of": absent}
    typed = [_typed(name, text) for name, text in (words or {}).items() if text.strip()]
    if typed:
        data = {
            **(data or {}),
            "words": {each.name: seals.words_digest(each.text, each.salt) for each in typed},
        }
    entry = Entry(
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        actor_kind=by.kind,
        actor_id=by.id,
        organisation=organisation or "",
        at=now,
        data=_small(data or {}),
    )
    waiting = _gathered.get()
    if waiting is None:
        _write([(entry, typed)])
    else:
        waiting.append((entry, typed))
    return entry


def _typed(name: str, text: str) -> Words:
    return Words(name=name, text=text.strip()[:WORDS_LIMIT], salt=secrets.token_hex(16))


@transaction.atomic
def erase_words(entry: Entry, name: str, *, by: Actor, now: datetime) -> None:
    """Erase what a person typed for an entry, such as a name that should not stand there. The entry stays as it is
    sealed, and tells with a new one that and when the text went."""
    require(rules.may_erase_words(by))
    words = Words.objects.select_for_update().filter(entry=entry, name=name, erased_at=None).first()
    if words is None:
        raise Refused(
            "Dieser Text ist schon entfernt, oder er ist Teil des versiegelten Eintrags und bleibt."
        )
    words.text, words.salt, words.erased_at = "", "", now
    words.save()
    record("journal.words_erased", subject=("entry", str(entry.pk)), by=by, now=now, data={"name": name})


@contextmanager
def gathered() -> Iterator[None]:
    """What is recorded inside is written together at the end, in the same transaction: for many acts in a row.

    An inner block that fails takes back its own entries, as a savepoint does with its rows; use the two together.
    """
    outer = _gathered.get()
    waiting: list[_Written] = []
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    if outer is None:
        _write(waiting)
    else:
        outer.extend(waiting)


# An entry and the texts that belong to it.
_Written = tuple[Entry, Sequence[Words]]
_gathered: ContextVar[list[_Written] | None] = ContextVar("gathered_entries", default=None)


def _write(written: Sequence[_Written]) -> None:
    entries = [entry for entry, _ in written]
    if len(entries) == 1:
        entries[0].save()
    else:
        Entry.objects.bulk_create(entries)
    _keep_words(written)
    for topic in sorted({entry.topic for entry in entries}):
        bump(topic)
    _announce(entries)


def _keep_words(written: Sequence[_Written]) -> None:
    kept = []
    for entry, typed in written:
        for each in typed:
            each.entry = entry
            kept.append(each)
    if kept:
        Words.objects.bulk_create(kept)


def bump(topic: str) -> None:
    """Move the version of a topic on: for changes of pages that are no entry, such as a new index generation.

    In a transaction it moves when that commits.
    """
    Bump.objects.create(topic=topic)


def _small(data: Mapping[str, Any]) -> Any:
    text = canonical_json(data)
    if len(text) > DATA_LIMIT:
        raise ValueError(f"{len(text)} letters of data: a journal entry holds {DATA_LIMIT}")
    return json.loads(text)


def _announce(entries: Sequence[Entry]) -> None:
    due = [(entry, follower) for entry in entries for follower in followers_of(entry.kind)]
    Delivery.objects.bulk_create(Delivery(entry=entry, follower=follower) for entry, follower in due)
    for follower in dict.fromkeys(follower for _, follower in due):
        enqueue("allmende.journal.tasks.tell", follower)


def settle(deliveries: list[Delivery]) -> None:
    """The follower has been told."""
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).delete()


def postpone(delivery: Delivery) -> None:
    """The follower failed on this one: it is told again after all others."""
    Delivery.objects.filter(pk=delivery.pk).update(failures=F("failures") + 1)


def tell_leftovers() -> int:
    """Ask for every follower that has something due to be told, and drop what is due to none in settings any more;
    how many were asked for. A net below `record`: after a follower failed for good, or came back."""
    Delivery.objects.exclude(follower__in=all_followers()).delete()
    followers = list(Delivery.objects.values_list("follower", flat=True).distinct().order_by("follower"))
    for follower in followers:
        enqueue("allmende.journal.tasks.tell", follower)
    return len(followers)


def fold() -> int:
    """Replace many bumps of a topic by one with their sum, which changes no version; how many topics needed it."""
    crowded = Bump.objects.values("topic").annotate(rows=Count("pk")).filter(rows__gt=FOLD_ABOVE)
    topics = list(crowded.values_list("topic", flat=True).order_by("topic"))
    for topic in topics:
        _fold(topic)
    return len(topics)


def _fold(topic: str) -> None:
    with transaction.atomic():
        rows = list(
            Bump.objects.select_for_update(skip_locked=True).filter(topic=topic).order_by("pk")[:FOLD_AT_ONCE]
        )
        if len(rows) > 1:
            # One statement sees all of a transaction or nothing of it: no reader meets the gap in between.
            Bump.objects.filter(pk__in=[row.pk for row in rows]).delete()
            Bump.objects.create(topic=topic, amount=sum(row.amount for row in rows))


def seal_waiting(*, now: datetime) -> int:
    """Seal every entry that has none, the earliest first; how many.

    Reads outside of any transaction and writes one row at the end, so that nobody who writes entries waits for it.
    Killed in between, it has done nothing; two at once, and one of them stops.
    """
    sealed = 0
    while number := _seal_next(now):
        sealed += number
    if sealed:
        keep_checkpoint(now=now)
    return sealed


def _seal_next(now: datetime) -> int:
    last = last_seal()
    rows = unsealed(last, limit=SEAL_AT_ONCE)
    if not rows:
        return 0
    content = _content(last, rows, now)
    signer = keys.signer()
    seal = Seal(
        **vars(content),
        digest=content.digest,
        key=signer.name,
        signature=signer.sign(seals.seal_message(content.digest)),
        entries=(last.entries if last else 0) + len(rows),
    )
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:  # another sealer was first, and goes on
        return 0
    return len(rows)


def _content(last: Seal | None, rows: Sequence[Mapping[str, Any]], now: datetime) -> seals.SealContent:
    covered = ranges.of_ids(row["id"] for row in rows)
    begun = last.upto if last else 0
    upto = max(begun, covered[-1][1])
    known = ranges.from_text(last.gaps) if last else []
    new = [(begun + 1, upto)] if upto > begun else []
    gaps = ranges.without(ranges.joined([*known, *new]), covered)
    gaps = ranges.without(gaps, [(0, given_up_below(upto, now))])
    digests = seals.digests_of(rows)
    return seals.SealContent(
        number=last.number + 1 if last else 1,
        schema=seals.SCHEMA,
        ids=ranges.to_text(covered),
        marks=seals.marks(digests),
        rows=seals.rows_digest(digests),
        upto=upto,
        gaps=ranges.to_text(gaps),
        horizon=newest_transaction(),
        previous=last.digest if last else seals.NOTHING_BEFORE,
        sealed_at=now,
    )


def keep_checkpoint(*, now: datetime) -> None:
    """Keep the newest checkpoint beside the key: it tells of a tail cut off by whoever reaches the database alone."""
    newest = checkpoint(now=now)
    if newest is not None:
        place = keys.directory() / CHECKPOINT_FILE
        fresh = place.with_suffix(f".{os.getpid()}")
        fresh.write_text(newest.to_text(), encoding="utf-8")
        fresh.replace(place)
