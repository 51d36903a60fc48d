"""From a query string, whatever it is, to a question, and from a question to the one address that it has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from django.http import HttpRequest

from allmende.retrieval.protocol import UNSTATED
from allmende.retrieval.text import query_tokens
from allmende.search.queries import LAST_PAGE, LONGEST_QUESTION, Question
from allmende.web.components.parts import encoded

SEARCH = "/suche"
WHY = "/suche/warum"
SAVE = "/mein/suchen/neu"
KEEP = "/markterkundungen/festhalten"
# Facet → parameter, in the order in which addresses and pages name them.
FACETS: Mapping[str, str] = {
    "field": "feld",
    "type": "typ",
    "delivery": "betrieb",
    "price": "preis",
    "licence": "lizenz",
    "size": "groesse",
    "land": "land",
    "maturity": "reife",
    "boundary": "abgrenzung",
    "language": "sprache",
    "origin": "quelle",
}
ORDERS: Mapping[str, str] = {
    "relevance": "relevanz",
    "name": "name",
    "front": "deutsch-zuerst",
    "newest": "neueste",
    "uses": "nutzung",
}
# How "keine Angabe" is written in an address.
NOT_STATED = "keine-angabe"

LONGEST_QUERY_STRING = 8_000
LONGEST_VALUE = 120
MOST_CHOICES = 40
_PAGE_DIGITS = 5

Parameters = Mapping[str, Sequence[str]]


def parameters_of(request: HttpRequest) -> dict[str, list[str]]:
    """All values by parameter. Any bytes will do: what is too long is cut, what cannot be read or shown is left out.

    Not `request.GET`, which refuses a query string of too many parameters.
    """
    raw = str(request.META.get("QUERY_STRING", ""))[:LONGEST_QUERY_STRING]
    # The gateway hands bytes over as Latin-1.
    text = raw.encode("latin-1", "replace").decode("utf-8", "replace")
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        found.setdefault(name, []).append(clean(value))
    return found


def clean(text: str) -> str:
    """One line without control characters and halves of characters, blanks collapsed."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def first(parameters: Parameters, name: str) -> str:
    """The first value that says something; "" where there is none."""
    return next((value for value in parameters.get(name, ()) if value), "")


def page_number(text: str) -> int:
    """A page that exists in some list: 1 for whatever is no number."""
    if not (text.isascii() and text.isdecimal()):
        return 1
    return min(max(int(text[:_PAGE_DIGITS]), 1), LAST_PAGE)


@dataclass(frozen=True, kw_only=True)
class SearchAddress:
    """A search as its address says it. Two addresses that ask the same are written the same.

    `order` is None for the usual one, `choices` holds codes of `FACETS`.
    """

    text: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str | None = None
    page: int = 1

    @classmethod
    def of(cls, parameters: Parameters) -> "SearchAddress":
        text = first(parameters, "q")[:LONGEST_QUESTION].strip()
        choices = {facet: _codes(parameters.get(name, ())) for facet, name in FACETS.items()}
        wanted = first(parameters, "sortierung")
        order = next((code for code, name in ORDERS.items() if name == wanted), None)
        address = cls(
            text=text,
            choices={facet: codes for facet, codes in choices.items() if codes},
            page=page_number(first(parameters, "seite")),
        )
        return address.ordered_by(order) if order else address

    @property
    def has_words(self) -> bool:
        """Whether there is anything to search for: „der die das“ has no word in it."""
        return bool(query_tokens(self.text))

    @property
    def usual_order(self) -> str:
        return "relevance" if self.has_words else "front"

    @property
    def question(self) -> Question:
        return Question(
            text=self.text, choices=self.choices, order=self.order or self.usual_order, page=self.page
        )

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Name and value in the one order; what is usual is left out."""
        pairs = [("q", self.text)] if self.text else []
        for facet, name in FACETS.items():
            pairs += [(name, written(code)) for code in self.choices.get(facet, ())]
        pairs += [("sortierung", ORDERS[self.order])] if self.order else []
        return pairs + ([("seite", str(self.page))] if self.page > 1 else [])

    @property
    def href(self) -> str:
        return self._at(SEARCH)

    def why(self, public_id: str) -> str:
        """Where it says why this solution is among the hits of this search."""
        return self._at(f"{WHY}/{public_id}")

    def _at(self, path: str) -> str:
        query = "&".join(encoded(name, value) for name, value in self.parameters)
        return f"{path}?{query}" if query else path

    @property
    def save(self) -> str:
        """Where this search is saved, for news of what it finds."""
        return self.at_page(1)._at(SAVE)

    @property
    def keep(self) -> str:
        """Where what this search finds is kept for a market exploration."""
        return self.at_page(1)._at(KEEP)

    def asking(self, text: str) -> "SearchAddress":
        """The same with other words, from the first page on."""
        asked = replace(self, text=text[:LONGEST_QUESTION].strip(), page=1)
        return asked.ordered_by(self.order) if self.order else asked

    def choosing_also(self, facet: str, code: str) -> "SearchAddress":
        """With one choice more, from the first page on."""
        codes = tuple(sorted({*self.choices.get(facet, ()), code}))
        # In the order of the facets, as it is read from an address.
        choices = {name: codes if name == facet else self.choices.get(name, ()) for name in FACETS}
        return replace(self, choices={name: each for name, each in choices.items() if each}, page=1)

    def ordered_by(self, order: str) -> "SearchAddress":
        """In another order, from its first page on. Relevance of nothing to nothing is no order."""
        usual = order == self.usual_order or (order == "relevance" and not self.has_words)
        return replace(self, order=None if usual else order)

    def at_page(self, page: int) -> "SearchAddress":
        return replace(self, page=page)

    def without(self, facet: str, code: str) -> "SearchAddress":
        """Without one choice, from the first page on."""
        left = {
            name: tuple(c for c in codes if (name, c) != (facet, code))
            for name, codes in self.choices.items()
        }
        return replace(self, choices={name: codes for name, codes in left.items() if codes}, page=1)

    def without_choices(self) -> "SearchAddress":
        return replace(self, choices={}, page=1)


def choosing(facet: str, code: str) -> str:
    """The address of all solutions with this one choice."""
    return SearchAddress(choices={facet: (code,)}).href


def written(code: str) -> str:
    """A facet value as addresses write it."""
    return NOT_STATED if code == UNSTATED else code


def _codes(values: Iterable[str]) -> tuple[str, ...]:
    codes = {UNSTATED if value == NOT_STATED else value[:LONGEST_VALUE] for value in values if value}
    return tuple(sorted(codes)[:MOST_CHOICES])
