"""How long matching takes: one need with 30 criteria against 100,000 offers, one changed offer against 10,000 needs.

    python -m benchmarks.matching [repetitions]

On a copy of the generated catalogue (20,000 solutions) with offers added up to 100,000 and 10,000 open needs of its
towns. Words alone: a question's vector and the nearest entries add what RESULTS.md says of the search (about 15 ms).
What has changed in the catalogue is read again within the time; reading everything, as the first need of a process
does, is told apart.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from benchmarks.support import environment, report

OFFERS, NEEDS, CRITERIA_EACH = 100_000, 10_000, 30
BAR_NEED_MS, BAR_OFFER_S = 300, 2.0
DAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    report.machine("tantivy", "numpy")
    catalogue = environment.catalogue(20_000)
    with environment.copy_of(catalogue) as data_dir:
        environment.enter(data_dir)
        from django.conf import settings

        settings.SEARCH_EMBEDDINGS = "none"
        _fill()
        _measure(repetitions)


def _fill() -> None:
    """Offers and needs, straight into the tables, and the needs into the index."""
    from django.db import transaction

    from allmende.search.actions import rebuild

    chance = random.Random(7)
    with transaction.atomic():
        _add_offers(chance)
        _add_needs(chance)
    started = time.monotonic()
    rebuild()
    print(f"index made in {time.monotonic() - started:.0f} s\n", flush=True)


def _add_offers(chance: random.Random) -> None:
    from allmende.catalogue.models import Offer, PriceRow, Solution
    from allmende.lib.ids import new_public_id
    from allmende.organisations.models import Organisation

    providers = list(Organisation.objects.exclude(kind="municipality"))
    Organisation.objects.update(state="accredited", accredited_at=DAY)
    keys = list(Solution.objects.values_list("pk", flat=True))
    offers = [
        Offer(
            public_id=new_public_id(),
            solution_id=chance.choice(keys),
            state="published",
            kind=chance.choice(("product", "operation")),
            title="Angebot",
            supplier=chance.choice(providers),
            operator=chance.choice(providers),
            delivery_model=chance.choice(("saas_provider", "saas_public", "managed_hosting", "on_premise")),
            renew_by=date(2027, 1, 1) if chance.random() < 0.5 else None,
            published_at=DAY,
            changed_at=DAY,
        )
        for _ in range(OFFERS - Offer.objects.count())
    ]
    made = Offer.objects.bulk_create(offers, batch_size=2_000)
    PriceRow.objects.bulk_create(
        (
            PriceRow(offer=offer, position=place, kind=kind, amount=Decimal(chance.randrange(9_000)))
            for offer in made
            for place, kind in enumerate(("one_off", "yearly"))
        ),
        batch_size=5_000,
    )


def _add_needs(chance: random.Random) -> None:
    from allmende.demand.models import Need, NeedCriterion
    from allmende.lib.ids import new_public_id
    from allmende.organisations.models import Organisation
    from benchmarks.support.words import Words

    words = Words(chance)
    towns = list(Organisation.objects.filter(kind="municipality"))
    needs = Need.objects.bulk_create(
        (
            Need(
                public_id=new_public_id(),
                organisation=chance.choice(towns),
                state="published",
                visibility="public",
                title=" ".join(chance.sample(words.compounds, 2)),
                problem=" ".join(words.german(18) for _ in range(3)),
                fields_of_action=[chance.choice(("verwaltung", "mobilitaet", "energie"))],
                population=chance.randrange(500, 90_000),
                edition_number=1,
                published_at=DAY,
                begun_at=DAY,
                changed_at=DAY,
            )
            for _ in range(NEEDS)
        ),
        batch_size=2_000,
    )
    asked = thirty()
    NeedCriterion.objects.bulk_create(
        (
            NeedCriterion(
                need=need,
                public_id=new_public_id(),
                position=place,
                weight=weight,
                criterion=code,
                wanted=wanted,
            )
            for need in needs
            for place, (weight, code, wanted) in enumerate(asked)
        ),
        batch_size=10_000,
    )


def thirty() -> list[tuple[str, str, Any]]:
    """All criteria of the registry, some twice with another value."""
    from allmende.demand.criteria import CRITERIA

    values: dict[str, Any] = {"flag": True, "at_most": "5000.00", "at_least": "2", "all_of": ["PostgreSQL"]}
    codes = {
        "delivery_model": ["saas_public", "managed_hosting"],
        "maturity": ["productive"],
        "maintenance": ["internal", "contract"],
        "language": ["de"],
        "boundary": ["smart_city"],
    }
    once = [(each.code, codes.get(each.scheme) or values[each.kind]) for each in CRITERIA.values()]
    twice = (once * 2)[:CRITERIA_EACH]
    return [
        ("must" if place % 3 == 0 else "should", code, wanted) for place, (code, wanted) in enumerate(twice)
    ]


def _measure(repetitions: int) -> None:
    from django.db import transaction

    from allmende.catalogue.models import Offer, Solution
    from allmende.demand import facts_kept as facts
    from allmende.demand import facts_read
    from allmende.demand.actions.matching import match_solution
    from allmende.demand.matching import context_of, looking_for, matches
    from allmende.demand.models import Need
    from allmende.journal.actions import record
    from allmende.lib.actors import Actor

    program = Actor.program("benchmark")
    reading = _timed(facts_read.read)
    known = facts.facts()
    print(f"{Offer.objects.count():,} offers, {len(known.subjects):,} rows, {Need.objects.count():,} needs\n")
    chosen = Need.objects.select_related("organisation__region__land").prefetch_related("criteria")[
        :repetitions
    ]
    needs = list(chosen)

    def one(need: Need) -> Callable[[], Any]:
        return lambda: matches(looking_for(need), context_of(need, program, DAY.date()), threshold=0)

    one(needs[0])()
    forward = [_timed(one(need)) for need in needs]
    offered = Solution.objects.filter(offers__state="published").distinct().order_by("pk")[: repetitions // 3]
    later = DAY + timedelta(hours=1)
    backward = []
    for each in offered:
        # The columns have to be brought to the new state first: that is part of it.
        with transaction.atomic():
            record("catalogue.offer_changed", subject=each, by=program, now=later)
        backward.append(_timed(partial(match_solution, each, by=program, now=later)))
    report.table(
        ("ms", "p50", "p95", "longest", "p95 of the processor", "bar"),
        [
            ("one need, 30 criteria", *_told(forward), BAR_NEED_MS),
            ("one changed offer", *_told(backward), int(BAR_OFFER_S * 1_000)),
            ("reading the columns anew", *_told([reading]), "-"),
        ],
    )
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def _timed(run: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    started, used = time.perf_counter(), time.process_time()
    run()
    return (time.perf_counter() - started) * 1_000, (time.process_time() - used) * 1_000


def _told(times: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    clock, processor = np.array(times).T
    p50, p95 = np.percentile(clock, (50, 95))
    return float(p50), float(p95), float(clock.max()), float(np.percentile(processor, 95))


if __name__ == "__main__":
    main()
