"""What readers hand in: regions, an edition of the register, successions, invented places. No database."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader noticed: a German sentence, and the line (from 1) where there is one."""

    severity: Literal["error", "warning"]
    message: str
    line: int | None = None

    def __str__(self) -> str:
        return self.message if self.line is None else f"Zeile {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class RegionDraft:
    """One region as an edition gives it. `None` and "" mean that this edition does not say.

    `key`: 2, 5, 8 or 9 digits; `area_ha` in hectares; `latitude`, `longitude` in degrees (WGS84);
    `point_basis` gemeinde or kreis, whichever the point lies in; `size_class` only where it is given as data.
    """

    key: str
    ars: str
    level: str
    official_name: str
    type_code: str
    parent_key: str | None
    population: int | None = None
    area_ha: int | None = None
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    point_basis: str = ""
    size_class: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterDraft:
    """One edition of the register, parents before children.

    `lines`: regions read, left out and faulty together; `left_out`: how many by reason (German).
    """

    as_of: datetime.date
    source: str
    digest: str
    attribution: str
    regions: tuple[RegionDraft, ...]
    population_as_of: datetime.date | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    lines: int = 0

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")


@dataclass(frozen=True, slots=True)
class SuccessionDraft:
    """From which key to which, since when, and which part (0–1) of the old region went there."""

    predecessor_key: str
    successor_key: str
    on: datetime.date | None = None
    share: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InventedRegion:
    """A made-up place for the demo; its key begins with 99. Give parents before their children."""

    key: str
    name: str
    type_code: str
    parent_key: str | None
    population: int | None = None
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    size_class: int | None = None
