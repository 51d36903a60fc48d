"""Vectors: worked out piece by piece beside everything else, placed, checked, swept.

An entry whose words have changed becomes `Unplaced` in the same step; a job works that list off. Each step ends in the
database before the next one begins, so that a worker killed at any moment has lost nothing but its last seconds.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db import DatabaseError, transaction
from django.db.models import F, Max

from allmende.jobs.actions import LeaseLost, enqueue, fenced
from allmende.journal.actions import bump
from allmende.retrieval.meaning.protocol import MeaningUnavailable, Placed
from allmende.retrieval.protocol import Document
from allmende.search import meaning
from allmende.search.embeddings import (
    Pieces,
    Row,
    known_contents,
    known_vectors,
    missing_texts,
    packed,
    unpacked,
)
from allmende.search.kinds_of_entries import everything, sources
from allmende.search.meaning import Meaning
from allmende.search.models import MOST_FAILURES, Embedding, Unplaced

logger = logging.getLogger(__name__)

TOPIC = "search"
LEARN = "allmende.search.tasks.learn"

BATCH = 16
"""Entries whose vectors are worked out, written and placed together: a second or two."""

TEXTS_AT_ONCE = 32
READ_AT_ONCE = 200
KEEP_UNUSED = timedelta(days=1)
"""A vector that no entry needs stays this long: the entry may be written this very moment."""


def displace(kind: str, public_ids: Collection[str]) -> None:
    """Have the vectors of these entries brought to what the database says; costs two inserts."""
    if not public_ids or not meaning.is_wanted():
        return
    with transaction.atomic():
        Unplaced.objects.bulk_create(
            [Unplaced(kind=kind, entry=public_id) for public_id in sorted(public_ids)], batch_size=500
        )
        enqueue(LEARN)


def learn(*, seconds: float, now: datetime) -> bool:
    """Work for about so long on what is unplaced, the latest first; whether something is left to do at once.

    Makes the store anew first where it asks for that. What fails because the model or the store does not answer stays
    where it is and waits for the next call.
    """
    if not meaning.is_wanted():
        _do_without()
        return False
    here = meaning.here()
    if here is None:
        # The model could not be loaded. Another start may find it again, so everything stays and waits.
        return False
    until = time.monotonic() + seconds
    try:
        _place_if_needed(here)
        while rows := _next_rows():
            _learn_some(here, rows, now)
            _place_if_needed(here)
            if time.monotonic() >= until:
                return True
    except MeaningUnavailable as error:
        logger.warning("vectors have to wait: %s", error)
    return False


def _place_if_needed(here: Meaning) -> None:
    """Also between two batches: the first vectors of a store are searched only once it knows their mean."""
    if reason := here.vectors.needs_rebuild():
        logger.info("vectors are placed anew: %s", reason)
        place_all(here)


def _do_without() -> None:
    """What changes from now on is not noted. So the store goes: should meaning come back, it is made anew, from the
    vectors in the table and without computing any of them twice."""
    Unplaced.objects.all().delete()
    if meaning.drop_vectors():
        bump(TOPIC)


def _next_rows() -> list[Unplaced]:
    """The latest first: somebody may be looking for what was published a moment ago."""
    return list(Unplaced.objects.filter(failures__lt=MOST_FAILURES).order_by("failures", "-id")[:BATCH])


def _learn_some(here: Meaning, rows: Sequence[Unplaced], now: datetime) -> None:
    """Where a batch fails, its halves, so that one text that a model cannot bear holds up no other."""
    try:
        _learn(here, rows, now)
    except (MeaningUnavailable, DatabaseError, LeaseLost):
        raise
    except Exception:
        if len(rows) > 1:
            half = len(rows) // 2
            _learn_some(here, rows[:half], now)
            _learn_some(here, rows[half:], now)
            return
        logger.exception("no vectors for %s", rows[0])
        with fenced():
            Unplaced.objects.filter(pk=rows[0].pk).update(failures=F("failures") + 1)


def _learn(here: Meaning, rows: Sequence[Unplaced], now: datetime) -> None:
    pieces = [Pieces.of(document) for document in _documents(rows)]
    known = known_vectors(here.model.name, {content for one in pieces for content in one.texts})
    missing = iter(missing_texts(pieces, known).items())
    while batch := dict(islice(missing, TEXTS_AT_ONCE)):
        known |= _embedded(here, batch, now)
    placed = [one for each in pieces if (one := each.placed(known))]
    here.vectors.put(placed)
    here.vectors.remove({row.entry for row in rows} - {one.id for one in placed})
    with fenced():
        Unplaced.objects.filter(pk__in=[row.pk for row in rows]).delete()
        bump(TOPIC)


def _documents(rows: Iterable[Unplaced]) -> Iterator[Document]:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        by_kind[row.kind].add(row.entry)
    for kind, entries in by_kind.items():
        # The kind of another release has no documents here, and is taken out.
        if kind in sources():
            yield from sources()[kind].documents(entries)


def _embedded(here: Meaning, texts: Mapping[str, str], now: datetime) -> dict[str, Row]:
    """Worked out and written: what is paid for is kept, whatever happens next."""
    rows = here.model.passages(list(texts.values()))
    made = {content: packed(row) for content, row in zip(texts, rows, strict=True)}
    with fenced():
        Embedding.objects.bulk_create(
            [
                Embedding(model=here.model.name, content=content, vector=vector, made_at=now)
                for content, vector in made.items()
            ],
            ignore_conflicts=True,
        )
    # As the table gives them: placed now or later, an entry has the same vectors.
    return {content: unpacked(vector) for content, vector in made.items()}


def place_again() -> None:
    """Make the store anew from the table, because any entry may have changed."""
    here = meaning.here()
    if here is None:
        return
    try:
        place_all(here)
    except MeaningUnavailable as error:
        logger.warning("vectors have to wait: %s", error)


def place_all(here: Meaning) -> int:
    """Make the store anew from the table; how many entries still lack a vector, which are now `Unplaced`.

    What has failed goes on from there: that the store is made anew is no reason why it should succeed now.
    """
    last = Unplaced.objects.aggregate(last=Max("pk"))["last"] or 0
    failures = _failures()
    lacking: list[Unplaced] = []
    here.vectors.rebuild(_all_placed(here, lacking))
    for row in lacking:
        row.failures = failures.get((row.kind, row.entry), 0)
    with fenced():
        # What was noted before the reading began has been read with it.
        Unplaced.objects.filter(pk__lte=last).delete()
        Unplaced.objects.bulk_create(lacking, batch_size=500)
        bump(TOPIC)
    return len(lacking)


def _failures() -> dict[tuple[str, str], int]:
    """How often each entry has failed since it changed for the last time, which is what its latest row says."""
    rows = Unplaced.objects.order_by("pk").values_list("kind", "entry", "failures")
    return {(kind, entry): failures for kind, entry, failures in rows}


def _all_placed(here: Meaning, lacking: list[Unplaced]) -> Iterator[Placed]:
    documents = everything()
    while batch := [Pieces.of(document) for document in islice(documents, READ_AT_ONCE)]:
        known = known_vectors(here.model.name, {content for one in batch for content in one.texts})
        for pieces in batch:
            if placed := pieces.placed(known):
                yield placed
            elif pieces.texts:
                lacking.append(Unplaced(kind=pieces.kind, entry=pieces.id))


def sweep_embeddings(*, now: datetime) -> int:
    """Delete vectors of texts that no entry has any more, and those of other models once this one knows every entry;
    how many. Where there is no meaning, all of them stay for the day it comes back."""
    here = meaning.here()
    if here is None:
        return 0
    used, is_complete = _used(here)
    unused = [
        key
        for key, model, content in Embedding.objects.filter(made_at__lt=now - KEEP_UNUSED)
        .values_list("pk", "model", "content")
        .iterator()
        if bytes.fromhex(content) not in used or (is_complete and model != here.model.name)
    ]
    for start in range(0, len(unused), 500):
        Embedding.objects.filter(pk__in=unused[start : start + 500]).delete()
    return len(unused)


def _used(here: Meaning) -> tuple[set[bytes], bool]:
    """The contents that entries have, and whether the model knows all of them."""
    used: set[bytes] = set()
    is_complete = True
    documents = everything()
    while batch := [Pieces.of(document) for document in islice(documents, READ_AT_ONCE)]:
        contents = {content for one in batch for content in one.texts}
        is_complete = is_complete and contents <= known_contents(here.model.name, contents)
        used |= {bytes.fromhex(content) for content in contents}
    return used, is_complete
