"""What parts of a page show: frozen descriptions that a view makes and a fragment draws. No database, no HTML."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, Literal
from urllib.parse import urlencode


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb; the last has no address."""

    label: str
    href: str | None = None


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    external: bool = False


@dataclass(frozen=True)
class Tab:
    """One of several views of the same thing, each with its own address."""

    label: str
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Option:
    """A choice in a facet or in a group of fields; `count` is None where nothing is counted.

    `group`: heading of the part of a select that it stands in.
    """

    value: str
    label: str
    count: int | None = None
    chosen: bool = False
    hint: str = ""
    group: str = ""


@dataclass(frozen=True)
class Facet:
    """A group of tick boxes of the filter panel; `more` hides behind "mehr anzeigen" until one of it is chosen.

    A `folded` group shows its label only, until somebody opens it.
    """

    name: str
    label: str
    options: Sequence[Option]
    more: Sequence[Option] = ()
    hint: str = ""
    folded: bool = False

    @property
    def is_more_open(self) -> bool:
        return any(option.chosen for option in self.more)

    @classmethod
    def of(
        cls,
        name: str,
        label: str,
        options: Iterable[Option],
        shown: int = 6,
        hint: str = "",
        folded: bool = False,
    ) -> "Facet":
        """Show the first options, and put the others behind "mehr anzeigen" if that saves more than one line."""
        every = list(options)
        cut = shown if len(every) > shown + 1 else len(every)
        return cls(name, label, every[:cut], every[cut:], hint, folded)


@dataclass(frozen=True)
class Chip:
    """An active filter; following `href` gives the same page without it."""

    label: str
    href: str


Parameters = Mapping[str, Sequence[str]]


@lru_cache(maxsize=4_096)
def encoded(name: str, value: str) -> str:
    """One parameter of an address. A page with forty filters writes the same few pairs two thousand times."""
    return urlencode([(name, value)])


def address(path: str, parameters: Parameters, **changes: str | None) -> str:
    """The path with these parameters, some replaced or (None) left out, in the order given."""
    kept = {name: list(values) for name, values in parameters.items() if name not in changes}
    kept.update({name: [value] for name, value in changes.items() if value is not None})
    query = "&".join(encoded(name, value) for name, values in kept.items() for value in values)
    return f"{path}?{query}" if query else path


def address_without(path: str, parameters: Parameters, name: str, value: str) -> str:
    """The same address without one value of one parameter: where a chip leads. Paging starts anew."""
    kept = {key: [v for v in values if (key, v) != (name, value)] for key, values in parameters.items()}
    return address(path, kept, seite=None)


@dataclass(frozen=True)
class Paging:
    """Where a reader is in a long list. `links` holds page number and address, None marks a gap."""

    page: int
    pages: int
    links: Sequence[tuple[int, str] | None]
    previous: str | None
    next: str | None

    @classmethod
    def of(cls, path: str, parameters: Parameters, page: int, pages: int, name: str = "seite") -> "Paging":
        """Links to the first, last and neighbouring pages; the first page needs no number in its address."""

        def href(number: int) -> str:
            return address(path, parameters, **{name: None if number == 1 else str(number)})

        near = sorted({1, pages, page, page - 1, page + 1} & set(range(1, pages + 1)))
        links: list[tuple[int, str] | None] = []
        for number in near:
            if links and (last := links[-1]) is not None and number - last[0] > 1:
                links.append(None)
            links.append((number, href(number)))
        return cls(
            page, pages, links, href(page - 1) if page > 1 else None, href(page + 1) if page < pages else None
        )


@dataclass(frozen=True)
class Origin:
    """Where a value comes from. `claimed`: a source or supplier says so; `confirmed`: the town says so."""

    kind: Literal["claimed", "confirmed", "editorial", "derived"]
    who: str = ""
    as_of: date | None = None
    href: str = ""


@dataclass(frozen=True)
class Definition:
    """A term and its values; no value at all is shown as "keine Angabe"."""

    term: str
    values: Sequence[object] = ()
    note: str = ""
    href: str = ""
    lang: str = ""
    origin: Origin | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether the address leads to another host, which then learns nothing of us and gains no rank by us."""
        return "://" in self.href


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = False
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell; `text` None is unknown. Numbers come formatted."""

    text: str | None
    href: str = ""
    lang: str = ""
    note: str = ""
    invented: bool = False
    # What the text says, for files that calculate, and how a spreadsheet writes it.
    value: Decimal | int | date | None = None
    written: str = ""
    # Words that stand where a value would; they are neither unknown nor like or unlike another value.
    is_remark: bool = False

    @property
    def is_foreign(self) -> bool:
        """Whether the address leads to another host."""
        return "://" in self.href


