"""Engines that answer a whole page of search: how many were found, facets counted, 20 hits with snippets.

Each has the same entries and does what one would write with it: all words asked for, where no entry has them any of
them; a facet is counted without its own choice.
"""

import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
import tantivy

from allmende.retrieval.protocol import Document, Query
from allmende.retrieval.tantivy_index import TantivyIndex
from benchmarks.support.entries import FACETS
from benchmarks.support.speed_queries import Question

HITS = 20


class Engine(Protocol):
    def ask(self, question: Question) -> int:
        """How many entries are found, after all of the page was made."""

    def processor(self) -> float:
        """Seconds of the processor used so far, wherever the engine works."""


class InThisProcess:
    def processor(self) -> float:
        return time.process_time()


class Ours(InThisProcess):
    def __init__(self, index: TantivyIndex) -> None:
        self.index = index

    def ask(self, question: Question, meaning: Mapping[str, float] | None = None) -> int:
        query = Query(
            question.text, filters=question.choices, facets=tuple(FACETS), limit=HITS, meaning=meaning or {}
        )
        return self.index.search(query).total


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _content(entry: Document) -> str:
    return "\n".join(entry.texts.values())


def _chosen(question: Question, left_out: str = "") -> dict[str, tuple[str, ...]]:
    return {facet: values for facet, values in question.choices.items() if facet != left_out}


# SQLite


class SQLite(InThisProcess):
    """FTS5 with its usual analyser and BM25, in a file; a table of facet values beside it."""

    def __init__(self, file: Path, entries: Iterable[Document]) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        run = self._database.execute
        run("PRAGMA cache_size = -200000")
        run("PRAGMA temp_store = MEMORY")
        run("CREATE VIRTUAL TABLE entries USING fts5(title, summary, tags, body, tokenize='unicode61')")
        run(
            "CREATE TABLE facets"
            " (entry INTEGER, facet TEXT, value TEXT, PRIMARY KEY (entry, facet, value)) WITHOUT ROWID"
        )
        run("BEGIN")
        for number, entry in enumerate(entries, 1):
            run(
                "INSERT INTO entries (rowid, title, summary, tags, body) VALUES (?, ?, ?, ?, ?)",
                (number, *entry.texts.values()),
            )
            values = [(number, facet, value) for facet, those in entry.facets.items() for value in those]
            self._database.executemany("INSERT INTO facets VALUES (?, ?, ?)", values)
        run("COMMIT")
        run("INSERT INTO entries (entries) VALUES ('optimize')")
        run("ANALYZE")

    def ask(self, question: Question) -> int:
        words = [f'"{word}"' for word in _words(question.text)]
        self._find(" ".join(words))
        if len(words) > 1 and not self._database.execute("SELECT 1 FROM found LIMIT 1").fetchone():
            words = [" OR ".join(words)]
            self._find(words[0])
        return self._page(question, " ".join(words))

    def _find(self, match: str) -> None:
        run = self._database.execute
        run("DROP TABLE IF EXISTS temp.found")
        if match:
            run(
                "CREATE TEMP TABLE found AS SELECT rowid AS entry, bm25(entries, 8, 3, 3, 1) AS score "
                "FROM entries WHERE entries MATCH ?",
                (match,),
            )
        else:
            run("CREATE TEMP TABLE found AS SELECT rowid AS entry, 0 AS score FROM entries")

    def _page(self, question: Question, match: str) -> int:
        run = self._database.execute
        where, values = _sqlite_where(_chosen(question))
        total = run(f"SELECT count(*) FROM found WHERE {where}", values).fetchone()[0]
        free = [facet for facet in FACETS if facet not in question.choices]
        self._count(free, where, values)
        for facet in question.choices:
            self._count([facet], *_sqlite_where(_chosen(question, facet)))
        best = run(
            f"SELECT entry FROM found WHERE {where} ORDER BY score, entry LIMIT {HITS}", values
        ).fetchall()
        for (entry,) in best:
            if match:
                shown = (
                    "SELECT snippet(entries, -1, '<b>', '</b>', '…', 30)"
                    " FROM entries WHERE rowid = ? AND entries MATCH ?"
                )
                run(shown, (entry, match)).fetchone()
            else:
                run("SELECT substr(summary, 1, 220) FROM entries WHERE rowid = ?", (entry,)).fetchone()
        return int(total)

    def _count(self, facets: Sequence[str], where: str, values: Sequence[str]) -> None:
        names = ", ".join("?" * len(facets))
        statement = (
            f"SELECT facet, value, count(*) FROM found JOIN facets USING (entry) WHERE facet IN ({names}) AND {where} "
            "GROUP BY facet, value"
        )
        self._database.execute(statement, (*facets, *values)).fetchall()


