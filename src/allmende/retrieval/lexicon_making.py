"""Compiles the dictionary and the lists of words into a `Lexicon`.

Three sources: the nouns of the German Wiktionary (package `german-nouns`, CC BY-SA 4.0, read where it is installed and
never copied into this repository), the words of the field (`data/field_words.txt`), and a list of the operator's own;
`wordlists` says how lists are written. Of the dictionary's nouns, names are never taken apart and never parts;
abbreviations and phrases are left out, and so are nouns of up to four letters, most of which are accidents inside
longer words: short words count where a list has them.

How common a form is before or at the end of others is counted in the dictionary itself, which holds tens of thousands
of compounds: once by letters, then again by taking all of them apart. What its words consist of is written down, so
that in texts only words are looked at that it lacks.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from allmende.retrieval.lexicon import RAREST, Lexicon, Packing, spelled
from allmende.retrieval.wordlists import WordList

MAKING = 6
"""Raised whenever the same lists would compile to something else."""

SHORTEST_NOUN = 5
SHORTEST_PART = 3
_COMMON = 10
_NOUNS = {"Substantiv", "Substantiv,adjektivische Deklination", "Substantiv,Zahlklassifikator"}
_NAMES = ("Toponym", "Vorname", "Nachname", "Eigenname", "Straßenname")
_LINKED_BY_S = ("ung", "heit", "keit", "schaft", "ion", "tät")
_LETTERS_BEFORE_S = "bdfgklmnrt"
_ADJECTIVE = ("e", "en", "em", "er", "es")

Forms = Iterable[tuple[int, str]]
"""Each with how far it is from the word itself: 0 the word, 1 inflected, 2 with an s between."""


def compiled(lists: Iterable[WordList]) -> bytes:
    """The content of a `Lexicon`. What a later list says goes before an earlier one."""
    lists = list(lists)
    own = {word for words in lists for word in words.all_nouns}
    nouns, names = _dictionary()
    before, last = _claims(nouns, own, lists)
    fixed, whole = _settled(lists)
    whole |= {spelled(name) for name in names - own} - set(fixed)
    common = {word.lower() for words in lists for word in words.all_words}
    lemmas = sorted({spelled(noun.lemma) for noun in nouns})
    packing = Packing(before, last)

    def rarity(often_before: Counter[str], often_last: Counter[str]) -> tuple[dict[str, int], dict[str, int]]:
        return _rarity(before, often_before, common), _rarity(last, often_last, common)

    def content(rare: tuple[dict[str, int], dict[str, int]], parts: Mapping[str, Sequence[str]]) -> bytes:
        return packing.content(rare, fixed, sorted(whole), parts)

    roughly = Lexicon(content(rarity(*_counted_by_letters(before, last, lemmas)), {}))
    rare = rarity(*_counted(roughly, lemmas))
    return content(rare, packing.parts(Lexicon(content(rare, {}))))


def _rarity(words: Mapping[str, str], often: Counter[str], common: Collection[str]) -> dict[str, int]:
    """Each doubling counts the same, up to 128 words; forms of words of the lists are never rarer than `_COMMON`."""
    rare = {form: _COMMON for form, word in words.items() if word in common}
    for form, times in often.items():
        rare[form] = min(rare.get(form, RAREST), max(0, RAREST - 5 * times.bit_length()))
    return rare


def _counted_by_letters(
    before: Collection[str], last: Collection[str], lemmas: Iterable[str]
) -> tuple[Counter[str], Counter[str]]:
    """How often each form is the longest with which one of the dictionary's words begins, and ends."""
    begins: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for lemma in lemmas:
        cuts = range(SHORTEST_PART, len(lemma) - SHORTEST_PART + 1)
        begins.update([form for cut in reversed(cuts) if (form := lemma[:cut]) in before][:1])
        ends.update([form for cut in cuts if (form := lemma[cut:]) in last][:1])
    return begins, ends


