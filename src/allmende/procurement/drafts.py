"""What can be handed in: one version of a rule set with its limits. No database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


class FaultyRules(Exception):
    """The file of rules contradicts itself; the message says where, for whoever edits it."""


@dataclass(frozen=True, kw_only=True)
class LimitDraft:
    """Up to `value` net euros a procedure is allowed; None with `cap_at_eu`: up to the EU threshold of the day.

    `is_inclusive`: "bis" – the amount itself is still within.
    """

    procedure: str
    value: Decimal | None = None
    is_inclusive: bool = True
    cap_at_eu: bool = False

    def as_data(self) -> dict[str, Any]:
        return {
            "procedure": self.procedure,
            "value": self.value,
            "is_inclusive": self.is_inclusive,
            "cap_at_eu": self.cap_at_eu,
        }


@dataclass(frozen=True, kw_only=True)
class RuleSetDraft:
    """`valid_to` is the last day, None where none is known. `land` is the first two digits of the key of its towns.

    A set without limits needs `principles`: what holds instead, in a sentence or two.
    """

    scope: str
    title: str
    legal_basis: str
    legal_text: str
    source_title: str
    as_of: date
    valid_from: date
    valid_to: date | None = None
    level: str = "municipal"
    land: str = ""
    principles: str = ""
    source_url: str = ""
    note: str = ""
    limits: tuple[LimitDraft, ...] = ()
    code: str = ""

    def as_data(self) -> dict[str, Any]:
        """For comparing two versions: everything that is said, limits in a fixed order."""
        facts = {name: value for name, value in vars(self).items() if name != "limits"}
        return facts | {
            "limits": [limit.as_data() for limit in sorted(self.limits, key=lambda each: each.procedure)]
        }
