"""Frozen means frozen: who may do it, what it keeps, and that nothing of ours changes it afterwards."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from allmende.catalogue.models import Edition
from allmende.exploration.actions.cases import note
from allmende.exploration.actions.freezing import approve
from allmende.exploration.actions.handing_in import return_case
from allmende.exploration.actions.members import declare
from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.models.frozen import CasePart, CaseParts, Frozen
from allmende.exploration.record.comparison import differences, faults_of
from allmende.exploration.record.content import TABLES, content_of, tables_of
from allmende.exploration.record.parts.around import history as history_in_record
from allmende.journal.queries import history
from allmende.lib.canonical import canonical_json
from allmende.lib.refusals import OutOfDate, Refused
from allmende.organisations.models import Organisation
from allmende.records import keys, signatures
from allmende.records.verification import verify
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


class TestApproving:
    def test_content_hash_signature_state_and_journal_come_together(self, whole: Hall, now: datetime) -> None:
        record = freeze(whole)
        case = whole.fresh()
        assert (case.state, case.ended_at, record.approved_by) == ("frozen", now, whole["approver"].public_id)
        proof = signatures.Signature(record.key, record.digest, record.signature).text().encode()
        assert verify(record.content.encode(), proof, keys.known_keys()).faults == ()
        told = history("case", case.public_id).first()
        assert (told.kind, told.data) == (
            "exploration.case_frozen",
            {"record": record.public_id, "digest": record.digest},
        )
        assert record.keep_until.isoformat() == "2029-11-23"

    @pytest.mark.parametrize(
        "who",
        [
            "lead",
            "editor",
            "reader",
            "colleague",
            "neighbour",
            "neighbour_buyer",
            "company",
            "desk",
            "stranger",
        ],
    )
    def test_nobody_else_may(self, whole: Hall, who: str) -> None:
        with pytest.raises(Refused):
            freeze(whole, who)
        assert (whole.fresh().state, FrozenRecord.objects.count()) == ("submitted", 0)

    def test_the_buyer_of_the_town_may_once_they_have_declared_their_interests(self, whole: Hall) -> None:
        with pytest.raises(Refused, match="Erklären Sie zuerst, ob eigene Interessen berührt sind"):
            freeze(whole, "buyer")
        declare(whole.case, has_conflict=False, by=whole.actor("buyer"), now=whole.now)
        assert freeze(whole, "buyer").approved_by == whole["buyer"].public_id

    def test_not_before_it_is_handed_in(self, whole: Hall) -> None:
        case = whole.fresh()
        return_case(
            case,
            reason="Noch nicht.",
            lock_version=case.lock_version,
            by=whole.actor("approver"),
            now=whole.now,
        )
        with pytest.raises(Refused, match=r"Aus „läuft“ kann nicht „abgeschlossen“ werden\."):
            freeze(whole)

    def test_not_what_somebody_else_changed_meanwhile(self, whole: Hall) -> None:
        with pytest.raises(OutOfDate):
            approve(whole.case, lock_version=99, by=whole.actor("approver"), now=whole.now)

    def test_not_twice(self, whole: Hall) -> None:
        freeze(whole)
        with pytest.raises(Refused, match="Aus „abgeschlossen“"):
            freeze(whole)

    def test_a_clock_that_was_set_back_does_not_freeze_before_the_last_change(self, whole: Hall) -> None:
        changed = whole.fresh().changed_at
        case = whole.fresh()
        record = approve(
            case,
            lock_version=case.lock_version,
            by=whole.actor("approver"),
            now=whole.now - timedelta(days=400),
        )
        assert record.frozen_at == changed


class TestContent:
    def test_every_part_that_hangs_on_a_case_is_in_it(self, whole: Hall) -> None:
        """A new table is either read by a part of the record or does not belong to what is frozen."""
        content = content_of(whole.case)
        empty = [name for name in TABLES if not content[name] and name not in ("attachments", "step_plans")]
        assert empty == []

    def test_it_is_plain_and_the_same_each_time(self, whole: Hall, now: datetime) -> None:
        first = canonical_json(content_of(whole.case, approved_by="x", now=now))
        assert first == canonical_json(content_of(whole.case, approved_by="x", now=now))
        assert json.loads(first)["approval"] == {"approved_by": "x", "frozen_at": now.isoformat()}

    def test_people_are_named_once_and_everywhere_else_by_id(self, whole: Hall) -> None:
        content = content_of(whole.case)
        names = {each["id"]: (each["name"], each["function"]) for each in content["people"]}
        assert names[whole["lead"].public_id] == ("Lead", "")
        assert names[whole["approver"].public_id] == ("Approver", "Fachamt")
        rest = canonical_json({name: value for name, value in content.items() if name != "people"})
        assert "Approver" not in rest

    def test_what_the_journal_knows_of_the_case_is_in_it(self, whole: Hall) -> None:
        kinds = [each["kind"] for each in content_of(whole.case)["history"]]
        assert (kinds[0], kinds[-1]) == ("exploration.case_begun", "exploration.case_submitted")


# Every model whose rows belong to a case.
PARTS = [
    model
    for model in __import__("django.apps", fromlist=["apps"]).apps.get_app_config("exploration").get_models()
    if issubclass(model, CasePart)
]


class TestFrozen:
    def test_every_table_under_a_case_is_guarded(self) -> None:
        """A new one is a `CasePart`, or named here with its reason."""
        others = {
            "Case",  # guards itself
            "FrozenRecord",  # never changed, see there
            "AuditAccess",  # given and ended afterwards
            "QuestionSet",  # content for all cases
        }
        models_here = {
            model.__name__
            for model in __import__("django.apps", fromlist=["apps"])
            .apps.get_app_config("exploration")
            .get_models()
        }
        assert models_here - {each.__name__ for each in PARTS} == others

    @pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
    def test_no_part_is_saved_removed_or_changed_in_bulk(self, whole: Hall, model: type[CasePart]) -> None:
        rows = model.objects.filter(**{model.CASE: whole.case})
        row = rows.first()
        assert row is not None, "the whole case has no row of it"
        freeze(whole)
        field = next(
            each.name for each in model._meta.fields if not each.primary_key and not each.is_relation
        )
        frozen = (Frozen, TypeError)
        with pytest.raises(frozen):
            row.save()
        with pytest.raises(frozen):
            row.delete()
        with pytest.raises(frozen):
            rows.update(**{field: getattr(row, field)})
        with pytest.raises(frozen):
            rows.delete()
        with pytest.raises(frozen):
            model.objects.bulk_update([row], [field])
        row.pk = None
        row._state.adding = True
        with pytest.raises(frozen):
            row.save()
        with pytest.raises(frozen):
            model.objects.bulk_create([row])

    def test_neither_is_the_case_but_for_the_town_that_answers_for_it(self, whole: Hall) -> None:
        freeze(whole)
        case = whole.fresh()
        for attempt in (
            case.save,
            case.delete,
            lambda: Case.objects.filter(pk=case.pk).update(title="x"),
            lambda: Case.objects.filter(pk=case.pk).delete(),
            lambda: Case.objects.bulk_update([case], ["title"]),
        ):
            with pytest.raises(Frozen):
                attempt()
        Case.objects.filter(pk=case.pk).update(organisation=whole.neighbour)
        assert faults_of(FrozenRecord.objects.get(), dict(keys.known_keys())) == []

    def test_a_part_of_another_case_does_not_come_into_it(self, whole: Hall) -> None:
        freeze(whole)
        other = Case.objects.create(
            organisation=whole.town,
            need=whole.case.need,
            title="Anderer Fall",
            begun_at=whole.now,
            begun_by="x",
            changed_at=whole.now,
        )
        deviation = other.deviations.create(step="plan", what="a", reason="b", at=whole.now, by="x")
        deviation.case = whole.fresh()
        with pytest.raises(Frozen):
            deviation.save()

    def test_nor_is_one_added_to_it_by_the_way_back_from_the_case(self, whole: Hall) -> None:
        freeze(whole)
        other = Case.objects.create(
            organisation=whole.town,
            need=whole.case.need,
            title="Anderer Fall",
            begun_at=whole.now,
            begun_by="x",
            changed_at=whole.now,
        )
        theirs = other.deviations.create(step="plan", what="a", reason="b", at=whole.now, by="x")
        case, mine = whole.fresh(), whole.case.deviations.first()
        for attempt in (
            lambda: case.deviations.add(theirs),
            lambda: case.deviations.set([theirs]),
            lambda: other.deviations.add(mine),
            lambda: case.deviations.create(step="plan", what="a", reason="b", at=whole.now, by="x"),
        ):
            with pytest.raises(Frozen):
                attempt()
        assert list(other.deviations.all()) == [theirs]

    def test_the_last_steps_are_written_afterwards(self, whole: Hall) -> None:
        freeze(whole)
        sheet = whole.case.sheets.create(step="nachlauf", changed_at=whole.now, changed_by="x")
        sheet.answers = {"a": "b"}
        sheet.save()
        assert faults_of(FrozenRecord.objects.get(), dict(keys.known_keys())) == []

    def test_the_record_itself_is_neither_changed_nor_removed(self, whole: Hall) -> None:
        record = freeze(whole)
        record.digest = "0" * 64
        with pytest.raises(TypeError):
            record.save()
        with pytest.raises(TypeError):
            record.delete()

    def test_while_it_runs_everything_goes_on(self, whole: Hall) -> None:
        whole.case.deviations.update(what="anders")
        assert whole.case.deviations.get().what == "anders"

    def test_the_guard_stands_in_every_queryset(self) -> None:
        assert [each.__name__ for each in PARTS if not isinstance(each.objects.all(), CaseParts)] == []

    def test_nor_in_bulk(self, whole: Hall) -> None:
        freeze(whole)
        for change in ({"digest": "0" * 64}, {"content": "{}"}, {"keep_until": None}):
            with pytest.raises(TypeError):
                FrozenRecord.objects.update(**change)
        with pytest.raises(TypeError):
            FrozenRecord.objects.all().delete()

    def test_nor_is_its_content_rewritten_alone(self, whole: Hall) -> None:
        record = freeze(whole)
        record.content = "{}"
        with pytest.raises(TypeError):
            record.save(update_fields=["content"])

    def test_rows_are_not_carried_into_it_in_bulk(self, whole: Hall) -> None:
        freeze(whole)
        other = Case.objects.create(
            organisation=whole.town, need=whole.case.need, title="Anderer Fall",
            begun_at=whole.now, begun_by="x", changed_at=whole.now,
        )  # fmt: skip
        other.deviations.create(step="plan", what="a", reason="b", at=whole.now, by="x")
        for change in ({"case": whole.fresh()}, {"case_id": whole.case.pk}):
            with pytest.raises(Frozen):
                other.deviations.update(**change)

    def test_the_history_of_a_merged_town_is_part_of_the_record(self, whole: Hall, now: datetime) -> None:
        before = [each["id"] for each in history_in_record(whole.case)]
        note("exploration.deviation_noted", whole.case, subject=whole.case.talks.get(), by=PROGRAM, now=now)
        Case.objects.filter(pk=whole.case.pk).update(organisation=_heir(whole))
        assert len(history_in_record(whole.fresh())) == len(before) + 1


def _heir(whole: Hall) -> Organisation:
    """A town that the case's town has become."""
    heir = Organisation.objects.exclude(pk=whole.town.pk).filter(kind=whole.town.kind).first()
    assert heir is not None
    Organisation.objects.filter(pk=whole.town.pk).update(state="merged", merged_into=heir)
    return heir


