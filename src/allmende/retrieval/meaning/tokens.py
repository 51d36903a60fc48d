"""From text to the numbers of its tokens: the most probable division of each word, as the model was trained with.

The model's tokens never reach over a blank, so each word is divided on its own, and the words of a text that have
come before are remembered. Python is quick enough for that: 0.1 ms for a query, 1 ms for 120 words.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_BLANK = "\u2581"
"""How the tokens write the blank before a word."""

_BLANKS = re.compile("  +")
_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 40
_UNKNOWN_COSTS = 10.0
"""How much less probable than the rarest token a letter is that no token has. From the model's own tokeniser."""


class Tokens:
    """Safe to share between threads.

    `scores` are the logarithms of probabilities, a token each; `replacements` go from code points to what stands for
    them (compatibility forms, blanks of all kinds, control characters).
    """

    def __init__(
        self, tokens: Sequence[str], scores: Sequence[float], replacements: Mapping[int, str], unknown: int
    ) -> None:
        self._known = {token: number for number, token in enumerate(tokens) if number != unknown}
        self._scores = scores
        self._longest = max(map(len, tokens))
        self._replacements = replacements
        self._unknown = unknown
        self._unknown_score = min(scores) - _UNKNOWN_COSTS
        self._remembered = lru_cache(_REMEMBERED)(self._divided)

    def numbers(self, text: str) -> list[int]:
        """The tokens of a text, without those for its beginning and end; at least one."""
        text = _BLANKS.sub(" ", text.translate(self._replacements))
        words = text.removeprefix(" ").replace(" ", _BLANK).split(_BLANK)
        numbers: list[int] = []
        for word in words:
            divide = self._remembered if len(word) <= _LONGEST_REMEMBERED else self._divided
            numbers += divide(_BLANK + word)
        return numbers

    def likelihood(self, text: str) -> float:
        """The logarithm of how probable the text's division is, by letter: -2 to -4 for language, less for letters that
        nobody puts together; 0.0 for a text without a letter."""
        letters = len("".join(text.split()))
        scores = (
            self._unknown_score if one == self._unknown else self._scores[one] for one in self.numbers(text)
        )
        return sum(scores) / letters if letters else 0.0

    def _divided(self, word: str) -> tuple[int, ...]:
        """The division with the highest sum of scores; of equal ones, that with the longer tokens at its end."""
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(-1e30, 0, 0)] * len(word)
        for start in range(len(word)):
            so_far = best[start][0]
            for stop in range(start + 1, min(start + self._longest, len(word)) + 1):
                number = self._known.get(word[start:stop])
                if number is not None and so_far + self._scores[number] > best[stop][0]:
                    best[stop] = (so_far + self._scores[number], number, start)
            if so_far + self._unknown_score > best[start + 1][0]:
                best[start + 1] = (so_far + self._unknown_score, self._unknown, start)
        numbers = []
        stop = len(word)
        while stop:
            _, number, start = best[stop]
            numbers.append(number)
            stop = start
        return tuple(reversed(numbers))
