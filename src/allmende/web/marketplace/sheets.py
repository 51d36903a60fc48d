"""What the page of a solution shows, worked out from the catalogue's sheet. No database, no HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from allmende.catalogue.addresses import is_web_address
from allmende.catalogue.cost import Estimate
from allmende.catalogue.models import Contact, Listing, Offer, OfferContact, SolutionText
from allmende.catalogue.queries import Sheet
from allmende.files.models import StoredFile
from allmende.organisations.models import Organisation
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.parts import Cell, Column, Definition, Field, Row, Table
from allmende.web.components.templatetags.formats import day, day_of
from allmende.web.marketplace.costs import Amount, CostQuestion, amount_of, cost_of, units_in
from allmende.web.marketplace.uses import Uses
from allmende.web.marketplace.wording import (
    dependency,
    field_label,
    in_order,
    in_words,
    label_of,
    languages,
    net_price_in_words,
    platform,
)


@dataclass(frozen=True)
class OfferView:
    """An offer with its words and what it comes to."""

    offer: Offer
    kind: str
    delivery: str
    price_model: str
    estimate: Estimate
    question: CostQuestion
    documents: Sequence[StoredFile] = ()
    # The rows as they were handed in, each with its tax; empty where the reader may not see them.
    prices: Sequence[str] = ()

    @property
    def one_off(self) -> Amount:
        return amount_of(self.offer, self.question, "one_off")

    @property
    def yearly(self) -> Amount:
        return amount_of(self.offer, self.question, "yearly")

    @property
    def total(self) -> Amount:
        return amount_of(self.offer, self.question, "total")

    @property
    def contact(self) -> OfferContact | None:
        """Where to ask, if the offer says so."""
        return getattr(self.offer, "contact", None)

    @property
    def has_lapsed(self) -> bool:
        return self.offer.has_lapsed(timezone.localdate())

    @property
    def parties(self) -> list[tuple[str, Organisation]]:
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
    # By public id of the offer: what anybody may save.
    documents: Mapping[str, Sequence[StoredFile]] | None = None

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
            Definition("Abgrenzung", self._one("boundary", solution.boundary)),
            Definition("Reife", self._one("maturity", solution.maturity)),
            Definition("Zielgruppen", self._labels("audience")),
            Definition("Lizenz", _given(solution.licence)),
            Definition(
                "Quellcode",
                _given(solution.repository_url),
                # An address that only git understands is shown and not linked.
                href=solution.repository_url if is_web_address(solution.repository_url) else "",
            ),
            Definition("Website", _given(solution.website_url), href=solution.website_url),
            Definition("verantwortlich", _given(solution.maintainer), href=solution.maintainer_url),
            Definition("Pflege", self._one("maintenance", solution.maintenance)),
        ]

    @cached_property
    def needs(self) -> list[Definition]:
        """What one needs to run it."""
        solution = self.sheet.solution
        return [
            Definition("Betriebsart", self._labels("delivery_model")),
            Definition("läuft auf", [platform(code) for code in solution.platforms]),
            Definition("braucht", [dependency(each) for each in solution.dependencies]),
            Definition("Sprachen der Oberfläche", languages(solution.interface_languages)),
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
                question=self.question,
                documents=(self.documents or {}).get(offer.public_id, ()),
                prices=[net_price_in_words(vars(row), self.vocabulary) for row in offer.prices.all()],
            )
            for offer in self.sheet.offers
        ]

    @property
    def cost_fields(self) -> list[Field]:
        return self.question.fields(units_in(self.sheet.offers))

    @cached_property
    def uses(self) -> Uses:
        return Uses(self.sheet.confirmed_uses, self.sheet.claimed_uses, self.vocabulary, self.question)

    @property
    def contractors(self) -> list[tuple[str, str]]:
        """Companies that maintain it by contract, as a source says, and until when."""
        return [
            (str(each.get("name", "")), day_of(each["until"]) if each.get("until") else "")
            for each in self.sheet.solution.contractors
        ]

    @cached_property
    def provenance(self) -> Table:
        """Each value, where it comes from and since when it is known; what others say differently below it."""
        rows: list[Row] = []
        for field in in_order(self.sheet.effective):
            rows.append(self._value_row(field_label(field), field, self.sheet.effective[field], ""))
            rows += [
                self._value_row(field_label(field), field, other, "abweichend, gilt hier nicht")
                for other in self.sheet.other_values.get(field, ())
            ]
        columns = [Column("Angabe"), Column("Wert"), Column("Herkunft"), Column("bekannt seit")]
        return Table("Woher die Angaben stammen", columns, rows)

    def _value_row(self, label: str, field: str, said: Any, note: str) -> Row:
        language = field.removeprefix("texts.") if field.startswith("texts.") else ""
        return Row(
            [
                Cell(label, note=note),
                Cell(_shorten(in_words(field, said.value, self.vocabulary)), lang=language),
                Cell(said.listing.origin.label),
                Cell(day(said.stated_at)),
            ]
        )

    @property
    def owner(self) -> Organisation | None:
        """The organisation that keeps the entry, where the desk has confirmed that it is its own."""
        return self.sheet.owner

    @cached_property
    def overruled(self) -> Table | None:
        """Where the owner says something else than a source: both, side by side."""
        rows = [
            Row(
                [
                    Cell(field_label(field)),
                    Cell(self._in_words(field, holding.value)),
                    Cell(self._in_words(field, other.value), note=other.listing.origin.label),
                ]
            )
            for field in in_order(self.sheet.effective)
            if (holding := self.sheet.effective[field]).listing.origin.kind == "owner"
            for other in self.sheet.other_values.get(field, ())
        ]
        columns = [Column("Angabe"), Column("sagt die Organisation selbst"), Column("sagt die Quelle")]
        return (
            Table("Wo die Organisation etwas anderes sagt als eine Quelle", columns, rows) if rows else None
        )

    def _in_words(self, field: str, value: Any) -> str:
        return _shorten(in_words(field, value, self.vocabulary))

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


def _given(value: str) -> list[str]:
    return [value] if value else []


def _shorten(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
