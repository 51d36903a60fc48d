"""One form for each page of a need: from the draft to fields, and from what was typed back to the draft.

A form may be saved half-filled: what cannot be read is said, and everything else is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from allmende.demand.drafts import (
    LONGEST_SYSTEM,
    LONGEST_TERM,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_FIELDS,
    MOST_PEOPLE,
    MOST_SYSTEMS,
    NeedDraft,
)
from allmende.demand.models.needs import COOPERATION
from allmende.lib.partial_dates import PartialDate, parse, told
from allmende.organisations.models import MunicipalityProfile
from allmende.vocabulary.queries import current
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Definition

SEEN_BY = [
    ("own", "Nur wir: niemand außerhalb unserer Kommune"),
    ("administration", "Die öffentliche Verwaltung, nach Anmeldung. Anbieter nicht."),
    ("public", "Alle, auch Anbieter. Sie können antworten; anrufen kann Sie deshalb niemand."),
]


class PageForm(KindForm):
    """A page of the need."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: NeedDraft,
        profile: MunicipalityProfile | None = None,
    ) -> None:
        self.draft = draft
        self.profile = profile
        # Fields that stay as they are, whatever was typed: chosen so after two people edited the same.
        self.left_alone: frozenset[str] = frozenset()
        super().__init__(data, initial=self.initial_of(draft))
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.pop("cols", None)

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        raise NotImplementedError

    def applied(self, draft: NeedDraft) -> NeedDraft:
        """The draft with everything of this page that can be read."""
        raise NotImplementedError

    def said(self, name: str, before: Any) -> Any:
        """What the page says in a field; `before` where that cannot be read. Left empty is said, too."""
        if name in self.left_alone:
            return before
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        errors = self.errors.as_data().get(name, [])
        return None if all(each.code == "required" for each in errors) else before

    def answers(self) -> list[Definition]:
        """The page in words, where it says more than its fields; nothing where its fields say it."""
        return []

    @property
    def unreadable(self) -> dict[str, str]:
        """Fields whose text cannot be kept as it is, and why; a field left empty is not among them."""
        return {
            name: " ".join(str(message) for error in errors for message in error.messages)
            for name, errors in self.errors.as_data().items()
            if any(error.code != "required" for error in errors)
        }


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _choose(form: forms.Form, name: str, options: Iterable[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared below
    field.choices = list(options)


def _terms(scheme: str) -> list[tuple[str, str]]:
    return [(term.code, term.label) for term in current().terms(scheme)]


class Problem(PageForm):
    problem = forms.CharField(
        label="Was ist das Problem?",
        help_text="Was läuft heute schlecht, für wen und wie oft? Schreiben Sie noch nicht, was Sie kaufen möchten.",
        widget=_long(10),
        max_length=LONGEST_TEXT,
    )
    goal = forms.CharField(
        label="Was soll danach besser sein?",
        help_text="Woran merken Sie es? Eine Zahl hilft.",
        widget=_long(4),
        max_length=LONGEST_TEXT,
        required=False,
    )
    title = forms.CharField(
        label="Titel",
        help_text="In wenigen Worten, ohne Namen von Produkten. Der Titel steht in Listen.",
        max_length=LONGEST_TITLE,
    )

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        return {name: getattr(draft, name) for name in ("problem", "goal", "title")}

    def applied(self, draft: NeedDraft) -> NeedDraft:
        return replace(
            draft,
            problem=self.said("problem", draft.problem) or "",
            goal=self.said("goal", draft.goal) or "",
            title=self.said("title", draft.title) or "",
        )


class People(PageForm):
    users = forms.CharField(
        label="Wer arbeitet damit, wer hat etwas davon?",
        help_text="Zum Beispiel die Bevölkerung, das Ordnungsamt, der Bauhof.",
        widget=_long(4),
        max_length=LONGEST_TEXT,
        required=False,
    )
    users_count = forms.IntegerField(
        label="Wie viele Menschen arbeiten in Ihrem Haus damit?",
        min_value=1,
        max_value=MOST_PEOPLE,
        required=False,
    )
    population = forms.IntegerField(
        label="Für wie viele Menschen ist es gedacht?",
        help_text="Vorbelegt mit Ihrer Einwohnerzahl. Mit dieser Zahl rechnen wir Preise aus.",
        min_value=1,
        max_value=MOST_PEOPLE,
        required=False,
    )

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        return {name: getattr(draft, name) for name in ("users", "users_count", "population")}

    def applied(self, draft: NeedDraft) -> NeedDraft:
        return replace(
            draft,
            users=self.said("users", draft.users) or "",
            users_count=self.said("users_count", draft.users_count),
            population=self.said("population", draft.population),
        )


class Field(PageForm):
    primary = forms.ChoiceField(label="Wozu gehört es vor allem?", widget=forms.RadioSelect)
    more = forms.MultipleChoiceField(
        label="Und außerdem?", widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggest([])

    def suggest(self, codes: Sequence[str]) -> None:
        """Put these first among the answers."""
        terms = sorted(
            _terms("field_of_action"),
            key=lambda term: codes.index(term[0]) if term[0] in codes else len(codes),
        )
        _choose(self, "primary", terms)
        _choose(self, "more", terms)

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        first, *more = draft.fields_of_action or ("",)
        return {"primary": first, "more": more}

    def applied(self, draft: NeedDraft) -> NeedDraft:
        before = self.initial_of(draft)
        primary = self.said("primary", before["primary"]) or ""
        more = [code for code in self.said("more", before["more"]) or () if code != primary]
        # Without a first one the others stay: what was ticked is not lost because one answer is missing.
        return replace(draft, fields_of_action=tuple([primary, *more] if primary else more)[:MOST_FIELDS])


class When(forms.CharField):
    """ "Herbst" is no day; "2027", "04.2027" and "01.04.2027" are."""

    def clean(self, value: Any) -> PartialDate | None:
        said = super().clean(value)
        if not said:
            return None
        try:
            return parse(said)
        except ValueError:
            raise ValidationError(
                "Geben Sie ein Jahr, einen Monat oder einen Tag an, zum Beispiel 2027, 04.2027 oder 01.04.2027.",
                code="invalid",
            ) from None


class Frame(PageForm):
    existing_systems = forms.CharField(
        label="Welche Systeme gibt es schon?",
        help_text="Eines je Zeile. Nennen Sie, womit die Lösung zu tun hat.",
        widget=_long(5),
        max_length=(LONGEST_SYSTEM + 2) * MOST_SYSTEMS,
        required=False,
    )
    needed_from = When(
        label="Ab wann brauchen Sie es?",
        help_text="Zum Beispiel 2027, 04.2027 oder 01.04.2027.",
        max_length=40,
        required=False,
    )
    term_months = forms.IntegerField(
        label="Für wie viele Monate planen Sie?",
        help_text="Zum Beispiel 48 für vier Jahre. Wir rechnen Preise über diese Zeit aus.",
        min_value=1,
        max_value=LONGEST_TERM,
        required=False,
    )
    budget_class = forms.ChoiceField(
        label="Wie viel Geld steht dafür bereit?",
        help_text="Netto, über die ganze Laufzeit. Wer Ihren Bedarf sieht, sieht auch diese Angabe.",
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "budget_class", [("", "keine Angabe"), *_terms("need_budget")])
        if self.profile and self.profile.budget_class:
            # A year's budget for everything is another thing, and providers do not see it: told, not filled in.
            label = current().labels("budget_class").get(self.profile.budget_class, "")
            field = self.fields["budget_class"]
            field.help_text = (
                f"{field.help_text} In Ihrem Profil steht für alle digitalen Vorhaben im Jahr: {label}."
            )

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        day = told(draft.needed_from, draft.needed_from_precision)
        return {
            "existing_systems": "\n".join(draft.existing_systems),
            "needed_from": _typed(day),
            "term_months": draft.term_months,
            "budget_class": draft.budget_class,
        }

    def clean_existing_systems(self) -> str:
        lines = _lines(self.cleaned_data["existing_systems"])
        if any(len(line) > LONGEST_SYSTEM for line in lines):
            raise ValidationError(
                f"Kürzen Sie jede Zeile auf höchstens {LONGEST_SYSTEM} Zeichen.", code="long"
            )
        if len(lines) > MOST_SYSTEMS:
            raise ValidationError(f"Nennen Sie höchstens {MOST_SYSTEMS} Systeme.", code="many")
        return "\n".join(lines)

    def applied(self, draft: NeedDraft) -> NeedDraft:
        before = told(draft.needed_from, draft.needed_from_precision)
        day = self.said("needed_from", before)
        systems = self.said("existing_systems", "\n".join(draft.existing_systems)) or ""
        return replace(
            draft,
            existing_systems=tuple(_lines(systems)),
            needed_from=day.first if day else None,
            needed_from_precision=day.precision if day else "month",
            term_months=self.said("term_months", draft.term_months),
            budget_class=self.said("budget_class", draft.budget_class) or "",
        )


def _typed(day: PartialDate | None) -> str:
    """As one types it, and as it is read again."""
    if day is None:
        return ""
    if day.precision == "month":
        return f"{day.day:%m.%Y}"
    return str(day)


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class Together(PageForm):
    cooperation = forms.ChoiceField(
        label="Möchten Sie das mit anderen Kommunen angehen?",
        help_text="Zum Beispiel gemeinsam beschaffen, nutzen oder entwickeln.",
        widget=forms.RadioSelect,
        choices=[("", "keine Angabe"), *COOPERATION],
        required=False,
    )
    may_be_invited = forms.BooleanField(
        label="Andere Kommunen mit einem ähnlichen Bedarf dürfen uns zu einem gemeinsamen einladen",
        help_text="Sie entscheiden bei jeder Einladung neu. Ihre Namen und Adressen sieht dabei niemand.",
        required=False,
    )

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        return {"cooperation": draft.cooperation, "may_be_invited": draft.may_be_invited}

    def applied(self, draft: NeedDraft) -> NeedDraft:
        return replace(
            draft,
            cooperation=self.said("cooperation", draft.cooperation) or "",
            may_be_invited=bool(self.said("may_be_invited", draft.may_be_invited)),
        )


class Audience(PageForm):
    visibility = forms.ChoiceField(
        label="Wer soll den Bedarf sehen, sobald Sie ihn veröffentlichen?",
        help_text="Sie können das später ändern. Bis zur Veröffentlichung sieht ihn nur Ihre Kommune.",
        widget=forms.RadioSelect,
        choices=SEEN_BY,
    )

    def initial_of(self, draft: NeedDraft) -> dict[str, Any]:
        return {"visibility": draft.visibility}

    def applied(self, draft: NeedDraft) -> NeedDraft:
        return replace(draft, visibility=self.said("visibility", draft.visibility) or draft.visibility)
