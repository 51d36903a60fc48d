"""Two to six solutions side by side on identical rows; the same rows go to page, spreadsheet and text file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from allmende.catalogue.cost import Estimate
from allmende.catalogue.models import Offer
from allmende.catalogue.queries import Sheet
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.components.templatetags.formats import day
from allmende.web.marketplace.costs import CostQuestion, amount_in_words, cost_of
from allmende.web.marketplace.wording import label_of, languages, platform

LEAST, MOST = 2, 6
NOTHING_SAID = "Zum Preis gibt es keine Angabe."


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
        return "offen" if any(cell.text is None for cell in self.cells) else "nein"

    @property
    def is_stated(self) -> bool:
        return bool(self._known)

    @property
    def _known(self) -> set[str]:
        return {cell.text for cell in self.cells if cell.text is not None}


@dataclass(frozen=True)
class Comparison:
    sheets: Sequence[Sheet]
    vocabulary: Vocabulary
    question: CostQuestion

    @cached_property
    def lines(self) -> list[Line]:
        """The rows, always the same ones in the same order."""
        rows: list[tuple[str, Callable[[Sheet], Cell]]] = [
            ("Was sie tut", self._summary),
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
            ("Betriebsart", self._delivery),
            ("Preismodelle", self._price_models),
            ("Angebote", _offers),
            ("Lizenz", lambda sheet: Cell(sheet.solution.licence or None)),
            ("Quellcode", _repository),
            ("Sprachen der Oberfläche", _languages),
            ("läuft auf", lambda sheet: Cell(", ".join(map(platform, sheet.solution.platforms)) or None)),
            ("Pflege", lambda sheet: self._term("maintenance", sheet.solution.maintenance)),
            ("verantwortlich", lambda sheet: Cell(sheet.solution.maintainer or None)),
            (
                "Stand der Angaben",
                lambda sheet: Cell(day(sheet.solution.as_of) if sheet.solution.as_of else None),
            ),
            ("Quellen", _origins),
        ]
        return [
            Line(label, [cell(sheet) for sheet in self.sheets], is_free_text=label == "Was sie tut")
            for label, cell in rows
        ]

    @cached_property
    def unknown_counts(self) -> list[int]:
        """How many rows each solution leaves open."""
        return [
            sum(line.cells[place].text is None for line in self.lines) for place in range(len(self.sheets))
        ]

    @cached_property
    def table(self) -> Table:
        columns = [Column("Angabe"), *(Column(sheet.solution.name) for sheet in self.sheets)]
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
    def rows(self) -> list[list[str]]:
        """The table as plain text, for files: heading, rows, count of what is open."""
        heading = ["Angabe", *(sheet.solution.name for sheet in self.sheets), "Unterschied"]
        lines = [[line.label, *(_in_file(cell) for cell in line.cells), line.verdict] for line in self.lines]
        counts = [f"{count} von {len(self.lines)}" for count in self.unknown_counts]
        return [heading, *lines, ["davon keine Angabe", *counts, ""]]

    def _summary(self, sheet: Sheet) -> Cell:
        text = sheet.text
        return Cell(text.summary or None, lang=text.language) if text else Cell(None)

    def _terms(self, sheet: Sheet, scheme: str) -> Cell:
        return self._labels(scheme, sheet.terms.get(scheme, ()))

    def _term(self, scheme: str, code: str) -> Cell:
        return self._labels(scheme, [code] if code else [])

    def _labels(self, scheme: str, codes: Sequence[str]) -> Cell:
        return Cell(", ".join(label_of(self.vocabulary, scheme, code) for code in codes) or None)

    def _delivery(self, sheet: Sheet) -> Cell:
        codes = [*sheet.terms.get("delivery_model", ()), *(offer.delivery_model for offer in sheet.offers)]
        return self._labels("delivery_model", list(dict.fromkeys(code for code in codes if code)))

    def _price_models(self, sheet: Sheet) -> Cell:
        codes = [offer.price_model for offer in sheet.offers if offer.price_model]
        return self._labels("price_model", list(dict.fromkeys(codes)))

    def _cost(self, sheet: Sheet, part: str) -> Cell:
        """Of the cheapest product or operation with a price known in full; else of one that is known in part."""
        running = [offer for offer in sheet.offers if offer.kind in ("product", "operation")]
        priced = [(cost_of(offer, self.question), offer) for offer in running]
        stated = [each for each in priced if each[0].has_prices]
        if not stated:
            return Cell(None, note=_why_unknown([worked_out for worked_out, _ in priced]))
        worked_out, offer = min(stated, key=lambda each: (bool(each[0].unknown), each[0].total, each[1].pk))
        words = amount_in_words(offer, self.question, part)
        if words is None:
            return Cell(None, note=" ".join(worked_out.unknown))
        longer = part == "total" and worked_out.term_months != self.question.term_months
        term = f", Mindestlaufzeit {worked_out.term_months} Monate" if longer else ""
        return Cell(words, note=f"{offer.title}{term}", invented=offer.is_invented)


def _why_unknown(estimates: Sequence[Estimate]) -> str:
    """What the offers say instead of a price; the sentence that says nothing is left out."""
    sentences = [sentence for each in estimates for sentence in each.unknown]
    return " ".join(dict.fromkeys(each for each in sentences if each != NOTHING_SAID))


def _confirmed(sheet: Sheet) -> Cell:
    uses = [use for use in sheet.confirmed_uses if use.state != "ended"]
    ended = len(sheet.confirmed_uses) - len(uses)
    return Cell(str(len(uses)), note=f"{ended} beendet" if ended else "")


def _claimed(sheet: Sheet) -> Cell:
    return Cell(str(len({use.name for use in sheet.claimed_uses})) if sheet.claimed_uses else None)


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


def _in_file(cell: Cell) -> str:
    text = "keine Angabe" if cell.text is None else cell.text
    if cell.href:
        return f"{text}: {cell.href}"
    marks = [mark for mark in (cell.note, "erfunden" if cell.invented else "") if mark]
    return f"{text} ({', '.join(marks)})" if marks else text
