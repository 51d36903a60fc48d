"""The words that compounds are taken apart into, compiled to a small file that loads in milliseconds.

Three sources, later ones win: the nouns of the German Wiktionary (package `german-nouns`, CC BY-SA 4.0, read where it
is installed and never copied into this repository), the words of the field (`data/field_words.txt`), and a file of
the operator's own in the same form. Of the nouns, names, abbreviations and phrases are left out, and those of up to
four letters, for most of them are accidents inside longer words: short words count only if one of the lists has them.

A line of a list is one of

    Bebauungsplan                     a noun; endings and linking letters are worked out
    barrierefrei                      small initial: an adjective
    warn-                             only before other words (stems of verbs, "geo-")
    -gerecht                          only at the end
    Staubecken = Stau + Becken        taken apart exactly so
    ! Verwaltung                      a word that is never taken apart
    !! Schaft                         never a part of a word
    # a remark
"""

import csv
import hashlib
import json
import os
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import marisa_trie

FORMAT = 1
"""Raised whenever the same lists would compile to something else."""

FIELD_WORDS = Path(__file__).parent / "data" / "field_words.txt"
SHORTEST_NOUN = 5
_KINDS = {"Substantiv", "Substantiv,adjektivische Deklination", "Substantiv,Zahlklassifikator"}
_LINKED_BY_S = ("ung", "heit", "keit", "schaft", "ion", "tät", "ling", "tum", "sicht", "fahrt", "kunft")
_NEVER_BARE = ("ung", "heit", "keit", "schaft", "tion", "tät")
_ADJECTIVE_ENDINGS = ("", "e", "en", "em", "er", "es")
NONE = -1


@dataclass
class WordList:
    """What one list says; words as written there."""

    nouns: set[str] = field(default_factory=set)
    adjectives: set[str] = field(default_factory=set)
    beginnings: set[str] = field(default_factory=set)
    endings: set[str] = field(default_factory=set)
    fixed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    barred: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def read(self, text: str) -> "WordList":
        """Adds the lines of a list; those that cannot be understood are named in `problems` and left out."""
        for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
            said = line.partition("#")[0].strip()
            if said and not self._take(said):
                self.problems.append(f"line {number}: {line.strip()[:80]!r}")
        return self

    def _take(self, said: str) -> bool:
        if said.startswith("!"):
            word = said.lstrip("!").strip()
            (self.barred if said.startswith("!!") else self.whole).add(word)
            return word.isalpha()
        if "=" in said:
            word, _, parts = said.partition("=")
            split = tuple(part.strip() for part in parts.split("+"))
            self.fixed[word.strip()] = split
            return word.strip().isalpha() and len(split) > 1 and all(part.isalpha() for part in split)
        if not said.strip("-").isalpha():
            return False
        if said.endswith("-"):
            self.beginnings.add(said.rstrip("-"))
        elif said.startswith("-"):
            self.endings.add(said.lstrip("-"))
        else:
            (self.adjectives if said[0].islower() else self.nouns).add(said)
        return True


def spelled(word: str) -> str:
    """Lower case with ss for ß: how forms are looked up."""
    return word.lower().replace("ß", "ss")


class Lexicon:
    """Forms of words and the word that each belongs to: before other words, and at the end.

    `before[i]` and `last[i]` are the numbers of the words that form number `i` stands for, or `NONE`.
    """

    def __init__(self, content: bytes) -> None:
        header, _, rest = content.partition(b"\n")
        about = json.loads(header)
        self.fixed: dict[str, tuple[str, ...]] = {
            word: tuple(parts) for word, parts in about["fixed"].items()
        }
        self.whole = frozenset(about["whole"])
        self.forms, self.words = marisa_trie.Trie(), marisa_trie.Trie()
        self.before, self.last = array("i"), array("i")
        pieces: list[bytes] = []
        for size in about["sizes"]:
            pieces.append(rest[:size])
            rest = rest[size:]
        self.forms.frombytes(pieces[0])
        self.words.frombytes(pieces[1])
        self.before.frombytes(pieces[2])
        self.last.frombytes(pieces[3])

    def word(self, number: int) -> str:
        return str(self.words.restore_key(number))


@dataclass
class _Forms:
    """Form → the word it stands for; the first word to claim a form keeps it."""

    before: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    def add(self, word: str, before: Iterable[str], last: Iterable[str]) -> None:
        for form in before:
            self.before.setdefault(spelled(form), word.lower())
        for form in last:
            self.last.setdefault(spelled(form), word.lower())

    def bar(self, word: str) -> None:
        for forms in (self.before, self.last):
            for form in [form for form, meant in forms.items() if meant == word.lower()]:
                del forms[form]

    def compiled(self, fixed: dict[str, tuple[str, ...]], whole: set[str]) -> bytes:
        forms = marisa_trie.Trie(sorted({*self.before, *self.last}))
        words = marisa_trie.Trie(sorted({*self.before.values(), *self.last.values()}))
        columns = [
            array(
                "i",
                (
                    words.get(held[form], NONE) if form in held else NONE
                    for form in map(forms.restore_key, range(len(forms)))
                ),
            )
            for held in (self.before, self.last)
        ]
        pieces = [forms.tobytes(), words.tobytes(), *(column.tobytes() for column in columns)]
        about = {"sizes": [len(piece) for piece in pieces], "fixed": fixed, "whole": sorted(whole)}
        return json.dumps(about).encode() + b"\n" + b"".join(pieces)


