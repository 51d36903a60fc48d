"""Question sets on the desk: the editors write a new version without code; questionnaires keep what they have."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.exploration.actions.questions import end_question_set, write_question_set
from allmende.exploration.prefills import PREFILLS
from allmende.exploration.queries.asking import question_sets
from allmende.exploration.question_sets import KINDS, MOST_IN_A_SET, QuestionDraft, SetDraft
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from allmende.web.components.drafting import version_in
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.exploration.asking_forms import QuestionForm, area
from allmende.web.shell.access import for_staff

NEW = "neu"
# Empty lines for further questions at the end of the form.
SPARE = 2


class SetForm(KindForm):
    code = forms.CharField(
        label="Kürzel",
        help_text="Kleine Buchstaben, Ziffern und Bindestriche. Es bleibt, wenn Sie die Fragen ändern.",
        max_length=60,
    )
    title = forms.CharField(label="Titel", max_length=200)
    about = forms.CharField(label="Worum es geht", widget=area(3), max_length=1_000, required=False)


class LineForm(QuestionForm):
    """One question of a set; without text it is left out. `code` stays what it was."""

    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    prefill = forms.ChoiceField(
        label="Angabe aus dem Katalog daneben zeigen", widget=forms.Select, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A line without text is none; one with text is asked for the rest when the set is checked.
        self.fields["text"].required = self.fields["kind"].required = False
        self.fields["kind"].widget = forms.Select(choices=list(KINDS.items()))
        chosen = self.fields["prefill"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  # as declared
        chosen.choices = [("", "keine"), *((code, LABELS.get(code, code)) for code in PREFILLS)]

    @property
    def draft(self) -> QuestionDraft:
        said = self.cleaned_data
        return replace(super().draft, code=said["code"], prefill=said["prefill"])


LABELS = {
    "delivery_model": "Betriebsart",
    "price_one_off": "einmalige Kosten",
    "price_yearly": "jährliche Kosten",
    "price_model": "Preismodell",
    "included_services": "enthaltene Leistungen",
    "minimum_term": "Mindestlaufzeit",
    "support": "enthaltene Leistungen, als Erläuterung",
    "licence": "Lizenz und Quelltext",
    "documentation": "Dokumentation",
}


@for_staff
def every(request: HttpRequest, actor: Actor) -> HttpResponse:
    offered = question_sets()
    ended = [each for code, each in question_sets(with_ended=True).items() if code not in offered]
    context = {
        "sets": list(offered.values()),
        "ended": ended,
        "crumbs": [Crumb("Start", "/"), Crumb("Redaktion", reverse("desk")), Crumb("Fragensammlungen")],
    }
    return render(request, "exploration/question_sets.html", context)


@for_staff
def one(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """Change a set or write a new one; or offer it no more."""
    known = question_sets(with_ended=True).get(code)
    if known is None and code != NEW:
        raise Http404("Diese Fragensammlung gibt es nicht.")
    if request.method == "POST" and "beenden" in request.POST and known is not None:
        return _ended(request, actor, known)
    form, lines = _forms(request, known)
    if request.method == "POST" and form.is_valid() and not [each for each in lines if not each.is_valid()]:
        try:
            draft = _draft(form, lines, known)
            row = write_question_set(draft, version=_version(request, known), by=actor, now=datetime.now(UTC))
        except OutOfDate:
            form.add_error(
                None, "Diese Sammlung gibt es inzwischen in einer neuen Fassung. Laden Sie die Seite neu."
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, f"Fassung {row.version} ist gespeichert. Alte Fragebögen bleiben, wie sie sind."
            )
            return redirect("desk_question_set", row.code)
    context = {
        "set": known,
        "form": form,
        "lines": lines,
        "is_offered": known is not None and known.code in question_sets(),
        "crumbs": [
            Crumb("Start", "/"),
            Crumb("Redaktion", reverse("desk")),
            Crumb("Fragensammlungen", reverse("desk_question_sets")),
            Crumb(known.title if known else "Neue Sammlung"),
        ],
    }
    return render(request, "exploration/question_set.html", context, status=422 if form.errors else 200)


def _ended(request: HttpRequest, actor: Actor, known: SetDraft) -> HttpResponse:
    try:
        end_question_set(known.code, version=version_in(request, "stand"), by=actor, now=datetime.now(UTC))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Die Sammlung wird nicht mehr angeboten.")
    return redirect("desk_question_sets")


def _version(request: HttpRequest, known: SetDraft | None) -> int:
    return version_in(request, "stand") if known else 0


def _forms(request: HttpRequest, known: SetDraft | None) -> tuple[SetForm, list[LineForm]]:
    data = request.POST if request.method == "POST" else None
    initial = {"code": known.code, "title": known.title, "about": known.about} if known else {}
    form = SetForm(data, initial=initial)
    if known:
        form.fields["code"].disabled = True
    questions: list[QuestionDraft | None] = [*(known.questions if known else ())]
    questions += [None] * (min(len(questions) + SPARE, MOST_IN_A_SET) - len(questions))
    return form, [
        LineForm(data, initial=_line_initial(each), prefix=f"f{number}")
        for number, each in enumerate(questions, start=1)
    ]


def _line_initial(question: QuestionDraft | None) -> dict[str, Any]:
    extra = {"code": question.code, "prefill": question.prefill} if question else {}
    return {**QuestionForm.initial_of(question), **extra}


def _draft(form: SetForm, lines: Sequence[LineForm], known: SetDraft | None) -> SetDraft:
    questions = tuple(each.draft for each in lines if each.cleaned_data["text"].strip())
    said = form.cleaned_data
    code = known.code if known else said["code"]
    return SetDraft(code=code, title=said["title"], about=said["about"], questions=questions)
