"""What the handbook promises is what the desk counts with."""

import re
from pathlib import Path

from allmende.catalogue.actions.notices import (
    DAYS_TO_APPEAL,
    DAYS_TO_LOOK,
    SHORTEST_HEARING,
    USUAL_HEARING,
)
from allmende.catalogue.queries.notices import CONTACTS_KEPT
from allmende.web.desk.queues import QUEUES

WORDS = {"fünf": 5, "zehn": 10, "sechs": 6}


def test_the_targets_of_the_queues_are_those_of_the_table(checkout: Path) -> None:
    page = (checkout / "docs/handbuch/redaktion.md").read_text(encoding="utf-8")
    table = page[page.index("| Eingang |") : page.index("Arbeitstage sind")]
    told = [int(days) for days in re.findall(r"^\| [^|]+ \| (\d+) \|", table, re.MULTILINE)]
    # Offers, changes and claims of entries share one line.
    counted = [queue.days for queue in QUEUES if queue.code not in ("aenderungen", "uebernahmen")]
    assert told == counted


def test_the_times_of_a_notice_are_those_of_the_handbook(checkout: Path) -> None:
    page = (checkout / "docs/handbuch/meldungen.md").read_text(encoding="utf-8")
    assert WORDS[re.search(r"jede Meldung binnen \*\*(\w+) Arbeitstagen\*\*", page)[1]] == DAYS_TO_LOOK  # type: ignore[index]
    assert re.search(r"mindestens \*\*(\w+) Arbeitstagen\*\*, meist (\w+)", page).groups() == ("fünf", "zehn")  # type: ignore[union-attr]
    assert (SHORTEST_HEARING, USUAL_HEARING) == (5, 10)
    assert f"binnen **{DAYS_TO_APPEAL} Tagen**" in page
    assert "spätestens **sechs Monate** nach dem Abschluss" in page
    assert CONTACTS_KEPT.days == 180
