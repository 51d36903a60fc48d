"""The question "Was kostet das für uns?", as it stands in an address: numbers of units and a term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from allmende.catalogue.cost import Estimate, estimate
from allmende.catalogue.models import Offer, PriceRow
from allmende.lib.sorting import din5007_key
from allmende.regions.levels import GEMEINDE
from allmende.regions.models import Region
from allmende.regions.names import folded
from allmende.regions.queries import MAX_CANDIDATES, Candidate, by_ags, look_up
from allmende.regions.size_classes import suggested_by
from allmende.web.components.parts import Field, FieldError
from allmende.web.components.templatetags.formats import euro, joined, number

# Parameter, unit of the vocabulary, label, largest sensible number.
UNITS = (
    ("einwohner", "inhabitant", "Einwohnerinnen und Einwohner", 5_000_000),
    ("nutzende", "user", "Nutzende in der Verwaltung", 1_000_000),
    ("geraete", "device", "Geräte oder Sensoren", 1_000_000),
    ("faelle", "case", "Fälle im Jahr", 100_000_000),
)
LONGEST_TERM = 120
USUAL_TERM = 48
LONGEST_NAME = 80
# As many as the register gives.
MOST_TOWNS = MAX_CANDIDATES

YEARLY = ("yearly", "monthly", "per_unit_yearly")
ONE_OFF = ("one_off", "per_unit_one_off")
_PARTS = {"one_off": ONE_OFF, "yearly": YEARLY, "total": (*ONE_OFF, *YEARLY)}
# What a price depends on, as the end of "hängt ab von …"; units that the operator adds have no number to ask for.
_NUMBERS = {
    "inhabitant": "Ihrer Einwohnerzahl",
    "user": "der Zahl der Nutzenden",
    "device": "der Zahl der Geräte",
    "case": "der Zahl der Fälle",
}
_OTHER_NUMBER = "einer weiteren Zahl"


@dataclass(frozen=True)
class Amount:
    """A sum of an offer for one question. `value` in net euros, None where nothing is said or can be worked out.

    `is_least`: something unknown comes on top. `waits_for`: units whose number the reader has not given.
    """

    value: Decimal | None = None
    is_least: bool = False
    waits_for: tuple[str, ...] = ()

    @property
    def words(self) -> str | None:
        """ "mindestens" where a price is not known: what nobody has stated is never shown as nothing."""
        if self.value is None:
            return None
        return f"mindestens {euro(self.value)}" if self.is_least else str(euro(self.value))

    @property
    def instead(self) -> str:
        """What stands where the amount would: the price is known, only the reader's number is missing; else ""."""
        return f"hängt von {self.depends_on} ab" if self.value is None and self.waits_for else ""

    @property
    def depends_on(self) -> str:
        return joined(list(dict.fromkeys(_NUMBERS.get(unit, _OTHER_NUMBER) for unit in self.waits_for)))


@dataclass(frozen=True)
class CostQuestion:
    """What somebody wants the costs for. A number that is not given is None; nonsense is told and not guessed."""

    units: Mapping[str, int | None]
    term_months: int
    town: Region | None = None
    # What a name may mean, where it means more than one Gemeinde.
    towns: Sequence[Candidate] = ()
    entered: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        return any(number is not None for number in self.units.values())

    @property
    def size_class(self) -> int | None:
        """The class of the town, or the one that the number of inhabitants suggests."""
        return self.town.size_class if self.town else suggested_by(self.units.get("inhabitant"))

    @property
    def towns_by_land(self) -> Sequence[tuple[str, Sequence[Candidate]]]:
        """The towns to choose from, under their Land, both by name."""
        lands: dict[str, list[Candidate]] = {}
        for each in sorted(self.towns, key=lambda each: din5007_key(each.label)):
            lands.setdefault(each.region.land.name if each.region.land else "", []).append(each)
        return sorted(lands.items(), key=lambda pair: din5007_key(pair[0]))

    @property
    def are_towns_cut(self) -> bool:
        return len(self.towns) == MOST_TOWNS

    @property
    def number_errors(self) -> Sequence[FieldError]:
        return [FieldError(text, f"kosten-{name}") for name, text in self.errors.items() if name != "kommune"]

    @property
    def town_field(self) -> Field:
        """The field in which somebody names the own town."""
        return Field(
            id="kosten-kommune",
            name="kommune",
            label="Ihre Kommune",
            value=self.entered.get("kommune", ""),
            hint="Name oder Postleitzahl. Ähnliche Kommunen stehen dann vorn, und die Kosten gelten für Sie.",
            error=self.errors.get("kommune", ""),
            kind="search",
            required=True,
            attributes={"maxlength": str(LONGEST_NAME), "autocomplete": "off"},
        )

    def fields(self, units: Sequence[str]) -> list[Field]:
        """Fields for those units that the prices depend on, and the term."""
        shown = [
            self._field(name, label, "Leer lassen, wenn Sie es nicht wissen." if unit != "inhabitant" else "")
            for name, unit, label, _ in UNITS
            if unit in units
        ]
        return [*shown, self._field("monate", "Laufzeit in Monaten", f"Üblich sind {USUAL_TERM} Monate.")]

    def _field(self, name: str, label: str, hint: str) -> Field:
        return Field(
            id=f"kosten-{name}",
            name=name,
            label=label,
            value=self.entered.get(name, ""),
            hint=hint,
            error=self.errors.get(name, ""),
            kind="number",
            required=False,
            attributes={"maxlength": "12", "autocomplete": "off"},
        )


