import datetime
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.regions import actions, gv100ad, queries, side_files
from allmende.regions.drafts import SuccessionDraft
from allmende.regions.models import Region, RegionSuccession, RegisterEdition
from allmende.regions.side_files import Point
from tests.regions.conftest import Import
from tests.regions.registers import AS_OF, LATER, Register, Town

pytestmark = pytest.mark.django_db
DAY_BETWEEN = datetime.date(2025, 1, 1)


def rows() -> list[tuple[object, ...]]:
    return list(Region.objects.order_by("pk").values_list())


def town(key: str) -> Region:
    region = queries.by_ags(key)
    assert region is not None
    return region


def test_the_first_import_brings_everything(
    bring_in: Import, register: Register, now: datetime.datetime
) -> None:
    report = bring_in(register)
    assert (len(report.new), report.changed, report.unchanged, len(report.vanished)) == (53, 0, 0, 0)
    assert (report.lines, report.regions, report.adds_up, report.wrote) == (53, 53, True, True)
    edition = RegisterEdition.objects.get()
    assert (edition.new, edition.as_of, edition.imported_at, edition.imported_by) == (
        53,
        AS_OF,
        now,
        "program:import_regions",
    )
    assert str(edition) == "Gemeindeverzeichnis GV100AD, Gebietsstand 30.06.2024"


def test_a_town_knows_what_it_belongs_to(bring_in: Import, register: Register) -> None:
    bring_in(register)
    altdorf, kreuzstadt = town("16061001"), town("16061003")
    assert [altdorf.parent.key, altdorf.kreis.key, altdorf.land.key] == ["160615012", "16061", "16"]  # type: ignore[union-attr]
    assert [kreuzstadt.parent.key, kreuzstadt.kreis.key, kreuzstadt.land.key] == ["16061", "16061", "16"]  # type: ignore[union-attr]
    assert (kreuzstadt.name, kreuzstadt.official_name, kreuzstadt.search_name, kreuzstadt.designation) == (
        "Kreuzstadt",
        "Kreuzstadt, Stadt",
        "kreuzstadt",
        "Stadt",
    )
    assert (kreuzstadt.ags, kreuzstadt.ars, kreuzstadt.land_key) == ("16061003", "160610000003", "16")
    # Since when it exists, the first edition cannot say.
    assert (kreuzstadt.valid_from, kreuzstadt.valid_to, kreuzstadt.is_valid) == (None, None, True)


