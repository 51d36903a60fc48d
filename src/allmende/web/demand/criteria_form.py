"""The page of criteria: each of the registry with its weight and its value, and two fields for words of one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from allmende.demand.completeness import what_is_wrong
from allmende.demand.criteria import CRITERIA, Criterion, check_wanted, label_of, told
from allmende.demand.drafts import LONGEST_OWN_WORDS, CriterionDraft, NeedDraft
from allmende.lib.money import amount_in
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Definition
from allmende.web.demand.forms import PageForm

NO_MATTER = "egal"
WEIGHTS = [("", NO_MATTER), ("must", "Muss"), ("should", "Soll")]
MOST_OWN = 20
# More terms than this are no list to tick.
_TICKED = 12
GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("Kosten", ("price_free_yearly", "yearly_cost_at_most", "one_off_cost_at_most")),
    ("Betrieb und Daten", ("delivery_model", "operator_public", "hosting_in_eu", "works_with")),
    (
        "Software und Lizenz",
        ("open_source", "licence_known", "interface_language", "documentation", "boundary"),
    ),
    (
        "Reife und Erfahrung",
        (
            "maturity",
            "maintained",
            "support_offered",
            "used_in_size_class",
            "used_in_land",
            "confirmed_uses_at_least",
        ),
    ),
)


@dataclass(frozen=True)
class Line:
    """A criterion on the page: its weight, and its value where it has one."""

    criterion: Criterion
    weight: BoundField
    wanted: BoundField | None


class Criteria(PageForm):
    own_must = forms.CharField(
        label="Muss, in eigenen Worten",
        help_text="Ein Kriterium je Zeile. Danach werden Anbieter gefragt.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_OWN_WORDS * MOST_OWN,
        required=False,
    )
    own_should = forms.CharField(
        label="Soll, in eigenen Worten",
        help_text="Ein Kriterium je Zeile: schön zu haben, aber nicht nötig.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_OWN_WORDS * MOST_OWN,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in CRITERIA.values():
            self._add(f"weight_{criterion.code}", _weight(criterion))
            if criterion.kind != "flag":
                self._add(f"wanted_{criterion.code}", _field(criterion))

    def _add(self, name: str, field: forms.Field) -> None:
        field.widget.attrs.pop("cols", None)
        said = f"Wählen Sie bei „{field.label}“ eine der Antworten aus."
        field.error_messages |= {"invalid_choice": said, "invalid_list": said}
        self.fields[name] = field

    @property
    def groups(self) -> list[tuple[str, list[Line], bool]]:
        """Title, lines, and whether one of them is chosen; what the registry has beside these comes last."""
        named = {code for _, codes in GROUPS for code in codes}
        rest = [code for code in CRITERIA if code not in named]
        every = [*GROUPS, *([("Weitere", rest)] if rest else [])]
        found = []
        for title, codes in every:
            lines = [self._line(CRITERIA[code]) for code in codes if code in CRITERIA]
            is_open = any(line.weight.value() or line.weight.errors for line in lines)
            found.append((title, lines, is_open or any(line.wanted and line.wanted.errors for line in lines)))
        return found

    def _line(self, criterion: Criterion) -> Line:
        wanted = self[f"wanted_{criterion.code}"] if criterion.kind != "flag" else None
        return Line(criterion, self[f"weight_{criterion.code}"], wanted)

    @property
    def vanished(self) -> list[str]:
        """What stands in the draft and cannot stay, in words."""
        return [message for each in self.draft.criteria if (message := what_is_wrong(each))]

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for criterion in CRITERIA.values():
            said = _of(draft, criterion.code)
            initial[f"weight_{criterion.code}"] = said.weight if said else ""
            if criterion.kind != "flag":
                initial[f"wanted_{criterion.code}"] = _as_typed(criterion, said.wanted if said else None)
        for weight in ("must", "should"):
            initial[f"own_{weight}"] = "\n".join(_own_words(draft, weight))
        return initial

    def clean_own_must(self) -> str:
        return _checked_lines(self.cleaned_data["own_must"])

    def clean_own_should(self) -> str:
        return _checked_lines(self.cleaned_data["own_should"])

    def clean(self) -> dict[str, Any] | None:
        """A criterion that matters needs a value; one that does not matter keeps none."""
        said = super().clean()
        for criterion in CRITERIA.values():
            name = f"wanted_{criterion.code}"
            if self.cleaned_data.get(f"weight_{criterion.code}") and name in self.cleaned_data:
                try:
                    self.cleaned_data[name] = check_wanted(criterion, self.cleaned_data[name])
                except Refused as refusal:
                    self.add_error(name, ValidationError(refusal.message, code="wanted"))
        return said

    def applied(self, draft: NeedDraft) -> NeedDraft:
        before = self.initial_of(draft)
        chosen = [
            each
            for criterion in CRITERIA.values()
            if (each := self._chosen(criterion, draft, before)) is not None
        ]
        own = [
            CriterionDraft(weight, text=line)
            for weight in ("must", "should")
            for line in str(self.said(f"own_{weight}", before[f"own_{weight}"]) or "").splitlines()
        ]
        return replace(draft, criteria=(*chosen, *own))

    def _chosen(
        self, criterion: Criterion, draft: NeedDraft, before: Mapping[str, Any]
    ) -> CriterionDraft | None:
        weight = self.said(f"weight_{criterion.code}", before[f"weight_{criterion.code}"])
        if not weight:
            return None
        if criterion.kind == "flag":
            return CriterionDraft(weight, criterion.code, wanted=True)
        name = f"wanted_{criterion.code}"
        stored = _of(draft, criterion.code)
        if name in self.left_alone or name not in self.cleaned_data:
            # What cannot be read now: the value before, or none yet.
            return CriterionDraft(weight, criterion.code, wanted=stored.wanted) if stored else None
        wanted = self.cleaned_data[name]
        return CriterionDraft(
            weight, criterion.code, wanted=list(wanted) if isinstance(wanted, tuple) else wanted
        )

    def answers(self) -> list[Definition]:
        return [
            Definition("Muss", in_words(self.draft, "must")),
            Definition("Soll", in_words(self.draft, "should")),
        ]


def in_words(draft: NeedDraft, weight: str) -> list[str]:
    """The criteria of that weight as sentences, those of the registry first."""
    return [criterion_in_words(each) for each in draft.criteria if each.weight == weight]


def criterion_in_words(said: CriterionDraft) -> str:
    if not said.criterion:
        return said.text
    criterion = CRITERIA.get(said.criterion)
    return told(criterion, said.wanted) if criterion else label_of(said.criterion)


def _of(draft: NeedDraft, code: str) -> CriterionDraft | None:
    return next((each for each in draft.criteria if each.criterion == code), None)


def _own_words(draft: NeedDraft, weight: str) -> list[str]:
    return [
        " ".join(each.text.split()) for each in draft.criteria if not each.criterion and each.weight == weight
    ]


def _checked_lines(text: str) -> str:
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if any(len(line) > LONGEST_OWN_WORDS for line in lines):
        raise ValidationError(
            f"Kürzen Sie jede Zeile auf höchstens {LONGEST_OWN_WORDS} Zeichen.", code="long"
        )
    if len(lines) > MOST_OWN:
        raise ValidationError(f"Nennen Sie hier höchstens {MOST_OWN} Kriterien.", code="many")
    return "\n".join(lines)


class _Amount(forms.CharField):
    """Euros as people type them; kept as a decimal in text."""

    def clean(self, value: Any) -> str:
        said = super().clean(value)
        if not said:
            return ""
        try:
            return str(amount_in(said))
        except ValueError:
            raise ValidationError(
                "Geben Sie einen Betrag ein, zum Beispiel 1.200,00.", code="invalid"
            ) from None


class _Count(forms.CharField):
    def clean(self, value: Any) -> str:
        return str(super().clean(value)).replace(".", "")


class _Words(forms.CharField):
    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def _weight(criterion: Criterion) -> forms.Field:
    # A flag has no value of its own beside which its hint could stand.
    hint = f"{criterion.question} {criterion.hint}" if criterion.kind == "flag" else criterion.question
    return forms.ChoiceField(label=criterion.label, choices=WEIGHTS, help_text=hint.strip(), required=False)


def _field(criterion: Criterion) -> forms.Field:
    label, hint = f"{criterion.label}: Wert", criterion.hint
    if criterion.kind == "at_most":
        return _Amount(label=label, help_text=f"Euro netto. {hint}", max_length=30, required=False)
    if criterion.kind == "at_least":
        return _Count(label=label, help_text=hint, max_length=10, required=False)
    if not criterion.scheme:
        widget = forms.Textarea(attrs={"rows": 3})
        return _Words(label=label, help_text=hint, widget=widget, max_length=2_000, required=False)
    terms = [(term.code, term.label) for term in current().terms(criterion.scheme)]
    if len(terms) > _TICKED:
        return forms.ChoiceField(label=label, choices=[("", "Bitte wählen"), *terms], required=False)
    return forms.MultipleChoiceField(
        label=label, help_text=hint, choices=terms, widget=forms.CheckboxSelectMultiple, required=False
    )


def _as_typed(criterion: Criterion, wanted: Any) -> Any:
    """A stored value as its field holds it."""
    listed = list(wanted) if isinstance(wanted, (list, tuple)) else []
    if criterion.kind == "at_most":
        return _german(wanted) if isinstance(wanted, str) else ""
    if criterion.kind == "at_least":
        return wanted or ""
    if not criterion.scheme:
        return "\n".join(map(str, listed))
    is_ticked = len(current().terms(criterion.scheme)) <= _TICKED
    return listed if is_ticked else (listed or [""])[0]


def _german(amount: str) -> str:
    """ "12000.00" → "12.000,00"."""
    return f"{Decimal(amount):,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