def _sqlite_where(chosen: Mapping[str, Sequence[str]]) -> tuple[str, list[str]]:
    """That a found entry has one of the values of each facet."""
    parts, values = ["1"], []
    for facet, those in chosen.items():
        names = ", ".join("?" * len(those))
        parts.append(
            "EXISTS (SELECT 1 FROM facets AS f WHERE f.entry = found.entry AND f.facet = ? "
            f"AND f.value IN ({names}))"
        )
        values += [facet, *those]
    return " AND ".join(parts), values


# PostgreSQL


class PostgreSQL:
    """Full text in German with a GIN index, facets as arrays, the page in one statement that looks for words once."""

    def __init__(self, connection: psycopg.Connection, entries: Iterable[Document]) -> None:
        self._connection = connection
        run = connection.execute
        columns = ", ".join(f"{facet} text[]" for facet in FACETS)
        run(
            f"CREATE TABLE entries (id text PRIMARY KEY, title text, summary text, tags text, body text, {columns})"
        )
        with connection.cursor() as cursor, cursor.copy("COPY entries FROM STDIN") as copy:
            for entry in entries:
                copy.write_row(
                    (entry.id, *entry.texts.values(), *(list(entry.facets[facet]) for facet in FACETS))
                )
        weighed = " || ".join(
            f"setweight(to_tsvector('german', {field}), '{weight}')"
            for field, weight in (("title", "A"), ("summary", "B"), ("tags", "B"), ("body", "D"))
        )
        run(f"ALTER TABLE entries ADD COLUMN words tsvector GENERATED ALWAYS AS ({weighed}) STORED")
        run("CREATE INDEX ON entries USING gin (words)")
        run("VACUUM ANALYZE entries")

    def ask(self, question: Question) -> int:
        asked = self._one("SELECT plainto_tsquery('german', %s)::text", question.text)
        total = self._page(question, asked)
        if not total and "&" in asked and not question.choices:
            total = self._page(question, asked.replace("&", "|"))
        return total

    def processor(self) -> float:
        """Of the server, in steps of a hundredth: of the processes it has and had; what we do ourselves is little."""
        ours = int(self._one("SELECT pg_backend_pid()::text"))
        server = _stat(Path(f"/proc/{ours}"))[PARENT]
        seconds = 0.0
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                stat = _stat(process)
                if int(process.name) == server:
                    seconds += sum(stat[USED_BY_ALL]) / 100
                elif stat[PARENT] == server:
                    seconds += sum(stat[USED]) / 100
        return seconds

    def _one(self, statement: str, *values: str) -> str:
        row = self._connection.execute(statement, values).fetchone()
        return str(row[0]) if row else ""

    def _page(self, question: Question, asked: str) -> int:
        rows = self._connection.execute(
            _postgresql_page(question, bool(asked)), {"asked": asked, **_lists(question)}
        )
        return sum(count for what, _, count, _ in rows.fetchall() if what == "total")


PARENT, USED, USED_BY_ALL = 1, slice(11, 13), slice(11, 15)
"""Places behind the name in the line that Linux says of a process: user and system time, those of ended children."""


def _stat(process: Path) -> list[int]:
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


