"""German text analysis, shared by queries and documents so that every engine ranks alike.

The steps: find words (hyphens and underscores divide, soft hyphens and combining marks do not), normalise each
(NFKC, lower case, foreign accents dropped), leave out stop words, stem with Snowball's German rules. These fold
ß to ss and umlauts to their base letter and read ae, oe, ue as umlauts, so that "Maengelmelder" meets
"Mängelmelder" and "Strasse" meets "Straße". English words pass through the same rules on both sides: they are
shortened alike and therefore still meet.

Compounds are taken apart besides (`compounds`), always from the word as it is written: the parts of a word of a query
and those of a document are stems like all others, kept apart from the words because they count less.

Tokens consist of letters and digits only, so joining them with blanks and splitting at blanks loses nothing:
that is the form in which an engine gets them.
"""

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import NamedTuple

import Stemmer

from allmende.retrieval.compounds import LONGEST_COMPOUND, analysis, named
from allmende.retrieval.dictionary import fingerprint, when_forgotten
from allmende.retrieval.stopwords import ENGLISH, GERMAN

ANALYSER_VERSION = 2
"""Raised whenever the same text would give other tokens: an index made with another version is to be rebuilt."""


def analyser() -> str:
    """What an index writes down about how its words were made: the version, and the lists for compounds in use."""
    return f"{ANALYSER_VERSION}.{fingerprint()}"


MAX_QUERY_LENGTH = 1_000
MAX_TEXT_LENGTH = 200_000
MAX_TOKEN_LENGTH = 64
MAX_QUERY_WORDS = 32
LONGEST_WORD = 1_000
"""Letters looked at of one word, so that a text without a blank costs no more than others."""

LONGEST_KEPT = 100
"""Longer words are no words and not worth remembering."""

_INVISIBLE = "\u00ad\u200b-\u200d\u2060"
_MARKS = "\u0300-\u036f"
_HYPHEN = "[-\u2010\u2011]"
_AFTER_A_LETTER = rf"{_HYPHEN}(?<=(?<![^\W_])[^\W\d_]{_HYPHEN})[^\W_]+"
"""The hyphen and Akte of "E-Akte", whose E says nothing alone."""

_WORD = re.compile(
    rf"[^\W_]+(?:{_AFTER_A_LETTER})?(?:(?=[{_MARKS}{_INVISIBLE}])(?:[{_MARKS}{_INVISIBLE}]+[^\W_]+)*[{_MARKS}]*)?"
)
"""What is rare is asked for by its first character, which makes this twice as quick."""

_PLAIN_WORD = re.compile(r"[^\W_]+")
_DROPPED = re.compile(rf"[{_INVISIBLE}]")
_GERMAN_LETTERS = str.maketrans("äöüß", "aous")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_TWO_LETTER_UMLAUT = re.compile(r"(?<=[ao])e|(?<=(?<!q)u)e")
_LONE_SURROGATES_AND_NUL = re.compile("[\ud800-\udfff\x00]")
_HYPHENS = re.compile(_HYPHEN)
_stemmers = local()


@dataclass(frozen=True, slots=True)
class Token:
    """A word as the index knows it, and the characters `text[start:end]` it came from.

    `extra` marks a second reading of the same characters (the "akte" of "E-Akte"): documents are found by it,
    queries do not ask for it. `parts` are the index words of the smallest parts of a compound. A simple word has none,
    or where its stem is not that of its base form ("Themen", "Museen", "Büros"), the one index word of that. So
    `parts or (word,)` is what a query looks for in the field of parts, which has the whole word and its parts
    (`document_parts`).
    """

    word: str
    start: int
    end: int
    extra: bool = False
    parts: tuple[str, ...] = ()


class Reading(NamedTuple):
    """What one word as it is written says to the index: see `Token`."""

    word: str
    extra: bool
    parts: tuple[str, ...] = ()


def clean(text: str, longest: int = MAX_TEXT_LENGTH) -> str:
    """The text cut to `longest` characters, with NUL and lone surrogates (which no engine takes) made blanks."""
    text = text[:longest]
    return text if _is_clean(text) else _LONE_SURROGATES_AND_NUL.sub(" ", text)


