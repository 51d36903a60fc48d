"""After its retention a case is erased: what goes, what stays."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from allmende.exploration.actions.cases import note
from allmende.exploration.actions.freezing import erase_case
from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.record.comparison import faults_of
from allmende.journal.models import Words
from allmende.lib.refusals import Refused
from tests.exploration.hall import PROGRAM, Hall
from tests.exploration.whole import a_whole_case, approved, handed_in
from tests.support.laid import laid


@pytest.fixture(autouse=True)
def _own_keys(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.RECORD_KEYS_DIR = tmp_path / "record-keys"


@pytest.fixture
def whole(db: None, now: datetime) -> Hall:
    """Every part has at least one row, and the case is handed in."""
    return laid(("whole case", now), lambda: handed_in(a_whole_case(now)))


def freeze(hall: Hall, by: str = "approver") -> FrozenRecord:
    return approved(hall, by)


class TestErasing:
    def test_everything_goes_but_hash_and_day(self, whole: Hall, now: datetime) -> None:
        record = freeze(whole)
        later = now + timedelta(days=1500)
        erase_case(whole.fresh(), reason="Frist vorbei.", by=PROGRAM, now=later)
        record.refresh_from_db()
        assert (record.content, record.erased_at, len(record.digest)) == (None, later, 64)
        case = Case.objects.get()
        assert (case.state, case.title, case.department) == ("erased", "", "")
        left = {
            each.__name__: each.objects.filter(**{each.CASE: case}).count()
            for each in PARTS
            if each.objects.filter(**{each.CASE: case}).exists()
        }
        assert left == {}
        assert faults_of(FrozenRecord.objects.select_related("case").get(), {}) == []

    def test_what_people_typed_for_the_journal_goes_as_well(self, whole: Hall, now: datetime) -> None:
        case, lead = whole.case, whole.actor("lead")
        note("exploration.case_returned", case, by=lead, now=now, words={"reason": "Frau Muster fehlt."})
        talk, corrected = case.talks.get(), {"content_before": "Herr Beispiel sagt …"}
        note("exploration.talk_noted", case, subject=talk, by=lead, now=now, words=corrected)
        freeze(whole)
        erase_case(whole.fresh(), reason="Frist vorbei.", by=PROGRAM, now=now + timedelta(days=1500))
        assert [each.text for each in Words.objects.exclude(text="")] == ["Frist vorbei."]

    def test_not_while_it_runs(self, whole: Hall, now: datetime) -> None:
        with pytest.raises(Refused):
            erase_case(whole.fresh(), reason="x", by=whole.actor("desk"), now=now)
