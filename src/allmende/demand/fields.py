"""Which Handlungsfeld a need belongs to, suggested from its text, each with the reason.

Two witnesses: words of the vocabulary that stand in the text, and the Handlungsfelder of the solutions that the search
finds for it. The town decides.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from allmende.lib.actors import Actor
from allmende.retrieval.text import clean, query_tokens, tokens
from allmende.search.phrases import Phrases, kept_for_the_last, words_of
from allmende.search.queries import Question, SearchUnavailable, find
from allmende.vocabulary.queries import Vocabulary, current

MOST = 3
SCHEME = "field_of_action"
# A word of the vocabulary that stands there counts as much as three of ten solutions found; a part of a word, as one.
_WORD, _PART = 3, 1
_MOST_WORDS = 3
# Of ten solutions, one alone says nothing.
_FEWEST_FOUND = 2
_LOOKED_AT = 10
_LONGEST = 1_000


@dataclass(frozen=True)
class Suggestion:
    code: str
    label: str
    reason: str


@dataclass(frozen=True)
class _Words:
    whole: Phrases[str]
    parts: dict[str, tuple[str, ...]]


def suggestions(text: str, actor: Actor) -> list[Suggestion]:
    """At most three, the most telling first; none for a text that says nothing. As many queries as a search."""
    text = clean(text, _LONGEST)
    if not text.strip():
        return []
    vocabulary = current()
    words = _words_in(text, vocabulary)
    found, looked_at = _found(text, actor)
    score: Counter[str] = Counter()
    for code, typed in words.items():
        score[code] += sum(typed.values())
    for code, number in found.items():
        score[code] += number
    labels = {term.code: term.label for term in vocabulary.terms(SCHEME)}
    best = sorted((code for code in score if code in labels), key=lambda code: (-score[code], code))[:MOST]
    return [
        Suggestion(code, labels[code], _reason(list(words.get(code, ())), found.get(code, 0), looked_at))
        for code in best
    ]


def _words_in(text: str, vocabulary: Vocabulary) -> dict[str, dict[str, int]]:
    """Code → what was typed that speaks for it → how much that counts."""
    known = _words(vocabulary)
    found: dict[str, dict[str, int]] = {}
    for phrase in known.whole.found_in(text):
        for code in phrase.meant:
            found.setdefault(code, {})[phrase.typed] = _WORD
    for token in tokens(text):
        for part in token.parts:
            for code in known.parts.get(part, ()):
                found.setdefault(code, {}).setdefault(text[token.start : token.end], _PART)
    return found


@kept_for_the_last
def _words(vocabulary: Vocabulary) -> _Words:
    pairs = list(_pairs(vocabulary))
    single: dict[str, dict[str, None]] = {}
    for phrase, code in pairs:
        words = words_of(phrase)
        if len(words) == 1:
            single.setdefault(words[0], {})[code] = None
    return _Words(Phrases.of(pairs), {word: tuple(codes) for word, codes in single.items()})


def _pairs(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for term in vocabulary.terms(SCHEME):
        for phrase in (term.label, *term.synonyms):
            yield phrase, term.code


def _found(text: str, actor: Actor) -> tuple[dict[str, int], int]:
    """Code → how many of the first solutions found belong to it; and how many were looked at."""
    # Without a word to search for, the search shows everything.
    if not query_tokens(text):
        return {}, 0
    try:
        page = find(Question(text=text), actor)
    except SearchUnavailable:
        return {}, 0
    first = [hit.card.solution.primary_field for hit in page.hits[:_LOOKED_AT]]
    counted = Counter(code for code in first if code)
    return {code: number for code, number in counted.items() if number >= _FEWEST_FOUND}, len(first)


def _reason(typed: list[str], number: int, looked_at: int) -> str:
    said = []
    if typed:
        said.append(f"Sie schreiben {_quoted(typed[:_MOST_WORDS])}.")
    if number:
        said.append(f"{number} der {looked_at} Lösungen, die am besten zu Ihrem Text passen, gehören dazu.")
    return " ".join(said)


def _quoted(words: list[str]) -> str:
    quoted = [f"„{word}“" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} und {quoted[-1]}"
