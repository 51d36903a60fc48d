"""The form of one version of a rule set, for the desk and for a town's own."""

from decimal import Decimal
from typing import Any

from django import forms

from allmende.procurement.applicable import EU_THRESHOLD
from allmende.procurement.drafts import LimitDraft, RuleSetDraft
from allmende.regions.queries import laender
from allmende.vocabulary.queries import current
from allmende.web.components.forms import KindForm
from allmende.web.offers.prices import Amount

_NOT_TO_CHOOSE = frozenset({"eu", "limit", "any", "principles"})


class LimitForm(KindForm):
    """Up to which amount a procedure is allowed."""

    procedure = forms.ChoiceField(label="Verfahren", required=False)
    value = Amount(
        label="Bis zu diesem Betrag, netto",
        help_text="Leer lassen, wenn die Grenze der EU-Schwellenwert ist.",
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        required=False,
    )
    is_exclusive = forms.BooleanField(label="Der Betrag selbst gehört nicht mehr dazu", required=False)
    cap_at_eu = forms.BooleanField(label="Höchstens bis zum EU-Schwellenwert", required=False)

    def __init__(self, *args: Any, place: int, with_threshold: bool, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"grenze-{place}", **kwargs)
        self.number = place + 1
        field = self.fields["procedure"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        terms = current().terms("award_procedure")
        kinds = [term for term in terms if term.extra.get("regime") not in _NOT_TO_CHOOSE]
        threshold = [term for term in terms if with_threshold and term.code == EU_THRESHOLD]
        field.choices = [("", "Bitte wählen"), *((term.code, term.label) for term in (*threshold, *kinds))]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("procedure") and (said.get("value") is not None or said.get("cap_at_eu")):
            self.add_error("procedure", "Wählen Sie das Verfahren, für das die Grenze gilt.")
        if (
            said.get("procedure")
            and said.get("value") is None
            and not said.get("cap_at_eu")
            and not self.errors
        ):
            self.add_error("value", "Nennen Sie den Betrag, oder kreuzen Sie den EU-Schwellenwert an.")
        return said

    @property
    def draft(self) -> LimitDraft | None:
        said = self.cleaned_data
        if not said.get("procedure"):
            return None
        is_threshold = said["procedure"] == EU_THRESHOLD
        return LimitDraft(
            procedure=said["procedure"],
            value=said["value"],
            # § 106 GWB: European law rules once the threshold is reached.
            is_inclusive=not is_threshold and not said["is_exclusive"],
            cap_at_eu=said["cap_at_eu"] and not is_threshold,
        )


class OwnRulesForm(KindForm):
    """A town's own statute or internal rule."""

    title = forms.CharField(
        label="Wie heißt die Regel?",
        help_text="Zum Beispiel: Vergabesatzung oder Dienstanweisung Vergabe",
        max_length=200,
    )
    legal_text = forms.CharField(
        label="Fundstelle", help_text="Zum Beispiel: § 4 der Satzung vom 12.03.2026", max_length=500
    )
    valid_from = forms.DateField(label="Gilt ab", help_text="Zum Beispiel 01.01.2026")
    valid_to = forms.DateField(
        label="Gilt bis einschließlich", help_text="Leer lassen, wenn kein Ende bekannt ist.", required=False
    )
    source_title = forms.CharField(
        label="Quelle",
        help_text="Wo man es nachlesen kann, zum Beispiel das Amtsblatt mit Nummer.",
        max_length=300,
    )
    source_url = forms.URLField(
        label="Adresse der Quelle", required=False, max_length=1000, assume_scheme="https"
    )
    as_of = forms.DateField(label="Stand der Quelle", help_text="Wann haben Sie zuletzt nachgesehen?")
    principles = forms.CharField(
        label="Grundsätze statt Grenzen",
        help_text="Nur wenn die Regel keine Beträge nennt: Was gilt stattdessen, in einem oder zwei Sätzen?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = forms.CharField(
        label="Anmerkung", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    with_threshold = False
    limit_count = 3

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.limits = [
            LimitForm(data, place=place, with_threshold=self.with_threshold)
            for place in range(self.limit_count)
        ]

    def is_valid(self) -> bool:
        limits = [form.is_valid() for form in self.limits]
        return super().is_valid() and all(limits)

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    @property
    def draft(self) -> RuleSetDraft:
        """Only of a valid form; `scope` and the like of a town's own are set by the action."""
        limits = tuple(draft for form in self.limits if (draft := form.draft) is not None)
        return RuleSetDraft(**{"scope": "own", "legal_basis": "statute", **self.facts, "limits": limits})


class RuleSetForm(OwnRulesForm):
    """A rule of the EU, the Bund or a Land."""

    scope = forms.ChoiceField(
        label="Von wem ist die Regel?",
        choices=[("state", "Land"), ("eu", "EU"), ("federal", "Bund")],
        widget=forms.RadioSelect,
    )
    land = forms.ChoiceField(label="Land", help_text="Nur bei einer Regel eines Landes.", required=False)
    legal_basis = forms.ChoiceField(label="Rechtsgrundlage")
    with_threshold = True
    limit_count = 5

    field_order = ("scope", "land", "legal_basis")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, choices in (
            ("land", [("", "keines"), *((land.key, land.name) for land in laender())]),
            ("legal_basis", [(term.code, term.label) for term in current().terms("legal_basis")]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("scope") == "state" and not said.get("land"):
            self.add_error("land", "Wählen Sie das Land, für das die Regel gilt.")
        return said

    @property
    def facts(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        level = "federal" if said["scope"] == "federal" else "municipal"
        return {**said, "land": said["land"] if said["scope"] == "state" else "", "level": level}
