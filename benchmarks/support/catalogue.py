"""A generated catalogue, seeded and written straight into the tables: the same every time, made in under a minute.

    python -m benchmarks.support.catalogue 20000

runs in a process of its own, in the data directory that `ALLMENDE_DATA_DIR` names (`environment.py` does that).
Every solution and provider is marked as invented. Written are the effective values that pages and index read; the
statements and editions behind them, which no measurement reads, are left out.
"""

import datetime
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import django
from django.core.management import call_command
from django.db import transaction

from benchmarks.support.words import RARE, Words

SEED = 20
FIRST_DAY = datetime.datetime(2021, 1, 4, 9, 0, tzinfo=datetime.UTC)
TOWNS, PROVIDERS, BATCH = 3_000, 400, 1_000
LICENCES = (
    *(
        "EUPL-1.2",
        "MIT",
        "GPL-3.0-or-later",
        "AGPL-3.0-or-later",
        "Apache-2.0",
        "GPL-2.0-or-later",
        "BSD-3-Clause",
    ),
    *("LGPL-3.0-or-later", "MPL-2.0", "AGPL-3.0-only", "EUPL-1.1", "BSD-2-Clause", "ISC", "CC0-1.0"),
)
ORIGINS = ("editorial", *("federation",) * 3, *("harvest",) * 5, *("community",) * 3)
"""Kinds of the twelve sources."""


def write(count: int) -> None:
    """Fill the empty database."""
    chance = random.Random(SEED)
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("createcachetable", verbosity=0)
    for command in ("load_vocabulary", "load_regions", "ensure_pages"):
        call_command(command)
    with transaction.atomic():
        surroundings = Surroundings(chance)
        numbers = iter(range(count))
        while batch := list(islice(numbers, BATCH)):
            _write_batch([Generated(chance, surroundings, number) for number in batch])


class Surroundings:
    """What all solutions share: codes of the vocabulary, origins, towns, providers, words."""

    def __init__(self, chance: random.Random) -> None:
        from allmende.vocabulary.queries import current

        self.chance = chance
        self.words = Words(chance)
        vocabulary = current()
        self.codes = {scheme: list(terms) for scheme, terms in vocabulary.all_terms.items()}
        self.origins = self._write_origins()
        self.towns = self._write_towns()
        self.providers = self._write_providers()

    def _write_origins(self) -> list[Any]:
        from allmende.catalogue.models import Origin

        rows = [
            Origin(
                public_id=public_id(self.chance),
                code=f"quelle-{number}",
                label=f"Erfundene Quelle {number}",
                kind=kind,
                rank=number,
            )
            for number, kind in enumerate(ORIGINS, 1)
        ]
        return Origin.objects.bulk_create(rows)

    def _write_towns(self) -> list[Any]:
        from allmende.organisations.models import Organisation
        from allmende.regions.models import Region

        # One of each name: a source claims a use by name, and names none twice.
        regions = {region.name: region for region in Region.objects.filter(level="gemeinde").order_by("key")}
        chosen = self.chance.sample(list(regions.values()), min(TOWNS, len(regions)))
        return Organisation.objects.bulk_create(
            Organisation(
                public_id=public_id(self.chance),
                name=region.name,
                kind="municipality",
                region=region,
                created_at=FIRST_DAY,
            )
            for region in chosen
        )

    def _write_providers(self) -> list[Any]:
        from allmende.organisations.models import Organisation

        return Organisation.objects.bulk_create(
            Organisation(
                public_id=public_id(self.chance),
                name=f"{self.words.compounds[number].title()} Musterhaus {number}",
                kind=self.chance.choice(("sme", "startup", "large_company", "public_it_provider")),
                is_invented=True,
                created_at=FIRST_DAY,
            )
            for number in range(PROVIDERS)
        )

    def code(self, scheme: str, *, unknown: float = 0.0) -> str:
        """A code of the scheme, the first ones more often; "" in that share of cases."""
        codes = self.codes[scheme]
        if self.chance.random() < unknown:
            return ""
        return codes[min(int(self.chance.expovariate(4 / len(codes))), len(codes) - 1)]


