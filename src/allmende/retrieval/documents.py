"""Documents made ready for an engine: checked, analysed, hashed, written down."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from allmende.lib.canonical import digest
from allmende.retrieval.protocol import Definition, Document
from allmende.retrieval.text import clean, document_parts, document_words, sort_key

KIND = "kind"
STORED_LENGTH = 20_000
"""Characters of each text kept in the index; the rest of a longer one is searched and not shown."""

_LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS_IN_KEY = 10
_CODES = 2 * len(_LETTERS) + 2
_KEYS: int = _CODES**_LETTERS_IN_KEY
_ID_BITS = 20
_LARGEST_NUMBER = 1 << 42


def check(document: Document) -> None:
    """ValueError for what no engine holds: an id that is empty, too long or has blanks, a facet value that is no code,
    a number of 2⁴² or more.
    """
    if not document.id or len(document.id) > 200 or not document.id.isprintable() or " " in document.id:
        raise ValueError(f"not an id for an index: {document.id[:200]!r}")
    for facet, values in {**document.facets, KIND: (document.kind,)}.items():
        if unfit := [value for value in values if not is_code(value)]:
            raise ValueError(f"{document.id}: {unfit[0][:200]!r} is no value of {facet} an index can hold")
    for name, number in document.numbers.items():
        if abs(number) >= _LARGEST_NUMBER:
            raise ValueError(f"{document.id}: {name} is too large for an index")


def is_code(value: str) -> bool:
    """Whether a facet may hold it: not empty, at most 200 characters, none of them NUL or half a character."""
    return bool(value) and clean(value, 200) == value


def fingerprint(document: Document) -> str:
    """A hash of all that a document says, however its mappings are ordered: 64 hexadecimal digits."""
    return digest(as_json(document))


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


def weighted_words(document: Document, definition: Definition) -> list[str]:
    """All index words of the document in one list, each as often as its field weighs.

    One list and not a field each: a rare title would otherwise count more in a catalogue where titles are often
    empty, and "all words" would have to be found in one field.
    """
    words: list[str] = []
    for field, weight in definition.weights.items():
        if weight and (text := document.texts.get(field)):
            words += document_words(text) * weight
    return words


def weighted_parts(document: Document, definition: Definition) -> list[str]:
    """As `weighted_words`, with the parts of compounds in their place."""
    parts: list[str] = []
    for field, weight in definition.weights.items():
        if weight and (text := document.texts.get(field)):
            parts += document_parts(text) * weight
    return parts


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
    fields = dict.fromkeys((*definition.snippet_fields, *definition.weights))
    texts = {field: clean(text, STORED_LENGTH) for field in fields if (text := document.texts.get(field))}
    return json.dumps([document.kind, clean(document.name), texts], ensure_ascii=False).encode()


def tie_key(identity: str) -> int:
    """The first ten letters of an id as a number that ascends as ids do; longer or odd ids may share one."""
    return _letter_keys(identity)[0]


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
    codes = [_code(letter) for letter in text[: 2 * _LETTERS_IN_KEY]]
    signs = [place for place, code in enumerate(codes) if code % 2]
    codes = codes[: signs[0] + 1] if signs else codes
    codes += [0] * (2 * _LETTERS_IN_KEY - len(codes))
    return _number(codes[:_LETTERS_IN_KEY]), _number(codes[_LETTERS_IN_KEY:])


def _number(codes: Sequence[int]) -> int:
    number = 0
    for code in codes:
        number = number * _CODES + code
    return number


def _code(letter: str) -> int:
    """Even for letters of the order, odd for what sorts before, between or behind them; 0 is the end of the text."""
    place = bisect_right(_LETTERS, letter)
    known = place > 0 and _LETTERS[place - 1] == letter
    return 2 * place if known else 2 * place + 1
