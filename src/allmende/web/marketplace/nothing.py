"""What somebody can do where nothing was found: each way with its address and with how much it leads to."""

from collections.abc import Iterator
from dataclasses import dataclass

from allmende.search.queries import Page, number_found
from allmende.web.marketplace import facets
from allmende.web.marketplace.addresses import SearchAddress

MOST_FILTERS = 8


@dataclass(frozen=True)
class WayOut:
    """ "Ohne den Filter Land: Hessen": what to do, its address, and how many solutions stand there."""

    label: str
    href: str
    count: int


def ways_out(address: SearchAddress, page: Page) -> list[WayOut]:
    """Searches near this one that find something: without one filter each, without all of them, the words as they
    may have been meant. The most found first; one query of the database."""
    ways = [WayOut(label, near.href, number_found(near.question)) for label, near in _near(address, page)]
    return sorted((way for way in ways if way.count), key=lambda way: -way.count)


def _near(address: SearchAddress, page: Page) -> Iterator[tuple[str, SearchAddress]]:
    if page.corrected and address.choices:
        yield (
            f"Nach „{page.corrected}“ und ohne Filter suchen",
            address.asking(page.corrected).without_choices(),
        )
    if address.text and address.choices:
        yield "Ohne alle Filter suchen", address.without_choices()
    each = [(facet, code) for facet, codes in address.choices.items() for code in codes][:MOST_FILTERS]
    for (facet, code), chip in zip(each, facets.chips(address, page), strict=False):
        # Without the only filter is without all.
        if len(each) > 1 or not address.text:
            yield f"Ohne den Filter „{chip.label}“ suchen", address.without(facet, code)
