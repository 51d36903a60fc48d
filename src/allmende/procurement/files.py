"""Reads the rules that come with the software. Faults are raised: a faulty file must not be shipped."""

import datetime
import tomllib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from allmende.procurement.drafts import FaultyRules, LimitDraft, RuleSetDraft

RULES = Path(__file__).resolve().parent / "content" / "rules.toml"
_SCOPES = frozenset({"eu", "federal", "state"})
_FACTS = frozenset(RuleSetDraft.__dataclass_fields__) - {"limits"}


def read(path: Path = RULES) -> tuple[RuleSetDraft, ...]:
    """All rule sets of the file. Raises `FaultyRules`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FaultyRules(f"{path.name}: {fault}") from fault
    drafts = tuple(_rule_set(entry) for entry in content.get("rule_set", ()))
    doubled = [code for code, count in Counter(draft.code for draft in drafts).items() if count > 1]
    if doubled:
        raise FaultyRules(f"code given twice: {', '.join(doubled)}")
    return drafts


def _rule_set(entry: Mapping[str, Any]) -> RuleSetDraft:
    code = str(entry.get("code", "")) or "a rule set without a code"
    strange = sorted(set(entry) - _FACTS - {"limit"})
    if strange:
        raise FaultyRules(f"{code}: unknown fact {', '.join(strange)}")
    for fact in ("code", "scope", "title", "legal_basis", "legal_text", "source_title"):
        if not isinstance(entry.get(fact), str) or not entry[fact].strip():
            raise FaultyRules(f"{code}: {fact} is missing")
    for fact in ("valid_from", "as_of"):
        _day(code, fact, entry.get(fact))
    if entry["scope"] not in _SCOPES or (entry["scope"] == "state") != bool(entry.get("land")):
        raise FaultyRules(f"{code}: a state rule names its land, and no other does")
    limits = tuple(_limit(code, limit) for limit in entry.get("limit", ()))
    if not limits and not entry.get("principles"):
        raise FaultyRules(f"{code}: neither limits nor principles")
    if (until := entry.get("valid_to")) is not None and _day(code, "valid_to", until) < entry["valid_from"]:
        raise FaultyRules(f"{code}: ends before it begins")
    return RuleSetDraft(**{name: value for name, value in entry.items() if name != "limit"}, limits=limits)


def _limit(code: str, entry: Mapping[str, Any]) -> LimitDraft:
    try:
        value = Decimal(entry["value"]) if "value" in entry else None
        draft = LimitDraft(**{**entry, "value": value})
    except (TypeError, InvalidOperation) as fault:
        raise FaultyRules(f"{code}: {fault}") from fault
    if (value is None and not draft.cap_at_eu) or (value is not None and value <= 0):
        raise FaultyRules(f"{code}: {draft.procedure} says no amount")
    return draft


def _day(code: str, fact: str, value: object) -> datetime.date:
    # A datetime is a date for Python, and would be compared with one to an error.
    if type(value) is datetime.date:
        return value
    raise FaultyRules(f"{code}: {fact} is not a day")
