"""Companies asked, by size class, as the record tells it."""

from allmende.exploration.record.by_size import by_size, tally
from allmende.exploration.record.telling import Told

SIZES = {"micro": "Kleinstunternehmen", "small": "kleines Unternehmen", "large": "großes Unternehmen"}


def asked(name: str, size: str, state: str, organisation: str | None = None) -> dict[str, object]:
    return {"organisation": organisation, "company_name": name, "size_class": size, "state": state}


def content(*rounds: list[dict[str, object]]) -> dict[str, object]:
    return {
        "questionnaires": [{"inquiries": each} for each in rounds],
        "words": {"company_size": SIZES},
        "people": [],
        "candidates": [],
    }


ROUNDS = (
    [
        asked("Eins GmbH", "micro", "answered"),
        asked("Zwei AG", "large", "silent"),
        asked("Drei", "", "bounced"),
        asked("Vier", "micro", "planned"),
        asked("Fünf", "micro", "opened", "o5"),
    ],
    [asked("ZWEI AG", "large", "declined"), asked("Fünf neu", "micro", "sent", "o5")],
)


def test_a_company_counts_once_by_what_it_did_most() -> None:
    assert tally(content(*ROUNDS)) == [
        ("micro", {"answered": 1, "declined": 0, "silent": 1, "bounced": 0}),
        ("large", {"answered": 0, "declined": 1, "silent": 0, "bounced": 0}),
        ("", {"answered": 0, "declined": 0, "silent": 0, "bounced": 1}),
    ]


def test_the_table_has_a_line_for_each_size_that_occurs() -> None:
    whole = content(*ROUNDS)
    [table] = by_size(whole, Told(whole, {}))
    assert [list(row) for row in table.rows] == [
        ["Kleinstunternehmen", "2", "1", "0", "1", "0"],
        ["großes Unternehmen", "1", "0", "1", "0", "0"],
        ["Größe nicht bekannt", "1", "0", "0", "0", "1"],
    ]


def test_where_nobody_was_asked_there_is_no_table() -> None:
    assert by_size(content([asked("Vier", "micro", "planned")]), Told(content(), {})) == []
