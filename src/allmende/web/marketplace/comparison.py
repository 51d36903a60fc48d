"""Two to six solutions side by side on identical rows; the same rows go to page, spreadsheet and text file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from allmende.catalogue.cost import HIDDEN, UNITS_IN_WORDS, Estimate
from allmende.catalogue.models import Offer, PriceRow
from allmende.catalogue.queries import Sheet
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import day
from allmende.web.marketplace.cards import RUNNING
from allmende.web.marketplace.costs import CostQuestion, amount_of, cost_of, tier_in_words
from allmende.web.marketplace.exports import DAY, EURO, EURO_AT_LEAST, Figure, FileCell
from allmende.web.marketplace.wording import exact_euro, label_of, languages, platform

LEAST, MOST = 2, 6
NOTHING_SAID = "Zum Preis gibt es keine Angabe."
# Beginning of a sentence of `catalogue.cost`; the cells say the same for each sum.
NUMBER_MISSING = "Der Preis hängt ab von: "
SUMMARY, BASIS = "Was sie tut", "Worauf die Kosten beruhen"
FREE_TEXTS = frozenset({SUMMARY, BASIS})
LONGEST_CONDITION = 240


@dataclass(frozen=True)
class Line:
    """One row: what is compared, and for each solution a value; None is "keine Angabe"."""

    label: str
    cells: Sequence[Cell]
    # Free words are never alike, and saying so helps nobody.
    is_free_text: bool = False

    @property
    def differs(self) -> bool:
        """Whether two known values differ: what is not known is neither the same nor another."""
        return not self.is_free_text and len(self._known) > 1

    @property
    def verdict(self) -> str:
        """ "ja", "nein", or "offen" where something is not known; "" where nothing is compared."""
        if self.is_free_text:
            return ""
        if self.differs:
            return "ja"
        return "offen" if any(cell.text is None or cell.is_remark for cell in self.cells) else "nein"

    @property
    def is_stated(self) -> bool:
        return bool(self._known)

    @property
    def _known(self) -> set[str]:
        return {cell.text for cell in self.cells if cell.text is not None and not cell.is_remark}


@dataclass(frozen=True)
class Comparison:
    sheets: Sequence[Sheet]
    vocabulary: Vocabulary
    question: CostQuestion

    @cached_property
    def lines(self) -> list[Line]:
        """The rows, always the same ones in the same order."""
        rows: list[tuple[str, Callable[[Sheet], Cell]]] = [
            (SUMMARY, self._summary),
            ("Handlungsfelder", lambda sheet: self._terms(sheet, "field_of_action")),
            ("Art der Lösung", lambda sheet: self._terms(sheet, "solution_type")),
            ("Abgrenzung", lambda sheet: self._term("boundary", sheet.solution.boundary)),
            ("Reife", lambda sheet: self._term("maturity", sheet.solution.maturity)),
            ("Nutzung, von Kommunen bestätigt", _confirmed),
            ("Nutzung, laut Quellen", _claimed),
            ("Kosten einmalig, netto", lambda sheet: self._cost(sheet, "one_off")),
            ("Kosten jährlich, netto", lambda sheet: self._cost(sheet, "yearly")),
            (
                f"Kosten in {self.question.term_months} Monaten, netto",
                lambda sheet: self._cost(sheet, "total"),
            ),
            (BASIS, self._basis),
            ("Betriebsart", self._delivery),
            ("Preismodelle", self._price_models),
            ("Angebote", _offers),
            ("Lizenz", lambda sheet: Cell(sheet.solution.licence or None)),
            ("Quellcode", _repository),
            ("Sprachen der Oberfläche", _languages),
            ("läuft auf", lambda sheet: Cell(", ".join(map(platform, sheet.solution.platforms)) or None)),
            ("Pflege", lambda sheet: self._term("maintenance", sheet.solution.maintenance)),
            ("verantwortlich", lambda sheet: Cell(sheet.solution.maintainer or None)),
            ("Stand der Angaben", _as_of),
            ("Quellen", _origins),
        ]
        return [
            Line(label, [cell(sheet) for sheet in self.sheets], is_free_text=label in FREE_TEXTS)
            for label, cell in rows
        ]

    @cached_property
    def unknown_counts(self) -> list[int]:
        """How many rows each solution leaves open."""
        return [
            sum(line.cells[place].text is None for line in self.lines) for place in range(len(self.sheets))
        ]

    @cached_property
    def _names(self) -> list[str]:
        """What stands above each column: two with one name are told apart by their sources, or by their number."""
        names = [sheet.solution.name for sheet in self.sheets]
        told = [
            f"{name} ({sheet.listings[0].origin.label})" if names.count(name) > 1 and sheet.listings else name
            for name, sheet in zip(names, self.sheets, strict=True)
        ]
        return [
            name if told.count(name) == 1 else f"{name}, {place}." for place, name in enumerate(told, start=1)
        ]

    @cached_property
    def table(self) -> Table:
        columns = [Column("Angabe"), *(Column(name) for name in self._names)]
        foot = Row(
            [
                Cell("davon keine Angabe"),
                *(Cell(f"{count} von {len(self.lines)}") for count in self.unknown_counts),
            ]
        )
        return Table(
            "Vergleich der Lösungen",
            columns,
            [Row([Cell(line.label), *line.cells], differs=line.differs) for line in self.lines],
            note="Zeilen, in denen sich bekannte Angaben unterscheiden, tragen den Vermerk „unterschiedlich“.",
            foot=foot,
            compare=True,
        )

    @cached_property
    def short_table(self) -> Table:
        """The table without rows about which nobody says anything: enough to tell whether two are one."""
        rows = [
            Row([Cell(line.label), *line.cells], differs=line.differs)
            for line in self.lines
            if line.is_stated
        ]
        return replace(self.table, rows=rows, foot=None)

    @cached_property
    def rows(self) -> list[list[FileCell]]:
        """The table for files: heading, rows, count of what is open."""
        heading: list[FileCell] = ["Angabe", *(sheet.solution.name for sheet in self.sheets), "Unterschied"]
        lines = [[line.label, *(_in_file(cell) for cell in line.cells), line.verdict] for line in self.lines]
        many = len(self.lines)
        counts = [Figure(f"{count} von {many}", count, f'0" von {many}"') for count in self.unknown_counts]
        return [heading, *lines, ["davon keine Angabe", *counts, ""]]

    def _summary(self, sheet: Sheet) -> Cell:
        text = sheet.text
        return Cell(text.summary or None, lang=text.language) if text else Cell(None)

    def _terms(self, sheet: Sheet, scheme: str) -> Cell:
        return self._labels(scheme, sheet.terms.get(scheme, ()))

    def _term(self, scheme: str, code: str) -> Cell:
        return self._labels(scheme, [code] if code else [])

    def _labels(self, scheme: str, codes: Sequence[str]) -> Cell:
        labels = [label_of(self.vocabulary, scheme, code) for code in codes]
        # "Planen, Bauen & Wohnen" is one of them.
        between = "; " if any("," in label for label in labels) else ", "
        return Cell(between.join(labels) or None)

    def _delivery(self, sheet: Sheet) -> Cell:
        codes = [*sheet.terms.get("delivery_model", ()), *(offer.delivery_model for offer in sheet.offers)]
        return self._labels("delivery_model", list(dict.fromkeys(code for code in codes if code)))

    def _price_models(self, sheet: Sheet) -> Cell:
        codes = [offer.price_model for offer in sheet.offers if offer.price_model]
        return self._labels("price_model", list(dict.fromkeys(codes)))

    def _cheapest(self, sheet: Sheet) -> tuple[Estimate, Offer] | None:
        """The cheapest product or operation with a price known in full; else one that is known in part."""
        stated = [each for each in self._running(sheet) if each[0].has_prices]
        return min(
            stated, key=lambda each: (bool(each[0].unknown), each[0].total, each[1].pk), default=None
        ) or next((each for each in self._running(sheet) if each[1].prices.all()), None)

    def _running(self, sheet: Sheet) -> list[tuple[Estimate, Offer]]:
        offers = [offer for offer in sheet.offers if offer.kind in RUNNING]
        return [(cost_of(offer, self.question), offer) for offer in offers]

    def _cost(self, sheet: Sheet, part: str) -> Cell:
        cheapest = self._cheapest(sheet)
        if cheapest is None:
            return Cell(None, note=_why_unknown([worked_out for worked_out, _ in self._running(sheet)]))
        worked_out, offer = cheapest
        amount = amount_of(offer, self.question, part)
        if amount.instead:
            return Cell(amount.instead, is_remark=True)
        if amount.words is None:
            return Cell(None, note=_why_unknown([worked_out]))
        depends = f"Hinzu kommt, was von {amount.depends_on} abhängt." if amount.waits_for else ""
        return Cell(
            amount.words,
            note=depends,
            invented=offer.is_invented,
            value=amount.value,
            written=EURO_AT_LEAST if amount.is_least else EURO,
        )

    def _basis(self, sheet: Sheet) -> Cell:
        """The offer that the sums come from, and what holds for its price: who reads only a sum reads it wrong."""
        cheapest = self._cheapest(sheet)
        if cheapest is None:
            are_hidden = any(offer.prices_are_hidden for _, offer in self._running(sheet))
            return Cell(HIDDEN if are_hidden else "Es gibt kein Angebot mit einem Preis.", is_remark=True)
        worked_out, offer = cheapest
        conditions = " ".join(self._conditions(worked_out, offer))
        return Cell(offer.title, note=conditions, invented=offer.is_invented)

    def _conditions(self, worked_out: Estimate, offer: Offer) -> list[str]:
        model = label_of(self.vocabulary, "price_model", offer.price_model) if offer.price_model else ""
        tiers = [self._tier_sentence(row) for row in offer.prices.all()]
        sentences = [f"Preismodell: {model}." if model else "", *tiers, _short(offer.included_services)]
        return list(dict.fromkeys(filter(None, [*sentences, *worked_out.notes, *_open(worked_out)])))

    def _tier_sentence(self, row: PriceRow) -> str:
        """For whom a graded price holds; where the number is known, only the grade that it falls into."""
        given, tier = self.question.units.get(row.unit), tier_in_words(row)
        if not tier or (given is not None and not _holds_for(row, given)):
            return ""
        kind = label_of(self.vocabulary, "price_kind", row.kind)
        unit = UNITS_IN_WORDS.get(row.unit, row.unit)
        return f"{kind[:1].upper()}{kind[1:]} {exact_euro(row.amount)} für {tier} {unit}."


def _holds_for(row: PriceRow, number: int) -> bool:
    return (row.tier_from or 0) <= number and (row.tier_to is None or number < row.tier_to)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_CONDITION else f"{text[: LONGEST_CONDITION - 1].rsplit(' ', 1)[0]} …"


def _open(estimate: Estimate) -> list[str]:
    """What is not in the sums, but for numbers that the reader can give."""
    return [each for each in estimate.unknown if not each.startswith(NUMBER_MISSING) and each != NOTHING_SAID]


def _why_unknown(estimates: Sequence[Estimate]) -> str:
    """What the offers say instead of a price; the sentence that says nothing is left out."""
    return " ".join(dict.fromkeys(sentence for each in estimates for sentence in _open(each)))


def _confirmed(sheet: Sheet) -> Cell:
    uses = [use for use in sheet.confirmed_uses if use.state != "ended"]
    ended = len(sheet.confirmed_uses) - len(uses)
    return _count(len(uses), note=f"{ended} beendet" if ended else "")


def _claimed(sheet: Sheet) -> Cell:
    return _count(len({use.name for use in sheet.claimed_uses})) if sheet.claimed_uses else Cell(None)


def _count(number: int, note: str = "") -> Cell:
    return Cell(str(number), note=note, value=number, written="0")


def _as_of(sheet: Sheet) -> Cell:
    known = sheet.solution.as_of
    return Cell(day(known), value=known, written=DAY) if known else Cell(None)


def _offers(sheet: Sheet) -> Cell:
    def party(offer: Offer) -> str:
        body = offer.seller or offer.supplier or offer.operator
        return body.name if body else ""

    return Cell(", ".join(dict.fromkeys(party(offer) for offer in sheet.offers)) or None)


def _repository(sheet: Sheet) -> Cell:
    url = sheet.solution.repository_url
    return Cell("öffentlich", href=url, note=url.split("://", 1)[-1]) if url else Cell(None)


def _languages(sheet: Sheet) -> Cell:
    return Cell(", ".join(languages(sheet.solution.interface_languages)) or None)


def _origins(sheet: Sheet) -> Cell:
    return Cell(", ".join(dict.fromkeys(listing.origin.label for listing in sheet.listings)) or None)


def _in_file(cell: Cell) -> FileCell:
    text = "keine Angabe" if cell.text is None else cell.text
    if cell.href:
        return f"{text}: {cell.href}"
    marks = [mark for mark in (cell.note, "erfunden" if cell.invented else "") if mark]
    text = f"{text} ({', '.join(marks)})" if marks else text
    if cell.value is None:
        return text
    note = "".join(letter for letter in f" ({', '.join(marks)})" if letter != '"') if marks else ""
    return Figure(text, cell.value, f'{cell.written}"{note}"' if note else cell.written)
