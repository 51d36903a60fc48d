"""Everything that was answered, in words: for the page to check before handing in, and for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse

from allmende.catalogue.contents import Content
from allmende.catalogue.models import WorkingCopy
from allmende.web.components.parts import Definition
from allmende.web.offers.conflict import UNKNOWN, shown
from allmende.web.offers.steps import Step, steps_of


@dataclass(frozen=True)
class Section:
    """One page of the form with its answers."""

    step: Step
    href: str
    answers: Sequence[Definition]


def sections(copy: WorkingCopy, content: Content) -> list[Section]:
    return [
        Section(step, reverse("offer_step", args=[copy.public_id, step.code]), _answers(copy, step, content))
        for step in steps_of(copy)
    ]


def _answers(copy: WorkingCopy, step: Step, content: Content) -> list[Definition]:
    initial = step.form.initial_of(content)
    form = step.form(initial=initial, organisation=copy.organisation)
    return [_answer(form, name, value) for name, value in initial.items()]


def _answer(form: Any, name: str, value: bool | str | date | list[str] | None) -> Definition:
    label = "Preiszeilen" if name == "prices" else str(form.fields[name].label)
    words = shown(form, name, value)
    is_text = name != "prices" and isinstance(form.fields[name].widget, forms.Textarea)
    parts = [words] if is_text or words != UNKNOWN else []
    return Definition(label, [] if words == UNKNOWN else parts)
