"""The page of prices: what holds for all of them, and one group of fields for each row."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import OfferDraft, PriceDraft
from allmende.lib.money import amount_in
from allmende.lib.partial_dates import told
from allmende.web.components.forms import KindForm
from allmende.web.offers.forms import StepForm, choices
from allmende.web.uses.forms import PartialDateField

# Empty rows below those that are filled.
SPARE = 2
MOST_ROWS = 30


class Amount(forms.DecimalField):
    """A number as people type it, with or without the sign of the currency or "%"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as Django's own field, really
        text = str(value or "").strip()
        try:
            return amount_in(text.removesuffix("%")) if text else None
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class Row(KindForm):
    """One amount. A row in which nothing at all is said is no row."""

    MAIN = ("kind", "amount", "unit", "drop")

    kind = forms.ChoiceField(label="Wie oft fällt der Betrag an?", required=False)
    amount = Amount(
        label="Betrag in Euro, netto",
        help_text="Zum Beispiel 1.200,00",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=4,
        required=False,
    )
    unit = forms.ChoiceField(
        label="Je Einheit", help_text="Nur bei einem Preis je Einheit oder einer Staffel.", required=False
    )
    tier_from = forms.IntegerField(label="Staffel ab", min_value=0, max_value=100_000_000, required=False)
    tier_to = forms.IntegerField(
        label="Staffel bis unter", min_value=1, max_value=100_000_000, required=False
    )
    vat_rate = Amount(
        label="Umsatzsteuer in Prozent",
        min_value=Decimal(0),
        max_value=Decimal("99.99"),
        decimal_places=2,
        required=False,
    )
    note = forms.CharField(label="Anmerkung", max_length=300, required=False)
    drop = forms.BooleanField(label="Diese Zeile weglassen", required=False)

    def __init__(self, *args: Any, place: int, is_stored: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"zeile-{place}", **kwargs)
        # An empty row behind another one waits folded until somebody needs it.
        self.is_folded = False
        if not is_stored:
            del self.fields["drop"]
        for name, scheme in (("kind", "price_kind"), ("unit", "unit")):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
            field.choices = choices(scheme, first="Bitte wählen" if name == "kind" else "keine")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("drop"):
            self.errors.clear()
            return {}
        if said.get("amount") is None and "amount" not in self.errors:
            if any(said.get(name) not in (None, "") for name in self._told):
                self.add_error("amount", _NO_AMOUNT_STORED if "drop" in self.fields else _NO_AMOUNT)
            return said
        if "kind" not in self.errors and not said.get("kind"):
            self.add_error("kind", "Wählen Sie, wie oft der Betrag anfällt.")
        if str(said.get("kind", "")).startswith("per_unit") and not said.get("unit"):
            self.add_error("unit", "Nennen Sie die Einheit, zum Beispiel Einwohnerin oder Einwohner.")
        low, high = said.get("tier_from"), said.get("tier_to")
        if (low is not None or high is not None) and not said.get("unit") and "unit" not in self.errors:
            self.add_error(
                "unit", "Nennen Sie, was die Staffel zählt, zum Beispiel Einwohnerin oder Einwohner."
            )
        if low is not None and high is not None and low >= high:
            self.add_error("tier_to", "Die Staffel endet vor ihrem Anfang. Tauschen Sie die beiden Zahlen.")
        return said

    @property
    def _told(self) -> list[str]:
        return [name for name in self.fields if name not in ("amount", "drop")]

    @property
    def is_empty(self) -> bool:
        return not any(self[name].value() for name in self.fields)

    @property
    def main(self) -> list[forms.BoundField]:
        """What nearly every row needs."""
        return [self[name] for name in self.MAIN if name in self.fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """What few rows need: tiers, tax, a note."""
        return [self[name] for name in self.fields if name not in self.MAIN]

    @property
    def is_more_open(self) -> bool:
        return any(bound.value() or bound.errors for bound in self.more)

    @property
    def draft(self) -> PriceDraft | None:
        """The row, where there is one and all of it can be read."""
        said = self.cleaned_data
        if self.errors or said.get("drop") or said.get("amount") is None:
            return None
        return PriceDraft(
            kind=said["kind"],
            amount=said["amount"],
            unit=said["unit"] or None,
            tier_from=said["tier_from"],
            tier_to=said["tier_to"],
            vat_rate=said["vat_rate"],
            note=said["note"],
        )


_NO_AMOUNT = "Geben Sie den Betrag dieser Zeile ein, oder leeren Sie die Zeile."
_NO_AMOUNT_STORED = (
    "Geben Sie den Betrag dieser Zeile ein, oder setzen Sie das Häkchen bei „Diese Zeile weglassen“."
)


def _initial(price: PriceDraft) -> dict[str, Any]:
    return {name: value for name, value in vars(price).items() if name in Row.base_fields}


class Prices(StepForm):
    price_model = forms.ChoiceField(label="Wonach richtet sich der Preis?", required=False)
    on_request = forms.BooleanField(
        label="Preis auf Anfrage", help_text="Auch zusätzlich zu Preiszeilen möglich.", required=False
    )
    prices_for = forms.ChoiceField(
        label="Wer sieht die Beträge?",
        widget=forms.RadioSelect,
        choices=[
            ("public", "Alle"),
            ("administration", "Nur die öffentliche Verwaltung, nach Anmeldung"),
        ],
        help_text=(
            "Was nur die Verwaltung sieht, steht in keiner öffentlichen Fassung des Eintrags. Beträge, die früher "
            "öffentlich waren, bleiben in den früheren Fassungen lesbar."
        ),
    )
    as_of = PartialDateField(
        label="Von wann sind die Preise?", help_text="Zum Beispiel 2026, 02.2026 oder 03.02.2026"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["price_model"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = choices("price_model")
        self.rows = self._rows()

    def _rows(self) -> list[Row]:
        prices: tuple[PriceDraft, ...] = self.initial.get("prices", ())
        stored = len(prices)
        if self.is_bound:
            number = _number_of_rows(self.data)
            rows = [Row(self.data, place=place, is_stored=place < stored) for place in range(number)]
        else:
            rows = [
                Row(place=place, is_stored=True, initial=_initial(each)) for place, each in enumerate(prices)
            ]
            rows += [Row(place=stored + place, is_stored=False) for place in range(SPARE)]
        for before, row in pairwise(rows):
            row.is_folded = before.is_empty and row.is_empty
        return rows

    def is_valid(self) -> bool:
        # All of them, so that each says what is wrong with it.
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def unreadable(self) -> dict[str, str]:
        found = dict(super().unreadable)
        for number, row in enumerate(self.rows, start=1):
            for name, errors in row.errors.items():
                found[f"{row.prefix}-{name}"] = f"Zeile {number}: {' '.join(str(each) for each in errors)}"
        return found

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        draft = content.offer or OfferDraft(title="")
        return {
            "price_model": draft.price_model or "",
            "on_request": draft.on_request,
            "prices_for": draft.prices_for,
            "as_of": told(draft.as_of, draft.as_of_precision),
            "prices": draft.prices,
        }

    def applied(self, content: Content) -> Content:
        draft = content.offer or OfferDraft(title="")
        as_of = self.said("as_of", told(draft.as_of, draft.as_of_precision))
        draft = replace(
            draft,
            price_model=self.said("price_model", draft.price_model) or None,
            on_request=bool(self.said("on_request", draft.on_request)),
            prices_for=self.said("prices_for", draft.prices_for) or draft.prices_for,
            as_of=as_of.first if as_of else None,
            as_of_precision=as_of.precision if as_of else "day",
            prices=tuple(self._prices(draft)),
        )
        return replace(content, offer=draft)

    def _prices(self, draft: OfferDraft) -> list[PriceDraft]:
        """The rows as typed; one that cannot be read stays what it was before."""
        if "prices" in self.left_alone:
            return list(draft.prices)
        kept = []
        for place, row in enumerate(self.rows):
            price = draft.prices[place] if row.errors and place < len(draft.prices) else row.draft
            if price is not None:
                kept.append(price)
        return kept


def _number_of_rows(data: Mapping[str, Any]) -> int:
    places = [
        int(parts[1])
        for name in data
        if (parts := name.split("-", 2))[0] == "zeile"
        and len(parts) == 3
        and parts[1].isdecimal()
        and len(parts[1]) < 4
    ]
    return min(max(places, default=-1) + 1, MOST_ROWS)
