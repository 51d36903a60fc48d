"""What happens to an index on disk: rebuilt, outdated, broken, written by two, killed."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from allmende.retrieval import directory, tantivy_index
from allmende.retrieval.directory import Home
from allmende.retrieval.documents import fingerprint
from allmende.retrieval.protocol import (
    Definition,
    Document,
    IndexBusy,
    IndexCorrupt,
    IndexMissing,
    IndexUnavailable,
    Query,
    WriteFailed,
)
from allmende.retrieval.tantivy_index import TantivyIndex
from tests.retrieval.conftest import CATALOGUE, DEFINITION
from tests.retrieval.killing import killed_ten_times

Embedded = Callable[[], TantivyIndex]


def ids(index: TantivyIndex) -> list[str]:
    return [identity for identity, _ in index.contents()]


def generations(index: TantivyIndex) -> list[Path]:
    return sorted(index.root.glob("g-*"))


@pytest.fixture
def filled(embedded: Embedded) -> TantivyIndex:
    index = embedded()
    index.rebuild(lambda: CATALOGUE)
    return index


def test_where_there_is_no_index_reading_and_writing_say_so_and_a_rebuild_makes_one(
    embedded: Embedded,
) -> None:
    index = embedded()
    assert (index.generation(), index.stats().documents, index.stats().needs_rebuild != "") == ("", 0, True)
    with pytest.raises(IndexMissing):
        index.search(Query("x"))
    with pytest.raises(IndexMissing):
        index.put(CATALOGUE)
    index.rebuild(list)
    assert (index.search(Query("x")).total, index.stats().needs_rebuild) == (0, "")


def test_another_process_sees_what_was_put_at_once(filled: TantivyIndex, embedded: Embedded) -> None:
    other = embedded()
    assert other.search(Query()).total == 4
    filled.put([Document("e1", "town", "Neustadt", {"title": "Neustadt"})])
    assert [hit.id for hit in other.search(Query("Neustadt")).hits] == ["e1"]
    assert other.generation() == filled.generation()


def test_contents_carry_the_fingerprints_of_the_documents(filled: TantivyIndex) -> None:
    assert dict(filled.contents()) == {document.id: fingerprint(document) for document in CATALOGUE}


def test_a_rebuild_replaces_all_and_readers_follow(filled: TantivyIndex, embedded: Embedded) -> None:
    other = embedded()
    before = other.generation()
    filled.rebuild(lambda: CATALOGUE[:2])
    assert (ids(other), other.generation() != before) == (["a1", "b1"], True)


def test_the_old_index_goes_at_the_next_rebuild(
    filled: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.rebuild(lambda: CATALOGUE)
    assert len(generations(filled)) == 2
    monkeypatch.setattr(directory, "GRACE", 0.0)
    filled.rebuild(lambda: CATALOGUE)
    assert len(generations(filled)) == 2


def test_what_changes_during_a_rebuild_is_in_both(filled: TantivyIndex, embedded: Embedded) -> None:
    """The rebuild has read a1 and b1 as they were; meanwhile a1 changes, b1 goes, e1 comes."""
    other = embedded()
    seen = []

    def documents() -> Iterator[Document]:
        yield from CATALOGUE
        other.put([Document("a1", "solution", "Umbau", {"title": "Umbau"}), Document("e1", "town", "Neu")])
        other.remove(["b1"])
        seen.append(ids(other))

    filled.rebuild(documents)
    assert seen == [["a1", "c1", "d1", "e1"]]
    assert ids(other) == ["a1", "c1", "d1", "e1"]
    assert [hit.id for hit in other.search(Query("Umbau")).hits] == ["a1"]
    assert not filled.root.joinpath("pending.jsonl").exists()


def test_of_entries_with_one_id_a_rebuild_keeps_the_last(filled: TantivyIndex) -> None:
    twice = [*CATALOGUE, *(replace(entry, name=f"{entry.name} neu") for entry in CATALOGUE[:2])]
    filled.rebuild(lambda: twice)
    expected = {entry.id: fingerprint(entry) for entry in twice}
    assert sorted(filled.contents()) == sorted(expected.items())


def test_what_is_removed_during_a_rebuild_is_gone_and_may_come_again(filled: TantivyIndex) -> None:
    first, second, *_ = CATALOGUE

    def documents() -> Iterator[Document]:
        yield from CATALOGUE
        filled.remove([first.id, second.id])
        filled.put([second])

    filled.rebuild(documents)
    assert sorted(ids(filled)) == sorted(entry.id for entry in CATALOGUE if entry is not first)


def test_an_index_whose_entries_are_all_gone_takes_them_again_once(filled: TantivyIndex) -> None:
    filled.remove([entry.id for entry in CATALOGUE])
    filled.put(CATALOGUE)
    filled.put(CATALOGUE)
    assert sorted(ids(filled)) == sorted(entry.id for entry in CATALOGUE)


def test_a_rebuild_that_fails_changes_nothing(filled: TantivyIndex) -> None:
    def documents() -> Iterator[Document]:
        yield CATALOGUE[0]
        raise LookupError("the database went away")

    before = generations(filled)
    with pytest.raises(LookupError):
        filled.rebuild(documents)
    assert generations(filled) == before
    filled.put([Document("e1", "town", "Neu")])
    assert ids(filled) == ["a1", "b1", "c1", "d1", "e1"]


def test_one_bad_document_and_nothing_of_the_batch_is_written(filled: TantivyIndex) -> None:
    with pytest.raises(ValueError):
        filled.put([Document("e1", "town", "Neu"), Document("", "town", "Ohne Kennung")])
    assert ids(filled) == ["a1", "b1", "c1", "d1"]


def test_nothing_to_write_is_not_a_new_generation(filled: TantivyIndex) -> None:
    before = filled.generation()
    filled.put([])
    assert filled.generation() == before


def test_two_rebuilds_at_once_are_refused(filled: TantivyIndex, embedded: Embedded) -> None:
    other = embedded()

    def documents() -> Iterator[Document]:
        with pytest.raises(IndexBusy):
            other.rebuild(list)
        yield from CATALOGUE

    filled.rebuild(documents)
    assert ids(other) == ["a1", "b1", "c1", "d1"]


def test_a_second_writer_waits_its_turn(filled: TantivyIndex, embedded: Embedded) -> None:
    def write(letter: str) -> None:
        for number in range(5):
            embedded().put([Document(f"{letter}{number}", "town", letter)])

    writers = [threading.Thread(target=write, args=(letter,)) for letter in "xyz"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert ids(filled)[4:] == [f"{letter}{number}" for letter in "xyz" for number in range(5)]


def test_a_writer_gives_up_when_another_holds_on(
    filled: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_index, "PATIENCE", 0.05)
    with Home(filled.root).writing(1.0), pytest.raises(IndexBusy):
        filled.put([Document("e1", "town", "Neu")])


def test_a_writer_of_the_engine_itself_is_noticed_too(filled: TantivyIndex) -> None:
    import tantivy

    holding = tantivy.Index.open(str(Home(filled.root).current())).writer(15_000_000, 1)
    with pytest.raises(IndexBusy):
        filled.put([Document("e1", "town", "Neu")])
    del holding


def test_readers_in_many_threads_never_see_half_a_change(filled: TantivyIndex, embedded: Embedded) -> None:
    """Two entries are always put together: no reader may count one without the other."""
    totals: list[int] = []
    done = threading.Event()
    reader = embedded()

    def read() -> None:
        while not done.is_set():
            totals.append(reader.search(Query("Paar", facets=("kind",))).total)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10):
        filled.put([Document(f"{side}{number}", "town", "Paar", {"title": "Paar"}) for side in ("l", "r")])
    done.set()
    for thread in threads:
        thread.join()
    assert [total for total in totals if total % 2] == []
    assert reader.search(Query("Paar")).total == 20


@pytest.mark.parametrize("changed", ["schema", "analyser", "wordlist", "definition"])
def test_an_outdated_index_is_noticed(filled: TantivyIndex, changed: str) -> None:
    about = Home(filled.root).current() / "about.json"
    content = json.loads(about.read_text())
    content[changed] = {**content[changed], "facets": ["field"]} if changed == "definition" else -1
    about.write_text(json.dumps(content))
    needs_rebuild = TantivyIndex(filled.root, DEFINITION).stats().needs_rebuild
    assert f"another {changed}" in needs_rebuild
    filled.rebuild(lambda: CATALOGUE)
    assert filled.stats().needs_rebuild == ""


def test_an_index_of_another_definition_answers_with_what_it_has(filled: TantivyIndex) -> None:
    wider = Definition(
        weights={"title": 2},
        facets=("field", "licence"),
        numbers=("weight",),
        orders={**DEFINITION.orders, "heaviest": DEFINITION.orders["newest"]},
    )
    index = TantivyIndex(filled.root, wider)
    result = index.search(Query("Straße", order="heaviest", facets=("field", "licence")))
    assert (result.total, result.facets) == (3, {"field": {"umwelt": 2, "verkehr": 2}})
    index.put([Document("e1", "town", "Neu", facets={"licence": ("mit",)})])
    assert index.stats().needs_rebuild == "made with another definition"
    index.rebuild(lambda: [Document("e1", "town", "Neu", facets={"licence": ("mit",)})])
    assert index.search(Query(facets=("licence",))).facets == {"licence": {"mit": 1}}


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def overwrite(file: Path) -> None:
    file.write_bytes(b"\xff" * file.stat().st_size)


@pytest.mark.parametrize("damage", [truncate, overwrite, Path.unlink])
@pytest.mark.parametrize(
    "name", ["meta.json", "about.json", "*.term", "*.store", "*.idx", "*.fast", "*.fieldnorm"]
)
def test_a_broken_index_says_so_and_a_rebuild_repairs_it(
    filled: TantivyIndex, embedded: Embedded, name: str, damage: Callable[[Path], None]
) -> None:
    """Whatever breaks, callers meet one kind of error or a right answer, again and again, never a crash."""
    for file in Home(filled.root).current().glob(name):
        damage(file)
    index = embedded()
    for _ in range(3):
        for ask in (lambda: index.search(Query("Straße", facets=("field",))), lambda: list(index.contents())):
            try:
                ask()
            except IndexCorrupt:
                pass
    index.stats()
    index.rebuild(lambda: CATALOGUE)
    assert (index.search(Query("Straße")).total, index.stats().needs_rebuild) == (3, "")


FOOTER = 200


def flipped(file: Path, places: range) -> None:
    """Where the footer stays, the engine opens the file and meets the damage only when it reads.

    The bytes are changed where they lie: a file that is cut and written anew while the engine has it mapped ends the
    process with a bus error.
    """
    content = bytearray(file.read_bytes())
    for place in places:
        content[place] ^= 0xFF
    with file.open("r+b") as opened:
        opened.write(content)


@pytest.mark.parametrize("kind", ["store", "pos", "fast", "fieldnorm", "idx", "term"])
def test_damage_that_a_search_meets_asks_for_a_rebuild(
    filled: TantivyIndex, embedded: Embedded, kind: str
) -> None:
    met = 0
    for first, last, step in ((1 / 3, 1 / 2, 1), (0, 0.1, 1), (0, 1, 7), (0, 100, 1)):
        for file in Home(filled.root).current().glob(f"*.{kind}"):
            content = max(40, file.stat().st_size - FOOTER)
            flipped(file, range(int(first * content), min(int(last * content), file.stat().st_size), step))
        said = ""
        try:
            for typed in ("Straße", "Schäden an Straßen", ""):
                embedded().search(Query(typed, facets=("field",)))
        except IndexCorrupt as error:
            said, met = str(error), met + 1
        told = embedded().stats().needs_rebuild
        assert (bool(told), told[: directory.LONGEST_REASON]) == (
            bool(said),
            said[: directory.LONGEST_REASON],
        )
        embedded().rebuild(lambda: CATALOGUE)
        assert (embedded().stats().needs_rebuild, filled.root.joinpath("damaged").exists()) == ("", False)
    assert met


def test_a_mark_of_damage_that_cannot_be_written_hides_no_error(filled: TantivyIndex) -> None:
    for file in Home(filled.root).current().glob("*.store"):
        overwrite(file)
    filled.root.joinpath("damaged").mkdir()
    with pytest.raises(IndexCorrupt, match="the engine failed"):
        TantivyIndex(filled.root, DEFINITION).search(Query())


@pytest.mark.parametrize("said", ["", "[1]", '["g-of-before", "was broken"]', "{}", "null"])
def test_a_mark_of_another_generation_or_of_no_sense_says_nothing(filled: TantivyIndex, said: str) -> None:
    filled.root.joinpath("damaged").write_text(said, "utf-8")
    assert filled.stats().needs_rebuild == ""


def test_a_file_that_goes_while_sizes_are_added_up_is_passed_over(filled: TantivyIndex) -> None:
    before = filled.stats().bytes
    Home(filled.root).current().joinpath("gone").symlink_to("nowhere")
    assert (filled.stats().needs_rebuild, filled.stats().bytes) == ("", before)


@pytest.mark.parametrize("said", ["", "g-nowhere\n", "../elsewhere", "\xff"])
def test_a_pointer_that_leads_nowhere_is_a_broken_index(filled: TantivyIndex, said: str) -> None:
    (filled.root / "current").write_bytes(said.encode("latin-1"))
    assert filled.generation() == ""
    with pytest.raises(IndexCorrupt):
        filled.search(Query())
    with pytest.raises(IndexUnavailable):
        filled.put(CATALOGUE)
    filled.rebuild(lambda: CATALOGUE)
    assert ids(filled) == ["a1", "b1", "c1", "d1"]


def test_an_index_that_vanishes_while_open_is_missed(filled: TantivyIndex) -> None:
    filled.search(Query())
    shutil.rmtree(filled.root)
    with pytest.raises(IndexMissing):
        filled.search(Query())


def test_a_disk_that_takes_nothing_more_leaves_what_was_there(
    filled: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tantivy_index, "_apply", full)
    with pytest.raises(WriteFailed):
        filled.put([Document("e1", "town", "Neu")])
    with pytest.raises(WriteFailed):
        filled.rebuild(lambda: CATALOGUE)
    monkeypatch.undo()
    assert (ids(filled), len(generations(filled))) == (["a1", "b1", "c1", "d1"], 1)
    filled.put([Document("e1", "town", "Neu")])
    assert ids(filled) == ["a1", "b1", "c1", "d1", "e1"]


WRITER = """
from allmende.retrieval.protocol import Document
from allmende.retrieval.tantivy_index import TantivyIndex
from tests.retrieval.conftest import DEFINITION

