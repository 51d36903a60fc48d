"""What is read from the engine's files against what the engine itself says, and how it is counted."""

import gc
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.retrieval import counting as counting_module
from allmende.retrieval import schema
from allmende.retrieval.blocks import Packed, unpacked
from allmende.retrieval.counting import Counting
from allmende.retrieval.having import AtLeast, Has, Having, Without, all_of, any_of, as_query
from allmende.retrieval.postings import LAYOUT, committed
from allmende.retrieval.protocol import Definition, Document, Query, Range
from allmende.retrieval.reading import Reader
from allmende.retrieval.tantivy_index import TantivyIndex
from allmende.retrieval.termlist import UnknownLayout, vint

DEFINITION = Definition({"title": 2, "body": 1}, facets=("field", "land"), numbers=("uses",))
WORDS = ("Antrag", "Bescheid", "Baugenehmigung", "Kita", "Parken", "Straße", "Wärmeplanung", "Öffnungszeiten")
FACETS = ("kind", "field", "land")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    """Several segments with blocks of all widths, some entries replaced and some removed."""
    index = TantivyIndex(tmp_path_factory.mktemp("many") / "index", DEFINITION)
    index.rebuild(lambda: [_entry(number) for number in range(3_000)])
    index.put([_entry(number) for number in range(3_000, 3_700)])
    index.put([_entry(number, "Antrag neu gestellt") for number in range(0, 3_700, 7)])
    index.remove([f"e{number:05}" for number in range(5, 3_700, 11)])
    return index


def _entry(number: int, text: str = "") -> Document:
    """Word n stands in every n²th entry, so in dense and in sparse blocks and in rests."""
    words = [word for rank, word in enumerate(WORDS, start=1) if number % (rank * rank) == 0]
    facets = {"field": (f"f-{number % 3}",), "land": tuple({f"l-{number % 200}", f"l-{number % 2}"})}
    return Document(
        f"e{number:05}",
        "solution",
        f"Eintrag {number}",
        {"title": f"Eintrag {number}", "body": text or " ".join(words)},
        facets,
        {"uses": number % 10},
    )


@pytest.fixture
def reader(many: TantivyIndex) -> Reader:
    return many._reader()


def _counting(reader: Reader) -> Counting:
    assert reader.counting is not None, "the engine's files are laid out in another way: see postings.LAYOUT"
    return reader.counting


# The files


def test_the_files_are_those_of_the_engine_that_is_installed() -> None:
    major, minor = (int(part) for part in version("tantivy").split(".")[:2])
    assert (LAYOUT["major"], LAYOUT["minor"]) == (major, minor)


def test_all_words_of_all_fields_are_read_with_the_entries_the_engine_has(reader: Reader) -> None:
    fields = (schema.ID, schema.ENTRY, schema.WORDS, schema.PARTS, schema.FACETS, schema.PREFIXES)
    for field in fields:
        read: dict[str, int] = {}
        for segment in _counting(reader).state.segments:
            words = segment.termlist(field)
            assert words is not None
            for word, stretch in words.all():
                read[word.decode()] = read.get(word.decode(), 0) + stretch.entries
                assert segment.find(field, word.decode()) == stretch
        assert {word: reader.searcher.doc_freq(field, word) for word in read} == read
        assert sorted(read) == sorted(term for term, _ in reader.searcher.terms_with_prefix(field, ""))


@pytest.mark.parametrize("word", ["", "a", "antra", "antragx", "zzz", "\x00", "ä" * 300, "Antrag"])
def test_a_word_that_is_not_there_is_not_found(reader: Reader, word: str) -> None:
    assert [segment.find(schema.WORDS, word) for segment in _counting(reader).state.segments] == [None] * len(
        _counting(reader).state.segments
    )


