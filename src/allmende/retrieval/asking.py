"""How the words of a query are to be matched, and what each of them adds to the score.

What is found and how it ranks are two questions to the engine. Found (`Asked.found`) is decided by groups, one for
each word asked for: a group is met by the word, by all of its smallest parts, or by an alternative. The score is the
plain sum of all clauses that an entry meets, those of all groups and those of `Asked.neighbours`, whether or not the
group as a whole is met: an entry that has "Genehmigung" alone gets this part's score for "Baugenehmigung".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from math import comb

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.protocol import ENOUGH, Alternative, How, Matching, Query
from allmende.retrieval.ranking import RANKING, Ranking
from allmende.retrieval.segments import MUST, MUST_NOT, SHOULD, Segments
from allmende.retrieval.text import MAX_QUERY_LENGTH, Token, clean, query_tokens

Term = tuple[str, str]
"""A field of the index and a word in it."""

REMEMBERED = 10_000
MOST_COMBINATIONS = 36
"""Up to so many ways to have as many words as required are asked for one by one: each is as quick as its rarest word,
while the engine goes through all entries of all words for "at least four of six" (0.5 and 2.4 ms of 100,000)."""


RARE = 1_000
"""Entries up to which counting a word costs nothing worth mentioning."""


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

    `found` is what counts as having the word, without a score; None where nothing in the index can. `needs` are the
    terms that say the same all together, where they do.
    """

    asked: str
    clauses: tuple[Clause, ...]
    found: tantivy.Query | None = None
    needs: tuple[Term, ...] = ()


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

    @property
    def marked(self) -> tuple[str, ...]:
        """All index words by which the words of a text are marked, each once."""
        looked_for = [word for group in self.groups for clause in group.clauses for word in clause.words]
        return tuple(dict.fromkeys((*self.words, *looked_for)))


