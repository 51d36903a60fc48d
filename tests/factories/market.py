"""A small market for tests of pages: two sources, three solutions, an invented Kreis with two towns, two providers."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from allmende.catalogue.actions import confirm_use, know_origin, publish_offer, receive
from allmende.catalogue.drafts import ClaimedUseDraft, OfferDraft, PriceDraft, SolutionDraft, TextDraft
from allmende.catalogue.models import Origin, Solution
from allmende.lib.actors import Actor
from allmende.organisations.actions import for_region, register
from allmende.organisations.models import Organisation
from allmende.regions.actions import add_invented
from allmende.regions.drafts import InventedRegion
from allmende.search.actions import rebuild
from tests.factories.words import load
from tests.support.laid import laid

HARVEST = Actor.program("harvest")
DEMO = Actor.program("demo")

MELDER = SolutionDraft(
    name="Mängelmelder",
    texts=(
        TextDraft(
            language="de",
            summary="Menschen melden Schäden an Straßen.",
            description="Wer eine kaputte Laterne sieht, schickt ein Foto und den Ort.",
        ),
        TextDraft(language="en", summary="People report damage in the street."),
    ),
    repository_url="https://code.example.org/stadt/maengelmelder",
    licence="EUPL-1.2",
    fields_of_action=("verwaltung", "beteiligung"),
    solution_types=("maengelmelder",),
    maturity="productive",
    boundary="smart_city",
    claimed_uses=(ClaimedUseDraft(name="Birkenmarkt", ags="99001002"),),
    as_of=date(2026, 2, 3),
)
RAUM = SolutionDraft(
    name="Raumbuchung",
    texts=(TextDraft(language="de", summary="Räume und Hallen online reservieren."),),
    repository_url="https://code.example.org/land/raum",
    licence="MIT",
    fields_of_action=("verwaltung",),
    solution_types=("raumbuchung",),
)
FOREIGN = SolutionDraft(
    name="Potholes",
    texts=(TextDraft(language="en", summary="Report a pothole in your street."),),
    repository_url="https://code.example.org/city/potholes",
    fields_of_action=("mobilitaet",),
)


@dataclass
class Market:
    """Whoever and whatever a test may want to name."""

    city: Origin
    editors: Origin
    melder: Solution
    raum: Solution
    foreign: Solution
    town: Organisation
    neighbour: Organisation
    provider: Organisation
    other_provider: Organisation


def regions(now: datetime) -> dict[str, Organisation]:
    """The invented Kreis; its two towns as organisations by key."""
    places = [
        InventedRegion(key="99", name="Beispielland", type_code="", parent_key=None, latitude=54.3, longitude=5.4),
        InventedRegion(
            key="99001", name="Beispielkreis", type_code="44", parent_key="99", latitude=54.3, longitude=5.4
        ),
        InventedRegion(
            key="99001001", name="Ahornstadt", type_code="63", parent_key="99001", population=42_310,
            postcode="00101", latitude=54.3, longitude=5.3, size_class=22,
        ),
        InventedRegion(
            key="99001002", name="Birkenmarkt", type_code="64", parent_key="99001", population=6_040,
            postcode="00102", latitude=54.4, longitude=5.6,
        ),
    ]  # fmt: skip
    made = add_invented(places, by=DEMO, now=now)
    return {region.key: for_region(region, by=DEMO, now=now) for region in made if region.ags}


def open_market(now: datetime) -> Market:
    """Everything, and the index of it. Wants `settings.DEMO`, since the towns are invented."""
    index = Path(settings.SEARCH_INDEX_DIR)
    return laid(("market", now, settings.DEMO), lambda: _made(now), folder=index)


def _made(now: datetime) -> Market:
    load(by=HARVEST, now=now)
    towns = regions(now)
    city = know_origin("stadt", label="Katalog der Stadt", kind="harvest", by=HARVEST, now=now)
    editors = know_origin("redaktion", label="Redaktion", kind="editorial", by=HARVEST, now=now)
    market = Market(
        city=city,
        editors=editors,
        melder=receive(MELDER, origin=city, key="melder.yml", by=HARVEST, now=now).solution,
        raum=receive(RAUM, origin=editors, key="raum.yml", by=HARVEST, now=now).solution,
        foreign=receive(FOREIGN, origin=city, key="potholes.yml", by=HARVEST, now=now).solution,
        town=towns["99001001"],
        neighbour=towns["99001002"],
        provider=register("Beispiel-Software GmbH", kind="sme", by=DEMO, now=now, is_invented=True),
        other_provider=register("Amt für Beispiele", kind="public_it_provider", by=DEMO, now=now),
    )
    confirm_use(
        market.melder, organisation=market.town, state="productive", since=date(2024, 4, 1), by=DEMO, now=now
    )
    publish_offer(_offer(market), solution=market.melder, by=DEMO, now=now)
    rebuild()
    return market


def _offer(market: Market) -> OfferDraft:
    return OfferDraft(
        title="Als Dienst",
        supplier=market.provider.public_id,
        operator=market.other_provider.public_id,
        seller=market.provider.public_id,
        delivery_model="saas_provider",
        price_model="subscription_flat",
        prices=(
            PriceDraft(kind="one_off", amount=Decimal(500)),
            PriceDraft(kind="yearly", amount=Decimal(1200)),
        ),
        as_of=date(2026, 1, 5),
        is_invented=True,
    )


def more_solutions(number: int, origin: Origin, now: datetime) -> list[Solution]:
    """That many more solutions like the second one, each with a use and a name of its own."""
    return [
        receive(
            replace(
                RAUM,
                name=f"Raumbuchung {place}",
                repository_url=f"https://code.example.org/raum/{place}",
                claimed_uses=(ClaimedUseDraft(name="Birkenmarkt", ags="99001002"),),
            ),
            origin=origin,
            key=f"raum-{place}.yml",
            by=HARVEST,
            now=now,
        ).solution
        for place in range(number)
    ]
