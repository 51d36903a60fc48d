"""What companies told in confidence is not given away by what the record makes of it."""

from typing import Any

import pytest

from allmende.exploration.record.note import _costs
from allmende.exploration.record.redaction import WITHHELD, redacted


def said(verdict: str | None, *, is_confidential: bool = False, basis: str = "claim") -> dict[str, Any]:
    return {"basis": basis, "verdict": verdict, "text": "Ja", "is_confidential": is_confidential}


def content(*voices: dict[str, Any]) -> dict[str, Any]:
    verdicts = {each["verdict"] for each in voices}
    cell = {
        "said": list(voices),
        "is_unknown": not {"met", "unmet"} & verdicts,
        "is_disputed": {"met", "unmet"} <= verdicts,
    }
    return {"prices": [], "sheets": [], "comparison": {"criteria": [{"cells": [cell]}]}}


@pytest.mark.parametrize("answer", ["met", "unmet", "unknown"])
@pytest.mark.parametrize(
    ("other", "flags"), [("met", (False, False)), ("unmet", (False, False)), ("unknown", (True, False))]
)
def test_a_confidential_yes_or_no_cannot_be_told_from_the_comparison(
    answer: str, other: str, flags: tuple[bool, bool]
) -> None:
    made = redacted(content(said(other, basis="fact"), said(answer, is_confidential=True)), "")
    cell = made["comparison"]["criteria"][0]["cells"][0]
    assert cell["said"] == [
        said(other, basis="fact"),
        {**said(None, is_confidential=True), "text": WITHHELD},
    ]
    assert (cell["is_unknown"], cell["is_disputed"]) == flags


def test_cells_without_a_confidential_word_stay_as_they_are() -> None:
    whole = content(said("met", basis="fact"), said("unmet"))
    assert redacted(whole, "")["comparison"] == whole["comparison"]


def test_the_note_for_the_council_names_no_amount_that_was_told_in_confidence() -> None:
    spreads = [
        {"label": "Im Jahr", "least": "1000", "most": "2000", "known": 2, "has_confidential": False},
        {"label": "Betrieb", "least": "777", "most": "777", "known": 1, "has_confidential": True},
    ]
    told = _costs({"estimates": [], "prices": spreads})
    assert [each for each in told if "777" in each[1]] == []
    assert told[2] == ("Betrieb", "beruht auf vertraulichen Angaben und steht nur in der Akte")


def summed_up(*spreads: dict[str, Any]) -> dict[str, Any]:
    sheets = [
        {"step": "bedarf", "answers": {"prices": "Steht in einem anderen Schritt."}},
        {"step": "auswertung", "answers": {"prices": "Zwischen 700 und 900 Euro", "market": "Drei Anbieter"}},
    ]
    return {**content(), "prices": list(spreads), "sheets": sheets}


def spread(**given: Any) -> dict[str, Any]:
    return {"label": "Betrieb", "least": "700", "middle": "800", "most": "900", "known": 2, **given}


def test_what_the_town_wrote_on_prices_is_left_out_where_it_may_repeat_a_confidential_amount() -> None:
    whole = summed_up(spread(has_confidential=False), spread(has_confidential=True))
    made = redacted(whole, "")
    assert [each["answers"] for each in made["sheets"]] == [
        {"prices": "Steht in einem anderen Schritt."},
        {"prices": WITHHELD, "market": "Drei Anbieter"},
    ]
    assert made["redacted"]["left_out"] == 2
    assert whole["sheets"][1]["answers"]["prices"] == "Zwischen 700 und 900 Euro"


def test_words_on_prices_stay_where_no_amount_was_told_in_confidence() -> None:
    whole = summed_up(spread(has_confidential=False))
    made = redacted(whole, "")
    assert made["sheets"] == whole["sheets"]
    assert made["redacted"]["left_out"] == 0


def test_a_summary_that_was_left_empty_is_not_counted_as_left_out() -> None:
    whole = summed_up(spread(has_confidential=True))
    whole["sheets"][1]["answers"]["prices"] = ""
    assert redacted(whole, "")["redacted"]["left_out"] == 1
