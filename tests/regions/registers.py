"""Writes small registers in the format GV100AD: sixteen Länder, each with a Kreis and a Gemeinde, and what is added."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

LAENDER = {
    "01": "Schleswig-Holstein", "02": "Hamburg", "03": "Niedersachsen", "04": "Bremen", "05": "Nordrhein-Westfalen",
    "06": "Hessen", "07": "Rheinland-Pfalz", "08": "Baden-Württemberg", "09": "Bayern", "10": "Saarland",
    "11": "Berlin", "12": "Brandenburg", "13": "Mecklenburg-Vorpommern", "14": "Sachsen", "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}  # fmt: skip
AS_OF = datetime.date(2024, 6, 30)
LATER = datetime.date(2025, 6, 30)


@dataclass(frozen=True)
class Town:
    """A line of Satzart 60; `verband` has four digits, 0000 where there is none."""

    ags: str
    name: str
    population: int = 1_000
    area_ha: int = 500
    verband: str = "0000"
    code: str = "64"
    postcode: str = "12345"


@dataclass(frozen=True)
class Register:
    """What a file shall hold; `text()` and `content()` write it."""

    towns: tuple[Town, ...] = ()
    kreise: tuple[tuple[str, str, str], ...] = ()
    verbaende: tuple[tuple[str, str, str], ...] = ()
    as_of: datetime.date = AS_OF
    base: bool = True

    def having(self, *towns: Town) -> "Register":
        """With these towns; one with a known AGS takes the place of the former."""
        keys = {town.ags for town in towns}
        return replace(self, towns=(*(t for t in self.towns if t.ags not in keys), *towns))

    def lacking(self, *keys: str) -> "Register":
        return replace(self, towns=tuple(town for town in self.towns if town.ags not in keys))

    def dated(self, as_of: datetime.date) -> "Register":
        return replace(self, as_of=as_of)

    def lines(self) -> list[str]:
        return sorted(self._rows(), key=lambda row: (row[10:15], row[:2], row[18:22], row[15:18]))

    def text(self) -> str:
        return "\ufeff" + "".join(line + "\n" for line in self.lines())

    def content(self) -> bytes:
        return self.text().encode()

    def _rows(self) -> Iterable[str]:
        day = f"{self.as_of:%Y%m%d}"
        if self.base:
            for key, name in LAENDER.items():
                yield land_line(day, key, name)
                yield kreis_line(day, f"{key}001", f"Grundkreis {key}", "44")
                yield town_line(day, Town(f"{key}001001", f"Grundort {key}"))
        yield from (kreis_line(day, *kreis) for kreis in self.kreise)
        yield from (verband_line(day, *verband) for verband in self.verbaende)
        yield from (town_line(day, town) for town in self.towns)


def land_line(day: str, key: str, name: str) -> str:
    return f"10{day}{key:<12}{name:<50}".ljust(220)


def kreis_line(day: str, key: str, name: str, code: str) -> str:
    return f"40{day}{key:<12}{name:<50}{'':<50}{code}".ljust(220)


def verband_line(day: str, key: str, name: str, code: str) -> str:
    return f"50{day}{key[:5]}   {key[5:]}{name:<50}{'':<50}{code}".ljust(220)


def town_line(day: str, town: Town) -> str:
    head = f"60{day}{town.ags}{town.verband}{town.name:<50}{'':<50}{town.code}"
    return f"{head:<128}{town.area_ha:011}{town.population:011}{0:011}    {town.postcode:<5}".ljust(220)
