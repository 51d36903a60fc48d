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
        # A verdict gives away what was answered.
        if "verdict" in answer:
            answer["verdict"] = None
        left_out += 1
    for row in made["comparison"]["criteria"]:
        for cell in row["cells"]:
            _tell_by_what_is_left(cell)
    for spread in made["prices"]:
        if spread["has_confidential"]:
            spread.update(least=None, middle=None, most=None)
            left_out += 1
    left_out += _leave_out_words_on_prices(made)
    made["redacted"] = {"of": digest, "left_out": left_out}
    return made


def _leave_out_words_on_prices(made: dict[str, Any]) -> int:
    """The summary of prices is free text: where a spread rests on confidential amounts, it may repeat them."""
    if not any(spread["has_confidential"] for spread in made["prices"]):
        return 0
    left_out = 0
    for sheet in made["sheets"]:
        if sheet["step"] == "auswertung" and sheet["answers"].get("prices"):
            sheet["answers"]["prices"] = WITHHELD
            left_out += 1
    return left_out


def _tell_by_what_is_left(cell: dict[str, Any]) -> None:
    """Whether voices contradict each other, or nobody says anything, gives an answer away as well."""
    left = {each["verdict"] for each in cell["said"]} & {"met", "unmet"}
    cell["is_unknown"], cell["is_disputed"] = not left, len(left) == 2


def _confidential(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, list):
        for each in content:
            yield from _confidential(each)
    elif isinstance(content, dict):
        if content.get("is_confidential") is True:
            yield content
        for each in content.values():
            yield from _confidential(each)
