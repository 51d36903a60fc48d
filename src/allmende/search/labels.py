"""What facet values are called."""

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from allmende.catalogue.models import Origin
from allmende.journal.queries import versions
from allmende.regions.queries import laender
from allmende.retrieval.protocol import UNSTATED
from allmende.search.definition import FACETS
from allmende.vocabulary.queries import Vocabulary

NOT_STATED = "keine Angabe"
Labels = Mapping[str, Mapping[str, str]]


def all_labels(vocabulary: Vocabulary) -> Labels:
    """Facet → value → label; a value without a label (a licence) is its own.

    One query, or three where regions or the catalogue have changed since the last look.
    """
    named = _from_tables(versions(("regions", "catalogue")), settings.DEMO)
    return {
        facet: {**(vocabulary.labels(scheme) if scheme else named.get(facet, {})), UNSTATED: NOT_STATED}
        for facet, scheme in FACETS.items()
    }


@lru_cache(maxsize=2)
def _from_tables(_versions: tuple[int, ...], _with_invented: bool) -> Labels:
    return {
        "land": {region.key: region.name for region in laender()},
        "origin": dict(Origin.objects.values_list("code", "label")),
    }


def forget() -> None:
    """Read again at the next look. For tests that roll back: the same versions then come again with other rows."""
    _from_tables.cache_clear()
