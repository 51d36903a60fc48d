"""What else than solutions has the words of a search: needs, providers, towns. One box over all kinds, each typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from allmende.catalogue.queries import providers_called
from allmende.demand.queries.needs import open_to
from allmende.demand.search import needs_near
from allmende.lib.actors import Actor
from allmende.regions import levels
from allmende.regions.queries import look_up

MOST = 3
# A name of two letters is part of hundreds.
SHORTEST = 3
PLACES = (levels.GEMEINDE, levels.KREIS, levels.GEMEINDEVERBAND)


@dataclass(frozen=True)
class Found:
    """`more`: whose it is, or where; "" where the name says it."""

    label: str
    href: str
    more: str = ""


@dataclass(frozen=True)
class Kind:
    """At most `MOST` of one kind, and the page that lists all of them."""

    heading: str
    found: Sequence[Found]
    every: str
    href: str


def beside(text: str, actor: Actor) -> list[Kind]:
    """The kinds of which something has every word of the text, as far as the actor may read it; [] for short texts."""
    text = text.strip()
    if len(text) < SHORTEST:
        return []
    kinds = (
        Kind("Bedarfe von Kommunen", _needs(text, actor), "Alle Bedarfe", reverse("needs")),
        Kind("Anbieter", _providers(text), "Alle Anbieter", reverse("providers")),
        Kind("Kommunen", _towns(text), "Alle Kommunen", reverse("towns")),
    )
    return [kind for kind in kinds if kind.found]


def _needs(text: str, actor: Actor) -> list[Found]:
    near = needs_near(text, limit=MOST, any_word=False)
    known = {need.public_id: need for need in open_to(actor).filter(public_id__in=near)} if near else {}
    found = (known[each] for each in near if each in known)
    return [
        Found(need.title, reverse("need", args=[need.public_id]), need.organisation.name) for need in found
    ]


def _providers(text: str) -> list[Found]:
    return [
        Found(each.name, reverse("provider", args=[each.public_id]))
        for each in providers_called(text, most=MOST)
    ]


def _towns(text: str) -> list[Found]:
    return [
        Found(place.label, reverse("town", args=[place.region.key]))
        for place in look_up(text, only=PLACES, limit=MOST)
    ]
