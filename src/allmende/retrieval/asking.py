"""How the words of a query are to be matched, and what each of them adds to the score.

What is found and how it ranks are two questions to the engine. Found (`Asked.found`) is decided by groups, one for
each word asked for: a group is met by the word, by all of its smallest parts, or by an alternative. The score is the
plain sum of all clauses that an entry meets, those of all groups and those of `Asked.neighbours`, whether or not the
group as a whole is met: an entry that has "Genehmigung" alone gets this part's score for "Baugenehmigung".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.protocol import ENOUGH, Alternative, How, Matching, Query
from allmende.retrieval.ranking import RANKING, Ranking
from allmende.retrieval.segments import MUST, SHOULD, Segments
from allmende.retrieval.text import MAX_QUERY_LENGTH, Token, clean, query_tokens


@dataclass(frozen=True)
class Clause:
    """One thing that scores: `query` gives exactly what it adds to an entry, its boost included.

    `words` are the index words it looks for: of `schema.WORDS` for a word, of `schema.PARTS` for a part (a simple word
    is its own part) and for neighbours, of either for a synonym. `source` is that of the synonym.
    """

    how: How
    words: tuple[str, ...]
    query: tantivy.Query
    source: str = ""


@dataclass(frozen=True)
class Group:
    """One word asked for (or a pair of neighbours): `asked` as typed, the clauses that add up to what it scores.

    `found` is what counts as having the word, without a score; None where nothing in the index can.
    """

    asked: str
    clauses: tuple[Clause, ...]
    found: tantivy.Query | None = None


@dataclass(frozen=True)
class Asked:
    """How the words of a query are to be matched: decided by text and scope, never by filters.

    `text` finds and scores, `found` finds the same entries at less cost, for counting; both None where nothing is
    asked. The score of `text` is the sum of the clauses in `groups` and `neighbours`.
    """

    text: tantivy.Query | None
    found: tantivy.Query | None
    matching: Matching
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    required: int = 0
    groups: tuple[Group, ...] = ()
    neighbours: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Asking:
    """Turns what a reader typed into a question of the engine."""

    segments: Segments
    ranking: Ranking = RANKING

    def understand(self, query: Query) -> Asked:
        tokens = query_tokens(query.text)
        if not tokens:
            return Asked(None, None, Matching.NOTHING_ASKED)
        text = clean(query.text, MAX_QUERY_LENGTH)
        groups = self._groups(text, tokens, query.alternatives)
        neighbours = tuple(self._neighbours(text, tokens))
        required = self._required(query, groups)
        found = self._found(query, groups, required)
        return Asked(
            self._scored(query, found, (*groups, *neighbours)),
            found,
            Matching.ALL if required == len(groups) and not query.any_word else Matching.FEWER,
            tuple(token.word for token in tokens),
            tuple(group.asked for group in groups if group.found is None),
            required,
            groups,
            neighbours,
        )

    # What each word asks for

    def _groups(
        self, text: str, tokens: Sequence[Token], alternatives: Sequence[Alternative]
    ) -> tuple[Group, ...]:
        clauses = [self._by_itself(token) for token in tokens]
        found = [self._ways(token) for token in tokens]
        places = {token.word: place for place, token in enumerate(tokens)}
        for alternative in alternatives:
            typed = [token.word for token in query_tokens(alternative.typed)]
            covered = sorted(places[word] for word in typed if word in places)
            instead = query_tokens(alternative.instead)
            ways = [self._ways(token) for token in instead]
            if not typed or len(covered) < len(typed) or not instead or not all(ways):
                continue
            clauses[covered[0]].append(self._synonym(instead, alternative.source))
            for place in covered:
                found[place].append(_all([_any(one) for one in ways]))
        return tuple(
            Group(text[token.start : token.end], tuple(adding), _any(ways) if ways else None)
            for token, adding, ways in zip(tokens, clauses, found, strict=True)
        )

    def _by_itself(self, token: Token) -> list[Clause]:
        clauses = []
        if self._known(schema.WORDS, token.word):
            clauses.append(Clause(How.WORD, (token.word,), self._term(schema.WORDS, token.word)))
        for part in _parts(token):
            if self._known(schema.PARTS, part):
                term = tantivy.Query.boost_query(self._term(schema.PARTS, part), self.ranking.part)
                clauses.append(Clause(How.PART, (part,), term))
        return clauses

    def _ways(self, token: Token) -> list[tantivy.Query]:
        """How an entry can have the word without a synonym: none where the index knows neither it nor its parts."""
        ways = []
        if self._known(schema.WORDS, token.word):
            ways.append(self.segments.term(schema.WORDS, token.word))
        parts = _parts(token)
        if all(self._known(schema.PARTS, part) for part in parts):
            ways.append(_all([self.segments.term(schema.PARTS, part) for part in parts]))
        return ways

    def _synonym(self, instead: Sequence[Token], source: str) -> Clause:
        scored = []
        for token in instead:
            adding = [(SHOULD, clause.query) for clause in self._by_itself(token)]
            scored.append(tantivy.Query.boolean_query([(MUST, _unscored(_any(self._ways(token)))), *adding]))
        words = tuple(word for token in instead for word in dict.fromkeys((token.word, *_parts(token))))
        return Clause(
            How.SYNONYM, words, tantivy.Query.boost_query(_all(scored), self.ranking.synonym), source
        )

    def _neighbours(self, text: str, tokens: Sequence[Token]) -> Iterator[Group]:
        """Rarest pairs first, as many as may cost their time; see `Ranking.neighbour_entries`."""
        parts = [(part, token) for token in tokens for part in _parts(token)]
        pairs = {(one[0], two[0]): (one[1], two[1]) for one, two in pairwise(parts) if one[0] != two[0]}
        entries = {
            pair: min(self.segments.searcher.doc_freq(schema.PARTS, part) for part in pair) for pair in pairs
        }
        left = self.ranking.neighbour_entries
        for pair in sorted(pairs, key=lambda pair: (entries[pair], pair)):
            left -= entries[pair]
            if left < 0:
                return
            if entries[pair]:
                first, last = pairs[pair]
                phrase = tantivy.Query.phrase_query(
                    self.segments.fields, schema.PARTS, list(pair), self.ranking.gap
                )
                clause = Clause(
                    How.NEIGHBOURS, pair, tantivy.Query.boost_query(phrase, self.ranking.neighbour)
                )
                yield Group(text[first.start : last.end], (clause,))

    def _known(self, field: str, word: str) -> bool:
        return bool(self.segments.searcher.doc_freq(field, word))

    def _term(self, field: str, word: str) -> tantivy.Query:
        return self.segments.term(field, word, "freq")

    # How many of them an entry must have

    def _required(self, query: Query, groups: Sequence[Group]) -> int:
        """All, or the highest number that enough entries in scope have."""
        if query.any_word:
            return 1
        asked = len(groups)
        known = sum(group.found is not None for group in groups)
        if not known:
            return asked
        scope = replace(Query(), scope=query.scope)

        def entries(required: int) -> int:
            return self.segments.count(self.segments.combined(_at_least(groups, required), scope))

        if known == asked and (asked == 1 or entries(asked)):
            return asked
        most = known if known < asked else asked - 1
        return _highest(1, most, lambda required: entries(required) >= ENOUGH)

    def _found(self, query: Query, groups: Sequence[Group], required: int) -> tantivy.Query:
        if query.any_word:
            return _any([clause.query for group in groups for clause in group.clauses])
        return _at_least(groups, required)

    def _scored(self, query: Query, found: tantivy.Query, groups: Sequence[Group]) -> tantivy.Query:
        """Where any word will do, each clause finds by itself; else what is found and what it scores are two things."""
        scoring = [(SHOULD, clause.query) for group in groups for clause in group.clauses]
        if query.any_word:
            return tantivy.Query.boolean_query(scoring)
        return tantivy.Query.boolean_query([(MUST, _unscored(found)), *scoring])


def _parts(token: Token) -> tuple[str, ...]:
    """The smallest parts; a simple word is its own."""
    return token.parts or (token.word,)


def _at_least(groups: Sequence[Group], required: int) -> tantivy.Query:
    ways = [group.found for group in groups if group.found is not None]
    if required > len(ways):
        return tantivy.Query.empty_query()
    if required == len(ways):
        return _all(ways)
    if required == 1:
        return _any(ways)
    return tantivy.Query.boolean_query([(SHOULD, way) for way in ways], minimum_number_should_match=required)


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return (
        queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(SHOULD, one) for one in queries])
    )


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(MUST, one) for one in queries])


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _highest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The highest number between low and high for which it holds, low if for none; above it, it never holds again."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
