"""Names of catalogue solutions and of who makes or offers them, found in what a town has written.

Not every name is a brand: a solution called "Mängelmelder" has no right to the word. What consists of words of the
language and is written like them is left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from allmende.catalogue.models import Solution
from allmende.journal.queries import versions
from allmende.lib.sorting import folded
from allmende.organisations.models import Organisation
from allmende.organisations.names import alike
from allmende.retrieval.compounds import base, split
from allmende.retrieval.text import STOP_WORDS, fold

LONGEST_NAME = 5
"""Words; names of more words hardly stand in a text as they are."""
SHORTEST = 3
MOST = 5
# What is read of a text: a form lets through no more, and a page that is saved as one types has to stay quick.
MOST_WORDS = 3_000
_AT_ONCE = 900

# What a compound ends with that says which kind of thing it is: "Baumkataster" is no brand, "Pegelblick" is one.
_KINDS_OF_THINGS = frozenset(
    """
    akte amt anwendung app archiv assistent atlas auskunft ausweis bank bericht buch büro cloud daten datenbank dienst
    formular haus information kalender karte kasse kataster liste management melder meldung modell netz ordnung plan
    planung plattform portal programm raum rechner register seite sensor server software stelle steuerung suche system
    technik termin tool verfahren vergabe verwaltung verzeichnis werkzeug wesen zentrum zwilling
    """.split()  # noqa: SIM905  # words read better so than as a column of seventy lines
)

_WORD = re.compile(r"[^\W_]+(?:[-.&+'’][^\W_]+)*")
_INNER_CAPITAL_OR_DIGIT = re.compile(r"\d|[^\W\d_][A-ZÄÖÜ]")


@dataclass(frozen=True)
class Named:
    """A name as the town has written it. `field`: Handlungsfeld of the solution, "" for a maker or where unknown."""

    written: str
    kind: str
    field: str = ""


def brands_in(texts: Iterable[str]) -> list[Named]:
    """Names of solutions and of makers in these texts, in order of the text, at most five.

    At most a few queries on an index, and one for the versions; makers are kept in the process.
    """
    written = dict(_stretches(texts))
    found = {key: Named(written[key], "solution", field) for key, field in _solutions(written)}
    known = _known()
    for key in written:
        if key in found:
            continue
        if key in known.shortened:
            found[key] = Named(written[key], "solution", known.shortened[key])
        elif key in known.makers and not is_common(known.makers[key]):
            found[key] = Named(written[key], "maker")
    return _without_parts([found[key] for key in written if key in found])[:MOST]


def is_common(name: str) -> bool:
    """Whether a name says no more than words of the language do: all of them known, none written like a brand."""
    words = _WORD.findall(name)
    if any(_INNER_CAPITAL_OR_DIGIT.search(word) for word in words):
        return False
    return all(_is_known(part) for word in words for part in re.split(r"[-.&+'’]", word))


def _is_known(word: str) -> bool:
    if fold(word) in STOP_WORDS or base(word) is not None:
        return True
    parts = split(word)
    return bool(parts) and parts[-1] in _KINDS_OF_THINGS


def _stretches(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """One to five words in a row: the form in which spellings are equal, and as it is written. Later ones first."""
    seen = 0
    for text in texts:
        matches = list(_WORD.finditer(text))[: MOST_WORDS - seen]
        seen += len(matches)
        for start, first in enumerate(matches):
            for last in matches[start : start + LONGEST_NAME]:
                written = text[first.start() : last.end()]
                # A name is written with a capital or a digit somewhere; "und so weiter" is none.
                if written != written.lower() and len(key := folded(written)) >= SHORTEST:
                    yield key, " ".join(written.split())


def _solutions(written: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    every = list(written)
    for start in range(0, len(every), _AT_ONCE):
        keys = every[start : start + _AT_ONCE]
        rows = Solution.objects.filter(Q(state="published"), folded_name__in=keys)
        for key, name, field in rows.values_list("folded_name", "name", "primary_field"):
            if not is_common(name):
                yield key, field


@dataclass(frozen=True)
class _Known:
    """What no index finds. `makers`: how names are compared → the name without its legal form. `shortened`: names of
    solutions without what stands in brackets behind them ("Wegweiser (Land)") → Handlungsfeld."""

    makers: Mapping[str, str]
    shortened: Mapping[str, str]


def _known() -> _Known:
    return _read(versions(("catalogue", "organisations")))


@lru_cache(maxsize=1)
def _read(_at: tuple[int, ...]) -> _Known:
    published = Solution.objects.filter(state="published")
    named = set(published.exclude(maintainer="").values_list("maintainer", flat=True).distinct())
    # A town that offers what it has made is no brand, and its name stands in what it writes.
    offering = Organisation.objects.filter(
        Q(offers_supplied__state="published") | Q(offers_sold__state="published"), region=None
    )
    named |= set(offering.values_list("name", flat=True))
    makers = {
        key: plain
        for name in sorted(named)
        if len(key := folded(plain := alike(name))) >= SHORTEST and not _PUBLIC.search(name)
    }
    bracketed = published.filter(name__endswith=")").values_list("name", "primary_field")
    shortened = {
        key: field
        for name, field in bracketed
        if len(key := folded(short := name.partition("(")[0].strip())) >= SHORTEST and not is_common(short)
    }
    return _Known(makers, shortened)


_PUBLIC = re.compile(
    r"\b(stadt|gemeinde|landkreis|kreis|land|bundes\w*|ministerium|universität|hochschule)\b", re.IGNORECASE
)


def forget() -> None:
    """Read again at the next look. For tests that roll back: the same versions then come again with other rows."""
    _read.cache_clear()


def _without_parts(named: list[Named]) -> list[Named]:
    """Without a name that stands inside a longer one that was found."""
    return [
        one for one in named if not any(one is not other and one.written in other.written for other in named)
    ]
