"""How the words of a query are to be matched, and what each of them adds to the score.

What is found and how it ranks are two questions to the engine. Found (`Asked.found`) is decided by groups, one for
each word asked for: a group is met by the word, by all of its smallest parts, or by an alternative. The score is the
plain sum of all clauses that an entry meets, those of all groups and those of `Asked.neighbours`, whether or not the
group as a whole is met: an entry that has "Genehmigung" alone gets this part's score for "Baugenehmigung".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

import tantivy

from allmende.retrieval import schema
from allmende.retrieval.having import (
    MUST,
    SHOULD,
    AtLeast,
    Has,
    Having,
    Without,
    all_of,
    any_of,
    as_query,
    as_scored,
)
from allmende.retrieval.partly import enough_parts
from allmende.retrieval.protocol import ENOUGH, Alternative, How, Matching, Query
from allmende.retrieval.ranking import RANKING, Ranking, rarity
from allmende.retrieval.segments import Segments
from allmende.retrieval.text import MAX_QUERY_LENGTH, Token, clean, query_tokens

REMEMBERED = 10_000
FOUND_BY_FEW = 20
"""Where at most one entry in so many is found, clauses are asked one after the other: twice as quick for sentences.
Where more are, it takes longer than all in one."""

RARE = 1_000
"""Entries up to which counting a word costs nothing worth mentioning."""


@dataclass(frozen=True)
class Clause:
    """One thing that scores: `query` gives exactly what it adds to an entry, its boost included; `having` says which
    entries meet it, or for neighbours could.

    `words` are the index words it looks for: of `schema.WORDS` for a word, of `schema.PARTS` for a part (a simple word
    is its own part) and for neighbours, of either for a synonym. `source` is that of the synonym.
    """

    how: How
    words: tuple[str, ...]
    query: tantivy.Query
    having: Having
    source: str = ""


@dataclass(frozen=True)
class Group:
    """One word asked for (or a pair of neighbours): `asked` as typed, the clauses that add up to what it scores.

    `found` is what counts as having the word; None where nothing in the index can.
    """

    asked: str
    clauses: tuple[Clause, ...]
    found: Having | None = None


@dataclass(frozen=True)
class Asked:
    """How the words of a query are to be matched: decided by text and scope, never by filters.

    `text` finds and scores, `found` says which entries that finds, for counting; both None where nothing is asked.
    The score of `text` is the sum of the clauses in `groups` and `neighbours`.
    """

    text: tantivy.Query | None
    found: Having | None
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
    _said_by_parts: dict[tuple[str, Having], bool] = field(default_factory=dict)

    def understand(self, query: Query) -> Asked:
        tokens = query_tokens(query.text)
        if not tokens:
            return Asked(None, None, Matching.NOTHING_ASKED)
        text = clean(query.text, MAX_QUERY_LENGTH)
        groups = self._groups(text, tokens, query.alternatives)
        neighbours = tuple(self._neighbours(text, tokens))
        required = self._required(query, tokens, groups)
        found = self._found(query, tokens, groups, required)
        by_itself = query.any_word or (required == 1 and not any(map(_is_compound, tokens)))
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
        found = [self._ways(token) for token in tokens]
        others: list[list[Having]] = [[] for _ in tokens]
        synonyms: dict[tuple[int, str], list[Sequence[Token]]] = {}
        places = {token.word: place for place, token in enumerate(tokens)}
        for alternative in alternatives:
            typed = [token.word for token in query_tokens(alternative.typed)]
            covered = sorted(places[word] for word in typed if word in places)
            instead = query_tokens(alternative.instead)
            ways = [self._ways_as_other(token) for token in instead]
            if not typed or len(covered) < len(typed) or not instead or not all(ways):
                continue
            synonyms.setdefault((covered[0], alternative.source), []).append(instead)
            for place in covered:
                others[place].append(all_of(map(any_of, ways)))
        for (place, source), all_of_source in synonyms.items():
            clauses[place].append(self._synonym(all_of_source, source))
        return tuple(
            Group(text[token.start : token.end], tuple(adding), any_of(ways) if ways else None)
            for token, adding, ways in zip(tokens, clauses, map(list.__add__, found, others), strict=True)
        )

    def _by_itself(self, token: Token) -> list[Clause]:
        clauses = []
        if self._known(schema.WORDS, token.word):
            word = Has(schema.WORDS, token.word)
            clauses.append(Clause(How.WORD, (token.word,), self._scoring(word), word))
        for part in _parts(token):
            if self._known(schema.PARTS, part):
                has = Has(schema.PARTS, part)
                scoring = tantivy.Query.boost_query(self._scoring(has), self.ranking.part)
                clauses.append(Clause(How.PART, (part,), scoring, has))
        return [*clauses, *self._classified(token)]

    def _classified(self, token: Token) -> Iterator[Clause]:
        """All ways are one clause: an entry that is of a sort is not more so for the word and its parts."""
        if ways := self._class_ways(token):
            found = {way: all_of(Has(schema.CLASSES, word) for word in way) for way in ways}
            scored = [as_scored(having, self.segments.fields) for having in found.values()]
            yield Clause(
                How.CLASS,
                tuple(dict.fromkeys(word for way in ways for word in way)),
                tantivy.Query.boost_query(
                    tantivy.Query.disjunction_max_query(scored), self.ranking.classified
                ),
                any_of(list(found.values())),
            )

    def _class_ways(self, token: Token) -> list[tuple[str, ...]]:
        """Index words that together say that an entry is of this sort."""
        if not self.segments.definition.classes:
            return []
        ways = dict.fromkeys(((token.word,), _parts(token)))
        return [way for way in ways if all(self._known(schema.CLASSES, word) for word in way)]

    def _ways(self, token: Token) -> list[Having]:
        """What each says that an entry has the word, without a synonym; [] where nothing in the index does."""
        classes = [all_of(Has(schema.CLASSES, word) for word in way) for way in self._class_ways(token)]
        return [*self._ways_in_text(token), *classes]

    def _ways_as_other(self, token: Token) -> list[Having]:
        """The same for a word of an alternative, of which a compound counts only as a whole: its parts, here and there
        in a text, are too far from what was asked for ("Müll" and "melden" are no "Mängelmelder")."""
        if not _is_compound(token):
            return self._ways(token)
        fields = (schema.WORDS, schema.CLASSES) if self.segments.definition.classes else (schema.WORDS,)
        return [Has(field, token.word) for field in fields if self._known(field, token.word)]

    def _ways_in_text(self, token: Token) -> list[Having]:
        """The field of parts has every word as a whole, too. So a simple word is looked up there alone, and a compound
        by its parts alone unless some entry has it in a form that is not taken apart alike.
        """
        parts = all_of(Has(schema.PARTS, part) for part in _parts(token))
        by_parts = [parts] if all(self._known(schema.PARTS, part) for part in _parts(token)) else []
        if not token.parts or not self._known(schema.WORDS, token.word):
            return by_parts
        if by_parts and self._parts_say_it(token.word, parts):
            return by_parts
        return [Has(schema.WORDS, token.word), *by_parts]

    def _parts_say_it(self, word: str, parts: Having) -> bool:
        """Whether all entries with the word have its parts; asking for one thing less is worth half the time.

        Forms of one word can have different parts (Antragsteller, Antragstellung): each is looked up for itself.
        """
        if (said := self._said_by_parts.get((word, parts))) is None:
            said = not self.segments.number(Without(Has(schema.WORDS, word), parts), Query())
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
            any_of([all_of(any_of(self._ways_as_other(token)) for token in instead) for instead in choices]),
            source,
        )

    def _all_words(self, instead: Sequence[Token]) -> tantivy.Query:
        scored = []
        for token in instead:
            adding = [(SHOULD, clause.query) for clause in self._by_itself(token)]
            found = as_query(any_of(self._ways_as_other(token)), self.segments.fields)
            scored.append(tantivy.Query.boolean_query([(MUST, found), *adding]))
        return tantivy.Query.boolean_query([(MUST, one) for one in scored])

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
                both = all_of(Has(schema.PARTS, part) for part in pair)
                scoring = tantivy.Query.boost_query(phrase, self.ranking.neighbour)
                clause = Clause(How.NEIGHBOURS, pair, scoring, both)
                yield Group(text[first.start : last.end], (clause,))

    def _known(self, field: str, word: str) -> bool:
        """Rare words are counted: those of entries that were replaced or removed stay in the index's own figure."""
        entries = self.segments.searcher.doc_freq(field, word)
        return entries > RARE or (entries > 0 and self.segments.count(self.segments.term(field, word)) > 0)

    def _scoring(self, has: Has) -> tantivy.Query:
        return self.segments.term(has.field, has.word, "freq")

    # How many of them an entry must have

    def _required(self, query: Query, tokens: Sequence[Token], groups: Sequence[Group]) -> int:
        """All, or the highest number that enough entries in scope have; 0 where none has one."""
        asked = len(groups)
        if query.any_word:
            return 1
        if not any(group.clauses for group in groups):
            return asked
        known = [group.found for group in groups if group.found is not None]
        scope = Query(scope=query.scope)
        nothing_smaller = asked == 1 and not _is_compound(tokens[0])
        if len(known) == asked and (nothing_smaller or self.segments.number(all_of(known), scope)):
            return asked
        return min(asked - 1, self._most_of_enough(known, scope)) if asked > 1 else 0

    def _most_of_enough(self, known: Sequence[Having], scope: Query) -> int:
        """How many of what is known `ENOUGH` entries have at least; 1 where fewer entries have any, 0 where none."""
        numbers = self.segments.numbers(known, scope, ENOUGH)
        enough = [number for number, entries in enumerate(numbers, start=1) if entries >= ENOUGH]
        return max(enough, default=min(1, numbers[0]) if numbers else 0)

    def _found(self, query: Query, tokens: Sequence[Token], groups: Sequence[Group], required: int) -> Having:
        if query.any_word:
            return any_of([clause.having for group in groups for clause in group.clauses])
        if not required:
            return any_of([self._enough_of(token) for token in tokens])
        known = [group.found for group in groups if group.found is not None]
        return all_of(known) if required == len(known) else AtLeast(required, tuple(known))

    def _enough_of(self, token: Token) -> Having:
        """Entries that have so many parts of a word, or so telling ones, that they say something about it."""
        entries = self.segments.searcher.num_docs
        having = {part: self._entries(part) for part in _parts(token)}
        worth = {part: rarity(entries, max(1, count)) for part, count in having.items()}
        chosen = enough_parts(worth, [part for part, count in having.items() if count])
        return any_of([all_of(Has(schema.PARTS, part) for part in parts) for parts in chosen])

    def _entries(self, part: str) -> int:
        """How many have it; exact where they are few, as in `_known`."""
        entries = self.segments.searcher.doc_freq(schema.PARTS, part)
        return self.segments.count(self.segments.term(schema.PARTS, part)) if entries <= RARE else entries

    def _scored(self, found: Having, groups: Sequence[Group], *, by_itself: bool) -> tantivy.Query:
        """Where any clause finds by itself, that is all there is, and the engine can leave out what scores too little;
        else what is found and what it scores are two things.
        """
        scoring = [(SHOULD, clause.query) for group in groups for clause in group.clauses]
        if by_itself:
            return tantivy.Query.boolean_query(scoring)
        must = as_query(found, self.segments.fields)
        if self._is_rare(found):
            return reduce(_and_if_there, (clause for _, clause in scoring), must)
        return tantivy.Query.boolean_query([(MUST, must), *scoring])

    def _is_rare(self, found: Having) -> bool:
        """Not asked of the engine, to which counting is as much work as finding."""
        found_at_all = self.segments.narrowed(found, Query())
        return bool(found_at_all and found_at_all.total * FOUND_BY_FEW <= self.segments.searcher.num_docs)


def _and_if_there(query: tantivy.Query, clause: tantivy.Query) -> tantivy.Query:
    """Each clause is asked about what is found only. All in one, the engine goes through all that any clause finds."""
    return tantivy.Query.boolean_query([(MUST, query), (SHOULD, clause)])


def _parts(token: Token) -> tuple[str, ...]:
    """The smallest parts; a simple word is its own."""
    return token.parts or (token.word,)


def _is_compound(token: Token) -> bool:
    return len(token.parts) > 1
