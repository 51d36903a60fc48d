"""The words of an index as they stand in texts: what a reader who mistyped one is shown.

Index words are stems and no sight for readers. So each index directory has a second, small one beside it with one
entry for each different word: the form met most often when it was noted first, and keys by which the engine's
Levenshtein automaton finds what is near (0.1 ms for one mistake, 0.8 ms for two among a million words).

Words are noted before the documents they stand in are committed and are not taken out with them: the list may hold
more than the index has, never less. Whoever shows a word asks the index first whether it still finds anything. A
rebuild makes the list anew.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import tantivy

from allmende.retrieval.text import folded, normalise, stem, surfaces

WORDLIST_VERSION = 2
"""Raised whenever the fields change: an index with a list of another version answers without it, and asks for a rebuild
(`schema.difference`)."""

FOLDER = f"words-{WORDLIST_VERSION}"

SHORTEST, LONGEST = 3, 40
"""Letters of a word that is noted."""

MOST_NEAR = 100
_HEAP = 20_000_000
_WORD, _KEY, _ROOT, _FORM = "word", "key", "root", "form"
_SURFACE = re.compile(rf"\b[^\W\d_]{{{SHORTEST},{LONGEST}}}\b")
_SOFT_HYPHEN = "\u00ad"
_DOUBLED = re.compile(r"(.)\1+")


def key(word: str) -> str:
    """What words share that differ in umlaut spelling and doubled letters only."""
    return _key(normalise(word))


def _key(normalised: str) -> str:
    return _DOUBLED.sub(r"\1", folded(normalised))


class Wordlist:
    """The words of one index directory, to be asked; raises ValueError where there is none that can be read."""

    def __init__(self, directory: Path) -> None:
        self._fields = _schema()
        index = tantivy.Index.open(str(directory / FOLDER))
        index.config_reader("manual")  # Else a thread of the engine watches the directory.
        self._searcher = index.searcher()

    def form(self, word: str) -> str:
        """How a word stands in texts, "" where it does not."""
        found = self._forms(tantivy.Query.term_query(self._fields, _WORD, normalise(word), "basic"))
        return found[0] if found else ""

    def knows(self, normalised: str) -> bool:
        return bool(self._searcher.doc_freq(_WORD, normalised))

    def spelt_alike(self, word: str) -> list[str]:
        """Forms that differ in umlaut spelling and doubled letters at most."""
        return self._forms(tantivy.Query.term_query(self._fields, _KEY, key(word), "basic"))

    def near(self, word: str, mistakes: int) -> list[str]:
        """Forms with at most so many mistakes (1 or 2) in them or in their stems, at most `MOST_NEAR`, by letters."""
        return self._forms(self._fuzzy(_KEY, key(word), mistakes))

    def near_in_stem(self, word: str, mistakes: int) -> list[str]:
        """The same for words whose stems are near: the reader may have used another ending."""
        return self._forms(self._fuzzy(_ROOT, _root(normalise(word)), mistakes))

    def _fuzzy(self, field: str, text: str, mistakes: int) -> tantivy.Query:
        return tantivy.Query.fuzzy_term_query(self._fields, field, text, mistakes, True, False)

    def _forms(self, query: tantivy.Query) -> list[str]:
        found = self._searcher.search(query, limit=MOST_NEAR, count=False).hits
        return sorted({bytes(self._searcher.doc(place)[_FORM][0]).decode() for _, place in found})


class Notes:
    """Words of documents that are being written, to be added to the list of their index.

    Memory is that of all different stretches of text, about 150 bytes each.
    """

    def __init__(self, directory: Path) -> None:
        self._folder = directory / FOLDER
        self._counted: Counter[str] = Counter()

    def note(self, written: Iterable[str]) -> None:
        """What stands in texts (`text.stretches`), each as often as it stands there."""
        self._counted.update(written)

    def save(self) -> None:
        """Write what is new, if anything is, in one commit."""
        if not self._counted and self._folder.exists():
            return
        self._folder.mkdir(exist_ok=True)
        index = tantivy.Index(_schema(), path=str(self._folder))
        index.config_reader("manual")
        new = self._new(index.searcher())
        if (first := next(new, None)) is None:
            return
        writer = index.writer(_HEAP, 1)
        for word, form, stemmed in chain([first], new):
            writer.add_document(_entry(word, form, stemmed))
        writer.commit()
        writer.wait_merging_threads()

    def _new(self, known: tantivy.Searcher) -> Iterator[tuple[str, str, str]]:
        """Normalised words that the list lacks, their forms and their stems; no stop words."""
        is_empty = not known.num_docs
        forms = _forms(self._counted)
        self._counted.clear()
        for word, form in _most_frequent_forms(forms).items():
            if (is_empty or not known.doc_freq(_WORD, word)) and (stemmed := stem(word)):
                yield word, form, stemmed


def _forms(written: Mapping[str, int]) -> Counter[str]:
    """Words without digits, as those are names of things, and without soft hyphens."""
    forms: Counter[str] = Counter()
    for stretch, count in written.items():
        if stretch.isalpha() and unicodedata.is_normalized("NFC", stretch):
            if SHORTEST <= len(stretch) <= LONGEST:
                forms[stretch] += count
            continue
        for surface in surfaces(stretch):
            for form in _SURFACE.findall(unicodedata.normalize("NFC", surface.replace(_SOFT_HYPHEN, ""))):
                forms[form] += count
    return forms


def _most_frequent_forms(counted: Counter[str]) -> dict[str, str]:
    """By normalised word the form that stands in texts most often, the first by letters of equals."""
    forms: dict[str, str] = {}
    for form, count in counted.items():
        word = normalise(form)
        other = forms.get(word)
        if other is None or (-count, form) < (-counted[other], other):
            forms[word] = form
    return forms


def _entry(word: str, form: str, stemmed: str) -> tantivy.Document:
    entry = tantivy.Document()
    entry.add_text(_WORD, word)
    entry.add_text(_KEY, _key(word))
    entry.add_text(_ROOT, _key(stemmed))
    entry.add_bytes(_FORM, form.encode())
    return entry


def _root(word: str) -> str:
    return key(stem(word) or word)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in (_WORD, _KEY, _ROOT):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(_FORM, stored=True)
    return builder.build()
