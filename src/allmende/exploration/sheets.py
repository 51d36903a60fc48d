"""What is asked in the steps: content of `content/steps.toml`, read once and checked when it is read.

An answer is text, a list of codes, or for a way that was considered `{"verdict": code, "reason": text}`. A missing code
is "keine Angabe". Answers to questions that are asked no more stay where they are and are not shown as gaps.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from allmende.exploration.steps import STEPS
from allmende.lib.refusals import Refused

Kind = Literal["line", "words", "date", "choice", "choices", "consider"]
Answers = Mapping[str, Any]

VERDICTS = {"fits": "kommt infrage", "not": "kommt nicht infrage", "open": "noch offen"}
LONGEST = {"line": 300, "words": 20_000}
LONGEST_REASON = 4_000


@dataclass(frozen=True)
class When:
    """Only where another answer of the same step is one of these."""

    question: str
    is_one_of: frozenset[str]

    def holds(self, answers: Answers) -> bool:
        given = answers.get(self.question)
        if isinstance(given, Mapping):
            given = given.get("verdict")
        return bool(self.is_one_of & set(given if isinstance(given, list) else [given]))


@dataclass(frozen=True)
class SheetQuestion:
    code: str
    text: str
    hint: str
    kind: Kind
    is_required: bool
    choices: Mapping[str, str]
    when: When | None = None

    def is_asked(self, answers: Answers) -> bool:
        """Whether it has to do with what was answered so far."""
        return self.when is None or self.when.holds(answers)

    def is_missing(self, answers: Answers) -> bool:
        return self.is_required and self.is_asked(answers) and not _is_answered(answers.get(self.code))


@dataclass(frozen=True)
class SheetNote:
    """A hint with its source and the day on which it was read there."""

    title: str
    text: str
    source: str
    as_of: date
    when: When | None = None


@dataclass(frozen=True)
class SheetContent:
    questions: Sequence[SheetQuestion]
    notes: Sequence[SheetNote]

    def gaps(self, answers: Answers) -> list[SheetQuestion]:
        """Required questions without an answer, in order."""
        return [each for each in self.questions if each.is_missing(answers)]

    def notes_for(self, answers: Answers) -> list[SheetNote]:
        return [note for note in self.notes if note.when is None or note.when.holds(answers)]


def _is_answered(value: Any) -> bool:
    """A way counts as considered with a verdict other than open, and a reason."""
    if isinstance(value, Mapping):
        return value.get("verdict") in ("fits", "not") and bool(str(value.get("reason", "")).strip())
    return bool(value.strip() if isinstance(value, str) else value)


@cache
def contents() -> Mapping[str, SheetContent]:
    """Step → what is asked there. `ValueError` for content that does not hold together."""
    text = files("allmende.exploration").joinpath("content/steps.toml").read_text(encoding="utf-8")
    return read(tomllib.loads(text))


def content_of(step: str) -> SheetContent | None:
    """None for a step that has no sheet."""
    return contents().get(step)


def read(data: Mapping[str, Any]) -> Mapping[str, SheetContent]:
    """The content of a parsed file. `ValueError` names the step and what is wrong with it."""
    found = {}
    for row in data["step"]:
        if row["code"] not in STEPS or row["code"] in found:
            raise ValueError(f"{row['code']}: no step, or twice")
        questions = [_question(each) for each in row.get("question", [])]
        notes = [_note(each) for each in row.get("note", [])]
        _check(row["code"], questions, notes)
        found[row["code"]] = SheetContent(questions, notes)
    return found


def _question(row: Mapping[str, Any]) -> SheetQuestion:
    choices = dict(row.get("choices", []))
    if row["kind"] not in get_args(Kind) or bool(choices) != (row["kind"] in ("choice", "choices")):
        raise ValueError(f"{row['code']}: kind {row['kind']} and its choices do not fit")
    return SheetQuestion(
        row["code"],
        row["text"],
        row.get("hint", ""),
        row["kind"],
        row.get("required", False),
        choices,
        _when(row),
    )


def _note(row: Mapping[str, Any]) -> SheetNote:
    return SheetNote(row["title"], row["text"], row["source"], row["as_of"], _when(row))


def _when(row: Mapping[str, Any]) -> When | None:
    return When(row["when"]["question"], frozenset(row["when"]["is"])) if "when" in row else None


def _check(step: str, questions: Sequence[SheetQuestion], notes: Sequence[SheetNote]) -> None:
    """Codes once; conditions speak of choices that there are."""
    known = {each.code: set(VERDICTS) if each.kind == "consider" else set(each.choices) for each in questions}
    if len(known) != len(questions):
        raise ValueError(f"{step}: a code twice")
    conditions = [each.when for each in questions] + [each.when for each in notes]
    for when in conditions:
        if when is not None and not when.is_one_of <= known.get(when.question, set()):
            raise ValueError(f"{step}: when {when.question} is {sorted(when.is_one_of)}")


def checked(step: str, answers: Answers) -> dict[str, Any]:
    """The answers as they are kept: known codes only, of the right shape, nothing empty. `Refused` in words."""
    content = content_of(step)
    if content is None:
        raise Refused("Zu diesem Schritt gibt es kein Blatt.")
    known = {each.code: each for each in content.questions}
    if strangers := set(answers) - set(known):
        raise Refused(f"Diese Fragen gibt es hier nicht: {', '.join(sorted(strangers))}.")
    kept = {code: _checked(known[code], value) for code, value in answers.items()}
    return {code: value for code, value in kept.items() if value}


def _checked(question: SheetQuestion, value: Any) -> Any:
    match question.kind:
        case "line" | "words":
            return _text(question, value, LONGEST[question.kind])
        case "date":
            return _day(question, value)
        case "choice":
            return _one_of(question, value, question.choices) if value else None
        case "choices":
            if not isinstance(value, list):
                raise Refused(f"Wählen Sie bei „{question.text}“ aus den Antworten aus.")
            chosen = {_one_of(question, each, question.choices) for each in value}
            return [code for code in question.choices if code in chosen]
        case "consider":
            return _considered(question, value)


def _considered(question: SheetQuestion, value: Any) -> dict[str, str] | None:
    if not isinstance(value, Mapping) or set(value) - {"verdict", "reason"}:
        raise Refused(f"Wählen Sie bei „{question.text}“ aus den Antworten aus.")
    reason = _text(question, value.get("reason", ""), LONGEST_REASON)
    verdict = _one_of(question, value["verdict"], VERDICTS) if value.get("verdict") else ""
    return {"verdict": verdict, "reason": reason} if verdict or reason else None


def _text(question: SheetQuestion, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise Refused(f"Schreiben Sie bei „{question.text}“ einen Text.")
    if "\x00" in value:
        raise Refused(
            f"In „{question.text}“ steht ein Zeichen, das sich nicht speichern lässt. Tippen Sie es neu ein."
        )
    text = value.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise Refused(
            f"„{question.text}“ ist {len(text) - longest} Zeichen zu lang. Möglich sind {longest}; was länger ist, "
            "gehört in eine Anlage."
        )
    return text


def _day(question: SheetQuestion, value: Any) -> str:
    if not value:
        return ""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Refused(f"Geben Sie bei „{question.text}“ ein Datum ein, zum Beispiel 03.02.2026.") from None


def _one_of(question: SheetQuestion, value: Any, choices: Mapping[str, str]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise Refused(f"Wählen Sie bei „{question.text}“ aus den Antworten aus.")
    return value


def in_words(question: SheetQuestion, value: Any) -> list[str]:
    """An answer as people read it: lines of text, none where nothing is said. A choice that is gone shows its code."""
    if not value:
        return []
    match question.kind:
        case "choice":
            return [question.choices.get(value, value)]
        case "choices":
            return [question.choices.get(each, each) for each in value]
        case "consider":
            verdict = VERDICTS.get(value.get("verdict", ""), "")
            return [line for line in (verdict, *value.get("reason", "").splitlines()) if line.strip()]
        case "date":
            return [f"{date.fromisoformat(value):%d.%m.%Y}"]
        case _:
            return [line for line in value.splitlines() if line.strip()]
