"""Where a new record belongs: to a solution we know, to a new one, or to a person's judgement."""

from dataclasses import dataclass

from allmende.catalogue.addresses import repository_key
from allmende.catalogue.drafts import SolutionDraft
from allmende.catalogue.models import Listing, Origin, Solution
from allmende.lib.sorting import folded

# Shorter folded names coincide by accident too often ("forms", "portal").
SHORTEST_TELLING_NAME = 8


@dataclass(frozen=True)
class Place:
    """The solution a record belongs to (None: a new one), and solutions that a person should compare it with."""

    solution: Solution | None
    doubtful: tuple[tuple[Solution, str], ...]


def find_place(draft: SolutionDraft, origin: Origin) -> Place:
    """Decide by the repository address first, then by the name.

    Another origin names the same address and only one solution lives there: it is that one. Several live there
    (a monorepo): the one of the same name. What the same origin keeps apart stays apart. All else is new, and
    where address or name agree a person decides.
    """
    key, name = repository_key(draft.repository_url), folded(draft.name)
    here = _living_at(key) if key else []
    from_others = [each for each in here if not _names(origin, each)]
    if len(here) == 1 and from_others:
        return Place(here[0], ())
    same_name = [each for each in from_others if each.folded_name == name]
    if len(same_name) == 1:
        return Place(same_name[0], ())
    doubtful = [(each, "Gleiche Adresse des Quellcodes, mehrere Lösungen darin.") for each in from_others]
    if len(name) >= SHORTEST_TELLING_NAME:
        known = {each.pk for each in here}
        doubtful += [
            (each, "Gleicher Name, andere oder unbekannte Adresse.")
            for each in Solution.objects.filter(state="published", folded_name=name).exclude(pk__in=known)[:5]
        ]
    return Place(None, tuple(doubtful))


def _living_at(key: str) -> list[Solution]:
    return list(
        Solution.objects.filter(listings__repository_key=key)
        .exclude(state__in=("merged", "erased"))
        .distinct()
    )


def _names(origin: Origin, solution: Solution) -> bool:
    return Listing.objects.filter(origin=origin, solution=solution).exists()
