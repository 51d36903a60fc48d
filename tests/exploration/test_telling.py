"""Words of a record as a sentence joins them."""

import pytest

from allmende.exploration.record.telling import day, sentences


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((), ""),
        (("Passt zum Bedarf", "", " "), "Passt zum Bedarf"),
        (("Zu teuer", "", "12,00 €"), "Zu teuer. 12,00 €"),
        (
            ("Erfüllt es nicht", "Mit Warnung.", "Es warnt nicht."),
            "Erfüllt es nicht. Mit Warnung. Es warnt nicht.",
        ),
        (("Warum?", "Darum!", "Gut"), "Warum? Darum! Gut"),
    ],
)
def test_each_part_ends_once(parts: tuple[str, ...], text: str) -> None:
    assert sentences(*parts) == text


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (None, "keine Angabe"),
        ("2026-10-25", "25.10.2026"),
        ("2026-03-29T00:59:59+00:00", "29.03.2026, 01:59 Uhr"),
        # The hour from two to three is not there in the night in March.
        ("2026-03-29T01:00:00+00:00", "29.03.2026, 03:00 Uhr"),
        ("2026-10-24T23:59:00+00:00", "25.10.2026, 01:59 Uhr"),
        # In October it comes twice; a deadline has to say which one is meant.
        ("2026-10-25T00:30:00+00:00", "25.10.2026, 02:30 Uhr (Sommerzeit)"),
        ("2026-10-25T01:30:00+00:00", "25.10.2026, 02:30 Uhr (Winterzeit)"),
        ("2026-10-25T02:00:00+00:00", "25.10.2026, 03:00 Uhr"),
    ],
)
def test_a_moment_is_told_in_german_time_and_never_in_two_ways(stored: str | None, text: str) -> None:
    assert day(stored) == text
