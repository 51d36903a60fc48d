"""What the page of a solution shows, worked out from the catalogue's sheet. No database, no HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allmende.catalogue.cost import Estimate
from allmende.catalogue.models import Contact, Listing, Offer, SolutionText
from allmende.catalogue.queries import Sheet
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.parts import Cell, Column, Definition, Row, Table
from allmende.web.components.templatetags.components import language_name
from allmende.web.components.templatetags.formats import day, number
from allmende.web.marketplace.costs import CostQuestion, cost_of, units_in

# Names of the values as the page writes them; what is not listed has no line of its own.
FIELD_LABELS = {
    "name": "Name",
    "repository_url": "Quellcode",
    "website_url": "Website",
    "licence": "Lizenz",
    "maturity": "Reifegrad",
    "boundary": "Einordnung",
    "fields_of_action": "Handlungsfelder",
    "solution_types": "Art der Lösung",
    "delivery_models": "Betriebsarten",
    "audiences": "Zielgruppen",
    "platforms": "läuft auf",
    "interface_languages": "Sprachen der Oberfläche",
    "maintenance": "Pflege",
    "maintainer": "verantwortlich",
    "maintainer_url": "Website der Verantwortlichen",
    "dependencies": "braucht",
    "contractors": "Wartung durch",
    "based_on": "beruht auf",
    "links": "Verweise",
    "topics": "Stichwörter",
    "as_of": "Stand der Angaben",
    "is_invented": "Kennzeichnung",
}
SCHEME_OF = {
    "maturity": "maturity",
    "boundary": "boundary",
    "maintenance": "maintenance",
    "fields_of_action": "field_of_action",
    "solution_types": "solution_type",
    "delivery_models": "delivery_model",
    "audiences": "audience",
}
PLATFORMS = {
    "web": "Browser",
    "windows": "Windows",
    "mac": "macOS",
    "linux": "Linux",
    "android": "Android",
    "ios": "iOS",
}
DEPENDENCY_KINDS = {"open": "offen", "proprietary": "proprietär", "hardware": "Gerät"}


@dataclass(frozen=True)
class OfferView:
    """An offer with its words and what it comes to."""

    offer: Offer
    kind: str
    delivery: str
    price_model: str
    estimate: Estimate

    @property
    def parties(self) -> list[tuple[str, Any]]:
        roles = (
            ("liefert", self.offer.supplier),
            ("betreibt", self.offer.operator),
            ("verkauft", self.offer.seller),
        )
        return [(role, body) for role, body in roles if body]


@dataclass(frozen=True)
class SheetView:
    sheet: Sheet
    vocabulary: Vocabulary
    question: CostQuestion

    @property
    def text(self) -> SolutionText | None:
        return self.sheet.text

    @property
    def other_languages(self) -> Sequence[SolutionText]:
        return self.sheet.texts[1:]

    def label(self, scheme: str, code: str) -> str:
        return label_of(self.vocabulary, scheme, code)

    @cached_property
    def facts(self) -> list[Definition]:
        """The short answers at the top of the page; unknown ones say so."""
        solution = self.sheet.solution
        return [
            Definition("Handlungsfelder", self._labels("field_of_action")),
            Definition("Art der Lösung", self._labels("solution_type")),
            Definition("Einordnung", self._one("boundary", solution.boundary)),
            Definition("Reifegrad", self._one("maturity", solution.maturity)),
            Definition("Zielgruppen", self._labels("audience")),
            Definition("Lizenz", _given(solution.licence)),
            Definition("Quellcode", _given(solution.repository_url), href=solution.repository_url),
            Definition("Website", _given(solution.website_url), href=solution.website_url),
            Definition("verantwortlich", _given(solution.maintainer), href=solution.maintainer_url),
            Definition("Pflege", self._one("maintenance", solution.maintenance)),
        ]

    @cached_property
    def needs(self) -> list[Definition]:
        """What one needs to run it."""
        solution = self.sheet.solution
        return [
            Definition("Betriebsarten", self._labels("delivery_model")),
            Definition("läuft auf", [PLATFORMS.get(code, code) for code in solution.platforms]),
            Definition("braucht", [_dependency(each) for each in solution.dependencies]),
            Definition("Sprachen der Oberfläche", [_language(code) for code in solution.interface_languages]),
            Definition("Personal", (), note="Fragen Sie eine Kommune, die die Lösung nutzt."),
        ]

    def _labels(self, scheme: str) -> list[str]:
        return [self.label(scheme, code) for code in self.sheet.terms.get(scheme, ())]

    def _one(self, scheme: str, code: str) -> list[str]:
        return [self.label(scheme, code)] if code else []

    @cached_property
    def offers(self) -> list[OfferView]:
        return [
            OfferView(
                offer=offer,
                kind=self.label("offer_kind", offer.kind),
                delivery=self.label("delivery_model", offer.delivery_model),
                price_model=self.label("price_model", offer.price_model),
                estimate=cost_of(offer, self.question),
            )
            for offer in self.sheet.offers
        ]

    @property
    def cost_fields(self) -> list[Any]:
        return self.question.fields(units_in(self.sheet.offers))

    @cached_property
    def uses(self) -> Table | None:
        """Who uses it: what the towns themselves say first, then what others say of them."""
        if not (self.sheet.confirmed_uses or self.sheet.claimed_uses):
            return None
        confirmed = {use.organisation_id for use in self.sheet.confirmed_uses}
        rows = [self._confirmed_row(use) for use in self.sheet.confirmed_uses]
        rows += [
            self._claimed_row(use) for use in self.sheet.claimed_uses if use.organisation_id not in confirmed
        ]
        columns = [Column("Wer"), Column("Einwohner", numeric=True), Column("Stand"), Column("Beleg")]
        return Table("Wer die Lösung nutzt", columns, rows)

    def _confirmed_row(self, use: Any) -> Row:
        town = use.organisation.region
        state = self.label("use_status", use.state)
        since = f" seit {day(use.since)}" if use.since and use.state != "ended" else ""
        until = f" am {day(use.ended_on)}" if use.ended_on else ""
        return Row(
            [
                Cell(
                    use.organisation.name,
                    href=_town_address(town),
                    note=_near(town, self.question.town),
                    invented=use.organisation.is_invented,
                ),
                Cell(number(town.population) if town and town.population else None),
                Cell(f"{state}{since}{until}", note=use.note),
                Cell("von der Kommune bestätigt", note=day(use.confirmed_at)),
            ]
        )

    def _claimed_row(self, use: Any) -> Row:
        town = use.organisation.region if use.organisation else None
        return Row(
            [
                Cell(use.name, href=_town_address(town) or use.url, note=_near(town, self.question.town)),
                Cell(number(town.population) if town and town.population else None),
                Cell(None),
                Cell(f"laut {use.listing.origin.label}", note=f"Stand {day(use.as_of)}" if use.as_of else ""),
            ]
        )

    @cached_property
    def provenance(self) -> Table:
        """Each value, where it comes from and since when it is known; what others say differently below it."""
        rows: list[Row] = []
        for field, effective in self.sheet.effective.items():
            rows.append(self._value_row(_field_label(field), field, effective, ""))
            rows += [
                self._value_row("", field, other, "abweichend, gilt hier nicht")
                for other in self.sheet.other_values.get(field, ())
            ]
        columns = [Column("Angabe"), Column("Wert"), Column("Herkunft"), Column("bekannt seit")]
        return Table("Woher die Angaben stammen", columns, rows)

    def _value_row(self, label: str, field: str, said: Any, note: str) -> Row:
        language = field.removeprefix("texts.") if field.startswith("texts.") else ""
        return Row(
            [
                Cell(label or "", note=note),
                Cell(_shorten(in_words(field, said.value, self.vocabulary)), lang=language),
                Cell(said.listing.origin.label),
                Cell(day(said.stated_at)),
            ]
        )

    @property
    def listings(self) -> Sequence[Listing]:
        return self.sheet.listings

    @cached_property
    def contacts(self) -> list[Contact]:
        """Teams and offices only: a person's name is not published because a file somewhere has it."""
        return [
            contact
            for listing in self.sheet.listings
            for contact in listing.contacts.all()
            if contact.is_team
        ]