def _nouns_file() -> Path:
    spec = find_spec("german_nouns")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise RuntimeError("the package german-nouns is not installed")
    return Path(places[0]) / "nouns.csv"


def _dictionary() -> Iterator[tuple[str, set[str], set[str], set[str]]]:
    """Noun, its forms, its plurals, its genitives."""
    with _nouns_file().open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        plural = [place for place, name in enumerate(head) if name.startswith("nominativ plural")]
        genitive = [place for place, name in enumerate(head) if name.startswith("genitiv singular")]
        first = head.index("nominativ singular")
        for row in rows:
            lemma = row[0]
            if row[1] in _KINDS and lemma.isalpha() and lemma[1:].islower():
                forms = {form for form in row[first:] if form.isalpha()} | {lemma}
                yield lemma, forms, {row[at] for at in plural} & forms, {row[at] for at in genitive} & forms


def _guessed(noun: str) -> tuple[set[str], set[str]]:
    """Plurals and genitives of a noun that no dictionary has; too many do no harm."""
    if noun.endswith("e"):
        return {noun + "n"}, {noun}
    if noun.endswith(_NEVER_BARE):
        return {noun + "en"}, {noun + "s"}
    if noun.endswith(("er", "el", "en")):
        return {noun, noun + "n"}, {noun + "s"}
    return {noun + "e", noun + "en", noun + "s"}, {noun + "s", noun + "es"}


def _linked(noun: str, plurals: set[str], genitives: set[str]) -> Iterator[str]:
    """The forms in which a noun stands before another one."""
    if not noun.endswith(_NEVER_BARE):
        yield noun
    yield from plurals
    yield from genitives
    if noun.endswith(_LINKED_BY_S) or noun[-1] in "tdlmnkgr":
        yield noun + "s"
    if noun.endswith("e") and len(noun) > SHORTEST_NOUN - 1:
        yield noun[:-1]


def compile_lexicon(lists: Iterable[WordList]) -> bytes:
    """Everything that the given lists and the dictionary say, later lists first."""
    ranked = list(lists)[::-1]
    own = {word for one in ranked for word in (*one.nouns, *one.whole, *one.fixed)}
    barred = {word.lower() for one in ranked for word in one.barred}
    forms = _Forms()
    known: set[str] = set()
    dictionary = [entry for entry in _dictionary() if len(entry[0]) >= SHORTEST_NOUN or entry[0] in own]
    for one in ranked:
        _add_list(forms, one)
    for noun, inflected, plurals, genitives in sorted(dictionary, key=lambda entry: entry[0] not in own):
        known.add(noun)
        if noun.lower() not in barred:
            forms.add(noun, _linked(noun, plurals, genitives), inflected)
    for noun in sorted(own - known - barred):
        plurals, genitives = _guessed(noun)
        forms.add(noun, _linked(noun, plurals, genitives), {noun} | plurals | genitives)
    for word in barred:
        forms.bar(word)
    fixed = {
        spelled(word): tuple(part.lower() for part in parts)
        for one in reversed(ranked)
        for word, parts in one.fixed.items()
    }
    return forms.compiled(fixed, {spelled(word) for one in ranked for word in one.whole})


def _add_list(forms: _Forms, one: WordList) -> None:
    for word in sorted(one.adjectives):
        forms.add(word, [word], [word + ending for ending in _ADJECTIVE_ENDINGS])
    for word in sorted(one.beginnings):
        forms.add(word, [word], [])
    for word in sorted(one.endings):
        forms.add(word, [], [word + ending for ending in _ADJECTIVE_ENDINGS])


@dataclass
class _Chosen:
    operators_words: Path | None = None
    cache: Path | None = None


_chosen = _Chosen()


def use(operators_words: Path | None = None, cache_dir: Path | None = None) -> None:
    """Names the operator's list and where the compiled file is kept; called once, by settings."""
    _chosen.operators_words, _chosen.cache = operators_words, cache_dir
    forget()


def forget() -> None:
    fingerprint.cache_clear()
    lexicon.cache_clear()


def _texts() -> list[str]:
    texts = [FIELD_WORDS.read_text("utf-8")]
    if _chosen.operators_words:
        texts.append(_chosen.operators_words.read_text("utf-8", errors="replace"))
    return texts


@cache
def fingerprint() -> str:
    """Changes with every change of a list, of the dictionary's edition or of how they are compiled."""
    said = json.dumps([FORMAT, version("german-nouns"), *_texts()])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@cache
def lexicon() -> Lexicon:
    """The lexicon in use: from the compiled file where there is one, else compiled (two seconds) and kept."""
    folder = _chosen.cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "allmende"
    file = folder / f"lexicon-{fingerprint()}"
    with suppress(OSError, ValueError, KeyError):
        return Lexicon(file.read_bytes())
    content = compile_lexicon(WordList().read(text) for text in _texts())
    with suppress(OSError):
        _keep(file, content)
    return Lexicon(content)


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
    Path(beside).replace(file)