@dataclass(frozen=True)
class Row:
    """The first cell is the row's header. `differs` marks a row of a comparison whose cells are not all alike."""

    cells: Sequence[Cell]
    differs: bool = False


@dataclass(frozen=True)
class Table:
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    foot: Row | None = None
    sticky: bool = True
    compare: bool = False

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        return [(row, list(zip(self.columns, row.cells, strict=False))) for row in self.rows]

    @property
    def foot_line(self) -> list[tuple[Column, Cell]]:
        return list(zip(self.columns, self.foot.cells, strict=False)) if self.foot else []


@dataclass(frozen=True)
class Task:
    """A line of a task list; a locked task says why in `hint` and has no address. `until`: the last day for it."""

    label: str
    state: Literal["open", "optional", "look", "begun", "elsewhere", "done", "locked"]
    href: str = ""
    hint: str = ""
    until: date | None = None

    STATES: ClassVar = {
        "open": "offen",
        "optional": "kann noch dazu",
        "look": "zum Ansehen",
        "begun": "begonnen",
        "elsewhere": "in Prüfung",
        "done": "fertig",
        "locked": "gesperrt",
    }

    @property
    def state_label(self) -> str:
        return self.STATES[self.state]


@dataclass(frozen=True)
class Section:
    """One topic's part of /mein: what waits for this person, was begun or is settled, and what one may do."""

    title: str
    tasks: Sequence[Task] = ()


@dataclass(frozen=True)
class Step:
    label: str
    state: Literal["done", "current", "open"] = "open"


@dataclass(frozen=True)
class FieldError:
    """A finding of the error summary; `field_id` is the id of the input it leads to."""

    message: str
    field_id: str = ""


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    text: str
    href: str = ""


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars inside their own table of numbers. The title says the finding; `unit` names what is counted."""

    title: str
    unit: str
    bars: Sequence[Bar]
    of: str = ""
    source: str = ""
    csv_href: str = ""

    @property
    def drawn(self) -> list[tuple[Bar, float]]:
        """Each bar with its length in hundredths of the longest."""
        most = max((bar.value for bar in self.bars), default=0) or 1
        return [(bar, round(max(bar.value, 0) / most * 100, 1)) for bar in self.bars]


@dataclass(frozen=True)
class Dot:
    """A town on the map, in degrees (WGS 84)."""

    label: str
    longitude: float
    latitude: float
    kind: Literal["confirmed", "claimed", "invented"] = "confirmed"
    href: str = ""


# Germany in degrees, with a little room: west, south, east, north.
FRAME = (5.6, 47.1, 15.2, 55.2)
# A degree of longitude is that much shorter than one of latitude at 51° north (its cosine).
SHRINK = 0.6293
MAP_WIDTH, MAP_HEIGHT = 600, round(600 * (FRAME[3] - FRAME[1]) / ((FRAME[2] - FRAME[0]) * SHRINK))


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to places in the drawing, 600 units wide: equirectangular at 51° north, fit for dots."""
    west, south, east, north = FRAME
    x = (longitude - west) / (east - west) * MAP_WIDTH
    y = (north - latitude) / (north - south) * MAP_HEIGHT
    return round(x, 1), round(y, 1)


@dataclass(frozen=True)
class DotMap:
    """Dots on the map of Germany, with the same towns as a table beside it (law of the house: never one alone).

    `background` is the address of a drawing of all Gemeinden in the same frame (600 by 805 units).
    """

    title: str
    dots: Sequence[Dot]
    table: Table
    background: str = ""
    source: str = ""
    width: int = MAP_WIDTH
    height: int = MAP_HEIGHT

    KINDS: ClassVar = {
        "confirmed": "bestätigt von der Kommune",
        "claimed": "laut Anbieter oder Quelle",
        "invented": "erfunden",
    }

    @property
    def drawn(self) -> list[tuple[Dot, float, float]]:
        return [(dot, *project(dot.longitude, dot.latitude)) for dot in self.dots]

    @property
    def legend(self) -> list[tuple[str, str]]:
        present = {dot.kind for dot in self.dots}
        return [(kind, label) for kind, label in self.KINDS.items() if kind in present]


@dataclass(frozen=True)
class Field:
    """A form field as the fragments draw it; made from a Django form by the tag `field`, or by hand."""

    id: str
    name: str
    label: str
    value: str = ""
    hint: str = ""
    error: str = ""
    kind: str = "text"
    required: bool = True
    options: Sequence[Option] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def described_by(self) -> str:
        ids = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*ids, f"{self.id}-error"] if self.error else ids)
