"""What the index knows of an entry, whatever its kind."""

from allmende.retrieval.protocol import Definition, Order

FRONT = "front"

# Facets by code, in the order in which the page shows them. Values are codes of the vocabulary scheme named, or,
# where none is named, resolved by `labels.py`.
FACETS: dict[str, str | None] = {
    "field": "field_of_action",
    "type": "solution_type",
    "delivery": "delivery_model",
    "price": "price_model",
    "licence": None,
    "size": "size_class",
    "land": None,
    "maturity": "maturity",
    "boundary": "boundary",
    "language": "language",
    "origin": None,
}

# What the fields below are called where a place in the ranking is explained.
FIELD_LABELS: dict[str, str] = {
    "title": "Name",
    "names": "Anbieter und Nutzende",
    "summary": "Kurzbeschreibung",
    "tags": "Begriffe der Einordnung",
    "body": "Beschreibung",
}

DEFINITION = Definition(
    weights={"title": 8, "names": 4, "summary": 3, "body": 1},
    facets=tuple(FACETS),
    numbers=("published", "uses", "front"),
    classes=("tags",),
    orders={
        # Where nothing is asked for: what a German reader can read first, then what came last.
        FRONT: Order(number="front", descending=True),
        "name": Order(),
        "newest": Order(number="published", descending=True),
        "uses": Order(number="uses", descending=True),
    },
)
