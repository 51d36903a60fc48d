"""A store of vectors that is broken, cut short or killed while it writes: what still counts, and what repairs it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from allmende.retrieval.directory import Home
from allmende.retrieval.meaning import vectors_disk
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.retrieval.meaning.vectors import VectorStore
from tests.retrieval.killing import killed_ten_times
from tests.retrieval.meaning.stored import DIMENSIONS, SOME, Opened, asked, first, placed

# Damage


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwrite(file: Path) -> None:
    file.write_bytes(b"\xff" * file.stat().st_size)


@pytest.mark.parametrize("damage", [truncate, overwrite, Path.unlink])
@pytest.mark.parametrize("name", ["about.json", "rows.i8", "entries.log", "graph.usearch"])
def test_broken_files_say_so_and_a_rebuild_repairs_them(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    VectorStore(tmp_path, "m", DIMENSIONS, flat_up_to=10).rebuild(SOME)
    damage(Home(tmp_path).current() / name)
    store = VectorStore(tmp_path, "m", DIMENSIONS, flat_up_to=10)
    for _ in range(2):
        for ask in (lambda: store.nearest(asked(1), 5), store.contents, lambda: store.put(SOME)):
            with pytest.raises(MeaningUnavailable) as raised:
                ask()
            assert str(raised.value)
        assert store.needs_rebuild() != ""
    store.rebuild(SOME)
    assert (first(store, 5), store.needs_rebuild()) == ("e05", "")


@pytest.mark.parametrize(
    "said", ["[]", "{}", "3", '{"mean": 3}', '{"format": 99}', '{"mean": ["x"]}', "\xff", "null"]
)
def test_whatever_stands_where_a_store_describes_itself(filled: VectorStore, said: str) -> None:
    about = Home(filled.root).current() / vectors_disk.ABOUT
    content = json.loads(about.read_text())
    both = {**content, **json.loads(said)} if said.startswith("{") and said != "{}" else None
    about.write_bytes(json.dumps(both).encode() if both else said.encode("latin-1"))
    store = VectorStore(filled.root, "model-1", DIMENSIONS)
    with pytest.raises(MeaningUnavailable):
        store.contents()
    store.rebuild(SOME)
    assert len(store.contents()) == 20


@pytest.mark.parametrize("said", ["", "g-nowhere\n", "../elsewhere", "\xff"])
def test_a_pointer_that_leads_nowhere_is_a_broken_store(filled: VectorStore, said: str) -> None:
    (filled.root / "current").write_bytes(said.encode("latin-1"))
    with pytest.raises(MeaningUnavailable):
        filled.contents()
    filled.rebuild(SOME)
    assert len(filled.contents()) == 20


def test_a_store_that_vanishes_while_open_is_missed(filled: VectorStore) -> None:
    filled.contents()
    shutil.rmtree(filled.root)
    with pytest.raises(MeaningUnavailable):
        filled.contents()


def test_a_change_in_the_middle_of_the_log_is_noticed(filled: VectorStore) -> None:
    log = Home(filled.root).current() / vectors_disk.LOG
    filled.put([placed("new", 500)])
    log.write_bytes(log.read_bytes().replace(b'"e03"', b'"e04"'))
    with pytest.raises(MeaningUnavailable, match="damaged"):
        VectorStore(filled.root, "model-1", DIMENSIONS).contents()


@pytest.mark.parametrize("left", [b"0000", b"00000000 {}\n", b'00000000 {"at":0}', b"\xff\xff\n"])
def test_what_a_killed_writer_leaves_counts_for_nothing_and_the_next_writes_over_it(
    filled: VectorStore, opened: Opened, left: bytes
) -> None:
    directory = Home(filled.root).current()
    for name in (vectors_disk.LOG, vectors_disk.ROWS):
        with (directory / name).open("ab") as file:
            file.write(left)
    assert len(opened().contents()) == len(filled.contents()) == 20
    filled.put([placed("new", 500)])
    assert first(opened(), 500) == first(filled, 500) == "new"


@pytest.mark.parametrize("name", [vectors_disk.ROWS, vectors_disk.LOG])
def test_a_disk_that_takes_nothing_more_leaves_what_was_there(
    filled: VectorStore, opened: Opened, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write = vectors_disk._write

    def full(path: Path, content: bytes, place: int) -> None:
        if path.name != name:
            return write(path, content, place)
        write(path, content[: len(content) // 2], place)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vectors_disk, "_write", full)
    with pytest.raises(MeaningUnavailable, match="No space left"):
        filled.put([placed("new", 500)])
    with pytest.raises(MeaningUnavailable, match="No space left"):
        filled.rebuild(SOME)
    assert len(filled.contents()) == len(opened().contents()) == 20
    monkeypatch.undo()
    filled.put([placed("new", 500)])
    assert first(opened(), 500) == "new"


WRITER = """
from allmende.retrieval.meaning import vectors
from allmende.retrieval.meaning.vectors import VectorStore
from tests.retrieval.meaning.stored import DIMENSIONS, placed

def write(directory):
    vectors.FEW = 20
    store = VectorStore(directory, "model-1", DIMENSIONS)
    for turn in range(1, 10_000):
        store.put([placed(f"l{turn}", turn), placed(f"r{turn}", turn), placed("often", *range(turn % 5 + 1))])
        if turn % 9 == 0:
            store.rebuild(
                [placed(f"{side}{number}", number) for number in range(1, turn + 1) for side in ("l", "r")]
            )
        print(turn, flush=True)
"""


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_nothing_it_had_reported(filled: VectorStore) -> None:
    for reported in killed_ten_times(WRITER, filled.root, before=lambda: filled.rebuild(SOME)):
        contents = filled.contents()
        for turn in reported:
            assert (contents[f"l{turn}"], contents[f"r{turn}"]) == (1, 1)
        assert sum(name[0] == "l" for name in contents) == sum(name[0] == "r" for name in contents)
        filled.put([placed("new", 50_000)])
        assert first(filled, 50_000) == "new"
