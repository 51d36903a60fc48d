"""What facet values are called."""

from collections.abc import Mapping

from allmende.catalogue.models import Origin
from allmende.regions.queries import laender
from allmende.retrieval.protocol import UNSTATED
from allmende.search.definition import FACETS
from allmende.vocabulary.queries import Vocabulary

NOT_STATED = "keine Angabe"


def labels_of(facet: str, vocabulary: Vocabulary) -> Mapping[str, str]:
    """Labels by value; a value without a label (a licence) is its own."""
    scheme = FACETS[facet]
    known: Mapping[str, str] = {}
    if scheme:
        known = vocabulary.labels(scheme)
    elif facet == "land":
        known = {region.key: region.name for region in laender()}
    elif facet == "origin":
        known = dict(Origin.objects.values_list("code", "label"))
    return {**known, UNSTATED: NOT_STATED}
