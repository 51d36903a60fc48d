import csv
import datetime
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.regions import actions, gv100ad, queries, side_files, table
from allmende.regions.drafts import RegisterDraft
from allmende.regions.models import Region, RegisterEdition
from allmende.regions.side_files import Point
from tests.regions.conftest import Import
from tests.regions.registers import Register


@pytest.fixture(scope="module")
def own() -> RegisterDraft:
    """The table that comes with the project."""
    return table.read(table.OWN_TABLE)


def test_our_table_holds_all_of_germany(own: RegisterDraft) -> None:
    assert Counter(draft.level for draft in own.regions) == {
        "land": 16,
        "kreis": 294,
        "kreisfreie_stadt": 106,
        "gemeindeverband": 1_203,
        "gemeinde": 10_751,
    }
    assert sum(draft.population or 0 for draft in own.regions if draft.level == "land") == 83_577_140
    assert (own.as_of, own.population_as_of) == (datetime.date(2025, 8, 31), datetime.date(2024, 12, 31))


def test_our_table_has_a_point_in_every_town_and_kreis(own: RegisterDraft) -> None:
    bases = Counter((draft.level, draft.point_basis) for draft in own.regions)
    assert bases == {
        ("land", ""): 16,
        ("kreis", "kreis"): 294,
        ("kreisfreie_stadt", "kreis"): 106,
        ("gemeindeverband", ""): 1_203,
        ("gemeinde", "gemeinde"): 10_745,
        ("gemeinde", "kreis"): 6,
    }


def test_our_table_is_small_and_attributed(own: RegisterDraft) -> None:
    assert sum(path.stat().st_size for path in table.OWN_TABLE.iterdir()) < 1_000_000
    readme = (table.OWN_TABLE / "README.md").read_text(encoding="utf-8")
    for needed in ("Statistisches Bundesamt (Destatis)", "© GeoBasis-DE / BKG 2021 (Daten verändert)"):
        assert needed in readme
        assert needed in own.attribution
    assert "https://www.govdata.de/dl-de/by-2-0" in readme


def test_every_parent_in_our_table_is_there(own: RegisterDraft) -> None:
    known = {draft.key for draft in own.regions}
    assert [draft.key for draft in own.regions if draft.parent_key is None] == sorted(
        k for k in known if len(k) == 2
    )
    assert {draft.parent_key for draft in own.regions} - known == {None}


def test_what_is_written_is_read_back(register: Register, tmp_path: Path) -> None:
    edition = gv100ad.read(register.content())
    points = {"16061001": Point(51.4, 10.0, "gemeinde"), "16061002": Point(51.3, 10.1, "kreis")}
    drafts = side_files.with_types(side_files.with_points(edition.regions, points), {"16061001": 40})
    counted = replace(edition, population_as_of=datetime.date(2023, 12, 31))
    table.write(tmp_path, counted, drafts, "Punkte: BKG")
    back = table.read(tmp_path)
    assert sorted(back.regions, key=lambda d: d.key) == sorted(drafts, key=lambda d: d.key)
    assert (back.as_of, back.population_as_of) == (edition.as_of, datetime.date(2023, 12, 31))
    assert back.attribution == f"{edition.attribution}; Punkte: BKG"


def test_the_same_regions_give_the_same_bytes(register: Register, tmp_path: Path) -> None:
    edition = gv100ad.read(register.content())
    for folder, drafts in (("one", edition.regions), ("other", tuple(reversed(edition.regions)))):
        table.write(tmp_path / folder, edition, drafts, "")
    assert table.digest_of(tmp_path / "one") == table.digest_of(tmp_path / "other")


def test_our_table_was_written_by_the_command(own: RegisterDraft, tmp_path: Path) -> None:
    """Nobody edited it by hand: writing what is read gives the same bytes."""
    table.write(tmp_path, own, own.regions, "")
    assert (tmp_path / "regions.csv").read_bytes() == (table.OWN_TABLE / "regions.csv").read_bytes()
    assert (tmp_path / "register.json").read_bytes() == (table.OWN_TABLE / "register.json").read_bytes()


def test_our_table_keeps_its_zeros() -> None:
    with (table.OWN_TABLE / "regions.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert {len(row["ars"]) for row in rows} == {2, 5, 9, 12}
    assert {len(row["postcode"]) for row in rows if len(row["ars"]) == 12} == {5}


@pytest.mark.parametrize("damage", ["missing", "no json", "no number", "no parent", "other columns"])
def test_a_damaged_table_is_refused(register: Register, tmp_path: Path, damage: str) -> None:
    edition = gv100ad.read(register.content())
    table.write(tmp_path, edition, edition.regions, "")
    text = (tmp_path / "regions.csv").read_text()
    match damage:
        case "missing":
            (tmp_path / "regions.csv").unlink()
        case "no json":
            (tmp_path / "register.json").write_text("{")
        case "no number":
            (tmp_path / "regions.csv").write_text(text.replace(";15000;", ";viele;"))
        case "no parent":
            (tmp_path / "regions.csv").write_text(
                "".join(line for line in text.splitlines(True) if "16061;" not in line)
            )
        case _:
            (tmp_path / "regions.csv").write_text(text.replace("ars;", "rs;"))
    with pytest.raises(Refused, match="Die Tabelle der Gebiete"):
        table.read(tmp_path)


# ------------------------------------------------------------------------------------------------------ loading


@pytest.mark.django_db
def test_our_table_is_loaded_once(program: Actor, now: datetime.datetime) -> None:
    first = actions.load_own_table(by=program, now=now)
    assert first is not None
    assert (len(first.new), first.adds_up, Region.objects.count()) == (12_370, True, 12_370)
    assert actions.load_own_table(by=program, now=now) is None
    assert (RegisterEdition.objects.count(), queries.municipalities(with_invented=False).count()) == (
        1,
        10_751,
    )
    assert queries.municipalities(with_invented=False).filter(size_class_is_derived=False).count() == 0


@pytest.mark.django_db
def test_looking_whether_our_table_is_loaded_does_not_read_it(
    program: Actor, now: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.load_own_table(by=program, now=now)
    monkeypatch.setattr(table, "read", lambda folder: pytest.fail("the table was read"))
    began = time.process_time()
    assert actions.load_own_table(by=program, now=now) is None
    # Ten times what it takes: a bound against reading the table, not a measurement.
    assert time.process_time() - began < 0.3


@pytest.mark.django_db
def test_our_table_does_not_replace_something_newer(
    bring_in: Import, program: Actor, register: Register, now: datetime.datetime
) -> None:
    bring_in(register.dated(datetime.date(2030, 1, 1)))
    assert actions.load_own_table(by=program, now=now) is None
    assert Region.objects.count() == 53


@pytest.mark.django_db
def test_a_table_in_another_folder_is_loaded(
    register: Register, program: Actor, now: datetime.datetime, tmp_path: Path
) -> None:
    edition = gv100ad.read(register.content())
    table.write(tmp_path, edition, edition.regions, "")
    report = actions.load_own_table(by=program, now=now, folder=tmp_path)
    assert report is not None
    assert len(report.new) == 53