def _is_clean(text: str) -> bool:
    """Three times as quick as a regular expression, and nearly always true."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def normalise(word: str) -> str:
    """NFKC, lower case, no invisible characters, no accents but the German ones; idempotent."""
    if word.isascii():
        return word.lower()
    lowered = unicodedata.normalize("NFKC", _DROPPED.sub("", word)).lower()
    if lowered.isascii() or lowered.translate(_GERMAN_LETTERS).isascii():
        return lowered
    return "".join(_without_accents(letter) for letter in unicodedata.normalize("NFC", lowered))


def _without_accents(letter: str) -> str:
    if letter in "äöüß":
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare.lower()


def fold(word: str) -> str:
    """The normalised word with umlauts in either spelling and ß reduced to base letters, not stemmed.

    The folded form of the beginning of a word is the beginning of its folded form: made for prefix search.
    """
    return folded(normalise(word))


def folded(normalised: str) -> str:
    """`fold` of a word that is normalised."""
    bare = normalised if normalised.isascii() else normalised.translate(_UMLAUTS)
    # The regular expression takes ten times as long as looking whether there is anything for it.
    if "ae" in bare or "oe" in bare or "ue" in bare:
        return _TWO_LETTER_UMLAUT.sub("", bare)
    return bare


STOP_WORDS = frozenset(fold(word) for word in (GERMAN + ENGLISH).split())
_LONGEST_STOP_WORD = 2 * max(map(len, STOP_WORDS))
"""Letters; of a longer word more than half are left when it is folded."""


def stem(word: str) -> str | None:
    """The index form of one normalised word, at most `MAX_TOKEN_LENGTH` characters; None for a stop word."""
    if len(word) <= _LONGEST_STOP_WORD and folded(word) in STOP_WORDS:
        return None
    return _stemmer().stemWord(word)[:MAX_TOKEN_LENGTH] or None


def _stemmer() -> "Stemmer.Stemmer":
    """A stemmer keeps the word it works on as state: one for each thread. `readings` is its cache."""
    if not hasattr(_stemmers, "german"):
        _stemmers.german = Stemmer.Stemmer("german", 0)
    return _stemmers.german


def readings(surface: str) -> tuple[Reading, ...]:
    """The index words for one word as it is written, with their parts; none for stop words.

    Kept for the words met last: texts repeat theirs, and this is what makes snippets quick.
    """
    return _kept_readings(surface) if len(surface) <= LONGEST_KEPT else read_anew(surface)


def read_anew(surface: str) -> tuple[Reading, ...]:
    """`readings` for who keeps them otherwise."""
    if surface.isalnum() and len(surface) <= LONGEST_KEPT and (word := normalise(surface)).isalnum():
        return _read_word(word, extra=False)
    glued = _read(_HYPHENS.sub("", surface), extra=False)
    if surface[1:2] not in ("-", "\u2010", "\u2011"):
        return glued
    return (*glued, *_read(surface[2:], extra=True))


def _read(surface: str, extra: bool) -> tuple[Reading, ...]:
    words = _PLAIN_WORD.findall(normalise(surface[:LONGEST_WORD]))
    return tuple(reading for word in words for reading in _read_word(word, extra))


def _read_word(word: str, extra: bool) -> tuple[Reading, ...]:
    stemmed = stem(word)
    return (Reading(stemmed, extra, _read_parts(word, stemmed)),) if stemmed else ()


def _read_parts(word: str, stemmed: str) -> tuple[str, ...]:
    """`Token.parts`; of parts among which all but one are stop words, the one says too little."""
    if len(word) > LONGEST_COMPOUND:
        return ()
    found = analysis(word)
    if smallest := found.smallest:
        stems = tuple([said for part in smallest if (said := _kept_stem(part))])
        return stems if len(stems) > 1 else ()
    basic = named(found.number)
    known = _kept_stem(basic) if basic and basic != word else None
    return (known,) if known and known != stemmed else ()


_kept_readings = lru_cache(maxsize=50_000)(read_anew)
when_forgotten(_kept_readings.cache_clear)


_kept_stem = lru_cache(maxsize=20_000)(stem)
"""Parts recur in thousands of compounds."""


def tokens(text: str, only: AbstractSet[str] | None = None) -> Iterator[Token]:
    """The index words of a text in order, without stop words: all, or those that are in `only` or have a part there.

    Offsets count characters of `text` as given.
    """
    of_word = readings if only is None else _looking_for(frozenset(only)).__getitem__
    for match in _WORD.finditer(text):
        for reading in of_word(match.group()):
            yield Token(reading.word, match.start(), match.end(), *reading[1:])


class _LookingFor(dict[str, tuple[Reading, ...]]):
    """Word as it is written → those of its readings that are looked for. Twenty snippets of one page look for the same
    words, in texts that repeat theirs: one look for each word, where asking anew took most of a search.
    """

    def __init__(self, only: frozenset[str]) -> None:
        super().__init__()
        self._only = only

    def __missing__(self, surface: str) -> tuple[Reading, ...]:
        found = tuple(
            reading
            for reading in readings(surface)
            if reading.word in self._only or not self._only.isdisjoint(reading.parts)
        )
        if len(surface) <= LONGEST_KEPT:
            if len(self) >= _LOOKED_AT:
                self.clear()
            self[surface] = found
        return found


_LOOKED_AT = 5_000
_looking_for = lru_cache(maxsize=8)(_LookingFor)
when_forgotten(_looking_for.cache_clear)


def stretches(text: str) -> list[str]:
    """What stands between the blanks of a text; no word reaches over one."""
    return clean(text).split()


def surfaces(text: str) -> list[str]:
    """The words of a text as they are written, the E of "E-Akte" with its Akte."""
    return _WORD.findall(clean(text))


def document_parts(text: str) -> list[str]:
    """Each word with its smallest parts behind it, in order of the text, so that the parts of a query meet both
    "Genehmigung" and "Baugenehmigungsverfahren", and "Hochschule" still meets what only its plural is taken apart to.

    Parts of the levels between ranked no better (`docs/decisions/0061-lexical-ranking.md`) and made a larger index.
    """
    return [
        part
        for surface in surfaces(text)
        for reading in readings(surface)
        for part in (reading.word, *reading.parts)
    ]


def document_words(text: str) -> list[str]:
    """Everything a document is to be found by, second readings included, in order of the text."""
    return [word for surface in surfaces(text) for word, *_ in readings(surface)]


def query_tokens(text: str) -> list[Token]:
    """Each word asked for once, at most `MAX_QUERY_WORDS`, from the first `MAX_QUERY_LENGTH` characters."""
    asked: dict[str, Token] = {}
    for token in tokens(clean(text, MAX_QUERY_LENGTH)):
        if not token.extra:
            asked.setdefault(token.word, token)
    return list(asked.values())[:MAX_QUERY_WORDS]


def prefix_words(text: str) -> list[str]:
    """All words folded but not stemmed, stop words kept: what suggestions while typing are matched with."""
    return [form for surface in _WORD.findall(text) for form in prefix_forms(surface)]


def prefix_forms(surface: str) -> tuple[str, ...]:
    """`prefix_words` of one word."""
    return _kept_prefix_forms(surface) if len(surface) <= LONGEST_KEPT else _prefix_forms(surface)


def _prefix_forms(surface: str) -> tuple[str, ...]:
    return tuple(
        form[:MAX_TOKEN_LENGTH]
        for part in _PLAIN_WORD.findall(normalise(surface[:LONGEST_WORD]))
        if (form := fold(part))
    )


_kept_prefix_forms = lru_cache(maxsize=20_000)(_prefix_forms)


def sort_key(name: str) -> str:
    """By what names are ordered in a list: words folded, ä as a (DIN 5007-1), case and punctuation left out."""
    if (name := clean(name, 1_000)).isascii():
        return " ".join(_PLAIN_WORD.findall(name.lower()))
    return " ".join(normalise(word).translate(_UMLAUTS) for word in _PLAIN_WORD.findall(normalise(name)))
