"""Answers to typed questions: from what somebody typed to what is kept, and back to words. Pure.

Kept is JSON: true or false, the words of a choice, an exact decimal or a day as text, a text. None is "keine Angabe",
which is neither a yes nor a no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from allmende.lib.money import CENT, amount_in, to_cents
from allmende.lib.partial_dates import parse
from allmende.lib.refusals import Refused

LONGEST_TEXT = 5_000
LONGEST_REMARK = 2_000
# Beyond it somebody pasted something else; parsing stops before it costs.
LONGEST_TYPED = 20_000
# A hundred thousand million: more than any town pays.
LARGEST = Decimal(10) ** 11
YES_NO = {"ja": True, "nein": False}
UNKNOWN = "keine Angabe"


@dataclass(frozen=True)
class Given:
    """What a company typed for one question. `typed` "" is "keine Angabe"."""

    typed: str = ""
    remark: str = ""
    is_confidential: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"typed": self.typed, "remark": self.remark, "confidential": self.is_confidential}

    @classmethod
    def from_json(cls, kept: Any) -> "Given":
        """What `as_json` made; whatever else is there gives an empty one."""
        if not isinstance(kept, Mapping):
            return cls()
        return cls(str(kept.get("typed", "")), str(kept.get("remark", "")), kept.get("confidential") is True)


def cleaned(text: str, most: int) -> str:
    """The text as it may be kept: no control characters but line breaks and tabs, not longer than `most`.

    `Refused` for what is too long: nothing is cut off silently.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(letter for letter in plain if letter >= " " or letter in "\n\t")
    # Half of a pair that no database and no file takes.
    plain = plain.encode("utf-8", "ignore").decode("utf-8").strip()
    if len(plain) > most:
        raise Refused(f"Kürzen Sie den Text auf {most:,} Zeichen. Er hat {len(plain):,}.".replace(",", "."))
    return plain


def value_of(kind: str, typed: str, choices: Sequence[str] = ()) -> Any:
    """What is kept of an answer; None where nothing was typed. `Refused` with what to type instead."""
    text = cleaned(typed, LONGEST_TEXT if kind == "text" else LONGEST_TYPED)
    if not text:
        return None
    if kind == "yes_no":
        return _yes_no(text)
    if kind == "choice":
        return _choice(text, choices)
    if kind == "date":
        return _day(text)
    if kind in ("number", "money"):
        return _amount(text, is_money=kind == "money")
    return text


def _yes_no(text: str) -> bool:
    if text.casefold() not in YES_NO:
        raise Refused("Wählen Sie „Ja“, „Nein“ oder „keine Angabe“.")
    return YES_NO[text.casefold()]


def _choice(text: str, choices: Sequence[str]) -> str:
    if text not in choices:
        raise Refused("Wählen Sie eine der Antworten aus.")
    return text


def _day(text: str) -> str:
    try:
        said = parse(text[:40])
    except ValueError:
        raise Refused("Geben Sie einen Tag ein, zum Beispiel 03.02.2026.") from None
    if said.precision != "day":
        raise Refused("Geben Sie auch den Tag an, zum Beispiel 03.02.2026.")
    return said.day.isoformat()


def _amount(text: str, *, is_money: bool) -> str:
    example = "einen Betrag ein, zum Beispiel 1.200,00" if is_money else "eine Zahl ein, zum Beispiel 1.200"
    try:
        number = amount_in(text[:60])
    except ValueError:
        raise Refused(f"Geben Sie {example}.") from None
    if is_money and number < 0:
        raise Refused("Ein Betrag ist nicht kleiner als 0,00.")
    if abs(number) >= LARGEST:
        raise Refused("Die Zahl ist zu groß. Prüfen Sie sie.")
    if is_money:
        return format(to_cents(number), "f")
    exact = number.normalize()
    return format(exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact, "f")


def in_words(kind: str, value: Any) -> str:
    """An answer as people read it; "keine Angabe" for None."""
    if value is None:
        return UNKNOWN
    if kind == "yes_no":
        return "ja" if value is True else "nein"
    if kind == "money":
        return f"{_grouped(Decimal(value).quantize(CENT))}\u00a0€"
    if kind == "number":
        return _grouped(Decimal(value))
    if kind == "date":
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    return str(value)


def typed_again(kind: str, value: Any) -> str:
    """What stands in the field for an answer that is kept: read again, it gives the same."""
    if value is None:
        return ""
    return in_words(kind, value).replace("\u00a0€", "")


def _grouped(number: Decimal) -> str:
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))
