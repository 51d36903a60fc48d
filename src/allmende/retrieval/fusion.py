"""How words and meaning are weighed against each other: pure arithmetic, no engine, no model.

Score = words' weight × words' share + meaning's weight × meaning's share. The words' share is the lexical score against
the best there is for this question; the meaning's share is the similarity itself, nothing stretched: where nothing is
near, meaning tells entries apart by little, and the words decide.

The words weigh the more, the more of what was asked the best entry says (`said` below). A question whose words all
stand in one entry is a name or a subject; where the best entry has two words of seven, the words say little about what
was meant. Weights are decided by the question and by what there is for this reader, never by filters.

How the numbers were found, what was tried beside them and how much each was worth: docs/decisions/0064-fusion.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from allmende.retrieval.protocol import ENOUGH

WORDS_AT_LEAST, WORDS_AT_MOST = 0.1, 0.4
"""The weight of the words where the best entry says nothing of what was asked, and where it says all of it."""

NEAR, NEAR_TO_BEST = 0.30, 0.6
"""What has no word counts as found from this similarity on, and from this part of the best one's. Of questions about
other things than the entries, one in ten finds an entry of .33; of those with an answer, nineteen in twenty find one
of .30."""

VERY_NEAR, VERY_NEAR_TO_BEST = 0.40, 0.7
"""The same where the words alone find `ENOUGH`; the first of the two also where they find nothing at all."""

AT_MOST_ADDED = ENOUGH
"""So many entries without the words asked for are found at most: a count stays one that words explain."""

NEAR_A_SENTENCE = 0.05
"""Where any word will do, most of what is found has little to do with the question anyway: recall is what counts."""


class Rule(StrEnum):
    """Which case of weighing applies, by how much of what was asked the best entry says."""

    WORDS_ALONE = "words_alone"
    MEANING_ALONE = "meaning_alone"
    WORDS_SAY_MUCH = "words_say_much"
    WORDS_SAY_HALF = "words_say_half"
    WORDS_SAY_LITTLE = "words_say_little"


@dataclass(frozen=True)
class Fused:
    """A score and what it is made of; all of them 0 to 1."""

    score: float
    lexical_share: float
    meaning_share: float


@dataclass(frozen=True)
class Weighing:
    """How entries of one result are weighed. `best` is the lexical score that counts as 1; `floor` the similarity that
    is taken for entries whose own is not known, which is not above that of the last one known.
    """

    rule: Rule
    lexical_weight: float
    meaning_weight: float
    best: float
    floor: float = 0.0

    def fused(self, lexical: float, similarity: float | None) -> Fused:
        lexical_share = min(1.0, lexical / self.best) if self.best > 0 else 0.0
        known = self.floor if similarity is None else similarity
        meaning_share = max(0.0, min(1.0, known)) if self.meaning_weight else 0.0
        score = self.lexical_weight * lexical_share + self.meaning_weight * meaning_share
        return Fused(score, lexical_share, meaning_share)


def weighing(best: float, ideal: float, similarities: Collection[float]) -> Weighing:
    """`best` is the highest lexical score there is for the question, `ideal` the one of an entry that has everything
    asked for (`asking.Asked`); `similarities` are those of the entries near in meaning, all that are known.
    """
    if not similarities:
        return Weighing(Rule.WORDS_ALONE, 1.0, 0.0, best)
    floor = max(0.0, min(similarities))
    if best <= 0:
        return Weighing(Rule.MEANING_ALONE, 0.0, 1.0, 0.0, floor)
    said = min(1.0, best / ideal) if ideal > 0 else 1.0
    words = WORDS_AT_LEAST + (WORDS_AT_MOST - WORDS_AT_LEAST) * said
    return Weighing(_rule(said), words, 1.0 - words, best, floor)


def _rule(said: float) -> Rule:
    """Names for stretches of what is one straight line."""
    if said >= 2 / 3:
        return Rule.WORDS_SAY_MUCH
    return Rule.WORDS_SAY_HALF if said >= 1 / 3 else Rule.WORDS_SAY_LITTLE


@dataclass(frozen=True)
class Reach:
    """From which similarity on an entry counts as found without the words, and how many such entries at most."""

    least: float
    at_most: int | None = None


def reach(nearest: float, *, any_word: bool, found: int) -> Reach:
    """`nearest` is the highest similarity, `found` how many entries the words alone find, both within the scope."""
    if any_word:
        return Reach(NEAR_A_SENTENCE)
    if not found:
        # Nothing but meaning speaks for them, and something is always nearest, even to letters without sense.
        return Reach(max(VERY_NEAR, NEAR_TO_BEST * nearest), AT_MOST_ADDED)
    if found >= ENOUGH:
        return Reach(max(VERY_NEAR, VERY_NEAR_TO_BEST * nearest), AT_MOST_ADDED)
    return Reach(max(NEAR, NEAR_TO_BEST * nearest), AT_MOST_ADDED)
