"""Where a new record belongs: to a solution we know, to a new one, or to a person's judgement."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import connection

from allmende.catalogue.addresses import repository_key
from allmende.catalogue.drafts import SolutionDraft
from allmende.catalogue.models import Listing, Origin, Solution
from allmende.lib.sorting import din5007_key, folded

# Shorter folded names coincide by accident too often ("forms", "portal").
SHORTEST_TELLING_NAME = 8
SHORTEST_TELLING_WORD = 4
MOST_NAMESAKES = 5

Doubts = tuple[tuple[Solution, str], ...]


@dataclass(frozen=True)
class Place:
    """The solution a record belongs to (None: a new one), and solutions that a person should compare it with."""

    solution: Solution | None
    doubtful: Doubts


def find_place(draft: SolutionDraft, origin: Origin) -> Place:
    """Decide by the repository address first, then by the name.

    The same address and the same name are the same solution, whoever says so, and also where a source has renamed
    its file. Another origin names the address of the one solution that lives there, under a name that is alike: it is
    that one. What one origin keeps apart by name (a monorepo) stays apart. All else is new, and where address or name
    agree a person decides.
    """
    key, name = repository_key(draft.repository_url), folded(draft.name)
    hold(key)
    here = _living_at(key)
    same = [each for each in here if each.folded_name == name]
    if len(same) == 1:
        return Place(same[0], ())
    from_others = [each for each in here if same or not _names(origin, each)]
    if len(here) == 1 and from_others and _alike(here[0].name, draft.name):
        return Place(here[0], ())
    doubtful = [(each, _reason(here)) for each in from_others]
    return Place(None, (*doubtful, *_namesakes(draft, name, here)))


def doubts_about(solution: Solution, key: str) -> Doubts:
    """Others that live at the address to which a known solution has moved."""
    hold(key)
    here = [each for each in _living_at(key) if each.pk != solution.pk]
    return tuple((each, "Ein Eintrag nennt jetzt dieselbe Adresse des Quellcodes.") for each in here)


def hold(key: str) -> None:
    """Let no other transaction place a record of this address meanwhile; SQLite has one writer anyway."""
    if key and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _reason(here: list[Solution]) -> str:
    if len(here) > 1:
        return "Gleiche Adresse des Quellcodes, mehrere Lösungen darin."
    return "Gleiche Adresse des Quellcodes, anderer Name."


def _namesakes(draft: SolutionDraft, name: str, here: list[Solution]) -> Doubts:
    """Others of the same name; a short name tells something only together with the website."""
    if not name:
        return ()
    known = {each.pk for each in here}
    others = Solution.objects.filter(state="published", folded_name=name).exclude(pk__in=known)[
        :MOST_NAMESAKES
    ]
    if len(name) >= SHORTEST_TELLING_NAME:
        return tuple(
            (each, "Gleicher Name, andere oder unbekannte Adresse des Quellcodes.") for each in others
        )
    site = _host(draft.website_url)
    return tuple(
        (each, "Gleicher Name und gleiche Website.")
        for each in others
        if site and _host(each.website_url) == site
    )


def _host(url: str | None) -> str:
    return (urlsplit(url or "").hostname or "").removeprefix("www.")


def _alike(one: str, other: str) -> bool:
    """Whether one name contains the other, or both share a telling word."""
    first, second = folded(one), folded(other)
    if first in second or second in first:
        return True
    words = [
        {word for word in din5007_key(name)[0].split() if len(word) >= SHORTEST_TELLING_WORD}
        for name in (one, other)
    ]
    return bool(words[0] & words[1])


def _living_at(key: str) -> list[Solution]:
    if not key:
        return []
    return list(
        Solution.objects.filter(listings__repository_key=key)
        .exclude(state__in=("merged", "erased"))
        .distinct()
    )


def _names(origin: Origin, solution: Solution) -> bool:
    return Listing.objects.filter(origin=origin, solution=solution).exists()
