"""Words of a record as a sentence joins them."""

import pytest

from allmende.exploration.record.telling import sentences


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