def _counted(lexicon: Lexicon, lemmas: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each form stands before others and last among the parts of the dictionary's compounds."""
    before: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for lemma in lemmas:
        if pieces := lexicon.pieces(lemma):
            before.update(piece.form for piece in pieces[:-1])
            last[pieces[-1].form] += 1
    return before, last


# Nouns


@dataclass(frozen=True)
class _Noun:
    lemma: str
    inflected: frozenset[str]
    linking: frozenset[str]
    adjectival: bool = False


def _dictionary() -> tuple[list[_Noun], set[str]]:
    """The dictionary's nouns, and its names that are no nouns."""
    nouns: list[_Noun] = []
    names: set[str] = set()
    with _nouns_file().open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        first = head.index("nominativ singular")
        linking = [
            at for at, name in enumerate(head) if name.startswith(("nominativ plural", "genitiv sing"))
        ]
        for row in rows:
            if not row[0].isalpha() or not row[0][1:].islower():
                continue
            if row[1] in _NOUNS:
                nouns.append(_noun(row, first, linking))
            elif any(kind in row[1] for kind in _NAMES):
                names.add(row[0])
    return nouns, names - {noun.lemma for noun in nouns}


def _noun(row: Sequence[str], first: int, linking: Sequence[int]) -> _Noun:
    inflected = frozenset(form for form in set(row[first:]) if form.isalpha())
    before = frozenset([row[at] for at in linking]) & inflected
    return _Noun(row[0], inflected, before, "adjektivisch" in row[1])


def _nouns_file() -> Path:
    spec = find_spec("german_nouns")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise RuntimeError("the package german-nouns is not installed")
    return Path(places[0]) / "nouns.csv"


def _guessed(noun: str) -> _Noun:
    """The forms of a noun that no dictionary has; too many do no harm."""
    if noun.endswith("e"):
        linking = {noun + "n"}
    elif noun.endswith(_LINKED_BY_S):
        linking = {noun + "en", noun + "s"}
    elif noun.endswith(("er", "el", "en")):
        linking = {noun + "n", noun + "s"}
    else:
        linking = {noun + ending for ending in ("e", "en", "s", "es")}
    return _Noun(noun, frozenset(linking), frozenset(linking))


def _before(noun: _Noun) -> Iterator[tuple[int, str]]:
    """The forms in which a noun stands before another one."""
    lemma = noun.lemma
    if not lemma.endswith(_LINKED_BY_S):
        yield 0, lemma
    yield from ((1, form) for form in noun.linking if form != lemma)
    if lemma.endswith(_LINKED_BY_S) or lemma[-1] in _LETTERS_BEFORE_S:
        yield 2, lemma + "s"


def _last(noun: _Noun) -> Iterator[tuple[int, str]]:
    """The forms in which it ends a compound. Adjectives go before nouns made of them ("frei" before "Freie")."""
    yield int(noun.adjectival), noun.lemma
    yield from ((1, form) for form in noun.inflected)


# Which word a form stands for


class _Claims:
    """For each form the nearest word that claims it, so that "reise" is Reise and no plural of Reis."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, str]] = {}

    def add(self, word: str, forms: Forms) -> None:
        word = word.lower()
        for far, form in forms:
            form, claim = spelled(form), (far, word)
            held = self._held.get(form)
            if held is None or claim < held:
                self._held[form] = claim

    def words(self) -> dict[str, str]:
        return {form: word for form, (_, word) in self._held.items()}


def _claims(
    nouns: Iterable[_Noun], own: set[str], lists: Iterable[WordList]
) -> tuple[dict[str, str], dict[str, str]]:
    """The words of all forms that stand before others, and of those at the end."""
    before, last = _Claims(), _Claims()
    barred = {word for words in lists for word in words.barred} - own
    wanted = [noun for noun in nouns if len(noun.lemma) >= SHORTEST_NOUN or noun.lemma in own]
    wanted += [_guessed(word) for word in sorted(own - {noun.lemma for noun in wanted})]
    for noun in wanted:
        if noun.lemma not in barred:
            before.add(noun.lemma, _before(noun))
            last.add(noun.lemma, _last(noun))
    for words in lists:
        for word in words.adjectives | words.endings:
            last.add(word, [(0, word), *((1, word + ending) for ending in _ADJECTIVE)])
        for word in words.adjectives:
            before.add(word, [(0, word)])
        for form, word in words.beginnings.items():
            before.add(word, [(1, form)])
    return before.words(), last.words()


def _settled(lists: Iterable[WordList]) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Words with parts laid down, and words that are never taken apart."""
    fixed: dict[str, tuple[str, ...]] = {}
    whole: set[str] = set()
    for words in lists:
        for word in map(spelled, words.whole):
            whole.add(word)
            fixed.pop(word, None)
        for word, parts in words.fixed.items():
            fixed[spelled(word)] = tuple(part.lower() for part in parts)
            whole.discard(spelled(word))
    return fixed, whole
