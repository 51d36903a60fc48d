"""Search engines that rank a judged collection: ours through its public interface, and those it is compared with.

Each gets the same text, the title twice before the body, and asks for any of the words of a question.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import tantivy

from allmende.retrieval.protocol import Definition, Document, Query
from allmende.retrieval.tantivy_index import TantivyIndex
from benchmarks.support.judged import Entry

DEPTH = 100
DEFINITION = Definition(weights={"title": 2, "body": 1}, snippet_fields=())

Ranker = Callable[[str], Sequence[str]]
"""A question → the ids of the best entries, the best first, `DEPTH` at most."""


def index(entries: Sequence[Entry], root: Path) -> TantivyIndex:
    """Our index over the entries, in a directory of its own."""
    made = TantivyIndex(root, DEFINITION)
    made.rebuild(lambda: (document(entry) for entry in entries))
    return made


def document(entry: Entry) -> Document:
    return Document(entry.id, "entry", entry.title, {"title": entry.title, "body": entry.body})


def lexical(ours: TantivyIndex) -> Ranker:
    """Ours by words alone."""
    return lambda text: [hit.id for hit in ours.search(Query(text, any_word=True, limit=DEPTH)).hits]


def sqlite(entries: Sequence[Entry]) -> Ranker:
    """SQLite FTS5 with its usual analyser (unicode61) and BM25."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entries USING fts5(id UNINDEXED, content, tokenize='unicode61')")
    database.executemany(
        "INSERT INTO entries VALUES (?, ?)", ((entry.id, _content(entry)) for entry in entries)
    )

    def rank(text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in _words(text))
        found = database.execute(
            "SELECT id FROM entries WHERE entries MATCH ? ORDER BY bm25(entries), id LIMIT ?", (asked, DEPTH)
        )
        return [identity for (identity,) in found]

    return rank


@contextmanager
def postgresql(entries: Sequence[Entry], address: str) -> Iterator[dict[str, Ranker]]:
    """PostgreSQL's full text in German, by each of its two rank functions."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS judged")
        connection.execute("CREATE TABLE judged (id text PRIMARY KEY, content tsvector)")
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO judged VALUES (%s, to_tsvector('german', %s))",
                [(entry.id, _content(entry)) for entry in entries],
            )
        yield {name: _postgresql_ranker(connection, name) for name in ("ts_rank", "ts_rank_cd")}


_ASKED = "(SELECT replace(plainto_tsquery('german', %(text)s)::text, '&', '|')::tsquery AS asked) AS question"

_BY_LENGTH = 1
"""Divide by 1 + the logarithm of the length: of all its ways to normalise the best on every set here; the usual one
(0) reaches .575 on OMoS-QA where this reaches .612. Weights A and D for title and body were worse (.532)."""


def _postgresql_ranker(connection: psycopg.Connection, function: str) -> Ranker:
    statement = (
        f"SELECT id FROM judged, {_ASKED} WHERE content @@ asked "
        f"ORDER BY {function}(content, asked, {_BY_LENGTH}) DESC, id LIMIT {DEPTH}"
    )

    def rank(text: str) -> list[str]:
        return [identity for (identity,) in connection.execute(statement, {"text": text})]

    return rank


def tantivy_plain(entries: Sequence[Entry]) -> Ranker:
    """Tantivy with its default analyser: words in small letters, no stemming."""
    return _tantivy(entries, "default")


def tantivy_german(entries: Sequence[Entry]) -> Ranker:
    """Tantivy with the German stemmer and stop words that it brings."""
    return _tantivy(entries, "german")


def _tantivy(entries: Sequence[Entry], analyser: str) -> Ranker:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("content", tokenizer_name=analyser)
    made = tantivy.Index(builder.build())
    made.register_tokenizer("german", _german())
    writer = made.writer(20_000_000, 1)
    for entry in entries:
        writer.add_document(tantivy.Document(id=entry.id, content=_content(entry)))
    writer.commit()
    made.reload()
    searcher = made.searcher()

    def rank(text: str) -> list[str]:
        asked = made.parse_query(" ".join(_words(text)), ["content"])
        hits = searcher.search(asked, DEPTH).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return rank


def _german() -> tantivy.TextAnalyzer:
    filters = tantivy.Filter
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    steps = (
        filters.remove_long(40),
        filters.lowercase(),
        filters.stopword("german"),
        filters.stemmer("german"),
    )
    for step in steps:
        builder = builder.filter(step)
    return builder.build()


def _content(entry: Entry) -> str:
    return f"{entry.title}\n{entry.title}\n{entry.body}"


def _words(text: str) -> list[str]:
    """Nothing in them means anything to a query language, once they stand in small letters."""
    return re.findall(r"\w+", text.lower())