class TestVerifying:
    def test_all_is_well(self, whole: Hall, capsys: pytest.CaptureFixture[str]) -> None:
        freeze(whole)
        call_command("verify_cases")
        assert capsys.readouterr().out == "1 Dokumentationen geprüft, alle unverändert.\n"

    @pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
    def test_whatever_sql_changes_in_a_table_is_told(self, whole: Hall, model: type[CasePart]) -> None:
        freeze(whole)
        record = FrozenRecord.objects.get()
        with connection.cursor() as cursor:
            cursor.execute(*_falsified(model))
        told = faults_of(record, dict(keys.known_keys()))
        assert told != []

    def test_an_entry_that_was_emptied_is_told_and_one_that_was_redacted_before_is_not(
        self, whole: Hall, now: datetime
    ) -> None:
        record = freeze(whole)
        known = dict(keys.known_keys())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE exploration_snapshotentry SET content = '' WHERE position = 1")
        gone = "Schnappschuss, Eintrag 1: Der Inhalt fehlt, obwohl er sichtbar war."
        assert faults_of(record, known) == [gone]
        edition = {
            "subject_type": "solution",
            "subject_id": "s1",
            "number": 1,
            "digest": "0" * 64,
            "schema_version": 1,
        }
        made = Edition.objects.create(
            **edition,
            author="program",
            created_at=now,
            redacted_at=now + timedelta(days=900),
            redaction_reason="Urteil",
        )
        assert faults_of(record, known) == [gone]
        Edition.objects.filter(pk=made.pk).update(redacted_at=now - timedelta(days=900))
        assert faults_of(record, known) == []

    def test_a_difference_names_its_place_and_both_values(self, whole: Hall) -> None:
        frozen = tables_of(whole.case)
        now = json.loads(json.dumps(frozen))
        now["deviations"][0]["what"] = "anders"
        now["talks"] = []
        now["procedure"]["more"] = 1
        assert [str(each).partition(": ")[0] for each in differences(frozen, now)] == [
            "deviations[0].what",
            "talks[0]",
            "procedure.more",
        ]
        assert str(differences(frozen, now)[2]) == "procedure.more: eingefroren fehlt, jetzt 1"

    def test_a_changed_content_and_a_foreign_signature_are_told(
        self, whole: Hall, capsys: pytest.CaptureFixture[str]
    ) -> None:
        record = freeze(whole)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE exploration_frozenrecord SET content = replace(content, 'Fachamt', 'Fachrat')"
            )
        with pytest.raises(CommandError, match=r"\d+ Befunde\."):
            call_command("verify_cases")
        told = capsys.readouterr().out
        assert f"{record.case.public_id}: Der eingefrorene Inhalt hat eine andere Prüfsumme" in told
        assert f"{record.case.public_id}: Die Unterschrift passt nicht zum eingefrorenen Inhalt." in told

    def test_a_case_that_lost_its_record_is_told(
        self, whole: Hall, capsys: pytest.CaptureFixture[str]
    ) -> None:
        freeze(whole)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM exploration_frozenrecord")
        with pytest.raises(CommandError):
            call_command("verify_cases")
        assert "seine Dokumentation fehlt" in capsys.readouterr().out


def _falsified(model: type[CasePart]) -> tuple[str, list[object]]:
    """A statement that changes one value of the table past Django."""
    words = {"StepPlan": "due_on", "SnapshotEntry": "content", "Snapshot": "content", "Sheet": "changed_by"}
    for name in (
        words.get(model.__name__),
        "reason",
        "what",
        "content",
        "text",
        "about",
        "function",
        "company_name",
    ):
        found = next((each for each in model._meta.fields if each.name == name), None)
        if found is not None:
            break
    else:
        found = next(
            each
            for each in model._meta.fields
            if isinstance(each, models.CharField | models.TextField) and each.name != "public_id"
        )
    value = "2031-01-01" if isinstance(found, models.DateField) else "gefälscht"
    if found.name == "content":
        value = '{"total":1}'
    return f"UPDATE {model._meta.db_table} SET {found.column} = %s", [value[: found.max_length or 99]]
