"""The embedded engine: an index directory that every process reads and one process at a time writes.

Readers notice a new generation by two looks at the file system and reload in less than a millisecond. Writers open
the index, change it, commit and let go; a process killed in between leaves the last commit in force.
"""

import json
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.counting import counting
from allmende.retrieval.directory import Home, read_about, write_about
from allmende.retrieval.documents import Analysed, analysed, as_json, check, from_json
from allmende.retrieval.met import Met
from allmende.retrieval.protocol import (
    Definition,
    Document,
    Explanation,
    IndexBusy,
    IndexCorrupt,
    IndexUnavailable,
    Query,
    Result,
    Stats,
    Suggestion,
    WriteFailed,
)
from allmende.retrieval.reading import Reader
from allmende.retrieval.surfaces import Notes, Wordlist

PATIENCE = 20.0
"""Seconds a writer waits for another one before `IndexBusy`."""

SMALL_HEAP, LARGE_HEAP = 20_000_000, 100_000_000

Change = Document | str
"""A document to be put, or the id of one to be removed."""


class TantivyIndex:
    """`protocol.Index` in a directory. Safe to share between threads; cheap to make in every process."""

    def __init__(self, root: Path, definition: Definition) -> None:
        self.root = root
        self._home = Home(root)
        self._definition = definition
        self._about = schema.about(definition)
        self._lock = threading.Lock()
        self._open: tuple[tuple[Any, ...], Reader] | None = None

    # Reading

    def search(self, query: Query) -> Result:
        with self._reading():
            return self._reader().search(query)

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        with self._reading():
            return self._reader().facets(query)

    def suggest(
        self, text: str, *, scope: Mapping[str, Collection[str]] | None = None, limit: int = 8
    ) -> tuple[Suggestion, ...]:
        with self._reading():
            return self._reader().suggest(text, scope or {}, limit)

    def explain(self, query: Query, identity: str) -> Explanation | None:
        with self._reading():
            return self._reader().explain(query, identity)

    def contents(self) -> Iterator[tuple[str, str]]:
        with self._reading():
            entries = self._reader().contents()
        return iter(entries)

    def generation(self) -> str:
        try:
            directory = self._home.current()
            return _generation(directory, _seen(directory))
        except IndexUnavailable:
            return ""

    def stats(self) -> Stats:
        try:
            directory = self._home.current()
            found = read_about(directory)
            with _engine():
                reader = self._reader()
                documents = int(reader.searcher.num_docs)
        except IndexUnavailable as error:
            return Stats(0, "", str(error), 0)
        lacking = "" if reader.words else "without a list of its words that can be read"
        wrong = self._home.damage() or schema.difference(found, self._about) or lacking
        return Stats(documents, reader.generation, wrong, _size(directory))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Damage that only a search meets is written down, so that `stats` can ask for a rebuild."""
        try:
            with _engine():
                yield
        except IndexCorrupt as error:
            self._home.mark_damaged(str(error))
            raise

    def _reader(self) -> Reader:
        directory = self._home.current()
        seen = _seen(directory)
        opened = self._open
        if opened and opened[0] == seen:
            return opened[1]
        with self._lock:
            self._open = (seen, self._load(directory, seen))
            return self._open[1]

    def _load(self, directory: Path, seen: tuple[Any, ...]) -> Reader:
        definition = self._usable(directory)
        meta, before = _meta(directory), self._open[1].counting if self._open else None
        index = _opened(directory)
        generation = _generation(directory, seen)
        return Reader(
            index,
            schema.build(definition),
            definition,
            generation,
            _wordlist(directory),
            partial(counting, directory, meta, before=before),
        )

    def _usable(self, directory: Path) -> Definition:
        """The definition the index was made with: an outdated one answers with what it has, until it is rebuilt."""
        found = read_about(directory)
        if found.get("schema") != schema.SCHEMA_VERSION:
            raise IndexCorrupt(f"{directory} was made with another schema")
        return schema.definition_of(found)

    # Writing

    def put(self, documents: Iterable[Document]) -> None:
        self._change(documents)

    def remove(self, ids: Iterable[str]) -> None:
        self._change(ids)

    def _change(self, changes: Iterable[Change]) -> None:
        changes = list(changes)
        for change in changes:
            if not isinstance(change, str):
                check(change)
        if not changes:
            return
        with self._home.writing(PATIENCE):
            self._note_for_rebuild(changes)
            directory = self._home.current()
            _write(directory, self._usable(directory), changes, SMALL_HEAP)

    def _note_for_rebuild(self, changes: Iterable[Change]) -> None:
        """Noted before it is written: noted twice does no harm, not noted would be lost with the swap."""
        if not self._home.pending.exists() or not self._home.rebuild_runs():
            return
        with _engine(WriteFailed), self._home.pending.open("a", encoding="utf-8") as file:
            for change in changes:
                noted = change if isinstance(change, str) else as_json(change)
                file.write(json.dumps(noted) + "\n")

    def rebuild(self, documents: Callable[[], Iterable[Document]]) -> None:
        with self._home.rebuilding():
            with self._home.writing(PATIENCE):
                self._home.sweep()
                self._home.pending.touch()
            with self._home.begun() as directory:
                self._make(directory)
                _write(directory, self._definition, documents(), LARGE_HEAP)
                with self._home.writing(PATIENCE):
                    _write(directory, self._definition, self._pending(), SMALL_HEAP)
                    self._home.switch(directory)
                    self._home.pending.unlink(missing_ok=True)

    def _make(self, directory: Path) -> None:
        with _engine(WriteFailed):
            tantivy.Index(schema.build(self._definition), path=str(directory))
            write_about(directory, self._about)

    def _pending(self) -> Iterator[Change]:
        with self._home.pending.open(encoding="utf-8") as file:
            for line in file:
                noted = json.loads(line)
                yield noted if isinstance(noted, str) else from_json(noted)


def _write(directory: Path, definition: Definition, changes: Iterable[Change], heap: int) -> None:
    """All changes in one commit. A document takes the place of the one with its id, also within the same call."""
    with _engine(WriteFailed):
        index = _opened(directory)
        writer = index.writer(heap, 1)
        # For each removal the engine keeps 1 KB until the commit and looks through what it has: only where it must.
        met = None if index.searcher().num_docs else Met()
    notes = Notes(directory)
    try:
        for change in changes:
            said = None
            if isinstance(change, Document):
                check(change)
                said = analysed(change, definition)
                notes.note(said.stretches)
            with _engine(WriteFailed):
                _apply(change, said, writer, definition, met)
        with _engine(WriteFailed):
            notes.save()
            writer.commit()
    except BaseException:
        with suppress(WriteFailed), _engine(WriteFailed):
            writer.rollback()
        raise
    with _engine(WriteFailed):
        writer.wait_merging_threads()


def _apply(
    change: Change,
    said: Analysed | None,
    writer: tantivy.IndexWriter,
    definition: Definition,
    met: Met | None,
) -> None:
    """`said` is what was analysed of a document, `met` knows all ids of an index that was empty."""
    identity = change if isinstance(change, str) else change.id
    if met is None or met.add(identity):
        writer.delete_documents_by_term(schema.ID, identity)
    if isinstance(change, Document) and said:
        writer.add_document(schema.convert(change, definition, said))


def _size(directory: Path) -> int:
    """In bytes, of the files that are still there: the engine removes what it has merged meanwhile."""
    size = 0
    with suppress(OSError):
        for file in directory.iterdir():
            with suppress(OSError):
                size += file.stat().st_size
    return size


def _wordlist(directory: Path) -> Wordlist | None:
    """Searches do without one."""
    try:
        with _engine():
            return Wordlist(directory)
    except IndexUnavailable:
        return None


def _meta(directory: Path) -> bytes:
    """What the engine says about a commit; the same is said where it opens the same one."""
    try:
        return (directory / "meta.json").read_bytes()
    except OSError as error:
        raise IndexCorrupt(f"{directory} holds no index: {error}") from error


def _opened(directory: Path) -> tantivy.Index:
    """Without the engine's thread that looks for new generations: it may leave a lock file in a directory that goes."""
    index = tantivy.Index.open(str(directory))
    index.config_reader("manual")
    return index


def _seen(directory: Path) -> tuple[Any, ...]:
    """What tells one commit from the next without opening it: the engine replaces meta.json at each."""
    try:
        meta = (directory / "meta.json").stat()
    except OSError as error:
        raise IndexCorrupt(f"{directory} holds no index: {error}") from error
    return directory.name, meta.st_mtime_ns, meta.st_ino, meta.st_size


def _generation(directory: Path, seen: tuple[Any, ...]) -> str:
    return f"{directory.name}.{seen[1]:x}.{seen[2]:x}"


@contextmanager
def _engine(failure: type[IndexUnavailable] = IndexCorrupt) -> Iterator[None]:
    """What the engine throws, its panics included, as errors that callers know.

    Panics arrive as a `BaseException` of the bridge to Rust, past every `except Exception`; all else is a ValueError
    or an OSError. So nothing of a caller's may run inside.
    """
    try:
        yield
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise IndexBusy("somebody else writes to the index") from error
        raise failure(f"the engine failed: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise failure(f"the engine failed: {error}") from error
        raise
