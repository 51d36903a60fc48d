"""What a town hands in as its need, and what may be kept of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from allmende.lib.partial_dates import precision_of
from allmende.lib.refusals import Refused

LONGEST_TITLE = 200
LONGEST_TEXT = 10_000
LONGEST_OWN_WORDS = 500
LONGEST_SYSTEM = 120
MOST_CRITERIA = 60
MOST_SYSTEMS = 50
MOST_FIELDS = 20
# More people than live in the European Union need no software of a town.
MOST_PEOPLE = 500_000_000
# § 3 VgV looks at 48 months; nobody plans for more than thirty years.
LONGEST_TERM = 360

_COUNTS = {
    "users_count": ("Wie viele Menschen arbeiten damit", MOST_PEOPLE),
    "population": ("Für wie viele Menschen", MOST_PEOPLE),
    "term_months": ("Laufzeit in Monaten", LONGEST_TERM),
}


@dataclass(frozen=True)
class CriterionDraft:
    """`criterion` is a code of `demand.criteria` with `wanted`, or "" with `text` in words of one's own."""

    weight: str
    criterion: str = ""
    wanted: Any = None
    text: str = ""


@dataclass(frozen=True)
class NeedDraft:
    """A need as it is written. "" and None are "keine Angabe"; codes are those of the vocabulary."""

    title: str = ""
    problem: str = ""
    goal: str = ""
    users: str = ""
    users_count: int | None = None
    fields_of_action: tuple[str, ...] = ()
    population: int | None = None
    existing_systems: tuple[str, ...] = ()
    needed_from: date | None = None
    needed_from_precision: str = "month"
    term_months: int | None = None
    budget_class: str = ""
    cooperation: str = ""
    may_be_invited: bool = False
    visibility: str = "own"
    criteria: tuple[CriterionDraft, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What the town has written of its own accord, in the order of the pages; without its systems, which have
        names by right."""
        own = (each.text for each in self.criteria if each.text)
        return tuple(text for text in (self.title, self.problem, self.goal, self.users, *own) if text)


def as_content(draft: NeedDraft) -> dict[str, Any]:
    """Plain JSON of a draft; `from_content` reads it again."""
    content = asdict(draft)
    content["needed_from"] = draft.needed_from.isoformat() if draft.needed_from else None
    content["fields_of_action"] = list(draft.fields_of_action)
    content["existing_systems"] = list(draft.existing_systems)
    content["criteria"] = [asdict(each) for each in draft.criteria]
    return content


def from_content(content: Mapping[str, Any]) -> NeedDraft:
    """A draft from its JSON. What a later version has added beside it is left aside, what it lacks is not said."""
    known = {name: content[name] for name in NeedDraft.__dataclass_fields__ if name in content}
    day = known.pop("needed_from", None)
    return NeedDraft(
        **known
        | {
            "needed_from": date.fromisoformat(day) if day else None,
            "fields_of_action": tuple(known.get("fields_of_action", ())),
            "existing_systems": tuple(known.get("existing_systems", ())),
            "criteria": tuple(CriterionDraft(**each) for each in known.get("criteria", ())),
        }
    )


def checked(draft: NeedDraft) -> NeedDraft:
    """The draft with its words trimmed. Raises `Refused` for what no form of ours lets through: too long, too much, a
    sign that no database keeps, a number that nobody means. Incomplete is allowed: a draft is saved as it is."""
    for name, (label, most) in _COUNTS.items():
        _count(label, getattr(draft, name), most)
    if len(draft.existing_systems) > MOST_SYSTEMS:
        raise Refused(f"Nennen Sie höchstens {MOST_SYSTEMS} vorhandene Systeme.")
    if len(draft.fields_of_action) > MOST_FIELDS:
        raise Refused("Nennen Sie weniger Handlungsfelder: am besten eines und wenige weitere.")
    if len(draft.criteria) > MOST_CRITERIA:
        raise Refused(
            f"Nennen Sie höchstens {MOST_CRITERIA} Kriterien. Viele Kriterien schließen fast alles aus."
        )
    precision_of(draft.needed_from_precision)
    return replace(
        draft,
        problem=_text("Problem", draft.problem, LONGEST_TEXT),
        goal=_text("Was besser werden soll", draft.goal, LONGEST_TEXT),
        users=_text("Für wen", draft.users, LONGEST_TEXT),
        title=" ".join(_text("Titel", draft.title, LONGEST_TITLE).split()),
        existing_systems=tuple(
            dict.fromkeys(
                said
                for each in draft.existing_systems
                if (said := _text("Vorhandene Systeme", each, LONGEST_SYSTEM))
            )
        ),
        fields_of_action=tuple(dict.fromkeys(draft.fields_of_action)),
        criteria=tuple(
            replace(each, text=_text("Kriterium", each.text, LONGEST_OWN_WORDS)) for each in draft.criteria
        ),
    )


def _text(label: str, text: str, longest: int) -> str:
    if "\x00" in text:
        raise Refused(
            f"In „{label}“ steht ein Zeichen, das sich nicht speichern lässt. Tippen Sie den Text neu ein."
        )
    said = text.strip()
    if len(said) > longest:
        allowed = f"{longest:,}".replace(",", ".")
        raise Refused(f"Kürzen Sie „{label}“ auf höchstens {allowed} Zeichen.")
    return said


def _count(label: str, number: int | None, most: int) -> None:
    if number is not None and not 1 <= number <= most:
        allowed = f"{most:,}".replace(",", ".")
        raise Refused(
            f"Geben Sie bei „{label}“ eine Zahl von 1 bis {allowed} ein, oder lassen Sie das Feld leer."
        )