def test_a_second_run_writes_nothing(bring_in: Import, register: Register) -> None:
    bring_in(register)
    before = rows()
    with CaptureQueriesContext(connection) as captured:
        report = bring_in(register)
    written = [q["sql"] for q in captured if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert (written, report.wrote, report.unchanged, report.changed) == ([], False, 53, 0)
    assert (rows(), RegisterEdition.objects.count(), of_kinds("regions.imported").count()) == (before, 1, 1)


def test_a_later_edition_without_changes_only_moves_the_date(bring_in: Import, register: Register) -> None:
    bring_in(register)
    report = bring_in(register.dated(LATER))
    assert (report.unchanged, report.wrote, RegisterEdition.objects.count()) == (53, True, 2)
    present = queries.present_edition()
    assert present is not None
    assert present.as_of == LATER


def test_an_older_edition_is_refused(bring_in: Import, register: Register) -> None:
    bring_in(register.dated(LATER))
    with pytest.raises(Refused) as refusal:
        bring_in(register)
    assert refusal.value.message == (
        "Die Datei hat den Gebietsstand 30.06.2024; eingelesen ist schon der vom 30.06.2025. "
        "Ein älterer Stand wird nicht übernommen."
    )


def test_changes_are_written_and_counted_by_field(bring_in: Import, register: Register) -> None:
    bring_in(register)
    before = town("16061001").pk
    report = bring_in(
        register.having(Town("16061001", "Altdorf, Stadt", 1_300, 700, "5012", "63")).dated(LATER)
    )
    assert (report.changed, report.unchanged) == (4, 49)
    # Verband, Kreis and Land count one hundred people more, too.
    assert report.changed_fields == {"Art": 1, "Einwohnerzahl": 4, "Name": 1}
    altdorf = town("16061001")
    assert (altdorf.pk, altdorf.official_name, altdorf.population, altdorf.designation) == (
        before,
        "Altdorf, Stadt",
        1_300,
        "Stadt",
    )


def test_a_new_town_begins_with_the_edition_that_first_has_it(bring_in: Import, register: Register) -> None:
    bring_in(register)
    report = bring_in(register.having(Town("16061004", "Neuland")).dated(LATER))
    assert [facts.key for facts in report.new] == ["16061004"]
    assert town("16061004").valid_from == LATER


def test_a_vanished_town_keeps_its_row_and_what_refers_to_it(bring_in: Import, register: Register) -> None:
    bring_in(register)
    before = town("16061002")
    report = bring_in(register.lacking("16061002").dated(LATER))
    assert [facts.key for facts in report.vanished] == ["16061002"]
    after = town("16061002")
    assert (after.pk, after.public_id, after.valid_to, after.name) == (
        before.pk,
        before.public_id,
        LATER,
        "Neudorf",
    )
    assert queries.municipalities().filter(key="16061002").exists() is False


def test_a_key_that_comes_back_is_a_new_region(bring_in: Import, register: Register) -> None:
    bring_in(register)
    first = town("16061002")
    bring_in(register.lacking("16061002").dated(LATER))
    bring_in(register.dated(LATER + datetime.timedelta(days=90)))
    assert Region.objects.filter(key="16061002").count() == 2
    assert town("16061002").pk != first.pk


def test_a_corrected_file_of_the_same_date_may_take_a_new_town_back(
    bring_in: Import, register: Register
) -> None:
    bring_in(register)
    bring_in(register.having(Town("16061004", "Irrtum")).dated(LATER))
    bring_in(register.dated(LATER))
    gone = town("16061004")
    assert (gone.valid_from, gone.valid_to) == (LATER, LATER + datetime.timedelta(days=1))


def test_a_dry_run_reports_and_writes_nothing(bring_in: Import, register: Register) -> None:
    bring_in(register)
    before = rows()
    after = register.lacking("16061002").having(
        Town("16061003", "Kreuzstadt, Stadt", 15_800, 4_300, code="63")
    )
    report = bring_in(after.dated(LATER), dry_run=True)
    assert (len(report.vanished), len(report.proposals), report.wrote) == (1, 1, False)
    assert (rows(), RegisterEdition.objects.count(), RegionSuccession.objects.count()) == (before, 1, 0)


def test_a_file_with_errors_changes_nothing(
    bring_in: Import, register: Register, program: Actor, now: datetime.datetime
) -> None:
    bring_in(register)
    before = rows()
    faulty = gv100ad.read((register.dated(LATER).text() + "60 Unsinn\n").encode())
    with pytest.raises(Refused) as refusal:
        actions.import_register(faulty, by=program, now=now)
    assert refusal.value.message == (
        "Nichts wurde übernommen, denn die Datei hat Fehler: "
        "Zeile 54: Die Zeile ist abgeschnitten: 9 Zeichen, nötig sind 170."
    )
    assert rows() == before


def test_a_tenth_of_all_towns_does_not_vanish_unasked(bring_in: Import) -> None:
    many = Register(towns=tuple(Town(f"16001{n:03}", f"Dorf {n}") for n in range(2, 102)))
    few = replace(many, towns=many.towns[:70]).dated(LATER)
    bring_in(many)
    with pytest.raises(Refused) as refusal:
        bring_in(few)
    assert refusal.value.message == (
        "30 von 116 Gemeinden kommen in der Datei nicht mehr vor. Ist sie vollständig? "
        "Wenn ja, wiederholen Sie den Befehl mit „--accept-many“."
    )
    assert len(bring_in(few, accept_many_vanished=True).vanished) == 30


def test_only_who_runs_the_platform_imports(
    register: Register, stranger: Actor, administrator: Actor, now: datetime.datetime
) -> None:
    edition = gv100ad.read(register.content())
    with pytest.raises(Refused) as refusal:
        actions.import_register(edition, by=stranger, now=now)
    assert refusal.value.message == "Dafür fehlt Ihnen die Berechtigung."
    assert actions.import_register(edition, by=administrator, now=now).wrote


def test_an_import_is_journalled_once_with_its_counts(bring_in: Import, register: Register) -> None:
    bring_in(register)
    bring_in(register.lacking("16061002").dated(LATER))
    entry = of_kinds("regions.imported").first()
    assert entry is not None
    assert (entry.subject_type, entry.subject_id) == (
        "register_edition",
        RegisterEdition.objects.get(as_of=LATER).public_id,
    )
    assert entry.data == {"as_of": "2025-06-30", "new": 0, "changed": 3, "vanished": 1, "successions": 0}


# ------------------------------------------------------------------------------------- size classes (case 13)


def with_type(register: Register, key: str, size_class: int) -> Import:
    edition = gv100ad.read(register.content())
    return replace(edition, regions=side_files.with_types(edition.regions, {key: size_class}))  # type: ignore[return-value]


def test_a_class_taken_from_the_population_is_marked(bring_in: Import, register: Register) -> None:
    bring_in(register)
    classes = {
        r.key: (r.size_class, r.size_class_is_derived)
        for r in queries.municipalities().filter(land__key="16")
    }
    assert classes == {
        "16001001": (50, True),
        "16061001": (50, True),
        "16061002": (50, True),
        "16061003": (30, True),
    }


def test_only_towns_have_a_size_class(bring_in: Import, register: Register) -> None:
    bring_in(register)
    assert Region.objects.exclude(level="gemeinde").exclude(size_class=None).count() == 0


def test_a_landgemeinde_with_central_functions_keeps_type_40_when_given_as_data(
    bring_in: Import, register: Register, program: Actor, now: datetime.datetime
) -> None:
    """Case 13: fewer than 5,000 inhabitants, and still a Kleinstadt."""
    actions.import_register(with_type(register, "16061001", 40), by=program, now=now)  # type: ignore[arg-type]
    grown = register.having(Town("16061001", "Altdorf", 4_200, 700, "5012")).dated(LATER)
    bring_in(grown)
    altdorf = town("16061001")
    assert (altdorf.population, altdorf.size_class, altdorf.size_class_is_derived) == (4_200, 40, False)


def test_a_derived_class_follows_the_population(bring_in: Import, register: Register) -> None:
    bring_in(register)
    bring_in(register.having(Town("16061001", "Altdorf", 5_000, 700, "5012")).dated(LATER))
    assert (town("16061001").size_class, town("16061001").size_class_is_derived) == (40, True)


def test_a_type_set_by_hand_stays_until_it_is_taken_back(
    bring_in: Import, register: Register, administrator: Actor, now: datetime.datetime
) -> None:
    bring_in(register)
    actions.set_size_class(town("16061001"), size_class=40, by=administrator, now=now)
    bring_in(register.having(Town("16061001", "Altdorf", 1_250, 700, "5012")).dated(LATER))
    assert (town("16061001").size_class, town("16061001").size_class_is_derived) == (40, False)
    actions.set_size_class(town("16061001"), size_class=None, by=administrator, now=now)
    assert (town("16061001").size_class, town("16061001").size_class_is_derived) == (50, True)
    assert of_kinds("regions.size_class_set").count() == 2


def test_setting_the_same_type_again_says_nothing(
    bring_in: Import, register: Register, administrator: Actor, now: datetime.datetime
) -> None:
    bring_in(register)
    for _ in range(2):
        actions.set_size_class(town("16061001"), size_class=40, by=administrator, now=now)
    assert of_kinds("regions.size_class_set").count() == 1


def test_types_are_refused_where_there_are_none(
    bring_in: Import, register: Register, administrator: Actor, stranger: Actor, now: datetime.datetime
) -> None:
    bring_in(register)
    kreis = queries.by_key("16061")
    assert kreis is not None
    for region, size_class, by, message in (
        (kreis, 40, administrator, "Eine Größenklasse haben nur Gemeinden."),
        (
            town("16061001"),
            41,
            administrator,
            "Den Gemeindetyp 41 gibt es nicht; möglich sind 11, 12, 21, 22, 30, 40 und 50.",
        ),
        (town("16061001"), 40, stranger, "Dafür fehlt Ihnen die Berechtigung."),
    ):
        with pytest.raises(Refused) as refusal:
            actions.set_size_class(region, size_class=size_class, by=by, now=now)
        assert refusal.value.message == message


# ------------------------------------------------------------------- what one edition says and another does not


def test_points_stay_when_an_edition_brings_none(
    bring_in: Import, register: Register, program: Actor, now: datetime.datetime
) -> None:
    points = {"16061001": Point(51.4, 10.0, "gemeinde"), "16061": Point(51.3, 10.1, "kreis")}
    edition = gv100ad.read(register.content())
    regions = side_files.with_points(edition.regions, points)
    actions.import_register(replace(edition, regions=regions), by=program, now=now)
    bring_in(register.having(Town("16061004", "Neuland")).dated(LATER))
    altdorf, neuland = town("16061001"), town("16061004")
    assert (altdorf.latitude, altdorf.longitude, altdorf.point_basis) == (51.4, 10.0, "gemeinde")
    # Nobody has drawn the new one yet: it stands somewhere in its Kreis, and says so.
    assert (neuland.latitude, neuland.longitude, neuland.point_basis) == (51.3, 10.1, "kreis")


def test_the_day_of_a_count_is_kept_with_the_same_number_and_unknown_with_another(
    bring_in: Import, register: Register, program: Actor, now: datetime.datetime
) -> None:
    counted = datetime.date(2023, 12, 31)
    edition = replace(gv100ad.read(register.content()), population_as_of=counted)
    actions.import_register(edition, by=program, now=now)
    bring_in(register.having(Town("16061001", "Altdorf", 1_250, 700, "5012")).dated(LATER))
    assert (town("16061001").population_as_of, town("16061002").population_as_of) == (None, counted)


# ------------------------------------------------------------------------------------------------ changes file


def test_a_changes_file_names_the_successor_and_the_day(bring_in: Import, register: Register) -> None:
    bring_in(register)
    after = register.lacking("16061001", "16061002").having(
        Town("16061009", "Altneudorf", 2_000, 1_000, "5012")
    )
    changes = [SuccessionDraft(old, "16061009", DAY_BETWEEN) for old in ("16061001", "16061002")]
    report = bring_in(after.dated(LATER), changes=changes)
    assert (report.confirmed, report.proposals) == (2, ())
    assert (town("16061001").valid_to, town("16061009").valid_from) == (DAY_BETWEEN, DAY_BETWEEN)
    assert queries.successors_of(town("16061001")) == [town("16061009")]
    kept = RegionSuccession.objects.get(predecessor__key="16061001")
    assert (kept.state, kept.origin, kept.on, kept.decided_by) == (
        "confirmed",
        "changes_file",
        DAY_BETWEEN,
        "program:import_regions",
    )


def test_a_changes_file_that_comes_late_confirms_what_was_proposed(
    bring_in: Import, register: Register
) -> None:
    bring_in(register)
    after = register.lacking("16061002").having(
        Town("16061003", "Kreuzstadt, Stadt", 15_800, 4_300, code="63")
    )
    bring_in(after.dated(LATER))
    assert RegionSuccession.objects.get().state == "proposed"
    changes = [SuccessionDraft("16061002", "16061003", DAY_BETWEEN)]
    report = bring_in(after.dated(LATER), changes=changes)
    kept = RegionSuccession.objects.get()
    assert (report.confirmed, report.wrote, kept.state, kept.origin) == (1, True, "confirmed", "changes_file")
    assert bring_in(after.dated(LATER), changes=changes).wrote is False


def test_what_a_changes_file_says_wrongly_is_a_finding(
    bring_in: Import, register: Register, administrator: Actor, now: datetime.datetime
) -> None:
    bring_in(register)
    after = register.lacking("16061002").having(
        Town("16061003", "Kreuzstadt, Stadt", 15_800, 4_300, code="63")
    )
    bring_in(after.dated(LATER))
    actions.reject_succession(RegionSuccession.objects.get(), by=administrator, now=now)
    changes = [
        SuccessionDraft("16061002", "16061003"),
        SuccessionDraft("16061001", "16061003"),
        SuccessionDraft("16061777", "16061003"),
        SuccessionDraft("16061002", "16061888"),
    ]
    report = bring_in(after.dated(LATER), changes=changes)
    assert [str(finding) for finding in report.findings] == [
        "16061002 → 16061003: Eine Person hat diese Nachfolge abgelehnt; dabei bleibt es, bis sie anders entscheidet.",
        "16061001 → 16061003: Altdorf (16061001) gibt es noch und hat keinen Nachfolger.",
        "16061777 → 16061003: Ein Gebiet mit dem Schlüssel 16061777 ist nicht bekannt.",
        "16061002 → 16061888: Ein Gebiet mit dem Schlüssel 16061888 ist nicht bekannt.",
    ]
    assert (report.confirmed, RegionSuccession.objects.get().state) == (0, "rejected")