def test_entries_are_those_that_the_engine_finds_and_segments_are_numbered_as_it_does(reader: Reader) -> None:
    everything = _counting(reader).everything
    words = sorted(word for word, _ in reader.searcher.terms_with_prefix(schema.PARTS, ""))
    numbers = [word for word in words if word.isdigit()]
    # Each number stands in one entry: some of them, from all over the segments, say what all of them would.
    for word in {*words} - {*numbers} | {*numbers[::40], numbers[-1]}:
        having = Has(schema.PARTS, word)
        assert _places(reader, having) == _found(reader, having), word
    assert _counting(reader).number(everything) == reader.searcher.num_docs


def _places(reader: Reader, having: Having) -> list[tuple[int, int]]:
    """As the engine finds them."""
    found = as_query(having, reader._segments.fields)
    places = reader.searcher.search(found, limit=10_000).hits
    return sorted((place.segment_ord, place.doc) for _, place in places)


def _found(reader: Reader, having: Having) -> list[tuple[int, int]]:
    """As bits say."""
    counting = _counting(reader)
    every = [
        (number, entry)
        for number, segment in enumerate(counting.state.segments)
        for entry in range(segment.entries)
    ]
    stay = counting.have(counting.found(having) & counting.everything, every)
    return [place for place, stays in zip(every, stay, strict=True) if stays]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 60_000), unique=True, max_size=700).map(sorted), min_size=1, max_size=4),
    st.sampled_from(["basic", "freq", "position"]),
)
def test_any_entries_are_unpacked_as_the_engine_packs_them(lists: list[list[int]], option: str) -> None:
    """Whatever the distances: packed here after the same rule."""
    skip_bytes = {"basic": 5, "freq": 8, "position": 12}[option]
    pieces = [
        Packed(_packed(docs, skip_bytes), len(docs), 64_000 * n, 60_001) for n, docs in enumerate(lists)
    ]
    found = sorted(int(doc) for some in unpacked(pieces, skip_bytes) for doc in some)
    assert found == [doc + 64_000 * number for number, docs in enumerate(lists) for doc in docs]


def _packed(docs: Sequence[int], skip_bytes: int) -> bytes:
    skips, body, before = b"", b"", -1
    full = len(docs) // 128 * 128
    for start in range(0, full, 128):
        block = docs[start : start + 128]
        distances = [doc - last - 1 for doc, last in zip(block, [before, *block[:-1]], strict=True)]
        width = max(distances).bit_length()
        body += _bits(distances, width) + (bytes(16 * 3) if skip_bytes > 5 else b"")
        skips += block[-1].to_bytes(4, "little") + bytes([width | 64, 3])[: skip_bytes - 4]
        skips += bytes(max(0, skip_bytes - 6))
        before = block[-1]
    rest, last = b"", max(before, 0)
    for doc in docs[full:]:
        rest, last = rest + _octets(doc - last), doc
    return (_octets(len(skips)) if full else b"") + skips + body + rest


def _bits(numbers: Sequence[int], width: int) -> bytes:
    """Number n goes into column n % 4, behind the one before it there."""
    columns = [0, 0, 0, 0]
    for place, number in enumerate(numbers):
        columns[place % 4] |= number << (place // 4 * width)
    rows = [[column >> (32 * row) & 0xFFFFFFFF for column in columns] for row in range(width)]
    return b"".join(number.to_bytes(4, "little") for row in rows for number in row)


def _octets(number: int) -> bytes:
    octets = []
    while number > 127:
        octets.append(number & 127)
        number >>= 7
    return bytes([*octets, number | 128])


@given(st.integers(0, 2**32))
def test_a_number_in_sevens_is_read_as_it_was_written(number: int) -> None:
    assert vint(_octets(number) + b"rest", 0) == (number, len(_octets(number)))


def test_many_blocks_of_each_width_are_unpacked_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """By rows and by blocks, in one go and in several."""
    chance = np.random.default_rng(3)
    for width in range(12):
        docs = np.cumsum(chance.integers(0, 1 << width, 128 * 20 + 5) + 1).tolist()
        piece = Packed(_packed(docs, 8), len(docs), 0, docs[-1] + 1)
        for many, at_once in ((1, 7), (1, 256), (1_000, 256)):
            monkeypatch.setattr("allmende.retrieval.blocks.MANY_BLOCKS", many)
            monkeypatch.setattr("allmende.retrieval.blocks.AT_ONCE", at_once)
            assert sorted(np.concatenate(list(unpacked([piece], 8))).tolist()) == docs


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda data: data[:10],
        lambda data: data[:1] + bytes(4) + data[5:],
        lambda data: data[:5] + bytes([data[5] & 31]) + data[6:],
        lambda data: b"\x80" + data[1:],
        lambda data: data[:-1] + b"\x00",
    ],
)
def test_what_is_packed_in_another_way_is_noticed(spoilt: Callable[[bytes], bytes]) -> None:
    docs = list(range(3, 800, 3))
    data = spoilt(_packed(docs, 5))
    with pytest.raises((UnknownLayout, ValueError)):
        list(unpacked([Packed(data, len(docs), 0, 1_000)], 5))


