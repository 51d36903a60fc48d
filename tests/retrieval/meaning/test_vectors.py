import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.retrieval import directory
from allmende.retrieval.directory import Home
from allmende.retrieval.meaning import vectors, vectors_disk
from allmende.retrieval.meaning.protocol import MeaningUnavailable, Near, Placed
from allmende.retrieval.meaning.vectors import VectorStore
from tests.retrieval.meaning.plain import PlainVectors
from tests.retrieval.meaning.stored import DIMENSIONS, QUANTISED, SOME, Opened, asked, first, ids, placed

# What is near


def test_an_entry_is_found_by_each_of_its_chunks_and_says_which(filled: VectorStore) -> None:
    found = [filled.nearest(asked(seed), 1)[0] for seed in (7, 107)]
    assert [(near.id, near.chunk, round(near.similarity, 2)) for near in found] == [
        ("e07", 0, 1.0),
        ("e07", 1, 1.0),
    ]


def test_every_entry_comes_once_the_nearest_first(filled: VectorStore) -> None:
    found = filled.nearest(asked(3), 100)
    assert sorted(ids(found)) == [entry.id for entry in SOME]
    assert [near.similarity for near in found] == sorted((near.similarity for near in found), reverse=True)


def test_equals_follow_each_other_by_id(opened: Opened) -> None:
    store = opened()
    store.rebuild([*SOME, *(placed(identity, 3) for identity in ("z", "a", "m"))])
    assert ids(store.nearest(asked(3), 4)) == ["a", "e03", "m", "z"]
    assert ids(store.nearest(asked(3), 2)) == ["a", "e03"]


def test_nothing_wanted_nothing_found(filled: VectorStore) -> None:
    assert (list(filled.nearest(asked(1), 0)), list(filled.nearest(asked(1), -1))) == ([], [])


@pytest.mark.parametrize(
    "vector", [np.zeros(3, np.float32), np.zeros((1, DIMENSIONS), np.float32), np.full(DIMENSIONS, np.nan)]
)
def test_what_is_no_vector_of_the_model_is_refused(filled: VectorStore, vector: np.ndarray) -> None:
    with pytest.raises(MeaningUnavailable):
        filled.nearest(vector, 5)


@pytest.mark.parametrize(
    "vectors_", [np.zeros((2, 3), np.float32), np.zeros(DIMENSIONS), np.full((1, DIMENSIONS), np.inf)]
)
def test_what_is_no_row_of_the_model_is_refused(filled: VectorStore, vectors_: np.ndarray) -> None:
    with pytest.raises(ValueError):
        filled.put([placed("new", 500), Placed("x", vectors_)])
    assert len(filled.contents()) == 20


def test_a_direction_without_length_is_near_to_nothing(filled: VectorStore) -> None:
    mean = np.concatenate([entry.vectors for entry in SOME]).mean(axis=0)
    assert {near.similarity for near in filled.nearest(mean, 100)} == {0.0}


