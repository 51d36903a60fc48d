"""The filter panel and the chips of a search: codes become words, and every choice an address."""

from collections.abc import Mapping

from allmende.retrieval.protocol import UNSTATED
from allmende.search.queries import Facet, FacetValue, Page
from allmende.web.components import parts
from allmende.web.components.templatetags.formats import shortened
from allmende.web.marketplace.addresses import FACETS, ORDERS, SearchAddress, written

LABELS: Mapping[str, str] = {
    "field": "Handlungsfeld",
    "type": "Art der Lösung",
    "delivery": "Betriebsart",
    "price": "Preismodell",
    "licence": "Lizenz",
    "size": "Größe der Kommunen, die sie nutzen",
    "land": "Land der Kommunen, die sie nutzen",
    "maturity": "Reife",
    "boundary": "Abgrenzung",
    "language": "Sprache der Beschreibung",
    "origin": "Quelle",
}
# Chips and narrow columns need fewer words.
SHORT_LABELS: Mapping[str, str] = {**LABELS, "size": "Größe", "land": "Land", "language": "Sprache"}
ORDER_LABELS: Mapping[str, str] = {
    "relevance": "Relevanz",
    "front": "Deutsch zuerst",
    "newest": "Neueste",
    "uses": "Nutzung",
    "name": "Name",
}
# What most people choose by stands open; the rest shows itself when asked, or when something in it is chosen.
OPEN_AT_FIRST = frozenset({"field", "type", "delivery", "price"})
# Ordered by what the values mean and not by how many there are.
_BY_CODE = frozenset({"size"})


def panel(page: Page) -> list[parts.Facet]:
    """The facets that leave something to choose, in their order."""
    return [_facet(facet) for facet in page.facets if _leaves_a_choice(facet)]


def _leaves_a_choice(facet: Facet) -> bool:
    return bool(facet.chosen) or any(value.code != UNSTATED for value in facet.values)


def _facet(facet: Facet) -> parts.Facet:
    options = [
        parts.Option(written(value.code), value.label, value.count, value.is_chosen)
        for value in _in_order(facet)
    ]
    folded = facet.code not in OPEN_AT_FIRST and not facet.chosen
    return parts.Facet.of(FACETS[facet.code], LABELS[facet.code], options, folded=folded)


def _in_order(facet: Facet) -> list[FacetValue]:
    """What is not stated comes last, however much it is."""
    by_code = facet.code in _BY_CODE
    ordered = sorted(facet.values, key=lambda value: value.code) if by_code else facet.values
    return sorted(ordered, key=lambda value: value.code == UNSTATED)


def chips(address: SearchAddress, page: Page) -> list[parts.Chip]:
    """Every choice that is in force, whether the catalogue knows it or not, with the address without it."""
    labels = {(facet.code, value.code): value.label for facet in page.facets for value in facet.values}
    return [
        parts.Chip(
            f"{SHORT_LABELS[facet]}: {labels.get((facet, code), written(code))}",
            address.without(facet, code).href,
        )
        for facet, codes in address.choices.items()
        for code in codes
    ]


# More names than these say little in a title.
_IN_TITLE = 3


def title(address: SearchAddress, page: Page) -> str:
    """What this search is about, for the title of the window: its words, or else what is filtered by."""
    if address.text or not address.choices:
        return shortened(address.text)
    labels = {(facet.code, value.code): value.label for facet in page.facets for value in facet.values}
    names = [
        labels.get((facet, code), written(code)) for facet, codes in address.choices.items() for code in codes
    ]
    more = len(names) - _IN_TITLE
    rest = [f"{more} weitere{'' if more > 1 else 'r'} Filter"] if more > 0 else []
    return ", ".join([*names[:_IN_TITLE], *rest])


def orders(address: SearchAddress) -> list[parts.Tab]:
    """The orders to choose from; relevance only where there are words to be relevant to."""
    now = address.order or address.usual_order
    return [
        parts.Tab(label, address.ordered_by(code).at_page(1).href, current=code == now)
        for code, label in ORDER_LABELS.items()
        if code != ("front" if address.has_words else "relevance")
    ]


def why_this_order(address: SearchAddress) -> str:
    """One sentence: what the hits are sorted by, and why."""
    order = address.order or address.usual_order
    chosen = "weil Sie das gewählt haben" if address.order else "weil Sie kein Suchwort eingegeben haben"
    return {
        "relevance": "Sortiert nach Relevanz, weil Sie nach Wörtern suchen: Was am besten passt, steht oben.",
        "front": f"Zuerst Einträge mit deutschem Text, {chosen}: Das Neueste steht oben.",
        "newest": f"Sortiert nach dem Tag der Veröffentlichung, {chosen}: Das Neueste steht oben.",
        "uses": f"Sortiert nach Nutzung, {chosen}: Oben steht, was die meisten Kommunen selbst bestätigt haben.",
        "name": f"Sortiert nach dem Namen von A bis Z, {chosen}.",
    }[order]


def hidden(address: SearchAddress) -> list[tuple[str, str]]:
    """What the filter form carries along: the words and the order."""
    pairs = [("q", address.text)] if address.text else []
    return pairs + ([("sortierung", ORDERS[address.order])] if address.order else [])
