"""Words that are no topic but a filter: "Mängelmelder kostenlos" means a price, "in der Cloud" who runs it.

Which words these are is data: a term of a filter's scheme that has a `hint` (what the offer says), with its label and
its search words. The names of the Länder lead to the filter by Land.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from allmende.retrieval.protocol import UNSTATED
from allmende.search.definition import FACETS
from allmende.search.labels import Known
from allmende.search.phrases import Found, Phrases, kept_for_the_last
from allmende.vocabulary.queries import Vocabulary

# A longer one is the same word in another form; of a short one that is another word ("frei", "freie Parkplätze").
SHORT = 4
MOST = 4


@dataclass(frozen=True)
class Hint:
    """The filter that words of a question stand for.

    `typed` are the words, which stand at `place` (start and end) in the question, `text_without` is the question
    without them, `sentence` what to write on the offer, `label` the name of the value. Choosing it means:
    `text_without`, and `code` chosen in `facet`.
    """

    facet: str
    code: str
    label: str
    typed: str
    place: tuple[int, int]
    text_without: str
    sentence: str


@dataclass(frozen=True)
class Meant:
    """What a phrase of the vocabulary, as it is `written` there, leads to."""

    facet: str
    code: str
    label: str
    sentence: str
    written: str


def hints_in(text: str, known: Known, choices: Mapping[str, Sequence[str]]) -> tuple[Hint, ...]:
    """Filters that the question names in words and that are not chosen yet, in the order of the words; at most four."""
    found: dict[tuple[str, str], Hint] = {}
    for hint in _all_in(text, known):
        if hint.code not in choices.get(hint.facet, ()):
            found.setdefault((hint.facet, hint.code), hint)
    return tuple(found.values())[:MOST]


def _all_in(text: str, known: Known) -> Iterator[Hint]:
    named = [*_of_terms(known.vocabulary).found_in(text), *_of_laender(known).found_in(text)]
    for found in sorted(named, key=lambda found: found.start):
        # As it is written if it stands there so, with the small words that the index leaves out: "in der Cloud".
        ways = [(_place(meant.written, text, found), meant) for meant in found.meant]
        for (start, end), meant in sorted(ways, key=lambda way: way[0][0] - way[0][1]):
            typed = text[start:end]
            if len(typed) > SHORT or typed.casefold() == meant.written.casefold():
                left = without(text, [(start, end)])
                yield Hint(meant.facet, meant.code, meant.label, typed, (start, end), left, meant.sentence)


def _place(written: str, text: str, found: Found[Meant]) -> tuple[int, int]:
    """Where the phrase stands as it is written, around what was found of it; else what was found."""
    # In the text itself: folded, an "ß" is two letters, and all behind it would stand elsewhere.
    for whole in re.finditer(rf"(?<!\w){re.escape(written)}", text, re.IGNORECASE):
        if whole.start() <= found.start and found.end <= whole.end():
            return whole.span()
    return found.start, found.end


def without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text without these pieces of it (start and end of each), blanks collapsed."""
    signs = list(text)
    for start, end in places:
        signs[start:end] = " " * (end - start)
    return " ".join("".join(signs).split())


@kept_for_the_last
def _of_terms(vocabulary: Vocabulary) -> Phrases[Meant]:
    return Phrases.of((meant.written, meant) for meant in _terms(vocabulary))


def _terms(vocabulary: Vocabulary) -> Iterator[Meant]:
    for facet, scheme in FACETS.items():
        for term in vocabulary.terms(scheme) if scheme else ():
            if sentence := term.extra.get("hint"):
                for written in (term.label, *term.synonyms):
                    yield Meant(facet, term.code, term.label, str(sentence), written)


@kept_for_the_last
def _of_laender(known: Known) -> Phrases[Meant]:
    sentence = "Nur zeigen, was Kommunen in diesem Land nutzen: {}"
    return Phrases.of(
        (label, Meant("land", code, label, sentence.format(label), label))
        for code, label in known.labels["land"].items()
        if code != UNSTATED
    )