@dataclass(frozen=True)
class Asking:
    """Turns what a reader typed into a question of the engine."""

    segments: Segments
    ranking: Ranking = RANKING
    _said_by_parts: dict[tuple[str, tuple[Term, ...]], bool] = field(default_factory=dict)

    def understand(self, query: Query) -> Asked:
        tokens = query_tokens(query.text)
        if not tokens:
            return Asked(None, None, Matching.NOTHING_ASKED)
        text = clean(query.text, MAX_QUERY_LENGTH)
        groups = self._groups(text, tokens, query.alternatives)
        neighbours = tuple(self._neighbours(text, tokens))
        required = self._required(query, tokens, groups)
        found = self._found(query, groups, required)
        by_itself = query.any_word or not required or (required == 1 and not any(map(_is_compound, tokens)))
        return Asked(
            self._scored(found, (*groups, *neighbours), by_itself=by_itself),
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
        found: list[list[tuple[Term, ...]]] = [self._ways(token) for token in tokens]
        others: list[list[tantivy.Query]] = [[] for _ in tokens]
        synonyms: dict[tuple[int, str], list[Sequence[Token]]] = {}
        places = {token.word: place for place, token in enumerate(tokens)}
        for alternative in alternatives:
            typed = [token.word for token in query_tokens(alternative.typed)]
            covered = sorted(places[word] for word in typed if word in places)
            instead = query_tokens(alternative.instead)
            ways = [self._ways(token) for token in instead]
            if not typed or len(covered) < len(typed) or not instead or not all(ways):
                continue
            synonyms.setdefault((covered[0], alternative.source), []).append(instead)
            for place in covered:
                others[place].append(_all([self._one_of(one) for one in ways]))
        for (place, source), all_of_source in synonyms.items():
            clauses[place].append(self._synonym(all_of_source, source))
        return tuple(
            self._group(text[token.start : token.end], adding, ways, more)
            for token, adding, ways, more in zip(tokens, clauses, found, others, strict=True)
        )

    def _group(
        self,
        asked: str,
        clauses: Sequence[Clause],
        ways: Sequence[tuple[Term, ...]],
        others: Sequence[tantivy.Query],
    ) -> Group:
        if not ways and not others:
            return Group(asked, tuple(clauses))
        found = _any([*(self._all_of(way) for way in ways), *others])
        return Group(asked, tuple(clauses), found, ways[0] if len(ways) == 1 and not others else ())

    def _by_itself(self, token: Token) -> list[Clause]:
        clauses = []
        if self._known(schema.WORDS, token.word):
            clauses.append(Clause(How.WORD, (token.word,), self._term(schema.WORDS, token.word)))
        for part in _parts(token):
            if self._known(schema.PARTS, part):
                term = tantivy.Query.boost_query(self._term(schema.PARTS, part), self.ranking.part)
                clauses.append(Clause(How.PART, (part,), term))
        return [*clauses, *self._classified(token)]

    def _classified(self, token: Token) -> Iterator[Clause]:
        """All ways are one clause: an entry that is of a sort is not more so for the word and its parts."""
        if ways := self._class_ways(token):
            scored = tantivy.Query.disjunction_max_query([self._all_of(way) for way in ways])
            words = tuple(dict.fromkeys(word for way in ways for _, word in way))
            yield Clause(How.CLASS, words, tantivy.Query.boost_query(scored, self.ranking.classified))

    def _class_ways(self, token: Token) -> list[tuple[Term, ...]]:
        if not self.segments.definition.classes:
            return []
        whole, parts = (token.word,), _parts(token)
        ways = (tuple((schema.CLASSES, word) for word in way) for way in dict.fromkeys((whole, parts)))
        return [way for way in ways if all(self._known(*term) for term in way)]

    def _ways(self, token: Token) -> list[tuple[Term, ...]]:
        """Terms that together say that an entry has the word, without a synonym; [] where nothing in the index does."""
        return [*self._ways_in_text(token), *self._class_ways(token)]

    def _ways_in_text(self, token: Token) -> list[tuple[Term, ...]]:
        """The field of parts has every word as a whole, too. So a simple word is looked up there alone, and a compound
        by its parts alone unless some entry has it in a form that is not taken apart alike.
        """
        parts = tuple((schema.PARTS, part) for part in _parts(token))
        by_parts = [parts] if all(self._known(*part) for part in parts) else []
        if not token.parts or not self._known(schema.WORDS, token.word):
            return by_parts
        if by_parts and self._parts_say_it(token.word, parts):
            return by_parts
        return [((schema.WORDS, token.word),), *by_parts]

    def _parts_say_it(self, word: str, parts: tuple[Term, ...]) -> bool:
        """Whether all entries with the word have its parts; asking for one thing less is worth half the time.

        Forms of one word can have different parts (Antragsteller, Antragstellung): each is looked up for itself.
        """
        if (said := self._said_by_parts.get((word, parts))) is None:
            without = [(MUST, self.segments.term(schema.WORDS, word)), (MUST_NOT, self._all_of(parts))]
            said = not self.segments.count(tantivy.Query.boolean_query(without))
            if len(self._said_by_parts) >= REMEMBERED:
                self._said_by_parts.clear()
            self._said_by_parts[word, parts] = said
        return said

    def _synonym(self, choices: Sequence[Sequence[Token]], source: str) -> Clause:
        """Of the words that one source has for the same, that which gives most: they are one thing said in many ways,
        and added up they would outweigh the word itself."""
        best = [self._all_words(instead) for instead in choices]
        scored = best[0] if len(best) == 1 else tantivy.Query.disjunction_max_query(best)
        words = (word for instead in choices for token in instead for word in (token.word, *_parts(token)))
        return Clause(
            How.SYNONYM,
            tuple(dict.fromkeys(words)),
            tantivy.Query.boost_query(scored, self.ranking.synonym),
            source,
        )

    def _all_words(self, instead: Sequence[Token]) -> tantivy.Query:
        scored = []
        for token in instead:
            adding = [(SHOULD, clause.query) for clause in self._by_itself(token)]
            found = self._one_of(self._ways(token))
            scored.append(tantivy.Query.boolean_query([(MUST, _unscored(found)), *adding]))
        return _all(scored)

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
        """Rare words are counted: those of entries that were replaced or removed stay in the index's own figure."""
        entries = self.segments.searcher.doc_freq(field, word)
        return entries > RARE or (entries > 0 and self.segments.count(self.segments.term(field, word)) > 0)

    def _term(self, field: str, word: str) -> tantivy.Query:
        return self.segments.term(field, word, "freq")

    # How many of them an entry must have

    def _all_of(self, terms: Sequence[Term]) -> tantivy.Query:
        return _all([self.segments.term(*term) for term in dict.fromkeys(terms)])

    def _one_of(self, ways: Sequence[tuple[Term, ...]]) -> tantivy.Query:
        return _any([self._all_of(way) for way in ways])

    def _required(self, query: Query, tokens: Sequence[Token], groups: Sequence[Group]) -> int:
        """All, or the highest number that enough entries in scope have; 0 where none has one."""
        asked = len(groups)
        if query.any_word:
            return 1
        if not any(group.clauses for group in groups):
            return asked
        known = sum(group.found is not None for group in groups)
        scope = replace(Query(), scope=query.scope)
        words = _unscored(self._all_of([(schema.WORDS, token.word) for token in tokens]))
        by_words = self.segments.combined(words, scope)
        nothing_smaller = asked == 1 and not _is_compound(tokens[0])
        if known == asked and (
            nothing_smaller or self.segments.count(by_words) or self._all_in(groups, scope)
        ):
            return asked
        return min(asked - 1, self._most_of_enough(groups, scope)) if asked > 1 else 0

    def _all_in(self, groups: Sequence[Group], scope: Query) -> bool:
        found = _unscored(self._at_least(groups, len(groups)))
        return bool(self.segments.count(self.segments.combined(found, scope)))

    def _most_of_enough(self, groups: Sequence[Group], scope: Query) -> int:
        """How many of the groups `ENOUGH` entries meet at least; 1 where fewer entries meet any, 0 where none does.

        Scored by 1 for each group met, the entry in that place says it: one search instead of a count for each number.
        """
        ways = [_each_is_1(group.found) for group in groups if group.found is not None]
        if not ways:
            return 0
        places = self.segments.first(self.segments.combined(_any(ways), scope), ENOUGH)
        return round(float(places[-1][0])) if len(places) == ENOUGH else min(1, len(places))

    def _found(self, query: Query, groups: Sequence[Group], required: int) -> tantivy.Query:
        if query.any_word or not required:
            return _unscored(_any([clause.query for group in groups for clause in group.clauses]))
        return _unscored(self._at_least(groups, required))

    def _at_least(self, groups: Sequence[Group], required: int) -> tantivy.Query:
        known = [group for group in groups if group.found is not None]
        ways = [group.found for group in known if group.found is not None]
        if required > len(ways):
            return tantivy.Query.empty_query()
        if required == 1 and len(ways) > 1:
            return _any(ways)
        if 1 < required < len(ways) and comb(len(ways), required) <= MOST_COMBINATIONS:
            return _any([_all(together) for together in combinations(ways, required)])
        if required < len(ways):
            found = [(SHOULD, way) for way in ways]
            return tantivy.Query.boolean_query(found, minimum_number_should_match=required)
        terms = dict.fromkeys(term for group in known for term in group.needs)
        others = [group.found for group in known if group.found is not None and not group.needs]
        return _all([*(self.segments.term(*term) for term in terms), *others])

    def _scored(self, found: tantivy.Query, groups: Sequence[Group], *, by_itself: bool) -> tantivy.Query:
        """Where any clause finds by itself, that is all there is, and the engine can leave out what scores too little;
        else what is found and what it scores are two things.
        """
        scoring = [(SHOULD, clause.query) for group in groups for clause in group.clauses]
        if by_itself:
            return tantivy.Query.boolean_query(scoring)
        return tantivy.Query.boolean_query([(MUST, found), *scoring])


def _parts(token: Token) -> tuple[str, ...]:
    """The smallest parts; a simple word is its own."""
    return token.parts or (token.word,)


def _is_compound(token: Token) -> bool:
    return len(token.parts) > 1


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return (
        queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(SHOULD, one) for one in queries])
    )


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(MUST, one) for one in queries])


def _unscored(query: tantivy.Query) -> tantivy.Query:
    """Counting what has several words takes half the time where the engine knows that nobody asks for scores."""
    return tantivy.Query.const_score_query(query, 0.0)


def _each_is_1(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 1.0)