def _postgresql_page(question: Question, asked: bool) -> str:
    facets = ", ".join(FACETS)
    rank, where, head = "0.0", "true", "left(summary, 220)"
    if asked:
        rank, where = "ts_rank(words, %(asked)s::tsquery, 1)", "words @@ %(asked)s::tsquery"
        head = "ts_headline('german', summary || ' ' || body, %(asked)s::tsquery)"
    chosen = _postgresql_where(_chosen(question))
    counted = [
        f"SELECT '{facet}', value, count(*), '' FROM found, unnest({facet}) AS value "
        f"WHERE {_postgresql_where(_chosen(question, facet))} GROUP BY value"
        for facet in FACETS
    ]
    return f"""
        WITH found AS MATERIALIZED (SELECT id, {facets}, {rank} AS score FROM entries WHERE {where}),
        page AS MATERIALIZED (SELECT id, score FROM found WHERE {chosen} ORDER BY score DESC, id LIMIT {HITS})
        SELECT 'total', '', count(*), '' FROM found WHERE {chosen}
        UNION ALL {" UNION ALL ".join(counted)}
        UNION ALL SELECT 'hit', id, 0, {head} FROM page JOIN entries USING (id)
    """


def _lists(question: Question) -> dict[str, list[str]]:
    return {facet: list(values) for facet, values in question.choices.items()}


def _postgresql_where(chosen: Mapping[str, Sequence[str]]) -> str:
    return " AND ".join(["true", *(f"{facet} && %({facet})s" for facet in chosen)])


@contextmanager
def postgresql(address: str, entries: Iterable[Document]) -> Iterator[PostgreSQL]:
    with psycopg.connect(address, autocommit=True) as connection:
        yield PostgreSQL(connection, entries)


# Tantivy as it comes


class Tantivy(InThisProcess):
    """With its default analyser (small letters, no stemming), its aggregations and its snippets."""

    def __init__(self, directory: Path, entries: Iterable[Document]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("content", stored=True, tokenizer_name="default")
        for facet in FACETS:
            builder.add_text_field(facet, tokenizer_name="raw", fast=True)
        self._fields = builder.build()
        directory.mkdir()
        self._index = tantivy.Index(self._fields, path=str(directory))
        writer = self._index.writer(100_000_000, 1)
        for entry in entries:
            made = tantivy.Document(id=entry.id, content=_content(entry))
            for facet, values in entry.facets.items():
                for value in values:
                    made.add_text(facet, value)
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, question: Question) -> int:
        words = _words(question.text)
        asked = (
            self._index.parse_query(" ".join(words), ["content"], conjunction_by_default=True)
            if words
            else tantivy.Query.all_query()
        )
        found = self._searcher.search(self._narrowed(asked, question), HITS)
        if not found.hits and len(words) > 1:
            asked = self._index.parse_query(" ".join(words), ["content"])
            found = self._searcher.search(self._narrowed(asked, question), HITS)
        self._count(asked, question, [facet for facet in FACETS if facet not in question.choices])
        for facet in question.choices:
            self._count(asked, question, [facet], facet)
        snippets = (
            tantivy.SnippetGenerator.create(self._searcher, asked, self._fields, "content") if words else None
        )
        for _, place in found.hits:
            document = self._searcher.doc(place)
            if snippets:
                snippets.snippet_from_doc(document).to_html()
        return int(found.count)

    def _narrowed(self, asked: tantivy.Query, question: Question, left_out: str = "") -> tantivy.Query:
        parts = [(tantivy.Occur.Must, asked)]
        for facet, values in _chosen(question, left_out).items():
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._fields, facet, value))
                for value in values
            ]
            parts.append(
                (tantivy.Occur.Must, tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), 0.0))
            )
        return tantivy.Query.boolean_query(parts)

    def _count(
        self, asked: tantivy.Query, question: Question, facets: Sequence[str], left_out: str = ""
    ) -> None:
        wanted: dict[str, Any] = {facet: {"terms": {"field": facet, "size": 100}} for facet in facets}
        self._searcher.aggregate(self._narrowed(asked, question, left_out), wanted)
