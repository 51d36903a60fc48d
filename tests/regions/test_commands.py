import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from allmende.regions import queries, table
from allmende.regions.models import Region, RegisterEdition
from tests.regions.registers import LATER, Register, Town

pytestmark = pytest.mark.django_db


def run(*arguments: Any, **options: Any) -> list[str]:
    out = io.StringIO()
    call_command(*[str(argument) for argument in arguments], stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def file(register: Register, tmp_path: Path) -> Path:
    return saved(tmp_path, register)


def saved(folder: Path, register: Register) -> Path:
    path = folder / f"GV100AD_{register.as_of:%d%m%Y}.txt"
    path.write_bytes(register.content())
    return path


def refusal(*arguments: Any) -> str:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return str(error.value)


def test_the_report_adds_up_in_words(file: Path) -> None:
    assert run("import_regions", file) == [
        "Gebietsstand 30.06.2024: 53 Zeilen, davon 53 Gebiete.",
        "53 neu, 0 geändert, 0 unverändert, 0 weggefallen.",
    ]
    assert run("import_regions", file) == [
        "Gebietsstand 30.06.2024: 53 Zeilen, davon 53 Gebiete.",
        "0 neu, 0 geändert, 53 unverändert, 0 weggefallen.",
        "Alles war schon auf diesem Stand; nichts wurde geschrieben.",
    ]


def test_the_report_names_what_is_new_what_vanished_and_who_may_follow(
    file: Path, register: Register, tmp_path: Path
) -> None:
    run("import_regions", file)
    after = register.lacking("16061002").having(
        Town("16061003", "Kreuzstadt, Stadt", 15_800, 4_300, code="63"), Town("16061501", "Forst", code="66")
    )
    after = after.having(Town("16061004", "Neuland", 100, 10))
    expected = [
        "Gebietsstand 30.06.2025: 54 Zeilen, davon 53 Gebiete.",
        "  nicht übernommen: 1 gemeindefreie Gebiete (unbewohnt)",
        "1 neu, 4 geändert, 48 unverändert, 1 weggefallen.",
        "  geändert: Einwohnerzahl bei 4",
        "  geändert: Fläche bei 1",
        "  neu: Neuland (16061004)",
        "  weggefallen: Neudorf (16061002)",
        "1 Nachfolgen vorgeschlagen; bestätigen Sie sie, bevor sie gelten:",
        "  Neudorf (16061002) → Kreuzstadt (16061003): Kreuzstadt ist gewachsen um 300 ha; Neudorf hatte 300 ha.",
    ]
    later = saved(tmp_path, after.dated(LATER))
    dry = [*expected, "Probelauf: Nichts wurde geschrieben."]
    assert run("import_regions", later, "--dry-run") == dry
    assert RegisterEdition.objects.count() == 1
    assert run("import_regions", later) == expected


def test_side_files_are_taken_in(file: Path, register: Register, tmp_path: Path) -> None:
    towns, kreise, types, changes = (tmp_path / name for name in ("p.csv", "k.csv", "t.csv", "c.csv"))
    towns.write_text("ags,lon,lat,basis\n16061001,10.0,51.4,gemeinde\n")
    kreise.write_text("kreis_ags,lon,lat\n16061,10.1,51.3\n")
    types.write_text("ags;size_class\n16061001;40\n")
    changes.write_text("old;new;date\n16061002;16061003;2025-01-01\n")
    run("import_regions", file, "--points", towns, "--points", kreise, "--types", types)
    altdorf, neudorf = queries.by_ags("16061001"), queries.by_ags("16061002")
    assert altdorf is not None
    assert neudorf is not None
    assert (altdorf.latitude, altdorf.size_class, altdorf.size_class_is_derived) == (51.4, 40, False)
    assert (neudorf.latitude, neudorf.point_basis) == (51.3, "kreis")
    later = saved(tmp_path, register.lacking("16061002").dated(LATER))
    lines = run("import_regions", later, "--changes", changes)
    assert lines[-1] == "1 Nachfolgen aus der Datei mit Gebietsänderungen übernommen."


def test_the_table_is_written_with_what_was_known_before(file: Path, tmp_path: Path) -> None:
    points = tmp_path / "p.csv"
    points.write_text("ags,lon,lat\n16061001,10.0,51.4\n")
    run("import_regions", file, "--points", points)
    lines = run(
        "import_regions", file, "--write-table", tmp_path / "table", "--population-as-of", "2023-12-31"
    )
    assert f"Tabelle mit 53 Gebieten in {tmp_path / 'table'} geschrieben." in lines
    drafts = {draft.key: draft for draft in table.read(tmp_path / "table").regions}
    assert (drafts["16061001"].latitude, drafts["16061002"].latitude) == (51.4, None)
    # A class that was derived is not written: it is no data.
    assert {draft.size_class for draft in drafts.values()} == {None}


def test_a_dry_run_writes_no_table(file: Path, tmp_path: Path) -> None:
    run("import_regions", file, "--dry-run", "--write-table", tmp_path / "table")
    assert (tmp_path / "table").exists() is False


def test_refusals_are_sentences(file: Path, register: Register, tmp_path: Path) -> None:
    broken = tmp_path / "types.csv"
    broken.write_text("ags;size_class\n6061001;40\n")
    older = saved(tmp_path, register)
    newer = saved(tmp_path, register.dated(LATER))
    assert refusal("import_regions", tmp_path / "fehlt.txt") == (
        f"{tmp_path / 'fehlt.txt'} lässt sich nicht lesen: No such file or directory."
    )
    assert refusal("import_regions", file, "--as-of", "2025-06-30") == (
        "Die Datei hat den Gebietsstand 30.06.2024, nicht 30.06.2025."
    )
    assert refusal("import_regions", file, "--types", broken) == (
        "types.csv: Zeile 2: „6061001“ ist kein Schlüssel. Fehlt eine führende Null?"
    )
    run("import_regions", newer)
    assert refusal("import_regions", older).endswith("Ein älterer Stand wird nicht übernommen.")
    assert "„gestern“ ist kein Datum der Form 2025-08-31." in refusal(
        "import_regions", file, "--as-of", "gestern"
    )


def test_the_own_table_is_loaded_by_a_command() -> None:
    assert run("load_regions") == ["Gebiete: 12370 neu, 0 geändert, 0 unverändert, 0 weggefallen."]
    assert run("load_regions") == [
        "Gebiete: Die mitgelieferte Tabelle oder ein neuerer Stand ist schon eingelesen."
    ]
    assert Region.objects.count() == 12_370
