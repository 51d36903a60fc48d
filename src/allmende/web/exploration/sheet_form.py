"""A step's questions as a form, and back: what can be read is kept, even where something is missing or wrong."""

from collections.abc import Mapping
from typing import Any

from django import forms

from allmende.exploration.sheets import LONGEST, VERDICTS, Answers, SheetContent, SheetQuestion, in_words
from allmende.web.components.drafting import UNKNOWN, Difference
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Definition

WHY = "-grund"
DEVIATION = "abweichung"
ROWS = {"rows": 4}


class SheetForm(KindForm):
    """The fields are the questions of a step; a way that was considered has two, its verdict and its reason.

    `needs_reason`: the plan is fixed, and a change of it has to say why.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        content: SheetContent,
        answers: Answers,
        needs_reason: bool = False,
    ) -> None:
        self.content = content
        # Questions that stay as they are stored, chosen so after two people wrote the same page.
        self.left_alone: frozenset[str] = frozenset()
        # Django copies the fields of an instance from here; these are content, and of no class.
        own = _fields(content, self._asked(data, answers)) | (
            {DEVIATION: _why_changed()} if needs_reason else {}
        )
        self.base_fields = own  # type: ignore[misc]
        # A step's page may have forms of its own beside the sheet: no id twice.
        super().__init__(data, initial=initial_of(content, answers), auto_id="blatt_%s")

    def _asked(self, data: Mapping[str, Any] | None, answers: Answers) -> frozenset[str]:
        """Codes of the questions that need an answer, as far as what was chosen says so: typed, or else stored."""
        chosen = (
            answers if data is None else {each.code: data.get(each.code) for each in self.content.questions}
        )
        return frozenset(
            each.code for each in self.content.questions if each.is_required and each.is_asked(chosen)
        )

    def applied(self, before: Answers) -> dict[str, Any]:
        """The stored answers with everything of this page that can be read."""
        after = dict(before)
        for question in self.content.questions:
            if question.code not in self.left_alone:
                after[question.code] = self._said(question, before)
        return {code: value for code, value in after.items() if value}

    def _said(self, question: SheetQuestion, before: Answers) -> Any:
        value = self.cleaned_data.get(question.code)
        if self._cannot_be_read(question.code):
            return before.get(question.code)
        if question.kind == "consider":
            return {"verdict": value or "", "reason": self.cleaned_data.get(question.code + WHY) or ""}
        if question.kind == "date":
            return value.isoformat() if value else ""
        return value

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get(DEVIATION) or "")

    def _cannot_be_read(self, name: str) -> bool:
        """Left empty is said, too; anything else that is wrong keeps what was there."""
        return any(each.code != "required" for each in self.errors.as_data().get(name, []))

    @property
    def unreadable(self) -> list[str]:
        """What cannot be kept as it was typed, and why; a field left empty is not among them."""
        return [
            str(message)
            for name, messages in self.errors.items()
            if self._cannot_be_read(name)
            for message in messages
        ]


def initial_of(content: SheetContent, answers: Answers) -> dict[str, Any]:
    """What the fields show before anybody types."""
    found: dict[str, Any] = {}
    for question in content.questions:
        value = answers.get(question.code)
        if question.kind == "consider":
            value = value or {}
            found[question.code], found[question.code + WHY] = value.get("verdict"), value.get("reason")
        else:
            found[question.code] = value
    return found


def _fields(content: SheetContent, needed: frozenset[str]) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for question in content.questions:
        is_needed = question.code in needed
        fields[question.code] = _field(question, content, is_needed)
        if question.kind == "consider":
            fields[question.code + WHY] = forms.CharField(
                label=f"Warum? ({question.text})",
                widget=forms.Textarea(attrs={"rows": 2}),
                required=is_needed,
            )
    return fields


def _why_changed() -> forms.Field:
    return forms.CharField(
        label="Warum ändern Sie den Plan?",
        help_text="Der Plan ist festgelegt. Ihre Änderung steht mit diesem Grund als Abweichung in der Dokumentation.",
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )


def _field(question: SheetQuestion, content: SheetContent, is_needed: bool) -> forms.Field:
    common: dict[str, Any] = {
        "label": question.text,
        "help_text": _hint(question, content),
        "required": is_needed,
    }
    match question.kind:
        case "line":
            return forms.CharField(max_length=LONGEST["line"], **common)
        case "words":
            return forms.CharField(max_length=LONGEST["words"], widget=forms.Textarea(attrs=ROWS), **common)
        case "date":
            return forms.DateField(**common)
        case "choice" | "consider":
            choices = VERDICTS if question.kind == "consider" else question.choices
            return forms.ChoiceField(choices=list(choices.items()), widget=forms.RadioSelect, **common)
        case "choices":
            return forms.MultipleChoiceField(
                choices=list(question.choices.items()), widget=forms.CheckboxSelectMultiple, **common
            )


def _hint(question: SheetQuestion, content: SheetContent) -> str:
    """What helps to answer; and of a question that is not for everybody, for whom it is."""
    if question.when is None:
        return question.hint
    other = next(each for each in content.questions if each.code == question.when.question)
    chosen = " oder ".join(
        f"„{other.choices[code]}“" for code in other.choices if code in question.when.is_one_of
    )
    return f"Nur wenn Sie {chosen} gewählt haben. {question.hint}".strip()


def definitions(content: SheetContent, answers: Answers) -> list[Definition]:
    """The sheet to read. Questions that have nothing to do with what was answered are left out."""
    return [
        Definition(each.text, in_words(each, answers.get(each.code)))
        for each in content.questions
        if each.is_asked(answers) or answers.get(each.code)
    ]


def differences(content: SheetContent, mine: Answers, stored: Answers) -> list[Difference]:
    """Where what was typed differs from what somebody else has stored meanwhile, in the order of the page."""
    return [
        Difference(each.code, each.text, _shown(each, mine), _shown(each, stored))
        for each in content.questions
        if (mine.get(each.code) or None) != (stored.get(each.code) or None)
    ]


def _shown(question: SheetQuestion, answers: Answers) -> str:
    return " ".join(in_words(question, answers.get(question.code))) or UNKNOWN