class Generated:
    """One solution with everything around it, before it has keys of the database."""

    def __init__(self, chance: random.Random, around: Surroundings, number: int) -> None:
        self.chance, self.around, self.number = chance, around, number
        self.languages = ["de"] if chance.random() < 0.4 else ["de", "en"]
        if chance.random() < 0.15:
            self.languages = ["en"]
        self.name = f"{chance.choice(around.words.compounds).capitalize()} {number}"
        self.moment = FIRST_DAY + datetime.timedelta(minutes=number * 140)
        self.origins = chance.sample(around.origins, chance.choice((1, 1, 1, 2)))
        self.solution = self._solution()
        self.listings = [self._listing(origin) for origin in self.origins]

    def _solution(self) -> Any:
        from allmende.catalogue.models import Solution
        from allmende.lib.sorting import din5007_key, folded

        chance, around = self.chance, self.around
        return Solution(
            public_id=public_id(chance),
            state="published",
            name=self.name,
            sort_name=din5007_key(self.name)[0],
            folded_name=folded(self.name),
            repository_url=f"https://quelltext.example/{self.number}",
            repository_key=f"quelltext.example/{self.number}",
            licence=_skewed(chance, LICENCES) if chance.random() < 0.85 else "",
            maturity=around.code("maturity", unknown=0.2),
            boundary=around.code("boundary", unknown=0.3),
            maintenance=around.code("maintenance", unknown=0.4),
            primary_field=around.code("field_of_action"),
            maintainer=chance.choice(around.providers).name,
            platforms=["web"],
            topics=[word.lower() for word in chance.sample(around.words.compounds, 3)],
            is_invented=True,
            as_of=self.moment.date() if chance.random() < 0.6 else None,
            first_seen_at=self.moment,
            published_at=self.moment,
            changed_at=self.moment,
            edition_number=1,
        )

    def _listing(self, origin: Any) -> Any:
        from allmende.catalogue.models import Listing

        return Listing(
            solution=self.solution,
            origin=origin,
            key=f"eintrag-{self.number}",
            repository_key=self.solution.repository_key,
            draft_digest=f"{self.number:064x}",
            as_of=self.solution.as_of,
            first_seen_at=self.moment,
            joined_at=self.moment,
            changed_at=self.moment,
        )

    def texts(self) -> Iterator[Any]:
        from allmende.catalogue.models import SolutionText

        words = self.around.words
        for position, language in enumerate(self.languages):
            sentence = words.german if language == "de" else words.english
            description = words.paragraphs(language, self.chance.choice((40, 80, 120, 240)))
            if self.number % 2_000 == 7 and not position:
                description += f" {RARE} mit Anbindung."
            yield SolutionText(
                solution=self.solution,
                listing=self.listings[0],
                language=language,
                position=position,
                name=self.name,
                summary=sentence(18),
                description=description,
                features=[sentence(5) for _ in range(self.chance.choice((0, 3, 5)))],
            )

    def terms(self) -> Iterator[Any]:
        from allmende.catalogue.models import SolutionTerm

        numbers = {"field_of_action": (1, 1, 2, 3), "solution_type": (1, 1, 2), "delivery_model": (0, 1, 2)}
        for scheme, how_many in numbers.items():
            codes = [self.around.code(scheme) for _ in range(self.chance.choice(how_many))]
            if scheme == "field_of_action":
                codes.insert(0, self.solution.primary_field)
            for position, code in enumerate(dict.fromkeys(codes)):
                yield SolutionTerm(solution=self.solution, scheme=scheme, code=code, position=position)

    def offers(self) -> Iterator[Any]:
        from allmende.catalogue.models import Offer

        for _ in range(self.chance.choice((0, 0, 1, 1, 2, 3))):
            kind = self.chance.choice(("product", "operation", "operation", "consulting"))
            yield Offer(
                public_id=public_id(self.chance),
                solution=self.solution,
                state="published",
                kind=kind,
                title=f"{self.name}: {kind}",
                description=self.around.words.german(20),
                supplier=self.chance.choice(self.around.providers),
                operator=self.chance.choice(self.around.providers) if kind == "operation" else None,
                delivery_model=self.around.code("delivery_model", unknown=0.2),
                price_model=self.around.code("price_model", unknown=0.2),
                on_request=self.chance.random() < 0.3,
                as_of=self.moment.date(),
                is_invented=True,
                published_at=self.moment,
                changed_at=self.moment,
            )

    def prices(self, offer: Any) -> Iterator[Any]:
        from allmende.catalogue.models import PriceRow

        kinds = ("yearly", "one_off", "per_unit_yearly", "monthly")
        for position in range(0 if offer.on_request else self.chance.choice((1, 2, 3))):
            kind = kinds[(position + self.number) % 4]
            yield PriceRow(
                offer=offer,
                position=position,
                kind=kind,
                amount=Decimal(self.chance.randrange(100, 4_000_000)) / 100,
                unit=self.chance.choice(("inhabitant", "user")) if kind == "per_unit_yearly" else "",
            )

    def claimed_uses(self) -> Iterator[Any]:
        from allmende.catalogue.models import ClaimedUse

        # One in fifty is used by many: the list that a page has to count.
        many = self.chance.choice((0, 0, 1, 2, 3, 5)) if self.number % 50 else 60
        for town in self.chance.sample(self.around.towns, many):
            yield ClaimedUse(
                listing=self.listings[0], solution=self.solution, organisation=town, name=town.name
            )

    def confirmed_uses(self) -> Iterator[Any]:
        from allmende.catalogue.models import ConfirmedUse

        many = self.chance.choice((0, 0, 0, 1, 2)) if self.number % 50 else 30
        for town in self.chance.sample(self.around.towns, many):
            yield ConfirmedUse(
                public_id=public_id(self.chance),
                solution=self.solution,
                organisation=town,
                state=self.chance.choice(("pilot", "productive", "productive", "productive")),
                since=self.moment.date(),
                confirmed_at=self.moment,
            )


def _write_batch(batch: Sequence[Generated]) -> None:
    _insert(each.solution for each in batch)
    _insert(listing for each in batch for listing in each.listings)
    offers = _insert(offer for each in batch for offer in each.offers())
    by_solution = {each.solution.pk: each for each in batch}
    _insert(row for offer in offers for row in by_solution[offer.solution_id].prices(offer))
    for name in ("texts", "terms", "claimed_uses", "confirmed_uses"):
        _insert(row for each in batch for row in getattr(each, name)())


def _insert(rows: Iterable[Any]) -> list[Any]:
    found: dict[type, list[Any]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row)
    return [row for model, each in found.items() for row in model._default_manager.bulk_create(each)]  # type: ignore[attr-defined]


def public_id(chance: random.Random) -> str:
    from allmende.lib.ids import ALPHABET, LENGTH

    return "".join(chance.choices(ALPHABET, k=LENGTH))


def _skewed(chance: random.Random, values: Sequence[str]) -> str:
    return values[min(int(chance.expovariate(4 / len(values))), len(values) - 1)]


if __name__ == "__main__":
    django.setup()
    write(int(sys.argv[1]))
