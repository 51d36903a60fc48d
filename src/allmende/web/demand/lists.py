"""A list of needs: its choices, its lines, its pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from allmende.demand.models import Need
from allmende.demand.queries.needs import Choices, narrowed
from allmende.regions.queries import laender
from allmende.vocabulary.queries import Vocabulary, current
from allmende.web.components.parts import Chip, Facet, Option, Paging, address_without

PAGE_SIZE = 20
LIST = "/bedarfe"
_MOST_CHOICES = 40


@dataclass(frozen=True)
class Line:
    """A need in a list."""

    need: Need
    fields: Sequence[str]
    musts: int
    shoulds: int


@dataclass(frozen=True)
class Listed:
    lines: Sequence[Line]
    total: int
    facets: Sequence[Facet]
    chips: Sequence[Chip]
    paging: Paging


def listed(needs: QuerySet[Need], parameters: Mapping[str, Sequence[str]], page: int) -> Listed:
    """One page of what the parameters choose. Four queries: how many, the page, their criteria, the Länder."""
    choices = _choices(parameters)
    found = narrowed(needs, choices)
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    vocabulary = current()
    rows = found.prefetch_related("criteria")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    options = _options(vocabulary)
    return Listed(
        lines=lines_of(rows, vocabulary),
        total=total,
        facets=[
            Facet.of(
                name, label, [Option(code, said, chosen=code in chosen) for code, said in values], shown=8
            )
            for (name, label, values), chosen in zip(
                options, (choices.fields, choices.laender, choices.sizes), strict=True
            )
        ],
        chips=_chips(options, choices, parameters),
        paging=Paging.of(LIST, _without_page(parameters), page, pages),
    )


def lines_of(needs: Iterable[Need], vocabulary: Vocabulary) -> list[Line]:
    """Lines of needs whose criteria are prefetched."""
    labels = vocabulary.labels("field_of_action")
    return [
        Line(
            need,
            [labels.get(code, code) for code in need.fields_of_action],
            sum(each.weight == "must" for each in need.criteria.all()),
            sum(each.weight == "should" for each in need.criteria.all()),
        )
        for need in needs
    ]


_Options = Sequence[tuple[str, str, Sequence[tuple[str, str]]]]


def _options(vocabulary: Vocabulary) -> _Options:
    sizes = [(term.code, term.label) for term in vocabulary.terms("size_class")]
    return (
        ("feld", "Handlungsfeld", [(term.code, term.label) for term in vocabulary.terms("field_of_action")]),
        ("land", "Land", list(laender().values_list("key", "name"))),
        ("groesse", "Größe der Kommune", sizes),
    )


def _choices(parameters: Mapping[str, Sequence[str]]) -> Choices:
    def codes(name: str) -> tuple[str, ...]:
        said = (each[:60] for each in parameters.get(name, ()) if each)
        return tuple(dict.fromkeys(said))[:_MOST_CHOICES]

    return Choices(codes("feld"), codes("land"), codes("groesse"))


def _chips(options: _Options, choices: Choices, parameters: Mapping[str, Sequence[str]]) -> list[Chip]:
    chosen = (choices.fields, choices.laender, choices.sizes)
    return [
        Chip(dict(values).get(code, code), address_without(LIST, _without_page(parameters), name, code))
        for (name, _, values), codes in zip(options, chosen, strict=True)
        for code in codes
    ]


def _without_page(parameters: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: values for name, values in parameters.items() if name in ("feld", "land", "groesse")}
