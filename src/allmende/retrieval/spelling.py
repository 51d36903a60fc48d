"""„Meinten Sie“: the words of a query replaced by those the reader probably meant.

Only where a word is in no entry, or no entry has all words, and only words that find nothing are replaced. What is
proposed was found first: each new word finds something in the reader's scope, and the new query finds entries with at
least as large a share of its words, and not fewer of them, than the query as typed. Filters play no part, like
everywhere when words are understood.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from math import log2

from allmende.retrieval.asking import Asked, Asking
from allmende.retrieval.mistakes import distance
from allmende.retrieval.protocol import Matching, Query
from allmende.retrieval.segments import Segments
from allmende.retrieval.surfaces import LONGEST, SHORTEST, Wordlist
from allmende.retrieval.text import MAX_QUERY_LENGTH, Token, clean, normalise, tokens

SHORTEST_CORRECTED = 4
LIMITS = ((6, 1.0), (9, 1.5), (12, 1.7))
"""Up to so many letters, the greatest distance; of longer words it is `FARTHEST`. Beside words that find something, a
word without an entry is often right and only absent: of 20 questions with such words, 8 were "corrected" while two
plain mistakes were allowed from seven letters on, and 2 with these limits."""

LIMITS_WITHOUT_HITS = LIMITS[:1]
"""Where nothing is found, there is nothing to lose: of two slips in words of seven to nine letters 83 % are set right
and not 30 %, in words of ten to thirteen 92 % and not 60 %."""

FARTHEST = 2.0

MOST_CORRECTED = 4
"""Unknown words of a query that are looked after; a pasted page is not a typing mistake."""

MOST_COUNTED, MOST_DIVIDED = 6, 4
"""Candidates whose entries are counted, and ways to take a word apart, for each word."""

SURE = 1.0
"""Up to this distance no word is taken apart to find something better."""

HARDLY_SEEN = 0.5
"""Slips up to this are all that is set right in a word that is made of known words ("Vergabestele")."""

BLANK = 0.5
"""A blank too many or too few."""

IN_A_PART = 0.3
OTHER_ENDING = 0.5
SHORTEST_INFLECTED = 10
SHORTEST_PART, SHORTEST_JOINED = 4, 6
COMMON, MOST_COMMON = 0.03, 0.3
"""What each doubling of the entries found brings a word nearer, and the most it can."""

_LINKING = ("", "s", "n", "en", "es", "er")


@dataclass(frozen=True)
class Found:
    """A proposal for the characters `start` to `end` of the query, and how far it is from what stands there."""

    text: str
    start: int
    end: int
    distance: float


@dataclass(frozen=True)
class Spelling:
    """Proposals from one committed state of an index."""

    segments: Segments
    asking: Asking
    words: Wordlist
    limits: tuple[tuple[int, float], ...] = LIMITS

    def corrected(self, query: Query, asked: Asked, hits: int) -> str:
        """The query's text with what was mistyped replaced, or "" where nothing better is known.

        `hits`: how many entries the words are already known to find, so that the usual search asks nothing more.
        """
        may_be_right = not asked.unknown and (asked.matching is Matching.ALL or query.any_word)
        if asked.matching is Matching.NOTHING_ASKED or (may_be_right and hits):
            return ""
        is_narrowed = query.ranges or any(query.filters.values())
        found = hits if hits and asked.required and not is_narrowed else self._found(query, asked)
        if may_be_right and found:
            return ""
        text = clean(query.text, MAX_QUERY_LENGTH)
        lost = frozenset(asked.unknown if found else self._lost(asked, query))
        spelling = self if found else replace(self, limits=LIMITS_WITHOUT_HITS)
        proposals = list(spelling._proposals(text, lost, query))
        better = text
        for one in sorted(proposals, key=lambda one: -one.start):
            better = better[: one.start] + one.text + better[one.end :]
        return better if better != text and self._is_better(query, asked, better) else ""

    def _is_better(self, query: Query, asked: Asked, text: str) -> bool:
        changed = replace(query, text=text)
        now, then = self.asking.understand(changed), asked
        return _standing(now, self._found(changed, now)) >= _standing(then, self._found(query, then))

    def _lost(self, asked: Asked, query: Query) -> Iterator[str]:
        """The words that are in no entry in scope, whatever there is outside."""
        scope = Query(scope=query.scope)
        for group in asked.groups:
            if group.found is None or not self.segments.number(group.found, scope):
                yield group.asked

    def _found(self, query: Query, asked: Asked) -> int:
        """Entries in scope that have a word asked for, whatever the filters; a part of one is too little."""
        if not asked.required:
            return 0
        return self.segments.number(asked.found, Query(scope=query.scope))

    # What could be meant

    def _proposals(self, text: str, lost: frozenset[str], query: Query) -> Iterator[Found]:
        """From left to right, none overlapping: two words joined, or one replaced."""
        scope = Query(scope=query.scope)
        typed = [token for token in tokens(text) if not token.extra]
        unknown = {token.word for token in typed if text[token.start : token.end] in lost}
        done, looked_at = 0, 0
        for token, following in zip_longest(typed, typed[1:]):
            if token.start < done:
                continue
            proposal = None
            if following is not None and (not query.any_word or {token.word, following.word} & unknown):
                proposal = self._joined(text, token, following, unknown, scope)
            if proposal is None and token.word in unknown and looked_at < MOST_CORRECTED:
                looked_at += 1
                proposal = self._instead(text[token.start : token.end], token, scope)
            if proposal is not None:
                done = proposal.end
                yield proposal

    def _joined(
        self, text: str, token: Token, following: Token, unknown: set[str], scope: Query
    ) -> Found | None:
        """Two words with nothing but a blank between them that texts write as one."""
        if text[token.end : following.start].strip(" "):
            return None
        halves = text[token.start : token.end], text[following.start : following.end]
        word = "".join(halves)
        if not word.isalpha() or len(word) > LONGEST or min(map(len, halves)) < SHORTEST:
            return None
        forms = self.words.spelt_alike(word)
        if not forms and len(word) > SHORTEST_JOINED and {token.word, following.word} & unknown:
            forms = self.words.near(word, 1)
        return self._nearest(word, forms, 1.0, Token("", token.start, following.end), scope, BLANK)

    def _instead(self, surface: str, token: Token, scope: Query) -> Found | None:
        """Another word, two words, or the same compound with another part, whichever is nearest."""
        start = token.start + (2 if surface[1:2] in ("-", "\u2010", "\u2011") else 0)
        place = Token("", start, token.end)
        word = normalise(surface[start - token.start :])
        if not word.isalpha() or not SHORTEST_CORRECTED <= len(word) <= LONGEST:
            return None
        found = self._whole(word, place, scope)
        if len(token.parts) > 1:
            return self._hardly_seen([found, self._divided(word, place, scope)])
        if found and found.distance <= SURE:
            return found
        others = [found, self._divided(word, place, scope), self._in_a_part(word, place, scope)]
        return min((one for one in others if one), key=lambda one: (one.distance, one.text), default=None)

    def _hardly_seen(self, found: Sequence[Found | None]) -> Found | None:
        """Instead of a word made of known words: "Hundesteuer" is no mistake for any other, though no entry has it."""
        likely = [one for one in found if one and one.distance <= HARDLY_SEEN]
        return min(likely, key=lambda one: (one.distance, one.text), default=None)

    def _whole(self, word: str, place: Token, scope: Query) -> Found | None:
        limit = self._limit(word)
        found = self._nearest(word, self.words.near(word, 1), limit, place, scope)
        if limit > 1 and (found is None or found.distance > 1):
            found = self._nearest(word, self.words.near(word, 2), limit, place, scope)
            if found is None and len(word) >= SHORTEST_INFLECTED:
                found = self._nearest_stem(word, place, scope)
        return found

    def _nearest(
        self, word: str, forms: list[str], limit: float, place: Token, scope: Query, extra: float = 0.0
    ) -> Found | None:
        """The nearest form that finds something, commoner ones counting as a little nearer."""
        typed = normalise(word)
        far = {form: distance(typed, normalise(form), limit) for form in forms}
        return self._commonest(
            {form: cost for form, cost in far.items() if cost <= limit}, place, scope, extra
        )

    def _commonest(
        self, far: Mapping[str, float], place: Token, scope: Query, extra: float = 0.0
    ) -> Found | None:
        nearest = sorted(far, key=lambda form: (far[form], form))[:MOST_COUNTED]
        counted = {form: count for form in nearest if (count := self._count(form, scope))}
        best = min(counted, key=lambda form: (far[form] - _bonus(counted[form]), form), default="")
        return Found(best, place.start, place.end, far[best] + extra) if best else None

    def _nearest_stem(self, word: str, place: Token, scope: Query) -> Found | None:
        """Forms with another ending than the word typed."""
        forms = self.words.near_in_stem(word, 1)
        far = {form: _distance_but_for_endings(word, normalise(form)) + OTHER_ENDING for form in forms}
        return self._commonest(
            {form: cost for form, cost in far.items() if cost <= self._limit(word)}, place, scope
        )

    def _count(self, word: str, scope: Query) -> int:
        asked = self.asking.understand(replace(scope, text=word))
        return 0 if asked.unknown or asked.found is None else self._found(scope, asked)

    def _limit(self, word: str) -> float:
        return next((limit for longest, limit in self.limits if len(word) <= longest), FARTHEST)

    # Words in words

    def _divided(self, word: str, place: Token, scope: Query) -> Found | None:
        """A noun and what no noun joins with: "Terminbuchen". Two nouns are rightly one word."""
        for at in range(len(word) - 3, 2, -1):
            if not (self.words.knows(word[:at]) and self.words.knows(word[at:])):
                continue
            first, second = self.words.form(word[:at]), self.words.form(word[at:])
            if second[0].islower() and self._count(first, scope) and self._count(second, scope):
                return Found(f"{first} {second}", place.start, place.end, BLANK)
        return None

    def _in_a_part(self, word: str, place: Token, scope: Query) -> Found | None:
        """A compound that no text has, with one of its parts known and the other mistyped; its longest known part."""
        ways = islice(self._with_a_known_part(word), MOST_DIVIDED)
        tried = (self._other_part(head, tail, is_head, place, scope) for head, tail, is_head in ways)
        return next((found for found in tried if found), None)

    def _with_a_known_part(self, word: str) -> Iterator[tuple[str, str, bool]]:
        """Head, tail, and whether the head is the known one."""
        for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            if self.words.knows(word[at:]):
                yield word[:at], word[at:], False
            if self._ends_a_part(word[:-at]):
                yield word[:-at], word[-at:], True

    def _ends_a_part(self, head: str) -> bool:
        return any(
            head.endswith(link) and self.words.knows(head[: len(head) - len(link)]) for link in _LINKING
        )

    def _other_part(self, head: str, tail: str, is_head: bool, place: Token, scope: Query) -> Found | None:
        typed = tail if is_head else head
        found = self._nearest(typed, self.words.near(typed, 1), self._limit(typed), place, scope, IN_A_PART)
        if found is None:
            return None
        part = normalise(found.text)
        return self._compound(head + part if is_head else part + tail, found, scope)

    def _compound(self, word: str, found: Found, scope: Query) -> Found | None:
        """Shown with a capital: a compound that ends in a noun is one."""
        shown = word[0].upper() + word[1:]
        return replace(found, text=shown) if self._count(shown, scope) else None


def _bonus(count: int) -> float:
    return min(MOST_COMMON, COMMON * log2(count))


def _standing(asked: Asked, found: int) -> tuple[float, int]:
    """Which share of its words the entries have that a query finds, and how many these are."""
    return (asked.required / max(1, len(asked.words)) if found else 0.0), found


def _distance_but_for_endings(typed: str, meant: str) -> float:
    """The least distance when either may lose up to three letters at its end."""
    endings = [(typed[: len(typed) - cut], meant) for cut in range(4)]
    endings += [(typed, meant[: len(meant) - cut]) for cut in range(1, 4)]
    return min(distance(one, other, 1.0) for one, other in endings)
