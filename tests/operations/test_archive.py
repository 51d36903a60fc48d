"""The file of a backup: whole or refused, whatever was done to it."""

import gzip
import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.refusals import Refused
from allmende.operations import archive
from allmende.operations.archive import Manifest

TOLD = Manifest(
    "2026-11-23T09:00:00+00:00", "0.1.0", "sqlite", [["jobs", "0001_initial"]], {"jobs_lease": 3}, []
)


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "database": b"all rows" * 500,
        "media/logo.png": b"\x89PNG",
        "keys/secret-key": "schlüssel".encode(),
    }
    made = {}
    for number, (name, content) in enumerate(contents.items()):
        made[name] = tmp_path / f"part{number}"
        made[name].write_bytes(content)
    return made


@pytest.fixture
def backup(tmp_path: Path, parts: dict[str, Path]) -> Path:
    archive.write(tmp_path / "backup.tar.gz", parts, TOLD)
    return tmp_path / "backup.tar.gz"


def unpacked(source: Path, tmp_path: Path) -> Manifest:
    room = tmp_path / "room"
    room.mkdir(exist_ok=True)
    return archive.unpack(source, room)


def test_what_is_unpacked_is_what_was_packed(backup: Path, parts: dict[str, Path], tmp_path: Path) -> None:
    manifest = unpacked(backup, tmp_path)
    assert replace(manifest, parts={}) == TOLD
    assert sorted(manifest.parts) == sorted(parts)
    assert [(tmp_path / "room" / name).read_bytes() for name in parts] == [
        path.read_bytes() for path in parts.values()
    ]


def test_only_its_owner_may_read_it(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_never_overwritten(backup: Path, parts: dict[str, Path]) -> None:
    before = backup.read_bytes()
    with pytest.raises(Refused, match="gibt es schon"):
        archive.write(backup, parts, TOLD)
    assert backup.read_bytes() == before


def test_a_part_that_vanishes_leaves_no_half_backup(tmp_path: Path, parts: dict[str, Path]) -> None:
    with pytest.raises(Refused, match="konnte nicht geschrieben werden"):
        archive.write(tmp_path / "new.tar.gz", parts | {"media/gone": tmp_path / "gone"}, TOLD)
    assert [path.name for path in tmp_path.glob("*new*")] == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="gibt es nicht"):
        unpacked(tmp_path / "nothing.tar.gz", tmp_path)


@given(cut=st.floats(0, 0.999))
def test_a_backup_that_was_cut_off_is_refused(cut: float, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("cut")
    (place / "database").write_bytes(bytes(range(256)) * 40)
    archive.write(place / "whole.tar.gz", {"database": place / "database"}, TOLD)
    whole = (place / "whole.tar.gz").read_bytes()
    # The last bytes of a tar are filling; below them something is lost.
    plain = gzip.decompress(whole)
    end = plain.rindex(b"}") + 1
    (place / "cut.tar.gz").write_bytes(gzip.compress(plain[: int(end * cut)]))
    with pytest.raises(Refused):
        unpacked(place / "cut.tar.gz", tmp_path_factory.mktemp("room"))


@given(place=st.integers(0, 1023), value=st.integers(1, 255))
def test_a_changed_byte_of_a_part_is_found(
    place: int, value: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    content = bytes(range(256)) * 4
    (folder / "database").write_bytes(content)
    archive.write(folder / "whole.tar.gz", {"database": folder / "database"}, TOLD)
    plain = bytearray(gzip.decompress((folder / "whole.tar.gz").read_bytes()))
    place += plain.index(content)
    plain[place] = (plain[place] + value) % 256
    (folder / "changed.tar.gz").write_bytes(gzip.compress(bytes(plain)))
    with pytest.raises(Refused, match=r"verändert oder unvollständig.*database"):
        unpacked(folder / "changed.tar.gz", tmp_path_factory.mktemp("room"))


@pytest.mark.parametrize("name", ["../outside", "/outside", "media/../../outside"])
def test_nothing_is_written_outside_of_the_room(name: str, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as evil:
        member = tarfile.TarInfo(name)
        member.size = 4
        evil.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(Refused, match="nicht in eine Sicherung"):
        unpacked(tmp_path / "evil.tar.gz", tmp_path)
    assert not (tmp_path / "outside").exists()


def test_a_link_is_no_part(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as evil:
        member = tarfile.TarInfo("database")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        evil.addfile(member)
    with pytest.raises(Refused, match="nicht in eine Sicherung"):
        unpacked(tmp_path / "evil.tar.gz", tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "allmende-backup/9"}', '{"format": "allmende-backup/1"}']
)
def test_a_manifest_that_says_nothing_is_refused(text: str, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "odd.tar.gz", "w:gz") as odd:
        member = tarfile.TarInfo("manifest.json")
        member.size = len(text)
        odd.addfile(member, io.BytesIO(text.encode()))
    with pytest.raises(Refused):
        unpacked(tmp_path / "odd.tar.gz", tmp_path)


def test_the_manifest_can_be_read_by_people(backup: Path) -> None:
    with tarfile.open(backup) as archived:
        told = json.loads(archived.extractfile("manifest.json").read())  # type: ignore[union-attr]  # it is a file
    assert (told["format"], told["tables"]) == ("allmende-backup/1", {"jobs_lease": 3})
