"""What facet values are called, and the vocabulary behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import CharField, Value

from allmende.catalogue.models import Origin
from allmende.journal.queries import versions
from allmende.regions.queries import laender
from allmende.retrieval.protocol import UNSTATED
from allmende.search.definition import FACETS
from allmende.vocabulary.queries import Vocabulary, current

NOT_STATED = "keine Angabe"
Labels = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, eq=False)
class Known:
    """The words of this installation at one version: what is worked out from them is kept as long as this is."""

    vocabulary: Vocabulary
    labels: Labels


def known() -> Known:
    """One query, or up to three where words, regions or the catalogue have changed since the last look."""
    vocabulary_at, *tables_at = versions(("vocabulary", "regions", "catalogue"))
    return _at(vocabulary_at, tuple(tables_at), settings.DEMO)


def all_labels() -> Labels:
    """Facet → value → label; a value without a label (a licence) is its own. Queries as for `known`."""
    return known().labels


@lru_cache(maxsize=2)
def _at(vocabulary_at: int, tables_at: tuple[int, ...], with_invented: bool) -> Known:
    vocabulary, named = current(vocabulary_at), _from_tables(tables_at, with_invented)
    named = {**named, "size": _sizes(vocabulary)}
    labels = {
        facet: {**(vocabulary.labels(scheme) if scheme else {}), **named.get(facet, {}), UNSTATED: NOT_STATED}
        for facet, scheme in FACETS.items()
    }
    return Known(vocabulary, labels)


def _sizes(vocabulary: Vocabulary) -> dict[str, str]:
    """Size classes with their numbers: few people know which one is 6,000."""
    return {term.code: f"{term.label} ({_between(term.extra)})" for term in vocabulary.terms("size_class")}


def _between(bounds: Mapping[str, Any]) -> str:
    low, high = (
        f"{bounds[name]:,}".replace(",", ".") if bounds.get(name) else ""
        for name in ("population_from", "population_to")
    )
    if not high:
        return f"ab {low}"
    return f"{low} bis unter {high}" if low else f"unter {high}"


@lru_cache(maxsize=2)
def _from_tables(_versions: tuple[int, ...], _with_invented: bool) -> Labels:
    """Regions and origins in one query: a page may ask eight, and the rest needs seven."""
    land, origin = Value("land", CharField()), Value("origin", CharField())
    rows = laender().order_by().values_list(land, "key", "name")
    named: dict[str, dict[str, str]] = {"land": {}, "origin": {}}
    for facet, code, label in rows.union(Origin.objects.order_by().values_list(origin, "code", "label")):
        named[facet][code] = label
    return named


def forget() -> None:
    """Read again at the next look. For tests that roll back: the same versions then come again with other rows."""
    _at.cache_clear()
    _from_tables.cache_clear()
