"""Archives: ZIP and tape archives, good ones, broken ones and those that were built to do harm."""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.catalogue.models import Listing, Solution
from allmende.federation.fetching import Conditions, Fetched, Limits, SourceProblem, archives, fetch
from tests.federation.conftest import AddSource, Harvest
from tests.federation.entries import entry
from tests.federation.hosts import Host

Members = Iterable[tuple[str, bytes]]
BOTH = pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.bz2"])


def zipped(members: Members) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def taped(members: Members, packing: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{packing}") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def packed(kind: str, members: Members) -> bytes:
    return zipped(members) if kind == "zip" else taped(members, kind.partition(".")[2])


def read(path: Path, content: bytes, limits: Limits | None = None) -> list[Fetched]:
    path.write_bytes(content)
    found = fetch(
        "archive",
        str(path),
        wants=lambda name: name.endswith(".yml"),
        limits=limits or Limits(),
        known=lambda _: Conditions(),
    )
    return list(found)


@BOTH
def test_the_wanted_files_of_an_archive_are_its_records(tmp_path: Path, kind: str) -> None:
    members = [("b/x.yml", b"b"), ("readme.txt", b"-"), ("a/x.yml", b"a")]
    found = read(tmp_path / "archive", packed(kind, members))
    assert sorted((each.key, each.content) for each in found) == [("a/x.yml", b"a"), ("b/x.yml", b"b")]


@BOTH
def test_an_archive_is_harvested_and_a_newer_one_compared(
    add: AddSource, harvest: Harvest, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "archive"
    url = "https://git.musterland.test/stadt/werkzeug-{}"
    members = [
        (f"{n}/publiccode.yml", entry(f"Werkzeug Nummer {n}", url.format(n)).encode()) for n in range(6)
    ]
    path.write_bytes(packed(kind, members))
    source = add("archiv", path, "archive")
    assert harvest(source).new == 6
    assert harvest(source).same == 6
    path.write_bytes(packed(kind, members[1:]))
    finished = harvest(source)
    assert (finished.same, finished.missing) == (5, 1)


def test_an_archive_may_lie_on_a_host(add: AddSource, harvest: Harvest, host: Host) -> None:
    content = zipped([("publiccode.yml", entry().encode())])
    assert harvest(add("archiv", host.serve("/a.zip", content), "archive")).new == 1


@BOTH
@pytest.mark.parametrize(
    "name", ["../x.yml", "/etc/x.yml", "a/../../x.yml", "..\\x.yml", "\\x.yml", "C:\\x.yml", "C:/x.yml"]
)
def test_a_name_that_leads_out_of_the_archive_is_passed_over(tmp_path: Path, kind: str, name: str) -> None:
    found = read(tmp_path / "archive", packed(kind, [(name, b"out"), ("in/x.yml", b"in")]))
    assert [(each.key, each.content) for each in found] == [("in/x.yml", b"in")]


@BOTH
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_one_record(tmp_path: Path, kind: str) -> None:
    content = packed(kind, [("x.yml", b"one"), ("x.yml", b"two")])
    assert len(read(tmp_path / "archive", content)) == 1


def test_links_and_devices_in_an_archive_are_passed_over(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (
            ("a.yml", tarfile.SYMTYPE),
            ("b.yml", tarfile.LNKTYPE),
            ("c.yml", tarfile.CHRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert read(tmp_path / "archive", buffer.getvalue()) == []


@BOTH
def test_a_file_that_is_too_large_is_a_defect_of_that_file(tmp_path: Path, kind: str) -> None:
    content = packed(kind, [("a.yml", b"a" * 2_000), ("b.yml", b"b")])
    found = read(tmp_path / "archive", content, Limits(max_bytes=1_000))
    assert [(each.key, each.content, each.is_defect) for each in found] == [
        ("a.yml", None, True),
        ("b.yml", b"b", False),
    ]


@BOTH
def test_an_archive_that_unpacks_without_end_stops(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 3_000_000)
    bomb = packed(kind, [(f"{number}.yml", b"\0" * 1_000_000) for number in range(10)])
    with pytest.raises(SourceProblem, match="mehr als 1 GB"):
        read(tmp_path / "archive", bomb)


def test_a_file_of_the_archive_that_nobody_wants_counts_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 3_000_000)
    bomb = taped([("big.bin", b"\0" * 5_000_000), ("a.yml", b"a")], "gz")
    with pytest.raises(SourceProblem, match="mehr als 1 GB"):
        read(tmp_path / "archive", bomb)


def test_a_header_that_claims_to_be_endless_is_not_read_into_memory(tmp_path: Path) -> None:
    """An extended header of 100 MB of zeros packs to 100 KB, and Python would read it at once."""
    info = tarfile.TarInfo("header")
    info.type, info.size = tarfile.XHDTYPE, 100_000_000
    bomb = gzip.compress(info.tobuf() + b"\0" * info.size, 9)
    with pytest.raises(SourceProblem, match="beschädigt"):
        read(tmp_path / "archive", bomb)


def test_a_list_of_contents_that_is_too_long_is_not_read_into_memory(tmp_path: Path) -> None:
    content = zipped([("a.yml", b"a")])
    at = content.rfind(b"PK\x05\x06")
    bomb = content[: at + 12] + struct.pack("<L", 50_000_000) + content[at + 16 :]
    with pytest.raises(SourceProblem, match="zu viele Dateien"):
        read(tmp_path / "archive", bomb)


def test_too_many_entries_stop(tmp_path: Path) -> None:
    bomb = taped([(f"{number}.txt", b"") for number in range(30)])
    with pytest.raises(SourceProblem, match="zu viele Dateien"):
        read(tmp_path / "archive", bomb, Limits(max_records=10))


def test_one_broken_file_in_an_archive_is_a_defect_of_that_file(tmp_path: Path) -> None:
    content = bytearray(zipped([("a.yml", b"name: a and more words " * 50), ("b.yml", b"b")]))
    content[60:70] = b"\xff" * 10
    found = read(tmp_path / "archive", bytes(content))
    assert [(each.key, each.is_defect) for each in found] == [("a.yml", True), ("b.yml", False)]
    assert "beschädigt oder verschlüsselt" in found[0].problem


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        b"PK\x03\x04 broken",
        b"PK\x05\x06",
        b"\x1f\x8b broken",
        b"BZh9 broken",
        b"\0" * 100,
    ],
)
def test_a_broken_archive_has_failed_and_changes_nothing(
    add: AddSource, harvest: Harvest, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "archive"
    path.write_bytes(zipped([("publiccode.yml", entry().encode())]))
    source = add("archiv", path, "archive")
    harvest(source)
    before = list(Solution.objects.values()) + list(Listing.objects.values())
    path.write_bytes(content)
    finished = harvest(source)
    assert (finished.state, finished.seen) == ("failed", 0)
    assert finished.problem.startswith("Das Archiv ist beschädigt")
    assert list(Solution.objects.values()) + list(Listing.objects.values()) == before


def test_an_archive_cut_off_in_the_middle_marks_nothing_missing(
    add: AddSource, harvest: Harvest, tmp_path: Path
) -> None:
    path = tmp_path / "archive"
    url = "https://git.musterland.test/stadt/werkzeug-{}"
    members = [
        (f"{n}/publiccode.yml", entry(f"Werkzeug Nummer {n}", url.format(n)).encode()) for n in range(6)
    ]
    whole = taped(members)
    path.write_bytes(whole)
    source = add("archiv", path, "archive")
    harvest(source)
    for cut in (len(whole) // 3, len(whole) // 3 // 512 * 512):
        path.write_bytes(whole[:cut])
        finished = harvest(source)
        assert (finished.state, finished.missing) == ("failed", 0)
        assert "unvollständig" in finished.problem or "beschädigt" in finished.problem
    assert not Listing.objects.exclude(missing_since=None).exists()


@pytest.mark.parametrize("kind", ["archive", "file", "list", "directory"])
def test_a_place_that_does_not_exist_has_failed(
    add: AddSource, harvest: Harvest, tmp_path: Path, kind: str
) -> None:
    finished = harvest(add("fehlt", tmp_path / "nirgends", kind))
    assert (finished.state, finished.seen) == ("failed", 0)
    assert "nirgends" in finished.problem


def test_an_archive_that_is_too_heavy_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 1_000)
    with pytest.raises(SourceProblem, match="größer als 200 MB"):
        read(tmp_path / "archive", b"PK\x03\x04" + b"x" * 2_000_000)


SEEDS = [
    packed(kind, [("a.yml", b"name: a"), ("b/c.yml", b"x" * 3_000)]) for kind in ("zip", "tar", "tar.gz")
]


@settings(max_examples=150, deadline=None)
@given(seed=st.sampled_from(SEEDS), at=st.integers(0, 3_000), piece=st.binary(max_size=40))
def test_any_bytes_are_an_archive_or_a_problem_in_words(
    tmp_path_factory: pytest.TempPathFactory, seed: bytes, at: int, piece: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-archive"
    assert all(said for said in what_is_said(path, seed[:at] + piece + seed[at + len(piece) :]))


def what_is_said(path: Path, content: bytes) -> list[bool]:
    """Of each record, or of the whole archive, whether there are bytes or words."""
    try:
        return [each.content is not None or bool(each.problem) for each in read(path, content)]
    except SourceProblem as problem:
        return [bool(problem.message)]
