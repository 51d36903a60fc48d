"""Forms of the step in which a town asks companies."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms

from allmende.exploration.deadlines import HERE, moment_of
from allmende.exploration.models import Question, Questionnaire
from allmende.exploration.question_sets import KINDS, LONGEST_HINT, LONGEST_QUESTION, QuestionDraft
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current as vocabulary
from allmende.web.components.forms import KindForm

NO_TIME = {"invalid": "Geben Sie eine Uhrzeit ein, zum Beispiel 12:00."}
GERMAN_TIMES = ["%H:%M", "%H.%M", "%H"]


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MomentForm(KindForm):
    """A day and a minute of German time, twice: `answers` and `questions`."""

    def moment(self, name: str) -> datetime | None:
        """The moment in UTC; a finding of the form where the clock leaves it out, None where no day was typed."""
        day, at = self.cleaned_data.get(f"{name}_day"), self.cleaned_data.get(f"{name}_time")
        if day is None:
            return None
        try:
            return moment_of(day, at or time(12))
        except Refused as refusal:
            self.add_error(f"{name}_time", refusal.message)
            return None


def in_germany(name: str, moment: datetime | None) -> dict[str, date | time]:
    local = moment.astimezone(HERE) if moment else None
    return {f"{name}_day": local.date(), f"{name}_time": local.time()} if local else {}


class QuestionnaireForm(MomentForm):
    introduction = forms.CharField(
        label="Anschreiben",
        help_text="Worum es geht, vom Problem her. Nennen Sie keine Marke und kein Produkt. Dass dies keine "
        "Ausschreibung ist, steht von selbst dabei.",
        widget=area(14),
        max_length=10_000,
    )
    answers_day = forms.DateField(label="Antwort bis: Tag", widget=forms.DateInput())
    answers_time = forms.TimeField(
        label="Antwort bis: Uhrzeit",
        help_text="Diese Minute zählt noch.",
        input_formats=GERMAN_TIMES,
        error_messages=NO_TIME,
        widget=forms.TimeInput(format="%H:%M"),
    )
    questions_day = forms.DateField(label="Rückfragen bis: Tag", required=False, widget=forms.DateInput())
    questions_time = forms.TimeField(
        label="Rückfragen bis: Uhrzeit",
        required=False,
        input_formats=GERMAN_TIMES,
        error_messages=NO_TIME,
        widget=forms.TimeInput(format="%H:%M"),
    )

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "introduction": questionnaire.introduction,
            **in_germany("answers", questionnaire.deadline),
            **in_germany("questions", questionnaire.questions_until),
        }
        super().__init__(*args, **kwargs)


class QuestionForm(KindForm):
    text = forms.CharField(label="Frage", widget=area(3), max_length=LONGEST_QUESTION)
    hint = forms.CharField(label="Hinweis", widget=area(2), max_length=LONGEST_HINT, required=False)
    kind = forms.ChoiceField(label="Art der Antwort", widget=forms.RadioSelect, choices=list(KINDS.items()))
    choices = forms.CharField(
        label="Antworten zur Wahl",
        help_text="Jede in einer Zeile. Nur bei „eines von mehreren“. „keine Angabe“ steht immer dabei.",
        widget=area(4),
        max_length=3_000,
        required=False,
    )
    is_required = forms.BooleanField(label="Diese Angabe wird gebraucht", required=False)

    @classmethod
    def initial_of(cls, question: Question | QuestionDraft | None) -> dict[str, Any]:
        if question is None:
            return {"kind": "text"}
        return {
            "text": question.text,
            "hint": question.hint,
            "kind": question.kind,
            "choices": "\n".join(question.choices),
            "is_required": question.is_required,
        }

    @property
    def draft(self) -> QuestionDraft:
        said = self.cleaned_data
        return QuestionDraft(
            text=said["text"],
            hint=said["hint"],
            kind=said["kind"],
            choices=tuple(said["choices"].splitlines()),
            is_required=said["is_required"],
        )


def sizes() -> Iterable[tuple[str, str]]:
    return [("", "nicht bekannt"), *vocabulary().labels("company_size").items()]


class RecipientForm(KindForm):
    company_name = forms.CharField(label="Unternehmen oder Stelle", max_length=300, required=False)
    email = forms.CharField(
        label="E-Mail-Adresse",
        help_text="Möglichst die des Unternehmens und nicht die einer Person. Es bekommt einen eigenen Link.",
        max_length=320,
        required=False,
    )
    size_class = forms.ChoiceField(label="Größe", widget=forms.Select, required=False)
    reason = forms.CharField(
        label="Oder: warum Sie es nicht fragen", widget=area(2), max_length=1_000, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = self.fields["size_class"]
        assert isinstance(size, forms.ChoiceField)  # noqa: S101  # as declared
        size.choices = list(sizes())


class LongerForm(MomentForm):
    answers_day = forms.DateField(label="Neue Frist: Tag", widget=forms.DateInput())
    answers_time = forms.TimeField(
        label="Neue Frist: Uhrzeit", input_formats=GERMAN_TIMES, error_messages=NO_TIME, initial=time(12),
        widget=forms.TimeInput(format="%H:%M"),
    )  # fmt: skip
    reason = forms.CharField(
        label="Warum?", help_text="Steht als Abweichung in der Akte.", widget=area(2), max_length=2_000
    )


class SharedAnswerForm(KindForm):
    shared_text = forms.CharField(
        label="Die Frage, wie alle sie lesen",
        help_text="Nehmen Sie heraus, woran man erkennt, wer gefragt hat.",
        widget=area(3),
        max_length=5_000,
    )
    answer = forms.CharField(label="Ihre Antwort an alle", widget=area(4), max_length=5_000)