def test_entries_beyond_the_segment_are_noticed() -> None:
    for docs in ([1, 2, 300], list(range(200, 400))):
        with pytest.raises(UnknownLayout):
            list(unpacked([Packed(_packed(docs, 5), len(docs), 0, docs[-1])], 5))


# What is found

havings: st.SearchStrategy[Having] = st.recursive(
    st.sampled_from([Has(schema.PARTS, word) for word in ("antrag", "bescheid", "kita", "park", "fehlt")])
    | st.sampled_from([Has(schema.FACETS, "land=l-1"), Has(schema.ID, "e00042")]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(all_of)
        | st.lists(inner, min_size=1, max_size=4).map(any_of)
        | st.builds(AtLeast, st.integers(1, 5), st.lists(inner, max_size=4).map(tuple))
        | st.builds(Without, inner, inner)
    ),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(having=havings)
def test_bits_and_engine_find_the_same(reader: Reader, having: Having) -> None:
    counting = _counting(reader)
    bits = counting.found(having) & counting.everything
    assert counting.number(bits) == reader._segments.count(as_query(having, reader._segments.fields))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(havings, min_size=1, max_size=5))
def test_at_least_so_many_of_the_parts(reader: Reader, parts: list[Having]) -> None:
    segments = reader._segments
    counted = [min(10, number) for number in segments.numbers(parts, Query(), 10)]
    assert counted == replace(segments, counting=None).numbers(parts, Query(), 10)
    whole = [AtLeast(number, tuple(any_of([part]) for part in parts)) for number in range(1, len(parts) + 1)]
    assert [min(10, segments.number(one, Query())) for one in whole] == counted


values = {
    "field": st.sampled_from(["f-0", "f-1", "unknown", ""]),
    "land": st.sampled_from(["l-0", "l-1", "l-7", "l-150", "\x00"]),
    "kind": st.sampled_from(["solution", "town"]),
    "other": st.just("x"),
}
choices = st.fixed_dictionaries(
    {}, optional={facet: st.lists(one, max_size=3) for facet, one in values.items()}
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.builds(
        Query,
        text=st.lists(st.sampled_from([*WORDS, "Bau", "Nichts", "Planung"]), max_size=4).map(" ".join),
        scope=choices,
        filters=choices,
        ranges=st.sampled_from([{}, {}, {"uses": Range(2, 5)}]),
        any_word=st.booleans(),
        facets=st.just(FACETS),
        offset=st.sampled_from([0, 0, 15, 300]),
        limit=st.just(30),
    )
)
def test_a_page_is_the_same_whoever_counts(reader: Reader, query: Query) -> None:
    in_bits = reader.search(query)
    segments = reader._segments
    try:
        reader._set_up(replace(segments, counting=None))
        assert reader.search(query) == in_bits
        assert reader.facets(query) == in_bits.facets
    finally:
        reader._set_up(segments)


def test_values_are_ordered_by_count_and_those_chosen_are_there_with_none(reader: Reader) -> None:
    counts = reader.facets(Query("Kita", filters={"field": ["unknown"]}, facets=("field",)))["field"]
    assert list(counts)[-1] == "unknown"
    assert counts["unknown"] == 0
    numbers = list(counts.values())
    assert numbers == sorted(numbers, reverse=True)


# The life of an index


