"""Stadt- und Gemeindetyp of the BBSR, keys 11–50, and the class that a population alone suggests.

The type is data: function counts too, so that a place with basic central functions is a Kleinstadt (40) even
with fewer than 5,000 inhabitants. What is derived here is a fallback and has to be shown as such.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SizeClass:
    """One class: `key` of the BBSR, German `label`, smallest population that suggests it."""

    key: int
    label: str
    from_population: int


SIZE_CLASSES = (
    SizeClass(11, "Große Großstadt", 500_000),
    SizeClass(12, "Kleinere Großstadt", 100_000),
    SizeClass(21, "Größere Mittelstadt", 50_000),
    SizeClass(22, "Kleinere Mittelstadt", 20_000),
    SizeClass(30, "Größere Kleinstadt", 10_000),
    SizeClass(40, "Kleinere Kleinstadt", 5_000),
    SizeClass(50, "Landgemeinde", 0),
)
SIZE_CLASS_LABELS = {one.key: one.label for one in SIZE_CLASSES}


def suggested_by(population: int | None) -> int | None:
    """The class whose range holds the population; None where the population is unknown."""
    if population is None:
        return None
    return next(one.key for one in SIZE_CLASSES if population >= one.from_population)
