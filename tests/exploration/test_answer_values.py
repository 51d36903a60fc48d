"""What companies type: amounts, numbers, days, choices, texts; and hostile input, which breaks nothing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.exploration.answer_values import Given, cleaned, in_words, typed_again, value_of
from allmende.lib.canonical import canonical_json
from allmende.lib.refusals import Refused

KINDS = ("yes_no", "choice", "number", "money", "date", "text")
CHOICES = ("bei uns", "bei der Kommune")


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "words"),
    [
        ("yes_no", "ja", True, "ja"),
        ("yes_no", "Nein", False, "nein"),
        ("choice", "bei uns", "bei uns", "bei uns"),
        ("money", "1.200,00 €", "1200.00", "1.200,00\u00a0€"),
        ("money", "1200", "1200.00", "1.200,00\u00a0€"),
        ("money", "0", "0.00", "0,00\u00a0€"),
        ("money", "0,355", "0.36", "0,36\u00a0€"),
        ("number", "6.000", "6000", "6.000"),
        ("number", "2,5", "2.5", "2,5"),
        ("number", "-3", "-3", "-3"),
        ("date", "3.2.2026", "2026-02-03", "03.02.2026"),
        ("text", " Ein Satz.\r\nNoch einer. ", "Ein Satz.\nNoch einer.", "Ein Satz.\nNoch einer."),
    ],
)
def test_an_answer_is_kept_exactly_and_told_as_germans_write(kind, typed, kept, words) -> None:
    assert value_of(kind, typed, CHOICES) == kept
    assert in_words(kind, kept) == words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("typed", ["", "   ", "\x00", "\r\n"])
def test_nothing_typed_is_no_statement_and_never_a_no(kind, typed) -> None:
    assert value_of(kind, typed, CHOICES) is None
    assert in_words(kind, None) == "keine Angabe"


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("yes_no", "vielleicht", "Wählen Sie „Ja“"),
        ("choice", "auf dem Mond", "Wählen Sie eine der Antworten"),
        ("money", "ungefähr 1.000", "Geben Sie einen Betrag ein"),
        ("money", "-1", "Ein Betrag ist nicht kleiner"),
        ("money", "9" * 15, "Die Zahl ist zu groß"),
        ("number", "1e5", "Geben Sie eine Zahl ein"),
        ("number", "NaN", "Geben Sie eine Zahl ein"),
        ("date", "31.02.2026", "Geben Sie einen Tag ein"),
        ("date", "2026", "Geben Sie auch den Tag an"),
        ("text", "x" * 5_001, r"Kürzen Sie den Text auf 5\.000 Zeichen"),
        ("money", "1" * 1_000_000, "Kürzen Sie den Text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_type_instead(kind, typed, said) -> None:
    with pytest.raises(Refused, match=said):
        value_of(kind, typed, CHOICES)


@given(st.sampled_from(KINDS), st.text(max_size=200))
def test_whatever_is_typed_is_kept_or_refused_in_words(kind: str, typed: str) -> None:
    try:
        value = value_of(kind, typed, CHOICES)
    except Refused:
        return
    canonical_json(value).encode()
    assert "\x00" not in in_words(kind, value)
    # What stands in the field again gives the same answer.
    assert value_of(kind, typed_again(kind, value), CHOICES) == value


@given(st.decimals(0, Decimal(10) ** 10, places=2))
def test_amounts_come_back_to_the_cent(amount: Decimal) -> None:
    kept = value_of("money", typed_again("money", format(amount, "f")))
    assert Decimal(str(kept)) == amount


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_days_come_back(day: date) -> None:
    assert value_of("date", f"{day:%d.%m.%Y}") == day.isoformat()


@given(st.text(max_size=100), st.text(max_size=100), st.booleans())
def test_what_is_kept_of_a_draft_is_what_was_typed(typed: str, remark: str, is_confidential: bool) -> None:
    given_ = Given(typed, remark, is_confidential)
    assert Given.from_json(given_.as_json()) == given_


@pytest.mark.parametrize("kept", [None, 1, "x", [], {"typed": 3}])
def test_a_draft_that_is_none_gives_an_empty_one_or_text(kept) -> None:
    assert isinstance(Given.from_json(kept).typed, str)


def test_no_control_characters_and_no_half_letters_stay() -> None:
    assert cleaned("a\x00b\x07c\ud800d\te\nf", 100) == "abcd\te\nf"