def test_the_next_commit_reads_only_what_is_new(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index", DEFINITION)
    index.rebuild(lambda: [_entry(number) for number in range(50)])
    query = Query("Antrag", facets=FACETS)
    assert index.search(query).total == 50
    before = _counting(index._reader())
    index.put([_entry(51)])
    assert index.search(query).total == 51
    after = _counting(index._reader())
    kept = {segment.key: segment for segment in before.state.segments}
    again = [segment for segment in after.state.segments if segment.key in kept]
    assert again
    assert [kept[segment.key] is segment for segment in again] == [True] * len(again)
    assert set(after._facets) == {segment.key for segment in after.state.segments}


def test_files_are_let_go_with_the_last_reader_and_not_by_chance(tmp_path: Path) -> None:
    """Without the collection of garbage, which may come long after."""
    index = _alone(tmp_path)
    gc.disable()
    try:
        for number in range(400, 410):
            index.put([_entry(number)])
            assert index.search(Query("Antrag", facets=FACETS)).total == 300 + number - 399
        assert 0 < _held(index.root) <= 4 * len(_counting(index._reader()).state.segments)
    finally:
        gc.enable()


def _held(root: Path) -> int:
    """Files of the index that this process holds open, those that are gone included."""
    links = [one.readlink() for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    return sum(str(link).startswith(str(root)) for link in links)


def test_an_empty_index_is_counted_too(tmp_path: Path) -> None:
    index = TantivyIndex(tmp_path / "index", DEFINITION)
    index.rebuild(list)
    found = index.search(Query("Antrag", facets=FACETS))
    assert (found.total, found.facets) == (0, {"kind": {}, "field": {}, "land": {}})
    assert index._reader().counting is not None


def _alone(tmp_path: Path) -> TantivyIndex:
    index = TantivyIndex(tmp_path / "index", DEFINITION)
    index.rebuild(lambda: [_entry(number) for number in range(300)])
    return index


def _said(caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    return (record.getMessage() for record in caplog.records if record.levelno == logging.WARNING)


def test_files_of_another_version_are_left_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = _alone(tmp_path)
    query = Query("Antrag", facets=FACETS, filters={"land": ["l-1"]})
    expected = index.search(query)
    monkeypatch.setattr("allmende.retrieval.postings.LAYOUT", {**LAYOUT, "index_format_version": 8})
    other = TantivyIndex(index.root, DEFINITION)
    assert other.search(query) == expected
    assert other._reader().counting is None
    assert [message[:18] for message in _said(caplog)] == ["The engine counts,"]


def test_a_file_that_turns_out_to_be_laid_out_otherwise_is_left_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = _alone(tmp_path)
    query = Query("Antrag Bescheid", facets=FACETS)
    expected = index.search(query)
    other = TantivyIndex(index.root, DEFINITION)
    assert other._reader().counting is not None

    def unknown(*_: object, **__: object) -> Iterator[object]:
        raise UnknownLayout("blocks")

    monkeypatch.setattr(counting_module, "unpacked", unknown)
    assert other.search(query) == expected
    assert other._reader().counting is None
    assert [message[:27] for message in _said(caplog)] == ["The engine counts from now "]


def test_a_commit_between_reading_and_opening_is_left_to_the_engine(tmp_path: Path) -> None:
    index = _alone(tmp_path)
    directory = index._home.current()
    meta = (directory / "meta.json").read_bytes()
    assert counting_module.counting(directory, meta, 300, None) is not None
    assert counting_module.counting(directory, meta, 299, None) is None
    assert counting_module.counting(directory, b"{}", 300, None) is None


def test_a_segment_taken_away_meanwhile_is_left_to_the_engine(tmp_path: Path) -> None:
    index = _alone(tmp_path)
    directory = index._home.current()
    said = json.loads((directory / "meta.json").read_bytes())
    said["segments"][0]["segment_id"] = "0" * 32
    assert counting_module.counting(directory, json.dumps(said).encode(), 300, None) is None
    with pytest.raises(UnknownLayout):
        committed(directory, json.dumps(said).encode(), {})
