"""Words for what stands in a record: names for ids, texts for codes, days and amounts as people write them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from allmende.records.blocks import Block, Paragraph

BERLIN = ZoneInfo("Europe/Berlin")


NONE = "keine Angabe"


ROLES = {"lead": "führt den Fall", "editor": "arbeitet mit", "approver": "gibt frei", "reader": "liest mit"}


VERDICTS = {"met": "erfüllt", "unmet": "nicht erfüllt", "unknown": NONE, None: "angegeben"}


BASES = {"fact": "belegt", "claim": "Angabe des Unternehmens", "judgement": "eigene Einschätzung"}


Content = Mapping[str, Any]


class Told:
    """Names for ids and words for codes."""

    def __init__(self, content: Content, kinds: Mapping[str, str]) -> None:
        self.people = {
            each["id"]: ", ".join(part for part in (each["name"], each["function"]) if part)
            for each in content["people"]
        }
        self.candidates = {
            each["id"]: " – ".join(
                dict.fromkeys(name for name in (each["solution_name"], each["company_name"]) if name)
            )
            for each in content["candidates"]
        }
        self.words, self.kinds = content["words"], kinds

    def person(self, public_id: str) -> str:
        return self.people.get(
            public_id, "Unternehmen, über seinen Link" if public_id == "link" else public_id
        )

    def word(self, scheme: str, code: str) -> str:
        return str(self.words.get(scheme, {}).get(code, code)) if code else ""

    def kind(self, code: str) -> str:
        return self.kinds.get(code, code)


def day(text: str | None) -> str:
    """A day or a moment as people write it, in German time; "keine Angabe" for none.

    In the hour that the end of summer time brings twice, it says which of the two is meant.
    """
    if not text:
        return NONE
    if len(text) == 10:
        return f"{text[8:]}.{text[5:7]}.{text[:4]}"
    at = datetime.fromisoformat(text).astimezone(BERLIN)
    is_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    which = (" (Winterzeit)" if at.fold else " (Sommerzeit)") if is_twice else ""
    return f"{at:%d.%m.%Y, %H:%M} Uhr{which}"


def money(value: Any) -> str:
    if value in (None, ""):
        return NONE
    whole = f"{Decimal(str(value)):,.2f}"
    return whole.replace(",", "\u00a0").replace(".", ",").replace("\u00a0", ".") + " €"


def sentences(*parts: str) -> str:
    """Parts that are there, one after the other; one that ends as a sentence gets no second full stop."""
    there = [part.strip() for part in parts if part.strip()]
    return " ".join(
        part if number == len(there) or part[-1] in ".!?…" else f"{part}."
        for number, part in enumerate(there, 1)
    )


def typed(text: str) -> list[Block]:
    return [Paragraph(text, "typed")] if text else []


def words_of(value: Any) -> str:
    if value in (None, "", [], {}):
        return NONE
    if value is True or value is False:
        return "ja" if value else "nein"
    return "; ".join(words_of(each) for each in value) if isinstance(value, list) else str(value)
