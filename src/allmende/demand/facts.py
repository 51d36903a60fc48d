"""What the catalogue knows of all solutions and offers, column by column, so that a criterion is asked of all at once.

A row is a solution with one of its offers, or as it stands. Columns are read once a version of the catalogue and kept
in the process: about 1 kB a row. Numbers of price rows are ten-thousandths of euros, exact.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from allmende.demand.statements import Subject

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """Codes of rows: row `at[i]` has code number `code[i]`; `numbers` says which number a code has."""

    at: Ints
    code: Ints
    numbers: Mapping[str, int]
    rows: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]], rows: int) -> "Coded":
        numbers: dict[str, int] = {}
        listed = [(at, numbers.setdefault(code, len(numbers))) for at, code in pairs]
        both = np.array(listed, dtype=np.int64).reshape(-1, 2)
        return cls(both[:, 0], both[:, 1], numbers, rows)

    def part(self, new: Ints, rows: int) -> "Coded":
        """Codes of some rows; `new` says which place each row has then, -1 for none."""
        at = new[self.at]
        return Coded(at[at >= 0], self.code[at >= 0], self.numbers, rows)

    def with_more(self, more: "Coded") -> "Coded":
        """Followed by the rows of another column of the same kind."""
        numbers = dict(self.numbers)
        new = np.array([numbers.setdefault(code, len(numbers)) for code in more.numbers], dtype=np.int64)
        code = new[more.code] if len(more.code) else more.code
        return Coded(
            np.concatenate([self.at, more.at + self.rows]),
            np.concatenate([self.code, code]),
            numbers,
            self.rows + more.rows,
        )

    def has_any(self, codes: Iterable[str]) -> Flags:
        """Per row whether it has one of the codes."""
        wanted = [self.numbers[code] for code in codes if code in self.numbers]
        found = np.zeros(self.rows, dtype=bool)
        found[self.at[np.isin(self.code, wanted)]] = True
        return found

    def says(self) -> Flags:
        """Per row whether it has any code."""
        found = np.zeros(self.rows, dtype=bool)
        found[self.at] = True
        return found

    def of_rows(self, rows: Collection[int]) -> Iterator[tuple[int, str]]:
        """Row and code for each code of these rows, in the order in which they were read."""
        names = list(self.numbers)
        wanted = np.zeros(self.rows, dtype=bool)
        wanted[list(rows)] = True
        here = wanted[self.at]
        for row, code in zip(self.at[here].tolist(), self.code[here].tolist(), strict=True):
            yield row, names[code]


@dataclass(frozen=True)
class Prices:
    """Price rows of offers, one after the other. `group`: rows of one offer, kind and unit belong together."""

    at: Ints
    group: Ints
    kind: Ints
    by_inhabitant: Flags
    has_unit: Flags
    amount: Ints
    tier_from: Ints
    tier_to: Ints

    def part(self, new: Ints) -> "Prices":
        """Price rows of some rows; see `Coded.part`."""
        at = new[self.at]
        kept = at >= 0
        group = np.unique(self.group[kept], return_inverse=True)[1]
        others = (getattr(self, each.name)[kept] for each in fields(self)[2:])
        return Prices(at[kept], group, *others)

    def with_more(self, more: "Prices", rows: int) -> "Prices":
        """Followed by the price rows of others, whose rows come behind the first `rows`."""
        groups = int(self.group.max()) + 1 if len(self.group) else 0
        moved = replace(more, at=more.at + rows, group=more.group + groups)
        return Prices(
            *(np.concatenate([getattr(self, each.name), getattr(moved, each.name)]) for each in fields(self))
        )


KINDS = ("one_off", "yearly", "monthly", "per_unit_yearly", "per_unit_one_off", "day_rate")
OTHER_KIND = len(KINDS)
NO_TIER = -1


@dataclass(frozen=True)
class Facts:
    """See the module. All columns have one entry for each subject, in their order (solution by solution)."""

    subjects: tuple[Subject, ...]
    place: Mapping[Subject, int]
    solution: Ints
    """Number of the solution, from 0 on; rows of one solution follow each other."""
    open_source: NDArray[np.int8]
    """1 open, -1 not open, 0 not known."""
    licence: Flags
    documentation: Flags
    supported_until: Ints
    """Day (ordinal) until which some offer of help with the solution holds; 0 where there is none."""
    contracted: Flags
    alone: Flags
    """Whether one can have it so: an offer, an open solution without one, or one that nobody offers yet."""
    operator: NDArray[np.int8]
    """1 public, -1 another one, 0 not known."""
    on_request: Flags
    hidden: Flags
    """Amounts are for the public administration only."""
    renew_by: Ints
    """Day (ordinal) by which the offer is to be renewed; a day beyond all days where there is none."""
    coded: Mapping[str, Coded]
    """delivery, maturity, maintenance, language, boundary, field, type, size, land, name, party."""
    uses: Ints
    prices: Prices = field(repr=False)

    def part(self, subjects: tuple[Subject, ...]) -> "Facts":
        """The same for some subjects, each named once, in their order. Raises KeyError for one that is not public."""
        rows = self.where(subjects)
        new = np.full(len(self.subjects), -1, dtype=np.int64)
        new[rows] = np.arange(len(rows))
        return replace(
            self,
            subjects=subjects,
            place={subject: place for place, subject in enumerate(subjects)},
            coded={name: column.part(new, len(rows)) for name, column in self.coded.items()},
            prices=self.prices.part(new),
            **{name: getattr(self, name)[rows] for name in _BY_ROW},
        )

    def where(self, subjects: Sequence[Subject]) -> Ints:
        """Rows of the subjects. Raises KeyError for one that is not public now."""
        return np.fromiter((self.place[subject] for subject in subjects), dtype=np.int64, count=len(subjects))


_BY_ROW = (
    "solution",
    "open_source",
    "licence",
    "documentation",
    "supported_until",
    "contracted",
    "alone",
    "operator",
    "on_request",
    "hidden",
    "renew_by",
    "uses",
)


def joined(old: Facts, gone: Iterable[str], new: Facts) -> Facts:
    """The columns without these solutions, and with others behind them."""
    left_out = set(gone)
    kept = old.part(tuple(each for each in old.subjects if each.solution not in left_out))
    shift = len(kept.subjects)
    after = int(kept.solution.max()) + 1 if shift else 0
    subjects = (*kept.subjects, *new.subjects)
    return replace(
        kept,
        subjects=subjects,
        place={subject: place for place, subject in enumerate(subjects)},
        coded={name: column.with_more(new.coded[name]) for name, column in kept.coded.items()},
        prices=kept.prices.with_more(new.prices, shift),
        **{
            name: np.concatenate([getattr(kept, name), getattr(new, name)])
            for name in _BY_ROW
            if name != "solution"
        },
        solution=np.concatenate([kept.solution, new.solution + after]),
    )
