"""The record without what companies told in confidence (§ 5 VgV): it says that, and carries the hash of the whole."""

import copy
from collections.abc import Iterator
from typing import Any

WITHHELD = "[vertraulich, ausgelassen]"


def redacted(content: dict[str, Any], digest: str) -> dict[str, Any]:
    """A copy without confidential answers, wherever the record repeats them, and without what spreads of prices say by
    them. `digest` is that of the whole, "" for a draft."""
    made = copy.deepcopy(content)
    left_out = 0
    for answer in _confidential(made):
        for name in ("value", "text", "remark"):
            if answer.get(name) not in (None, ""):
                answer[name] = WITHHELD
        left_out += 1
    for spread in made["prices"]:
        if spread["has_confidential"]:
            spread.update(least=None, middle=None, most=None)
            left_out += 1
    made["redacted"] = {"of": digest, "left_out": left_out}
    return made


def _confidential(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, list):
        for each in content:
            yield from _confidential(each)
    elif isinstance(content, dict):
        if content.get("is_confidential") is True:
            yield content
        for each in content.values():
            yield from _confidential(each)
