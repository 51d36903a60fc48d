"""What is written in the vocabulary and, for a reason, in code as well says the same in both."""

from allmende.catalogue.actions.origins import RANKS
from allmende.regions.size_classes import SIZE_CLASSES
from allmende.vocabulary import files

SCHEMES = {scheme.code: scheme for scheme in files.read().schemes}


def test_size_classes_have_the_labels_and_bounds_that_regions_derive_them_with() -> None:
    # Regions and vocabulary lie beside each other and do not know each other.
    said = [(term.code, term.label, term.extra["population_from"]) for term in SCHEMES["size_class"].terms]
    assert said == [(str(one.key), one.label, one.from_population) for one in SIZE_CLASSES]


def test_kinds_of_origin_have_the_ranks_that_the_catalogue_goes_by() -> None:
    assert {term.code: term.extra["rank"] for term in SCHEMES["origin_kind"].terms} == RANKS
