"""The page of prices: what holds for all of them, and one group of fields for each row."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from allmende.catalogue.contents import Content
from allmende.catalogue.drafts import OfferDraft, PriceDraft
from allmende.web.components.forms import KindForm
from allmende.web.offers.forms import StepForm, choices

# Empty rows below those that are filled.
SPARE = 2
MOST_ROWS = 30


class Row(KindForm):
    """One amount. A row without an amount is no row."""

    kind = forms.ChoiceField(label="Wie oft fällt der Betrag an?", required=False)
    amount = forms.DecimalField(
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
    vat_rate = forms.DecimalField(
        label="Umsatzsteuer in Prozent",
        min_value=Decimal(0),
        max_value=Decimal("99.99"),
        decimal_places=2,
        required=False,
    )
    note = forms.CharField(label="Anmerkung", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, scheme in (("kind", "price_kind"), ("unit", "unit")):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
            field.choices = choices(scheme, first="Bitte wählen" if name == "kind" else "keine")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("amount") is None and "amount" not in self.errors:
            if any(said.get(name) not in (None, "") for name in ("tier_from", "tier_to", "vat_rate", "note")):
                self.add_error("amount", "Geben Sie den Betrag dieser Zeile ein, oder leeren Sie die Zeile.")
            return said
        if "kind" not in self.errors and not said.get("kind"):
            self.add_error("kind", "Wählen Sie, wofür der Betrag anfällt.")
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
    def draft(self) -> PriceDraft | None:
        """The row, where there is one and all of it can be read."""
        said = self.cleaned_data
        if self.errors or said.get("amount") is None:
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


def _initial(price: PriceDraft) -> dict[str, Any]:
    return {name: getattr(price, name) for name in Row.base_fields}


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
    as_of = forms.DateField(
        label="Von wann sind die Preise?",
        help_text="Zum Beispiel 03.02.2026",
        required=False,
        widget=forms.DateInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["price_model"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = choices("price_model")
        self.rows = self._rows()

    def _rows(self) -> list[Row]:
        if self.is_bound:
            return [Row(self.data, prefix=f"zeile-{place}") for place in range(_number_of_rows(self.data))]
        prices: tuple[PriceDraft, ...] = self.initial.get("prices", ())
        known = [Row(prefix=f"zeile-{place}", initial=_initial(each)) for place, each in enumerate(prices)]
        return known + [Row(prefix=f"zeile-{len(known) + place}") for place in range(SPARE)]

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
            "as_of": draft.as_of,
            "prices": draft.prices,
        }

    def applied(self, content: Content) -> Content:
        draft = content.offer or OfferDraft(title="")
        draft = replace(
            draft,
            price_model=self.said("price_model", draft.price_model) or None,
            on_request=bool(self.said("on_request", draft.on_request)),
            prices_for=self.said("prices_for", draft.prices_for) or draft.prices_for,
            as_of=self.said("as_of", draft.as_of),
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
