"""Solutions that may be the one somebody is about to bring in a second time."""

from dataclasses import dataclass

from allmende.catalogue.addresses import repository_key
from allmende.catalogue.contents import Content
from allmende.catalogue.models import Solution, WorkingCopy
from allmende.catalogue.queries import visible_to
from allmende.lib.actors import Actor
from allmende.lib.sorting import folded

MOST = 5
SHORTEST_TELLING = 4


@dataclass(frozen=True)
class Lookalike:
    """One that is here already, and why it may be the same."""

    solution: Solution
    why: str


def lookalikes(copy: WorkingCopy, content: Content, actor: Actor) -> list[Lookalike]:
    """Published solutions at the same address or of the same or a containing name; nothing for other kinds."""
    draft = content.solution
    if copy.kind != "new_solution" or draft is None:
        return []
    published = visible_to(actor).filter(state="published")
    key, name = repository_key(draft.repository_url), folded(draft.name)[:300]
    found: dict[int, Lookalike] = {}
    if key:
        for each in published.filter(listings__repository_key=key).distinct()[:MOST]:
            found.setdefault(each.pk, Lookalike(each, "Dieselbe Adresse des Quellcodes."))
    if len(name) >= SHORTEST_TELLING:
        for each in published.filter(folded_name=name)[:MOST]:
            found.setdefault(each.pk, Lookalike(each, "Derselbe Name."))
        for each in published.filter(folded_name__contains=name)[:MOST]:
            found.setdefault(each.pk, Lookalike(each, "Ein ähnlicher Name."))
    return list(found.values())[:MOST]