def label_of(vocabulary: Vocabulary, scheme: str, code: str) -> str:
    term = vocabulary.term(scheme, code)
    return term.label if term else code


def in_words(field: str, value: Any, vocabulary: Vocabulary) -> str:
    """A stated value as people read it."""
    if field.startswith("texts."):
        return str(value.get("summary") or value.get("name") or value.get("description") or "")
    if field in SCHEME_OF:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(label_of(vocabulary, SCHEME_OF[field], code) for code in codes)
    if field == "is_invented":
        return "erfunden"
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(value)


@dataclass(frozen=True)
class EditionLine:
    term: str
    value: str
    origin: str


def edition_lines(content: Any, vocabulary: Vocabulary) -> list[EditionLine]:
    """The values of an edition, without its texts; empty for a redacted one."""
    if content is None:
        return []
    return [
        EditionLine(
            _field_label(field), in_words(field, value, vocabulary), content["origins"].get(field, "")
        )
        for field, value in content["values"].items()
        if not field.startswith("texts.")
    ]


def _given(value: str) -> list[str]:
    return [value] if value else []


def _dependency(each: Mapping[str, Any]) -> str:
    kind = DEPENDENCY_KINDS.get(each.get("kind", ""), "")
    details = [part for part in (kind, f"ab {each['version']}" if each.get("version") else "") if part]
    optional = ", nicht zwingend" if each.get("optional") else ""
    return (
        f"{each.get('name', '')} ({', '.join(details)}{optional})" if details else str(each.get("name", ""))
    )


def _language(code: str) -> str:
    return "Deutsch" if code.lower().split("-")[0] == "de" else language_name(code)


def _town_address(town: Any) -> str:
    return f"/kommunen/{town.key}" if town else ""


def _near(town: Any, own: Any) -> str:
    """What a town has in common with one's own."""
    if not town or not own or town.pk == own.pk:
        return ""
    common = []
    if town.size_class and town.size_class == own.size_class:
        common.append("ähnliche Größe wie bei Ihnen")
    if town.land_id and town.land_id == own.land_id:
        common.append("im selben Land")
    return ", ".join(common)


def _field_label(field: str) -> str:
    if field.startswith("texts."):
        return f"Beschreibung ({_language(field.removeprefix('texts.'))})"
    return FIELD_LABELS.get(field, field)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("url") or "")
    return str(value)


def _shorten(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
