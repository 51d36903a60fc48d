"""What was written in the steps, in the words of their questions."""

from collections.abc import Mapping
from typing import Any

from allmende.exploration.record.telling import day
from allmende.exploration.sheets import VERDICTS, SheetQuestion, content_of
from allmende.exploration.steps import STEPS
from allmende.records.blocks import Block, Facts, Heading


def blocks(content: Mapping[str, Any]) -> list[Block]:
    found: list[Block] = [Heading("Was zu den Schritten festgehalten ist")]
    for sheet in sorted(content["sheets"], key=lambda each: _number(each["step"])):
        pairs = pairs_of(sheet)
        if pairs:
            step = STEPS.get(sheet["step"])
            found += [Heading(step.title if step else sheet["step"], 2), Facts(pairs)]
    return found


def pairs_of(sheet: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Question and answer; an answer whose question is asked no more stands under its code."""
    asked = content_of(sheet["step"])
    questions = {each.code: each for each in asked.questions} if asked else {}
    order = [*questions, *(code for code in sheet["answers"] if code not in questions)]
    return [
        (
            questions[code].text if code in questions else code,
            _said(sheet["answers"][code], questions.get(code)),
        )
        for code in order
        if code in sheet["answers"]
    ]


def _number(step: str) -> int:
    found = STEPS.get(step)
    return found.number if found else len(STEPS) + 1


def _said(value: Any, question: SheetQuestion | None) -> str:
    choices = question.choices if question else {}
    if isinstance(value, Mapping):
        verdict = VERDICTS.get(str(value.get("verdict")), str(value.get("verdict")))
        return f"{verdict}. {value.get('reason', '')}".strip()
    if isinstance(value, list):
        return "; ".join(str(choices.get(each, each)) for each in value)
    if question is not None and question.kind == "date":
        return day(str(value or ""))
    return str(choices.get(value, value)) or "keine Angabe"
