"""Hints while a need is written: is the problem explained, can it be measured, is a brand named? They never block.

What they say and the examples are content (`content/writing.toml`).
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from allmende.demand.drafts import NeedDraft
from allmende.demand.queries.names import Named, brands_in

# Letters. Less is a heading and no explanation; measured on the examples of the handbook, which have 200 to 400.
SHORT_PROBLEM = 120
MOST_VAGUE = 4
# Criteria that exclude: with more of them hardly a solution is left.
MANY_MUSTS = 8

_DIGIT = re.compile(r"\d")
_ASKS_FOR_A_THING = re.compile(
    r"\b(?:wir|die (?:stadt|gemeinde)|der (?:land)?kreis)\s+(?:brauch|benötig|such|möcht|woll|hätt)\w*\s+"
    r"(?:gern\w*\s+)?(?:eine[nr]?|ein)\s+(?:[\wäöüß-]+\s+){0,3}?\S*"
    r"(?:app|software|system|plattform|portal|tool|programm|lösung|anwendung|dashboard|chatbot)\b",
    re.IGNORECASE,
)
_TELLS_A_PROBLEM = re.compile(
    r"\b(?:bisher|heute|derzeit|zurzeit|momentan|oft|häufig|jede[nrs]?|niemand|fehl\w*|dauer\w*|wart\w*|verg[ae]ss\w*"
    r"|übersehen|doppelt|aufwendig|aufwändig|beschwer\w*|telefon\w*|papier\w*|hand\w*|unklar|veraltet\w*|problem\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WritingHint:
    """What would help, on which page, and an example of it, "" where none is needed."""

    code: str
    step: str
    message: str
    example: str = ""


@dataclass(frozen=True)
class Example:
    title: str
    text: str


@dataclass(frozen=True)
class _Vague:
    pattern: re.Pattern[str]
    instead: str


@dataclass(frozen=True)
class _Content:
    examples: Mapping[str, Sequence[Example]]
    vague: Sequence[_Vague]
    neutral: Mapping[str, str]


def hints(draft: NeedDraft) -> list[WritingHint]:
    """What would make this need easier to answer, in the order of the pages. A few queries, for names."""
    brands = brands_in(draft.words)
    return [
        *_about_the_problem(draft),
        *_about_the_goal(draft),
        *_about_criteria(draft),
        *_about_brands(draft, brands),
    ]


def examples(step: str) -> Sequence[Example]:
    """Examples for a page, none where it needs none."""
    return _content().examples.get(step, ())


def _about_the_problem(draft: NeedDraft) -> Iterator[WritingHint]:
    problem = draft.problem
    if not problem:
        return
    if len(problem) < SHORT_PROBLEM:
        yield WritingHint(
            "problem_short",
            "problem",
            "Beschreiben Sie das Problem etwas genauer: Wer hat es, wie oft, und was geschieht heute?",
        )
    if _ASKS_FOR_A_THING.search(problem) and not _TELLS_A_PROBLEM.search(problem):
        yield WritingHint(
            "problem_is_a_product",
            "problem",
            "Das klingt schon nach einer Lösung. Sagen Sie zuerst, was heute schlecht läuft. Dann finden Sie auch "
            "Lösungen, an die Sie nicht gedacht haben.",
        )


def _about_the_goal(draft: NeedDraft) -> Iterator[WritingHint]:
    if not draft.goal:
        yield WritingHint(
            "goal_missing",
            "problem",
            "Sagen Sie, was danach besser sein soll. Daran messen Sie später den Erfolg.",
        )
    elif not _DIGIT.search(draft.goal):
        yield WritingHint(
            "goal_not_measurable",
            "problem",
            "Woran merken Sie, dass es besser ist? Eine Zahl hilft.",
            "Jede Meldung ist nach zwei Arbeitstagen bei der richtigen Stelle.",
        )


def _about_criteria(draft: NeedDraft) -> Iterator[WritingHint]:
    if not draft.criteria:
        yield WritingHint(
            "no_criteria",
            "kriterien",
            "Nennen Sie zwei bis fünf Kriterien, an denen sich prüfen lässt, ob eine Lösung passt.",
        )
    if sum(each.weight == "must" for each in draft.criteria) > MANY_MUSTS:
        yield WritingHint(
            "many_musts",
            "kriterien",
            f"Mehr als {MANY_MUSTS} Muss-Kriterien erfüllt kaum eine Lösung. Was davon wäre auch nur schön zu haben?",
        )
    yield from _vague_words(draft)


def _vague_words(draft: NeedDraft) -> Iterator[WritingHint]:
    found = 0
    for said in (each.text for each in draft.criteria if each.text):
        # With a number it can be measured, whatever else it says.
        if _DIGIT.search(said):
            continue
        for vague in _content().vague:
            if found < MOST_VAGUE and (match := vague.pattern.search(said)):
                found += 1
                yield WritingHint(
                    "vague",
                    "kriterien",
                    f"„{match.group()}“ versteht jeder anders. Sagen Sie, woran Sie es prüfen.",
                    vague.instead,
                )
                break


def _about_brands(draft: NeedDraft, brands: Sequence[Named]) -> Iterator[WritingHint]:
    primary = draft.fields_of_action[0] if draft.fields_of_action else ""
    for named in brands:
        what = "der Name einer Lösung" if named.kind == "solution" else "der Name eines Anbieters"
        yield WritingHint(
            "brand",
            _step_of(draft, named.written),
            f"„{named.written}“ ist {what} aus dem Katalog. Eine Beschreibung soll niemanden bevorzugen "
            "(§ 31 Abs. 6 VgV, § 23 Abs. 5 UVgO). Sagen Sie, was es leisten soll. Keine Rechtsberatung.",
            neutral(named.field or primary),
        )


def neutral(field: str) -> str:
    """How to say without a name what is meant, for a Handlungsfeld; in general where it has no example of its own."""
    known = _content().neutral
    return known.get(field) or known[""]


def _step_of(draft: NeedDraft, written: str) -> str:
    """The page on which the words stand."""
    told = " ".join
    if written in told(told((draft.title, draft.problem, draft.goal)).split()):
        return "problem"
    return "menschen" if written in told(draft.users.split()) else "kriterien"


@cache
def _content() -> _Content:
    read = tomllib.loads(files("allmende.demand").joinpath("content/writing.toml").read_text("utf-8"))
    found: dict[str, list[Example]] = {}
    for each in read["example"]:
        found.setdefault(each["step"], []).append(Example(each["title"], each["text"].strip()))
    return _Content(
        examples=found,
        vague=[_Vague(_any_of(each["words"]), each["instead"]) for each in read["vague"]],
        neutral={each["field"]: each["instead"] for each in read["neutral"]},
    )


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """The words with their endings: "modern", "moderne", "schneller"."""
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?:e[mnrs]?|er\w{{0,2}})?(?!\w)", re.IGNORECASE
    )
