"""Two real editions, one after the other: what happened between them is known and has to be found."""

import datetime
from collections import Counter
from pathlib import Path

import pytest

from allmende.lib.actors import Actor
from allmende.regions import actions, gv100ad, queries, side_files, table
from allmende.regions.models import Region, RegionSuccession, RegisterEdition

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Who took over from whom between 30.11.2023 and 31.08.2025, by area.
UDER = ["16061007", "16061028", "16061065", "16061067", "16061068", "16061077", "16061084", "16061091", "16061096",
        "16061097", "16061111"]  # fmt: skip
SUCCESSORS = {
    "07232089": ["07232503"],
    "07232096": ["07232503"],
    "13071017": ["13071006"],
    "13071114": ["13071043"],
    "16061039": ["16061045"],
    "16061049": ["16061045"],
    **{key: ["16061119"] for key in UDER},
    "16063028": ["16063104"],
    "16063037": ["16064074"],
    "16064055": ["16061118", "16064046"],
    "16064058": ["16064076"],
    "16066073": ["16066042"],
    "16067036": ["16067092"],
    "16076004": ["16076094"],
    "16076084": ["16076094"],
    "160615012": ["160615051"],
}


def read(shared_data: Path, name: str) -> gv100ad.RegisterDraft:
    return gv100ad.read((shared_data / "regions" / name).read_bytes())


def test_every_line_of_both_editions_is_read(shared_data: Path) -> None:
    for name, lines, regions in (
        ("GV100AD_31082025.txt", 15_999, 12_370),
        ("GV100AD_301123.txt", 16_035, 12_394),
    ):
        edition = read(shared_data, name)
        assert (edition.lines, len(edition.regions), edition.findings) == (lines, regions, ())
        assert edition.lines == len(edition.regions) + sum(edition.left_out.values())


def test_the_unincorporated_areas_are_counted_and_left_out(shared_data: Path) -> None:
    left_out = read(shared_data, "GV100AD_31082025.txt").left_out
    assert left_out["gemeindefreie Gebiete (bewohnt)"] + left_out["gemeindefreie Gebiete (unbewohnt)"] == 201


def test_our_table_is_what_the_command_makes_of_the_real_files(shared_data: Path) -> None:
    folder = shared_data / "regions"
    drafts = read(shared_data, "GV100AD_31082025.txt").regions
    for name in ("gemeinde-points.csv", "kreis-points.csv"):
        points, findings = side_files.read_points((folder / name).read_bytes())
        assert findings == ()
        drafts = side_files.with_points(drafts, points)
    own = table.read(table.OWN_TABLE).regions
    assert sorted(drafts, key=lambda draft: draft.ars) == sorted(own, key=lambda draft: draft.ars)


def test_from_2023_to_2025(
    shared_data: Path, program: Actor, administrator: Actor, now: datetime.datetime
) -> None:
    first = actions.import_register(read(shared_data, "GV100AD_301123.txt"), by=program, now=now)
    assert (len(first.new), first.adds_up) == (12_394, True)

    second = actions.import_register(read(shared_data, "GV100AD_31082025.txt"), by=program, now=now)
    assert second.adds_up
    assert Counter(facts.level for facts in second.vanished) == {"gemeinde": 25, "gemeindeverband": 3}
    assert sorted(facts.key for facts in second.new) == ["07232503", "16061119", "160615051", "16076094"]
    assert first.regions - len(second.vanished) == second.changed + second.unchanged

    proposed: dict[str, list[str]] = {}
    for draft in second.proposals:
        proposed.setdefault(draft.predecessor_key, []).append(draft.successor_key)
    assert {key: sorted(heirs) for key, heirs in proposed.items()} == SUCCESSORS
    assert {s.state for s in RegionSuccession.objects.all()} == {"proposed"}

    rodeberg = queries.by_ags("16064055")
    assert rodeberg is not None
    assert queries.successors_of(rodeberg) == []
    for succession in queries.open_successions():
        actions.confirm_succession(succession, by=administrator, now=now)
    assert [heir.name for heir in queries.successors_of(rodeberg)] == ["Dingelstädt", "Mühlhausen/Thüringen"]
    assert sorted(r.key for r in queries.ended_without_successor()) == ["160645052", "160645054"]

    before = list(Region.objects.order_by("pk").values_list())
    third = actions.import_register(read(shared_data, "GV100AD_31082025.txt"), by=program, now=now)
    assert (third.wrote, third.unchanged, RegisterEdition.objects.count()) == (False, 12_370, 2)
    assert list(Region.objects.order_by("pk").values_list()) == before
