"""The questions as fields of a form: drawn from what is kept, read from what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from allmende.exploration.answer_values import LONGEST_REMARK, Given, in_words
from allmende.exploration.models import Question
from allmende.exploration.prefills import Suggestion
from allmende.exploration.queries.answering import Line
from allmende.web.components.parts import Field, FieldError, Option

UNKNOWN = "keine Angabe"
# Hand-made kinds of fields for kinds of questions.
_KINDS = {
    "yes_no": "radios",
    "choice": "radios",
    "text": "textarea",
    "number": "number",
    "money": "number",
    "date": "date",
}


@dataclass(frozen=True)
class Row:
    """One question on the page: its answer, its remark, whether it is confidential, and what one's own entry says."""

    question: Question
    number: int
    answer: Field
    remark: Field
    confidential: Field
    suggestion: Suggestion | None
    # What a colleague has saved meanwhile, where it is not what was typed here.
    theirs: str = ""


def given_in(data: QueryDict, lines: Sequence[Line]) -> dict[str, Given]:
    """What was sent, question by question; what belongs to no question is left alone."""
    return {
        key: Given(
            data.get(f"antwort-{key}", ""),
            data.get(f"erlaeuterung-{key}", ""),
            f"vertraulich-{key}" in data,
        )
        for key in (line.question.public_id for line in lines)
    }


def taken_over(given: Mapping[str, Given], lines: Sequence[Line], key: str) -> dict[str, Given]:
    """With what the company's own entry says to one question; remarks that stand there stay."""
    line = next((each for each in lines if each.question.public_id == key), None)
    if line is None or line.suggestion is None:
        return dict(given)
    before, said = given.get(key, Given()), line.suggestion
    # Pressed twice, it stands there once.
    parts = (before.remark.strip(), "" if said.remark in before.remark else said.remark)
    remark = " ".join(filter(None, parts))
    return {**given, key: Given(said.typed or before.typed, remark, before.is_confidential)}


def rows(
    lines: Sequence[Line],
    given: Mapping[str, Given],
    faults: Mapping[str, str] | None = None,
    *,
    stored: Mapping[str, Given] | None = None,
) -> list[Row]:
    """`faults`: sentence by question. `stored`: what a colleague has saved, to stand beside what was typed."""
    return [
        _row(number, line, given.get(line.question.public_id, line.given), faults or {}, stored)
        for number, line in enumerate(lines, start=1)
    ]


def _row(
    number: int, line: Line, given: Given, faults: Mapping[str, str], stored: Mapping[str, Given] | None
) -> Row:
    question, key = line.question, line.question.public_id
    theirs = stored.get(key, Given()) if stored is not None else given
    return Row(
        question=question,
        number=number,
        answer=Field(
            id=f"antwort-{key}",
            name=f"antwort-{key}",
            label=f"{number}. {question.text}",
            value=given.typed,
            hint=question.hint,
            error=faults.get(key, ""),
            kind=_KINDS[question.kind],
            required=question.is_required,
            options=_options(question, given.typed),
            attributes={"rows": "4"} if question.kind == "text" else {},
        ),
        remark=Field(
            id=f"erlaeuterung-{key}",
            name=f"erlaeuterung-{key}",
            label="Erläuterung",
            value=given.remark,
            kind="textarea",
            required=False,
            attributes={"rows": "2", "maxlength": str(LONGEST_REMARK)},
        ),
        confidential=Field(
            id=f"vertraulich-{key}",
            name=f"vertraulich-{key}",
            label="vertraulich behandeln",
            value="on" if given.is_confidential else "",
            kind="check",
            required=False,
        ),
        suggestion=line.suggestion,
        theirs="" if theirs == given else _said(theirs),
    )


def _said(given: Given) -> str:
    remark = f" ({given.remark})" if given.remark else ""
    return f"{given.typed or UNKNOWN}{remark}"


def _options(question: Question, typed: str) -> list[Option]:
    if question.kind == "yes_no":
        pairs = [("ja", "Ja"), ("nein", "Nein")]
    elif question.kind == "choice":
        pairs = [(each, each) for each in question.choices]
    else:
        return []
    known = typed.casefold() if question.kind == "yes_no" else typed
    return [Option(value, label, chosen=value == known) for value, label in (*pairs, ("", UNKNOWN))]


def errors(faults: Mapping[str, str], lines: Sequence[Line]) -> list[FieldError]:
    """For the summary above the form, in the order of the questions."""
    return [
        FieldError(f"Frage {number}: {faults[line.question.public_id]}", f"antwort-{line.question.public_id}")
        for number, line in enumerate(lines, start=1)
        if line.question.public_id in faults
    ]


def in_words_of(question: Question, given: Given) -> str:
    """What was typed, for a page that only shows it."""
    return given.typed or in_words(question.kind, None)
