"""The form of an estimate: one group of fields for each cost, and what holds for the whole contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from allmende.procurement.estimate import LONGEST_TERM, RHYTHMS, Contract, Line
from allmende.web.components.forms import KindForm
from allmende.web.offers.prices import Amount

SPARE, MOST = 2, 30
ROLES = [
    ("main", "gehört fest dazu"),
    ("option", "ist eine Option"),
    ("joint", "Bedarf einer anderen Kommune"),
]
TAX = [("net", "netto"), ("gross", "brutto")]


class LineForm(KindForm):
    """One cost. What says nothing at all is no line; a name without an amount is a cost that nobody knows yet."""

    label = forms.CharField(label="Wofür?", max_length=120, required=False)
    amount = Amount(
        label="Betrag in Euro",
        help_text="Leer lassen, wenn Sie ihn nicht kennen.",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=4,
        required=False,
    )
    rhythm = forms.ChoiceField(label="Wie oft?", choices=list(RHYTHMS.items()), required=False)
    tax = forms.ChoiceField(label="Netto oder brutto?", choices=TAX, required=False)
    vat_rate = Amount(
        label="Umsatzsteuer in Prozent",
        help_text="Nur bei Bruttobeträgen.",
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        required=False,
    )
    quantity = forms.IntegerField(label="Anzahl", min_value=1, max_value=1_000_000, required=False)
    role = forms.ChoiceField(label="Was ist es?", choices=ROLES, required=False)
    lot = forms.CharField(label="Los", max_length=60, required=False)

    MAIN = ("label", "amount", "rhythm", "tax")

    def __init__(self, *args: Any, place: int, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"zeile-{place}", **kwargs)
        self.number = place + 1

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.says_nothing(said):
            return said
        if not said.get("label"):
            self.add_error("label", "Schreiben Sie, wofür der Betrag ist, zum Beispiel „Einrichtung“.")
        return said

    @staticmethod
    def says_nothing(said: Mapping[str, Any]) -> bool:
        return all(
            said.get(name) in (None, "") for name in ("label", "amount", "quantity", "vat_rate", "lot")
        )

    @property
    def is_folded(self) -> bool:
        return not any(self[name].value() for name in ("vat_rate", "quantity", "lot")) and self["role"].value() in (
            None, "", "main",
        )  # fmt: skip

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MAIN]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.MAIN]

    @property
    def role_and_line(self) -> tuple[str, Line] | None:
        """What the line is and the line itself; None for an empty one or one that cannot be read."""
        said = self.cleaned_data
        if self.errors or self.says_nothing(said):
            return None
        line = Line(
            label=said["label"],
            rhythm=said["rhythm"] or "one_off",
            amount=said["amount"],
            quantity=said["quantity"] or 1,
            is_gross=said["tax"] == "gross",
            vat_rate=said["vat_rate"] if said["tax"] == "gross" else None,
            lot=said["lot"],
        )
        return said["role"] or "main", line


class ContractForm(KindForm):
    """The whole contract; `lines` are the forms of its costs."""

    term = forms.IntegerField(
        label="Laufzeit in Monaten",
        help_text="Ohne Verlängerungen. Leer lassen, wenn alles einmalig ist oder der Vertrag kein Ende hat.",
        min_value=1,
        max_value=LONGEST_TERM,
        required=False,
    )
    is_unlimited = forms.BooleanField(label="Der Vertrag läuft auf unbestimmte Zeit", required=False)
    has_total_price = forms.BooleanField(
        label="Der Vertrag nennt einen Gesamtpreis für die ganze Laufzeit", required=False
    )
    extension_count = forms.IntegerField(
        label="Mögliche Verlängerungen", help_text="Wie oft?", min_value=0, max_value=20, required=False
    )
    extension_months = forms.IntegerField(
        label="Monate je Verlängerung", min_value=1, max_value=120, required=False
    )
    day = forms.DateField(
        label="Tag der Schätzung",
        help_text="Es gelten die Regeln dieses Tages. Zum Beispiel 03.02.2026",
    )

    def __init__(
        self, data: Any = None, *, rows: int = 0, lines: Sequence[dict[str, Any]] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        wanted = min(max(rows, len(lines) + SPARE, self.sent_rows(data)), MOST)
        padded = [*lines, *([{}] * (wanted - len(lines)))]
        self.lines = [LineForm(data, place=place, initial=initial) for place, initial in enumerate(padded)]

    @staticmethod
    def sent_rows(data: Any) -> int:
        """How many rows the sent form had; what is not a sensible number is none."""
        text = str(data.get("zeilen", "")) if data is not None else ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0

    @property
    def row_count(self) -> int:
        return len(self.lines)

    def is_valid(self) -> bool:
        # Every line says what is wrong with it, not only the first.
        lines = [line.is_valid() for line in self.lines]
        return super().is_valid() and all(lines)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("is_unlimited") and (said.get("term") or said.get("extension_count")):
            self.add_error(
                "is_unlimited",
                "Ein Vertrag auf unbestimmte Zeit hat keine Laufzeit und keine Verlängerung. Wählen Sie eines.",
            )
        if said.get("extension_count") and not said.get("extension_months"):
            self.add_error(
                "extension_months", "Sagen Sie, um wie viele Monate der Vertrag jedes Mal länger wird."
            )
        if said.get("extension_count") and not said.get("term") and not said.get("is_unlimited"):
            self.add_error("term", "Nennen Sie die Laufzeit, die verlängert werden kann.")
        return said

    @property
    def all_errors(self) -> list[Any]:
        return [form for form in (self, *self.lines) if form.errors]

    @property
    def contract(self) -> Contract:
        """Only of a valid form."""
        said = self.cleaned_data
        found: dict[str, list[Line]] = {"main": [], "option": [], "joint": []}
        for form in self.lines:
            if (told := form.role_and_line) is not None:
                found[told[0]].append(told[1])
        count = said["extension_count"] or 0
        return Contract(
            lines=tuple(found["main"]),
            options=tuple(found["option"]),
            joint=tuple(found["joint"]),
            term=said["term"],
            is_unlimited=said["is_unlimited"],
            has_total_price=said["has_total_price"],
            extensions=(said["extension_months"],) * count if count else (),
        )


@dataclass(frozen=True)
class Filled:
    """How a form is filled in before somebody types: initial values and lines."""

    initial: dict[str, Any]
    lines: list[dict[str, Any]]


def filled_with(contract: Contract) -> Filled:
    """The form as it was when this contract was entered; extensions of different lengths become one."""
    lines = [
        {
            "label": line.label,
            "amount": line.amount,
            "rhythm": line.rhythm,
            "tax": "gross" if line.is_gross else "net",
            "vat_rate": line.vat_rate,
            "quantity": line.quantity if line.quantity > 1 else None,
            "role": role,
            "lot": line.lot,
        }
        for role, group in (("main", contract.lines), ("option", contract.options), ("joint", contract.joint))
        for line in group
    ]
    same = len(set(contract.extensions)) == 1
    initial = {
        "term": contract.term,
        "is_unlimited": contract.is_unlimited,
        "has_total_price": contract.has_total_price,
        "extension_count": (len(contract.extensions) if same else 1) if contract.extensions else None,
        "extension_months": (contract.extensions[0] if same else sum(contract.extensions))
        if contract.extensions
        else None,
    }
    return Filled(initial, lines)


def refuse_empty(form: ContractForm) -> None:
    contract = form.contract
    if not (contract.lines or contract.options or contract.joint):
        form.add_error(None, "Tragen Sie mindestens einen Betrag ein.")
