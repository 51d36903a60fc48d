"""Words that are no topic but a filter: "Mängelmelder kostenlos" means a price, "in der Cloud" who runs it.

Which words these are is data: a term of a filter's scheme that has a `hint` (what the offer says), with its label and
its search words. The names of the Länder lead to the filter by Land.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from allmende.retrieval.protocol import UNSTATED
from allmende.search.definition import FACETS
from allmende.search.labels import Known
from allmende.search.phrases import Phrases

# A longer one is the same word in another form; of a short one that is another word ("frei", "freie Parkplätze").
SHORT = 4
MOST = 4


@dataclass(frozen=True)
class Hint:
    """The filter that words of a question stand for.

    `typed` are the words, `text_without` is the question without them, `sentence` what to write on the offer,
    `label` the name of the value. Choosing it means: `text_without`, and `code` chosen in `facet`.
    """

    facet: str
    code: str
    label: str
    typed: str
    text_without: str
    sentence: str


def hints_in(text: str, known: Known, choices: Mapping[str, Sequence[str]]) -> tuple[Hint, ...]:
    """Filters that the question names in words and that are not chosen yet, in the order of the words; at most four."""
    found = [hint for hint in _all_in(text, known) if hint.code not in choices.get(hint.facet, ())]
    return tuple(found[:MOST])


def _all_in(text: str, known: Known) -> Iterator[Hint]:
    for found in _phrases(known).found_in(text):
        for facet, code, label, sentence, written in found.meant:
            if len(found.typed) > SHORT or found.typed.casefold() == written.casefold():
                yield Hint(facet, code, label, found.typed, without(text, [found.typed]), sentence)


def without(text: str, typed: Sequence[str]) -> str:
    """The text without these pieces of it, blanks collapsed."""
    for piece in typed:
        text = text.replace(piece, " ", 1)
    return " ".join(text.split())


Meant = tuple[str, str, str, str, str]
"""Facet, code, label, sentence, and the phrase as it is written in the vocabulary."""


@lru_cache(maxsize=2)
def _phrases(known: Known) -> Phrases[Meant]:
    return Phrases.of([*_of_terms(known), *_of_laender(known)])


def _of_terms(known: Known) -> Iterator[tuple[str, Meant]]:
    for facet, scheme in FACETS.items():
        for term in known.vocabulary.terms(scheme) if scheme else ():
            sentence = term.extra.get("hint")
            for written in (term.label, *term.synonyms) if sentence else ():
                yield written, (facet, term.code, term.label, str(sentence), written)


def _of_laender(known: Known) -> Iterator[tuple[str, Meant]]:
    for code, label in known.labels["land"].items():
        if code != UNSTATED:
            sentence = f"Nur zeigen, was Kommunen in diesem Land nutzen: {label}"
            yield label, ("land", code, label, sentence, label)
