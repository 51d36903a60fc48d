"""What the marketplace of the hall has to show: four solutions, offers with open and with hidden prices."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from allmende.catalogue.actions import know_origin, publish_offer, receive
from allmende.catalogue.drafts import ContactDraft, OfferDraft, PriceDraft, SolutionDraft, TextDraft
from allmende.catalogue.models import Origin, Solution
from allmende.demand.models import NeedCriterion
from allmende.exploration.actions.candidates import add_from_snapshot
from allmende.exploration.actions.searches import take_snapshot
from allmende.exploration.models import Candidate, LoggedSearch
from allmende.exploration.seen import search_seen
from allmende.lib.actors import Actor
from allmende.organisations.actions import register
from allmende.organisations.models import Organisation
from allmende.search.actions import rebuild
from allmende.search.queries import Question
from tests.exploration.hall import Hall

HARVEST = Actor.program("harvest")
MELDER = SolutionDraft(
    name="Straßenmelder",
    texts=(TextDraft(language="de", summary="Menschen melden Schäden an Straßen.", description="Mit Foto."),),
    repository_url="https://code.example.org/stadt/melder",
    licence="EUPL-1.2",
    fields_of_action=("verwaltung",),
    maturity="productive",
    contacts=(ContactDraft(name="Erna Beispiel", email="erna@person.example"),),
    as_of=date(2026, 2, 3),
)
NAMES = ("Straßenmelder", "Schadensmelder", "Laternenmelder", "Wegemelder")


@dataclass
class Shelf:
    hall: Hall
    origin: Origin
    solutions: list[Solution]
    seller: Organisation

    @property
    def melder(self) -> Solution:
        return Solution.objects.get(pk=self.solutions[0].pk)

    def change(self, **values: object) -> None:
        """The source says something else about the first one from now on."""
        receive(
            replace(MELDER, repository_url="https://code.example.org/0", **values),  # type: ignore[arg-type]
            origin=self.origin,
            key="0.yml",
            by=HARVEST,
            now=self.hall.now,
        )


def a_shelf(hall: Hall, now: datetime) -> Shelf:
    origin = know_origin("stadt", label="Katalog der Stadt", kind="harvest", by=HARVEST, now=now)
    made = []
    for place, name in enumerate(NAMES):
        draft = replace(MELDER, name=name, repository_url=f"https://code.example.org/{place}")
        said = receive(draft, origin=origin, key=f"{place}.yml", by=HARVEST, now=now).solution
        assert said is not None
        made.append(said)
    seller = register("Melder GmbH", kind="sme", by=HARVEST, now=now)
    for place, (solution, prices_for) in enumerate(zip(made, ("public", "administration"), strict=False)):
        offer = OfferDraft(
            title="Als Dienst",
            seller=seller.public_id,
            supplier=seller.public_id,
            delivery_model="saas_provider",
            price_model="subscription_flat",
            prices_for=prices_for,
            prices=(
                PriceDraft(kind="one_off", amount=Decimal(500)),
                PriceDraft(kind="yearly", amount=Decimal(1000 + 987 * place)),
            ),
            contact=ContactDraft(name="Max Muster", email="max@person.example", is_team=True),
        )
        publish_offer(offer, solution=solution, by=HARVEST, now=now)
    rebuild()
    return Shelf(hall, origin, made, seller)


def looked(shelf: Shelf, text: str = "melden", by: str = "lead") -> LoggedSearch:
    actor = shelf.hall.actor(by)
    return take_snapshot(
        shelf.hall.case, search_seen(Question(text=text), actor), by=actor, now=shelf.hall.now
    )


def listed(shelf: Shelf) -> list[Candidate]:
    """All four on the long list, by name."""
    search = looked(shelf)
    ids = [each.public_id for each in shelf.solutions]
    add_from_snapshot(search, ids, by=shelf.hall.actor("lead"), now=shelf.hall.now)
    return list(shelf.hall.case.candidates.order_by("solution_name"))


def with_criteria(hall: Hall) -> list[NeedCriterion]:
    """One of the registry as must, one in the town's own words as should."""
    return [
        NeedCriterion.objects.create(
            need=hall.case.need, position=1, weight="must", criterion="open_source", wanted=True
        ),
        NeedCriterion.objects.create(
            need=hall.case.need, position=2, weight="should", text="Meldungen lassen sich ausdrucken"
        ),
    ]
