"""Known words and phrases, found in what somebody typed, whatever form they have there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Generic, TypeVar

from allmende.retrieval.text import MAX_QUERY_LENGTH, MAX_QUERY_WORDS, Token, clean, tokens

T = TypeVar("T")
S = TypeVar("S")


def kept_for_the_last(make: Callable[[S], T]) -> Callable[[S], T]:
    """Worked out once for each thing it is made from, and kept until it is asked for another: for what follows from
    the vocabulary, of which a process has one at a time."""
    kept: list[tuple[S, T]] = []

    @wraps(make)
    def made(thing: S) -> T:
        for known, result in kept:
            if known is thing:
                return result
        result = make(thing)
        kept[:] = [(thing, result)]
        return result

    return made


@dataclass(frozen=True)
class Found(Generic[T]):
    """`typed` is the piece `text[start:end]` of the question; `meant` is all that it may stand for."""

    typed: str
    start: int
    end: int
    meant: tuple[T, ...]


@dataclass(frozen=True)
class Phrases(Generic[T]):
    """What phrases stand for, by the index words that they consist of."""

    by_words: Mapping[tuple[str, ...], tuple[T, ...]]
    longest: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, T]]) -> "Phrases[T]":
        """From phrases as they are written and what each stands for; one without a word is left out."""
        meanings: dict[tuple[str, ...], dict[T, None]] = {}
        for phrase, meant in pairs:
            if words := words_of(phrase):
                meanings.setdefault(words, {})[meant] = None
        by_words = {words: tuple(meant) for words, meant in meanings.items()}
        return cls(by_words, max(map(len, by_words), default=0))

    def found_in(self, text: str) -> Iterator[Found[T]]:
        """From left to right, the longest phrase at each place; none overlaps another."""
        read = _read(text)
        place = 0
        while place < len(read):
            length = self._longest_at(read, place)
            if length:
                start, end = read[place].start, read[place + length - 1].end
                yield Found(text[start:end], start, end, self.by_words[_words(read, place, length)])
            place += length or 1

    def _longest_at(self, read: list[Token], place: int) -> int:
        lengths = range(min(self.longest, len(read) - place), 0, -1)
        return next((length for length in lengths if _words(read, place, length) in self.by_words), 0)


def words_of(text: str) -> tuple[str, ...]:
    """The index words of a phrase in their order."""
    return tuple(_base(token) for token in _read(text))


def _base(token: Token) -> str:
    """The index word of its base form, where that is known to be another: "Kitas" is "Kita"."""
    return token.parts[0] if len(token.parts) == 1 else token.word


def _read(text: str) -> list[Token]:
    """Words in their order, as often as they stand there; what is beyond the length of a question is not read."""
    read = [token for token in tokens(clean(text, MAX_QUERY_LENGTH)) if not token.extra]
    return read[: 4 * MAX_QUERY_WORDS]


def _words(read: list[Token], place: int, length: int) -> tuple[str, ...]:
    return tuple(_base(token) for token in read[place : place + length])
