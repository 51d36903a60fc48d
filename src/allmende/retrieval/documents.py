"""Documents made ready for an engine: checked, analysed, hashed, written down."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from allmende.retrieval.joined import joined
from allmende.retrieval.protocol import Definition, Document
from allmende.retrieval.text import clean, sort_key, stretches

KIND = "kind"
STORED_LENGTH = 20_000
"""Characters of each text kept in the index; the rest of a longer one is searched and not shown."""

_LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyz"
_CODE_OF = {letter: 2 * place for place, letter in enumerate(_LETTERS, 1)}
"""Even; 0 is the end of a text."""

_LETTERS_IN_KEY = 10
_CODES = 2 * len(_LETTERS) + 2
_KEYS: int = _CODES**_LETTERS_IN_KEY
_ID_BITS = 20
_LARGEST_NUMBER = 1 << 42
_compact = json.JSONEncoder(ensure_ascii=False).encode


def check(document: Document) -> None:
    """ValueError for what no engine holds: an id that is empty, too long or has blanks, a facet value that is no code,
    a number of 2⁴² or more.
    """
    if not document.id or len(document.id) > 200 or not document.id.isprintable() or " " in document.id:
        raise ValueError(f"not an id for an index: {document.id[:200]!r}")
    for facet, values in {**document.facets, KIND: (document.kind,)}.items():
        for value in values:
            if not is_code(value):
                raise ValueError(f"{document.id}: {value[:200]!r} is no value of {facet} an index can hold")
    for name, number in document.numbers.items():
        if abs(number) >= _LARGEST_NUMBER:
            raise ValueError(f"{document.id}: {name} is too large for an index")


def is_code(value: str) -> bool:
    """Whether a facet may hold it: not empty, at most 200 characters, none of them NUL or half a character."""
    return 0 < len(value) <= 200 and _is_code(value)


@lru_cache(maxsize=10_000)
def _is_code(value: str) -> bool:
    """Values recur in thousands of documents."""
    return clean(value, 200) == value


def fingerprint(document: Document) -> str:
    """A hash of all that a document says, however its mappings are ordered: 64 hexadecimal digits.

    Of its pieces with NUL between them, which none of them holds, and with the number of pieces before each list.
    """
    return hashlib.sha256("\0".join(_said(document)).encode("utf-8", "replace")).hexdigest()


def _said(document: Document) -> Iterator[str]:
    yield from (document.id, document.kind, clean(document.name), str(len(document.texts)))
    for field, text in sorted(document.texts.items()):
        if text:
            yield from (field, clean(text))
    yield str(len(document.facets))
    for facet, values in sorted(document.facets.items()):
        if values:
            different = sorted(set(values))
            yield from (facet, str(len(different)), *different)
    for name, number in sorted(document.numbers.items()):
        yield from (name, str(number))


def as_json(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "kind": document.kind,
        "name": clean(document.name),
        "texts": {field: clean(text) for field, text in document.texts.items() if text},
        "facets": {facet: sorted(set(values)) for facet, values in document.facets.items() if values},
        "numbers": dict(document.numbers),
    }


def from_json(content: Mapping[str, Any]) -> Document:
    facets = {facet: tuple(values) for facet, values in content["facets"].items()}
    return Document(
        content["id"], content["kind"], content["name"], content["texts"], facets, content["numbers"]
    )


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document's index words and parts of words, joined by blanks, each as often as its field weighs.

    One row and not a field each: a rare title would otherwise count more in a catalogue where titles are often empty,
    and "all words" would have to be found in one field. `stretches` is what all of it was read from (`text.stretches`),
    each as often as written. `classes` are those of `Definition.classes`, each with its parts.
    """

    words: str
    parts: str
    stretches: Sequence[str]
    classes: str = ""


def analysed(document: Document, definition: Definition) -> Analysed:
    words: list[str] = []
    parts: list[str] = []
    written: list[str] = []
    for field, weight in definition.weights.items():
        if weight and (text := document.texts.get(field)):
            found = stretches(text)
            said, apart = joined(found)
            words += [said] * weight
            parts += [apart] * weight
            written += found
    sorts = [stretch for field in definition.classes for stretch in stretches(document.texts.get(field, ""))]
    classes = joined(sorts)[1] if sorts else ""
    return Analysed(" ".join(words), " ".join(parts), written + sorts, classes)


def facet_terms(document: Document, definition: Definition) -> list[str]:
    facets = {**document.facets, KIND: (document.kind,)}
    return [
        facet_term(facet, value)
        for facet in definition.all_facets
        for value in sorted(set(facets.get(facet, ())))
    ]


def facet_term(facet: str, value: str) -> str:
    return f"{facet}={value}"


def stored(document: Document, definition: Definition) -> bytes:
    """What hits are shown and explained from: kind, name and the texts, all that are searched or cut from."""
    fields = dict.fromkeys((*definition.snippet_fields, *definition.weights, *definition.classes))
    texts = {field: clean(text, STORED_LENGTH) for field in fields if (text := document.texts.get(field))}
    return _compact([document.kind, clean(document.name), texts]).encode()


def tie_key(identity: str) -> int:
    """The first ten letters of an id as a number that ascends as ids do; longer or odd ids may share one."""
    return _id_keys(identity)[0]


def letters_of(key: int) -> str | None:
    """The first ten letters of the id that has this `tie_key`; None where it has others than the order knows."""
    codes = []
    for _ in range(_LETTERS_IN_KEY):
        key, code = divmod(key, _CODES)
        codes.append(code)
    if any(code % 2 for code in codes):
        return None
    return "".join(_LETTERS[code // 2 - 1] for code in reversed(codes) if code)


def name_keys(name: str) -> tuple[int, int]:
    """Ten and ten more letters of a sort key as numbers that never contradict the order of names."""
    return _letter_keys(sort_key(name))


def number_key(number: int | None, identity: str, descending: bool) -> int:
    """A number and the beginning of the id in one that ascends, so that equal days do not pile up; unknown is last."""
    known = _LARGEST_NUMBER if number is None else number
    first = -known if descending and number is not None else known
    return (first << _ID_BITS) + (tie_key(identity) << _ID_BITS) // _KEYS


def _letter_keys(text: str) -> tuple[int, int]:
    """Both below 2⁶³. A sign that is no letter of the order ends the key: what follows is undecided, never wrong."""
    codes: list[int] = []
    for letter in text[: 2 * _LETTERS_IN_KEY]:
        codes.append(code := _CODE_OF.get(letter) or _between(letter))
        if code % 2:
            break
    codes += [0] * (2 * _LETTERS_IN_KEY - len(codes))
    return _number(codes[:_LETTERS_IN_KEY]), _number(codes[_LETTERS_IN_KEY:])


_id_keys = lru_cache(maxsize=16)(_letter_keys)
"""A document's id is part of several of its numbers."""


def _number(codes: Sequence[int]) -> int:
    number = 0
    for code in codes:
        number = number * _CODES + code
    return number


def _between(letter: str) -> int:
    """The odd code of what sorts before, between or behind the letters of the order."""
    return 2 * bisect_right(_LETTERS, letter) + 1