def read_question(parameters: Mapping[str, Sequence[str]]) -> CostQuestion:
    """Read the question from an address; `kommune` (key, name or post code) fills in the number of inhabitants."""
    named = _first(parameters, "kommune", "")[:LONGEST_NAME].strip()
    town, towns, problem = _town(named)
    entered: dict[str, str] = {"kommune": town.name if town else named}
    errors: dict[str, str] = {"kommune": problem}
    units: dict[str, int | None] = {}
    for name, unit, _, most in UNITS:
        default = str(town.population) if town and town.population and unit == "inhabitant" else ""
        entered[name] = _first(parameters, name, default)[:20].strip()
        units[unit], errors[name] = _whole_number(entered[name], most)
    entered["monate"] = _first(parameters, "monate", str(USUAL_TERM))[:20].strip()
    term, errors["monate"] = _whole_number(entered["monate"], LONGEST_TERM, least=1)
    return CostQuestion(
        units=units,
        term_months=term or USUAL_TERM,
        town=town,
        towns=towns,
        entered=entered,
        errors={name: message for name, message in errors.items() if message},
    )


def _town(named: str) -> tuple[Region | None, Sequence[Candidate], str]:
    """The Gemeinde that is meant, or those that may be meant, or what to do where there is none."""
    if not named:
        return None, (), ""
    if region := by_ags(named):
        return region, (), ""
    found = look_up(named, only=(GEMEINDE,), limit=MOST_TOWNS)
    exact = [each for each in found if folded(each.region.name) == folded(named)]
    for only in (found, exact):
        if len(only) == 1:
            return only[0].region, (), ""
    if found:
        return None, found, ""
    return (
        None,
        (),
        "Diese Kommune haben wir nicht gefunden. Prüfen Sie den Namen, oder geben Sie die Postleitzahl ein.",
    )


def _first(parameters: Mapping[str, Sequence[str]], name: str, default: str) -> str:
    return next(iter(parameters.get(name, ())), default)


def _whole_number(text: str, most: int, least: int = 0) -> tuple[int | None, str]:
    digits = text.replace(".", "").replace(" ", "").replace("\u00a0", "")
    if not digits:
        return None, ""
    if not (digits.isascii() and digits.isdigit()):
        example = "48" if most == LONGEST_TERM else "6.000"
        return None, f"Geben Sie eine ganze Zahl ein, zum Beispiel {example}."
    number = int(digits)
    if not least <= number <= most:
        limit = f"{most:,}".replace(",", ".")
        return None, f"Geben Sie eine Zahl zwischen {least} und {limit} ein."
    return number, ""


def units_in(offers: Sequence[Offer]) -> list[str]:
    """Units that the prices of these offers depend on, inhabitants always: most people know that number."""
    used = {row.unit for offer in offers for row in offer.prices.all() if row.unit}
    return [unit for _, unit, _, _ in UNITS if unit in used or unit == "inhabitant"]


def cost_of(offer: Offer, question: CostQuestion) -> Estimate:
    return estimate(
        offer.prices.all(),
        units=question.units,
        term_months=question.term_months,
        on_request=offer.on_request,
        minimum_term_months=offer.minimum_term_months,
        are_hidden=offer.prices_are_hidden,
    )


def amount_of(offer: Offer, question: CostQuestion, part: str) -> Amount:
    """A sum ("one_off", "yearly" or "total") as far as the offer states it."""
    rows = [row for row in offer.prices.all() if row.kind in _PARTS[part]]
    if not rows:
        return Amount()
    whole = cost_of(offer, question)
    is_known = not whole.unknown if part == "total" else _is_known(rows, offer, question)
    amount: Decimal = getattr(whole, part)
    return Amount(amount if is_known or amount else None, not is_known, _missing(rows, question))


def _missing(rows: Sequence[PriceRow], question: CostQuestion) -> tuple[str, ...]:
    """The units that these rows count and whose number is not given, in the order of the form."""
    asked = {row.unit for row in rows if row.kind.startswith("per_unit") or has_tier(row)}
    missing = {unit for unit in asked if unit and question.units.get(unit) is None}
    known = [unit for _, unit, _, _ in UNITS]
    return tuple(sorted(missing, key=lambda unit: (known.index(unit) if unit in known else len(known), unit)))


def has_tier(row: PriceRow) -> bool:
    """Whether the price holds for some numbers only."""
    return row.tier_from is not None or row.tier_to is not None


def tier_in_words(row: PriceRow) -> str:
    """For how many a price holds: "5.000 und mehr", "weniger als 10.000", "5.000 bis unter 10.000"; "" for all."""
    if row.tier_from and row.tier_to is not None:
        return f"{number(row.tier_from)} bis unter {number(row.tier_to)}"
    if row.tier_to is not None:
        return f"weniger als {number(row.tier_to)}"
    return f"{number(row.tier_from)} und mehr" if row.tier_from else ""


def _is_known(rows: Sequence[PriceRow], offer: Offer, question: CostQuestion) -> bool:
    """Whether each price among these rows can be worked out for the numbers that are given."""
    groups: dict[tuple[str, str], list[PriceRow]] = {}
    for row in rows:
        groups.setdefault((row.kind, row.unit), []).append(row)
    return not offer.on_request and all(
        estimate(group, units=question.units, term_months=question.term_months).has_prices
        for group in groups.values()
    )
