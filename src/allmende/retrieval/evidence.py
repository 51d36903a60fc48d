"""What in an entry adds to its score, clause by clause, with the words as they stand in its texts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.asking import Asked, Clause, Group
from allmende.retrieval.compounds import split
from allmende.retrieval.having import MUST
from allmende.retrieval.protocol import Evidence, How
from allmende.retrieval.ranking import RANKING
from allmende.retrieval.segments import Segments, identity_of, source_of
from allmende.retrieval.text import Token, stem, tokens

MOST_FORMS = 12
"""Different forms of one word that are named."""


Meeting = Iterator[tuple[Token, Token]]
Meets = Callable[[Sequence[Token], Sequence[str]], Meeting]
"""From the first to the last word of each place in a text where index words are met."""


@dataclass(frozen=True)
class Stretch:
    """Characters of a stored text that a clause is met by."""

    field: str
    form: str


class Entry:
    """One entry of the index, read once: its texts, and what single questions give it."""

    def __init__(self, segments: Segments, place: tantivy.DocAddress) -> None:
        self._segments = segments
        document = segments.searcher.doc(place)
        self.id = identity_of(document)
        texts = source_of(document)[2]
        weights = segments.definition.weights
        searched = sorted(
            (field for field in texts if weights.get(field)), key=lambda one: (-weights[one], one)
        )
        self._classes = [field for field in segments.definition.classes if field in texts]
        self._searched = searched
        self.texts: Mapping[str, str] = {field: texts[field] for field in (*searched, *self._classes)}
        self._tokens = {field: list(tokens(text)) for field, text in self.texts.items()}

    def score(self, query: tantivy.Query) -> float:
        """What the query gives this entry; 0.0 where it does not find it."""
        this = self._segments.term(schema.ID, self.id)
        both = [(MUST, query), (MUST, tantivy.Query.const_score_query(this, 0.0))]
        hits = self._segments.searcher.search(tantivy.Query.boolean_query(both), limit=1, count=False).hits
        return float(hits[0][0]) if hits else 0.0

    def evidence(self, asked: Asked) -> tuple[Evidence, ...]:
        """Everything that adds to the lexical score, word by word in the order of the query, neighbours last."""
        groups = chain(asked.groups, asked.neighbours)
        return tuple(
            self._evidence(group, clause, score)
            for group in groups
            for clause in group.clauses
            if (score := self.score(clause.query))
        )

    def _evidence(self, group: Group, clause: Clause, score: float) -> Evidence:
        stretches = list(dict.fromkeys(self._stretches(clause)))
        forms = tuple(dict.fromkeys(one.form for one in stretches))[:MOST_FORMS]
        fields = tuple(dict.fromkeys(one.field for one in stretches))
        return Evidence(group.asked, clause.how, forms, fields, score, clause.source, _part(group, clause))

    def missing(self, asked: Asked, found: Sequence[Evidence]) -> tuple[str, ...]:
        """Words asked for of which nothing was found, not a part and no synonym."""
        there = {one.asked for one in found}
        return tuple(group.asked for group in asked.groups if group.asked not in there)

    # Where it stands

    def _stretches(self, clause: Clause) -> Iterator[Stretch]:
        found = list(self._met(_MEETS[clause.how], clause))
        # Over the end of a field the engine takes words for neighbours that no reader would.
        yield from found or self._met(_as_either, clause)

    def _met(self, meets: Meets, clause: Clause) -> Iterator[Stretch]:
        for field in self._fields_of(clause.how):
            for first, last in meets(self._tokens[field], clause.words):
                yield Stretch(field, self.texts[field][first.start : last.end])

    def _fields_of(self, how: How) -> Iterable[str]:
        if how is How.SYNONYM:
            return self.texts
        return self._classes if how is How.CLASS else self._searched


def _part(group: Group, clause: Clause) -> str:
    parts = split(group.asked) if clause.how is How.PART else ()
    return next((part for part in parts if len(parts) > 1 and stem(part) == clause.words[0]), "")


def _as_word(there: Sequence[Token], words: Sequence[str]) -> Meeting:
    return ((token, token) for token in there if token.word in words)


def _as_part(there: Sequence[Token], words: Sequence[str]) -> Meeting:
    return ((token, token) for token in there if set(words) & set(_parts(token)))


def _as_either(there: Sequence[Token], words: Sequence[str]) -> Meeting:
    return ((token, token) for token in there if set(words) & {token.word, *_parts(token)})


def _as_neighbours(there: Sequence[Token], words: Sequence[str]) -> Meeting:
    """From one to the other, with as many parts between as the engine bears with."""
    parts = [(part, token) for token in there for part in _parts(token)]
    for place, (part, first) in enumerate(parts):
        if part != words[0]:
            continue
        for other, last in parts[place + 1 : place + 2 + RANKING.gap]:
            if other == words[1]:
                yield first, last


def _parts(token: Token) -> tuple[str, ...]:
    return token.parts or (token.word,)


_MEETS: dict[How, Meets] = {
    How.WORD: _as_word,
    How.PART: _as_part,
    How.SYNONYM: _as_either,
    How.CLASS: _as_either,
    How.NEIGHBOURS: _as_neighbours,
}
