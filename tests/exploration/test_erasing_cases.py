"""After its retention a case is erased: what goes, what stays."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from allmende.demand.models import Outcome
from allmende.exploration.actions.cases import note
from allmende.exploration.actions.freezing import erase_case
from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.models.frozen import CasePart
from allmende.exploration.record.comparison import faults_of
from allmende.journal.models import Words
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.operations.actions.disposals import erase, note_due, offer
from allmende.operations.models import Disposal
from allmende.operations.retention import RETENTIONS
from tests.exploration.hall import PROGRAM, Hall
from tests.exploration.whole import a_whole_case, approved, handed_in
from tests.support.laid import laid

PARTS = [
    model
    for model in __import__("django.apps", fromlist=["apps"]).apps.get_app_config("exploration").get_models()
    if issubclass(model, CasePart)
]


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


class TestRetention:
    def due(self, now: datetime) -> list[str]:
        return [each.public_id for each in RETENTIONS["market_exploration"].due(now.date())]

    def test_three_years_after_freezing_where_nothing_is_known_of_a_contract(
        self, whole: Hall, now: datetime
    ) -> None:
        freeze(whole)
        assert self.due(now.replace(year=2029)) == []
        assert self.due(now.replace(year=2029) + timedelta(days=1)) == [whole.case.public_id]

    def test_three_years_from_the_award_and_until_the_contract_has_ended(
        self, whole: Hall, now: datetime
    ) -> None:
        freeze(whole)
        outcome = Outcome.objects.create(
            need=whole.case.need, kind="bought", decided_on=date(2027, 3, 1), stated_at=now, stated_by="x"
        )
        assert self.due(datetime(2030, 2, 27, tzinfo=UTC)) == []
        assert self.due(datetime(2030, 3, 3, tzinfo=UTC)) == [whole.case.public_id]
        outcome.contract_ends_on = date(2033, 6, 30)
        outcome.save()
        assert self.due(datetime(2033, 6, 29, tzinfo=UTC)) == []
        assert self.due(datetime(2033, 7, 3, tzinfo=UTC)) == [whole.case.public_id]

    def test_while_it_runs_it_is_never_over(self, whole: Hall, now: datetime) -> None:
        assert self.due(now.replace(year=2050)) == []

    def test_offered_to_the_archive_and_erased_by_a_second_person(self, whole: Hall, now: datetime) -> None:
        freeze(whole)
        later = now.replace(year=2030)
        first, second = (
            Actor("person", each, frozenset({("operator_admin", None)})) for each in ("eins", "zwei")
        )
        note_due(by=PROGRAM, now=later)
        disposal = Disposal.objects.get(retention="market_exploration")
        offer(disposal, by=first, now=later)
        with pytest.raises(Refused, match="eine zweite Person"):
            erase(disposal, reason="Will es nicht.", by=first, now=later)
        erase(disposal, reason="Will es nicht.", by=second, now=later)
        assert (whole.fresh().state, FrozenRecord.objects.get().content) == ("erased", None)
