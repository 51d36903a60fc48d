"""How long a market exploration takes to keep what the marketplace shows.

    python -m benchmarks.exploration [repetitions]

A snapshot of 500 entries: the search, the archived edition of each entry, the order with its explanation, one
transaction. On a copy of the generated catalogue of 20,000 solutions, whose editions are written as long as real ones.
"""

import random
import sys
import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.support import environment, report
from benchmarks.support.words import COMMON

ENTRIES, BAR_SECONDS = 500, 1.0
EDITION = 6_000
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    report.machine("tantivy")
    with environment.copy_of(environment.catalogue(20_000)) as data_dir:
        environment.enter(data_dir)
        from django.conf import settings

        settings.SEARCH_EMBEDDINGS = "none"
        _write_editions()
        _snapshots(repetitions)


def _write_editions() -> None:
    """One edition for each solution, as long as those of real entries."""
    from allmende.catalogue.models import Edition, Solution
    from allmende.lib.canonical import canonical_json, digest

    chance = random.Random(7)
    words = "".join(chance.choice("abcdefghij klmnopqrs ") for _ in range(EDITION))
    rows = Solution.objects.filter(state="published").values_list("public_id", "name", "edition_number")
    Edition.objects.filter(subject_type="solution")._raw_delete("default")
    Edition.objects.bulk_create(
        (
            Edition(
                subject_type="solution",
                subject_id=public_id,
                number=number,
                schema_version=1,
                content=canonical_json(content),
                digest=digest(content),
                author="bench",
                created_at=NOW,
            )
            for public_id, name, number in rows
            for content in [{"id": public_id, "name": name, "values": {"text": words}, "offers": []}]
        ),
        batch_size=1_000,
    )


def _snapshots(repetitions: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from allmende.exploration.actions.searches import take_snapshot
    from allmende.exploration.queries.snapshots import faults_of
    from allmende.exploration.seen import search_seen
    from allmende.search.queries import Question

    case, actor = _case()
    question = Question(text=COMMON)
    looking, keeping, whole = [], [], []
    for _ in range(repetitions + 1):
        started = time.perf_counter()
        seen = search_seen(question, actor)
        seen_at = time.perf_counter()
        search = take_snapshot(case, seen, by=actor, now=NOW)
        ended = time.perf_counter()
        looking.append((seen_at - started) * 1_000)
        keeping.append((ended - seen_at) * 1_000)
        whole.append((ended - started) * 1_000)
    with CaptureQueriesContext(connection) as queries:
        take_snapshot(case, search_seen(question, actor), by=actor, now=NOW)
    entries = search.snapshot.entries.count()
    started = time.perf_counter()
    faults = faults_of(search.snapshot)
    checked = (time.perf_counter() - started) * 1_000
    print(
        f"{search.hits:,} found, {entries} kept, {len(queries)} queries; the first of {repetitions + 1} left out\n"
    )
    report.table(
        ("milliseconds", "median", "p95", "max"),
        [
            (name, report.median(times[1:]), report.percentile(times[1:], 0.95), max(times[1:]))
            for name, times in (("looking", looking), ("keeping", keeping), ("both", whole))
        ],
    )
    print(f"checking all hashes of it: {checked:.0f} ms\n")
    slowest = report.percentile(whole[1:], 0.95) / 1_000
    report.bar(
        f"snapshot of {ENTRIES} entries ≤ {BAR_SECONDS:.0f} s",
        f"{slowest:.2f} s (p95), {entries} entries, {len(faults)} faults",
        holds=slowest <= BAR_SECONDS and entries == ENTRIES and not faults,
    )


def _case() -> tuple[Any, Any]:
    """A case of some town whose plan is fixed, and the person who leads it."""
    from allmende.demand.models import Need
    from allmende.exploration.models import Case, CaseMember
    from allmende.lib.actors import Actor
    from allmende.organisations.models import Organisation

    town = Organisation.objects.order_by("pk").first()
    actor = Actor("person", "bench", frozenset({("municipality_editor", town.public_id)}))
    told = {"begun_at": NOW, "begun_by": actor.id, "changed_at": NOW}
    need = Need.objects.create(organisation=town, title="Messung", changed_by=actor.id, **told)
    case = Case.objects.create(
        organisation=town, need=need, title="Messung", plan_fixed_at=NOW, plan_fixed_by=actor.id, **told
    )
    CaseMember.objects.create(case=case, user=actor.id, role="lead", since=NOW, added_by=actor.id)
    return case, actor


if __name__ == "__main__":
    main()