seeds = st.lists(st.integers(0, 40), max_size=3)
some = st.lists(st.builds(lambda one, many: placed(f"e{one}", *many), st.integers(0, 12), seeds), max_size=12)
changes = st.lists(st.tuples(st.just("put"), some) | st.tuples(st.just("remove"), some), max_size=6)
sizes = st.sampled_from([0, 3, 10_000])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some, changes, st.integers(0, 40), st.integers(0, 15), sizes, st.booleans())
def test_a_store_says_what_plain_numpy_says(
    start: list[Placed],
    later: list[tuple[str, list[Placed]]],
    seed: int,
    limit: int,
    flat_up_to: int,
    compact: bool,
) -> None:
    """Whatever was put, replaced and removed, flat or with a graph, compacted or not, seen by old and new readers."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(vectors, "FEW", 0 if compact else 1_000)
        store = VectorStore(Path(folder), "m", DIMENSIONS, flat_up_to=flat_up_to)
        plain = PlainVectors()
        for one in (store, plain):
            one.rebuild(start)
        reader = VectorStore(Path(folder), "m", DIMENSIONS, flat_up_to=flat_up_to)
        for what, entries in later:
            for one in (store, plain):
                one.put(entries) if what == "put" else one.remove([entry.id for entry in entries])
            same(reader, plain, seed, limit)
        same(VectorStore(Path(folder), "m", DIMENSIONS), plain, seed, limit)


def same(store: VectorStore, plain: PlainVectors, seed: int, limit: int) -> None:
    """The same contents and similarities; bytes may order what is nearly equal otherwise than floats."""
    assert store.contents() == plain.contents()
    found, expected = store.nearest(asked(seed), limit), plain.nearest(asked(seed), limit)
    everything = {near.id: near.similarity for near in plain.nearest(asked(seed), 1_000)}
    assert [near.similarity for near in found] == pytest.approx(
        [near.similarity for near in expected], abs=QUANTISED
    )
    assert [near.similarity for near in found] == pytest.approx(
        [everything[near.id] for near in found], abs=QUANTISED
    )
    assert len(set(ids(found))) == len(found)


def test_a_graph_finds_nearly_all_that_looking_at_each_finds(tmp_path: Path) -> None:
    entries = [placed(f"e{number}", number) for number in range(3_000)]
    graph = VectorStore(tmp_path / "graph", "m", DIMENSIONS, flat_up_to=1_000)
    flat = VectorStore(tmp_path / "flat", "m", DIMENSIONS)
    for store in (graph, flat):
        store.rebuild(entries)
        store.put(placed(f"n{number}", number) for number in range(5_000, 5_100))
        store.remove(f"e{number}" for number in range(0, 300, 3))
    assert [path.name for path in graph.root.glob("g-*/graph.usearch")] == ["graph.usearch"]
    assert list(flat.root.glob("g-*/graph.usearch")) == []
    shares = []
    for seed in range(9_000, 9_020):
        known = set(ids(flat.nearest(asked(seed), 100)))
        shares.append(len(known & set(ids(graph.nearest(asked(seed), 100)))))
    assert sum(shares) / len(shares) >= 97


def test_many_threads_ask_a_graph_at_once(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, "m", DIMENSIONS, flat_up_to=100)
    store.rebuild(placed(f"e{number}", number) for number in range(500))
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.extend(first(store, seed) for seed in range(200)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"e{seed}" for seed in range(200) for _ in range(4))


# Life


def test_where_there_is_no_store_everything_says_so_and_a_rebuild_makes_one(opened: Opened) -> None:
    store = opened()
    assert store.needs_rebuild() != ""
    for ask in (lambda: store.nearest(asked(1), 5), store.contents, lambda: store.put(SOME)):
        with pytest.raises(MeaningUnavailable):
            ask()
    store.rebuild([])
    assert (store.contents(), list(store.nearest(asked(1), 5)), store.needs_rebuild()) == ({}, [], "")


def test_another_process_sees_what_was_put_and_removed_at_once(filled: VectorStore, opened: Opened) -> None:
    other = opened()
    assert first(other, 500) != "new"
    filled.put([placed("new", 500)])
    assert first(other, 500) == "new"
    filled.put([placed("new", 501)])
    assert (first(other, 501), other.contents()["new"]) == ("new", 1)
    filled.remove(["new", "e01", "unknown"])
    assert sorted(other.contents()) == [entry.id for entry in SOME if entry.id != "e01"]
    assert "e01" not in ids(other.nearest(asked(1), 100))


def test_of_two_with_one_id_the_later_counts(filled: VectorStore) -> None:
    filled.put([placed("new", 500, 501), placed("new", 502)])
    assert (filled.contents()["new"], round(filled.nearest(asked(502), 1)[0].similarity, 2)) == (1, 1.0)


def test_an_entry_without_chunks_is_not_there(filled: VectorStore) -> None:
    filled.put([placed("e01"), placed("new")])
    assert sorted(filled.contents()) == [entry.id for entry in SOME if entry.id != "e01"]


def test_nothing_to_write_changes_no_file(filled: VectorStore) -> None:
    log = Home(filled.root).current() / vectors_disk.LOG
    before = log.read_bytes()
    filled.put([])
    filled.remove(["unknown"])
    assert log.read_bytes() == before


def test_before_there_is_a_mean_nothing_is_near(opened: Opened) -> None:
    store = opened()
    store.rebuild([])
    store.put([placed("new", 500)])
    assert (list(store.nearest(asked(500), 5)), store.contents()) == ([], {"new": 1})
    assert store.needs_rebuild() == "most vectors came after the mean was taken"


def test_a_mean_that_most_entries_came_after_is_to_be_taken_anew(filled: VectorStore) -> None:
    filled.put(placed(f"n{number}", number) for number in range(200, 240))
    assert filled.needs_rebuild() == ""
    filled.put([placed("one-more", 240)])
    assert filled.needs_rebuild() == "most vectors came after the mean was taken"


def test_another_model_is_not_searched_and_a_rebuild_takes_its_place(filled: VectorStore) -> None:
    for other in (
        VectorStore(filled.root, "model-2", DIMENSIONS),
        VectorStore(filled.root, "model-1", DIMENSIONS * 2),
    ):
        assert other.needs_rebuild() == "made with another model: model-1"
        with pytest.raises(MeaningUnavailable):
            other.contents()
    other = VectorStore(filled.root, "model-2", DIMENSIONS)
    other.rebuild(SOME)
    assert (len(other.contents()), filled.needs_rebuild()) == (20, "made with another model: model-2")


def test_too_many_to_look_at_each_ask_for_a_graph(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, "m", DIMENSIONS, flat_up_to=30)
    store.rebuild(SOME[:15])
    store.put(SOME[15:])
    assert store.needs_rebuild() == "too many vectors to look at each: a graph is needed"
    store.rebuild(SOME)
    assert store.needs_rebuild() == ""
    store.put([placed("new", *range(200, 216))])
    assert store.needs_rebuild() == "too many vectors came after the graph was made"


def test_many_replaced_rows_are_left_behind(filled: VectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "FEW", 10)
    monkeypatch.setattr(directory, "GRACE", 0.0)
    before = Home(filled.root).current()
    reader = VectorStore(filled.root, "model-1", DIMENSIONS)
    reader.contents()
    for turn in range(4):
        filled.put([Placed(entry.id, entry.vectors[:1]) for entry in SOME])
        assert first(reader, 5) == "e05"
        assert reader.contents() == {entry.id: 1 for entry in SOME}, turn
    after = Home(filled.root).current()
    assert after != before
    assert (after / vectors_disk.ROWS).stat().st_size < 80 * DIMENSIONS
    assert filled.needs_rebuild() == ""


def test_what_changes_during_a_rebuild_is_in_both(filled: VectorStore, opened: Opened) -> None:
    other = opened()
    seen = []

    def entries() -> Iterator[Placed]:
        yield from SOME
        other.put([placed("e01", 500), placed("new", 501)])
        other.remove(["e02"])
        seen.append(sorted(other.contents()))

    filled.rebuild(entries())
    expected = sorted({entry.id for entry in SOME} - {"e02"} | {"new"})
    assert seen == [expected]
    assert sorted(other.contents()) == expected
    assert (first(other, 500), first(other, 501)) == ("e01", "new")


def test_half_a_note_of_a_killed_writer_does_not_stop_a_rebuild(filled: VectorStore, opened: Opened) -> None:
    def entries() -> Iterator[Placed]:
        yield from SOME
        with (filled.root / "pending.jsonl").open("a", encoding="utf-8") as file:
            file.write('\n["half", "AAAA')
        opened().put([placed("new", 500)])

    filled.rebuild(entries())
    assert sorted(opened().contents()) == sorted([*(entry.id for entry in SOME), "new"])


def test_a_rebuild_that_fails_changes_nothing_and_leaves_nothing(filled: VectorStore) -> None:
    def entries() -> Iterator[Placed]:
        yield SOME[0]
        raise LookupError("the database went away")

    with pytest.raises(LookupError):
        filled.rebuild(entries())
    assert len(filled.contents()) == 20
    assert list(filled.root.glob("g-*")) == [Home(filled.root).current()]


def test_two_rebuilds_at_once_are_refused(filled: VectorStore, opened: Opened) -> None:
    def entries() -> Iterator[Placed]:
        with pytest.raises(MeaningUnavailable):
            opened().rebuild([])
        yield from SOME

    filled.rebuild(entries())
    assert len(opened().contents()) == 20


def test_a_writer_gives_up_when_another_holds_on(
    filled: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "PATIENCE", 0.05)
    with Home(filled.root).writing(1.0), pytest.raises(MeaningUnavailable, match=r"write\.lock"):
        filled.put([placed("new", 500)])


def test_threads_of_one_store_read_and_write_without_missing_anything(filled: VectorStore) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            contents = filled.contents()
            pairs = [name for name in contents if name[0] in "lr"]
            wrong.extend([pairs] if len(pairs) % 2 else [])
            wrong.extend(near for near in filled.nearest(asked(5), 3)[:1] if near.id != "e05")

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(30):
        filled.put([placed(f"l{number}", 300 + number), placed(f"r{number}", 400 + number)])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert [first(filled, 300 + number) for number in range(30)] == [f"l{number}" for number in range(30)]


def test_near_is_what_the_protocol_says(filled: VectorStore) -> None:
    assert {type(near) for near in filled.nearest(asked(1), 3)} == {Near}
