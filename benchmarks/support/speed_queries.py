"""The questions that speed is measured with: a mix by kind, the same every time.

Words are taken by their place in the order of frequency (`entries.words`): the first noun stands in three of four
entries, the hundredth in one of twenty, the forty-thousandth in one of some ten thousand.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.support.entries import Words, entries, words

EACH = 12
"""Questions of each kind."""

_ONE = {"field": ("field-0", "field-1")}
_THREE = {**_ONE, "land": ("land-0", "land-2", "land-5"), "type": ("type-0",)}


@dataclass(frozen=True)
class Question:
    """What a reader typed, and the values chosen by facet."""

    text: str
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def mix() -> dict[str, list[Question]]:
    """By kind, `EACH` of it."""
    source = words()
    chance = random.Random(41)
    common, usual, rare = source.nouns[: 2 * EACH : 2], source.nouns[150:900:2], source.nouns[40_000:60_000]
    pick = chance.sample
    two = [" ".join(pick(usual, 2)) for _ in range(EACH)]
    written = [next(iter(entry.name.split())) for entry in entries(EACH)]
    kinds = {
        "no word": [""] * EACH,
        "common word": common,
        "usual word": pick(usual, EACH),
        "rare word": pick(rare, EACH),
        "compound that stands somewhere": written,
        "compound known by its parts": _not_written(source, chance),
        "two usual words": two,
        "two common words": [" ".join(pick(common, 2)) for _ in range(EACH)],
        "four rare words, none has all": [" ".join(pick(rare, 4)) for _ in range(EACH)],
        "sentence of 10 words": [_sentence(source, chance) for _ in range(EACH)],
        "mistyped": [_mistyped(word) for word in pick([word for word in usual if len(word) > 7], EACH)],
        "unknown": [f"xy{''.join(chance.choices('bcdfgklmnprstw', k=8))}" for _ in range(EACH)],
    }
    asked = {kind: [Question(text) for text in texts] for kind, texts in kinds.items()}
    asked["usual word, 1 facet chosen"] = [Question(word, _ONE) for word in pick(usual, EACH)]
    asked["common word, 1 facet chosen"] = [Question(word, _ONE) for word in common]
    asked["common word, 3 facets chosen"] = [Question(word, _THREE) for word in common]
    asked["two usual words, 3 facets chosen"] = [Question(text, _THREE) for text in two]
    return asked


def _sentence(source: Words, chance: random.Random) -> str:
    """Ten words as entries use them, four of them small; what is searched for are the usual and the common."""
    nouns = chance.choices(source.nouns, cum_weights=source.frequency, k=4)
    plain = chance.sample(source.plain, 2)
    return f"Wie kann die {nouns[0]} für {nouns[1]} {plain[0]} und {nouns[2]} {plain[1]} {nouns[3]}"


def _not_written(source: Words, chance: random.Random) -> list[str]:
    """Two common nouns of the field in one word, which no entry has so and many have apart."""
    nouns = [noun.lower() for noun in source.nouns[:400:2]]
    beginnings = [noun for noun in nouns if noun.endswith("ung")]
    return [f"{chance.choice(beginnings).capitalize()}s{chance.choice(nouns)}" for _ in range(EACH)]


def _mistyped(word: str) -> str:
    """Two letters changed places in the middle, as fingers do."""
    middle = len(word) // 2
    return word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :]
