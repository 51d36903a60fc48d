"""Question sets: what comes with the software, read and checked, and the shape that the desk writes them in. Pure.

A file in `content/questions/` is a set and carries its code as its name. Faults are raised, not collected: these files
come with the software, and a faulty one must not be shipped.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from allmende.exploration.answer_values import cleaned
from allmende.exploration.models.asking import ANSWER_KINDS
from allmende.exploration.prefills import PREFILLS
from allmende.lib.refusals import Refused

HERE = Path(__file__).resolve().parent / "content" / "questions"
KINDS = dict(ANSWER_KINDS)
# § 28 VgV: the effort of those who answer stays reasonable.
MOST_IN_A_SET = 20
LONGEST_QUESTION = 500
LONGEST_HINT = 500
LONGEST_CHOICE = 200
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]")


@dataclass(frozen=True, kw_only=True)
class QuestionDraft:
    """One question. `choices` are the answers in words, of a `choice` alone; `prefill` names an own entry beside it."""

    text: str
    kind: str = "text"
    code: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    prefill: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "choices": list(self.choices)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "QuestionDraft":
        known = {name: said[name] for name in cls.__dataclass_fields__ if name in said}
        return cls(**{**known, "choices": tuple(known.get("choices", ()))})


@dataclass(frozen=True, kw_only=True)
class SetDraft:
    """A set of questions at one version."""

    code: str
    title: str
    about: str = ""
    version: int = 1
    questions: tuple[QuestionDraft, ...] = ()
    # Whether the desk has written this version; else it came with the software.
    is_own: bool = False

    def question(self, code: str) -> QuestionDraft | None:
        return next((each for each in self.questions if each.code == code), None)


def checked_question(draft: QuestionDraft) -> QuestionDraft:
    """The question without what does not belong there; `Refused` where nobody could answer it."""
    text = cleaned(draft.text, LONGEST_QUESTION)
    if not text:
        raise Refused("Schreiben Sie die Frage auf.")
    if draft.kind not in KINDS:
        raise Refused("Wählen Sie, wie auf die Frage geantwortet wird.")
    choices = tuple(dict.fromkeys(filter(None, (cleaned(each, LONGEST_CHOICE) for each in draft.choices))))
    if draft.kind == "choice" and len(choices) < 2:
        raise Refused("Nennen Sie mindestens zwei Antworten, zwischen denen die Unternehmen wählen.")
    if draft.prefill and draft.prefill not in PREFILLS:
        raise Refused("Diese Angabe aus dem Katalog gibt es nicht.")
    return replace(
        draft,
        text=text,
        hint=cleaned(draft.hint, LONGEST_HINT),
        choices=choices if draft.kind == "choice" else (),
    )


def checked_set(draft: SetDraft) -> SetDraft:
    """The set with checked questions, each with a code of its own."""
    if not _CODE.fullmatch(draft.code):
        raise Refused("Das Kürzel hat zwei bis 60 Zeichen: kleine Buchstaben, Ziffern und Bindestriche.")
    title = cleaned(draft.title, 200)
    if not title:
        raise Refused("Geben Sie der Sammlung einen Titel.")
    if not 1 <= len(draft.questions) <= MOST_IN_A_SET:
        raise Refused(
            f"Eine Sammlung hat eine bis {MOST_IN_A_SET} Fragen, damit die Antwort zumutbar bleibt."
        )
    questions = _coded([checked_question(each) for each in draft.questions])
    return replace(draft, title=title, about=cleaned(draft.about, 1_000), questions=questions)


def _coded(questions: Sequence[QuestionDraft]) -> tuple[QuestionDraft, ...]:
    """Codes stay; a new question gets the next free one."""
    taken = [each.code for each in questions if each.code]
    if len(taken) != len(set(taken)):
        raise Refused("Zwei Fragen haben dasselbe Kürzel.")
    free = (f"frage-{number}" for number in range(1, 1_000) if f"frage-{number}" not in taken)
    return tuple(each if each.code else replace(each, code=next(free)) for each in questions)


@lru_cache(maxsize=4)
def shipped(folder: Path = HERE) -> Mapping[str, SetDraft]:
    """What comes with the software, by code. Raises ValueError where a file is faulty."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}


def _read(path: Path) -> SetDraft:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        questions = tuple(QuestionDraft.from_json(each) for each in said["question"])
        draft = SetDraft(
            code=path.stem,
            title=said["title"],
            about=said["about"],
            version=said["version"],
            questions=questions,
        )
        if not all(each.code for each in questions):
            raise ValueError("a question has no code")
        return checked_set(draft)
    except (Refused, KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{path.name}: {fault}") from fault