def write(directory):
    index = TantivyIndex(directory, DEFINITION)
    for turn in range(1, 10_000):
        index.put([Document(f"{side}{turn}", "town", "Paar", {"title": "Paar"}) for side in ("l", "r")])
        if turn % 3 == 0:
            index.rebuild(lambda: [
                Document(f"{side}{number}", "town", "Paar", {"title": "Paar"})
                for number in range(1, turn + 1) for side in ("l", "r")
            ])
        print(turn, flush=True)
"""


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_loses_nothing_it_had_reported(filled: TantivyIndex) -> None:
    for reported in killed_ten_times(WRITER, filled.root, before=lambda: filled.rebuild(list)):
        total = filled.search(Query("Paar")).total
        assert total % 2 == 0
        assert total >= 2 * len(reported)
        filled.put([Document("e1", "town", "Neustadt", {"title": "Neustadt"})])
        assert filled.search(Query("Neustadt")).total == 1


def test_whoever_shows_no_pieces_of_text_gets_the_same_hits_without_them(filled: TantivyIndex) -> None:
    word = CATALOGUE[0].name
    shown, bare = (filled.search(Query(word, snippets=wanted)).hits for wanted in (True, False))
    assert [replace(hit, snippet=()) for hit in shown] == list(bare)
    assert any(hit.snippet for hit in shown)
