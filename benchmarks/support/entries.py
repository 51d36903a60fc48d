"""Generated entries of about 130 German words, seeded: for measurements of search that need more than a catalogue has.

Words are real: those of the field and the nouns of the dictionary with an inflected form each, adjectives, verbs and
small words, in numbers that follow Zipf's law (the first noun stands in three of four entries, most in hardly any).
One content word of twelve is a compound made on the spot, so that new ones never cease to come, as in real texts.
"""

import csv
import itertools
import random
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from allmende.retrieval.dictionary import FIELD_WORDS
from allmende.retrieval.protocol import Document
from benchmarks.support.words import _HEADS, _SUBJECTS

SEED = 23
FACETS = {"field": 16, "type": 8, "delivery": 6, "licence": 20, "land": 16, "maturity": 5}
"""Those that are counted, with how many values each has."""

FIRST_DAY = 18_000
_GLUE = (
    *(
        "der",
        "die",
        "und",
        "in",
        "den",
        "für",
        "von",
        "zu",
        "das",
        "mit",
        "des",
        "auf",
        "ist",
        "im",
        "eine",
        "werden",
    ),
    *(
        "sich",
        "dem",
        "nicht",
        "ein",
        "als",
        "auch",
        "es",
        "an",
        "wird",
        "oder",
        "bei",
        "einer",
        "nach",
        "über",
        "zum",
    ),
    *(
        "können",
        "sowie",
        "aus",
        "durch",
        "sind",
        "zur",
        "haben",
        "wie",
        "um",
        "am",
        "sie",
        "kann",
        "einem",
        "alle",
    ),
)
_VERBS = (
    *(
        "bearbeiten",
        "melden",
        "planen",
        "verwalten",
        "anzeigen",
        "prüfen",
        "veröffentlichen",
        "beantragen",
        "buchen",
    ),
    *(
        "auswerten",
        "erfassen",
        "genehmigen",
        "beteiligen",
        "vernetzen",
        "speichern",
        "teilen",
        "finden",
        "vergleichen",
    ),
)
_LINKED_BY_S = re.compile(r".+(?:ung|heit|keit|schaft|ion|tät)$")
_NOUN = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{2,24}$")
_ADJECTIVE = re.compile(r"[a-zäöüß]{4,24}$")


@cache
def _dictionary() -> dict[str, str]:
    """Noun → one of its inflected forms, "" where it has none of its own."""
    spec = find_spec("german_nouns")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package german-nouns is not installed")
    nouns: dict[str, str] = {}
    with Path(next(iter(spec.submodule_search_locations)), "nouns.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            lemma = row["lemma"]
            if row["pos"] == "Substantiv" and _NOUN.match(lemma):
                forms = (row[case] for case in ("nominativ plural", "genitiv singular", "dativ plural"))
                nouns.setdefault(
                    lemma, next((form for form in forms if form != lemma and _NOUN.match(form)), "")
                )
    return nouns


class Words:
    """A source of words, the same for the same seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        lines = [line.strip() for line in FIELD_WORDS.read_text("utf-8").splitlines()]
        nouns = _dictionary()
        of_field = sorted({line for line in lines if _NOUN.match(line)})
        others = sorted(set(nouns) - set(of_field))
        for some in (of_field, others):
            chance.shuffle(some)
        self.nouns = [form for noun in (*of_field, *others) for form in (noun, nouns.get(noun, "")) if form]
        self.plain = [*_VERBS, *sorted({line for line in lines if _ADJECTIVE.match(line)})]
        self._beginnings = [f"{noun}s" for noun in self.nouns if _LINKED_BY_S.match(noun)]
        self._beginnings[:0] = _SUBJECTS
        self.frequency, self._plain = _zipf(len(self.nouns)), _zipf(len(self.plain))
        self._glue, self._begin = _zipf(len(_GLUE)), _zipf(len(self._beginnings))

    def text(self, length: int) -> str:
        """So many words: a third small ones, a tenth verbs and adjectives, else nouns and compounds."""
        chosen = self.chance.choices
        nouns = iter(chosen(self.nouns, cum_weights=self.frequency, k=length))
        small = iter(chosen(_GLUE, cum_weights=self._glue, k=length))
        plain = iter(chosen(self.plain, cum_weights=self._plain, k=length))
        kinds = chosen("gpcn", cum_weights=(35, 47, 52, 100), k=length)
        words = [
            next(small)
            if kind == "g"
            else next(plain)
            if kind == "p"
            else next(nouns)
            if kind == "n"
            else self.compound()
            for kind in kinds
        ]
        return " ".join(words)

    def compound(self) -> str:
        """Of two or three parts; most of them stand in few entries."""
        begin = self.chance.choices(self._beginnings, cum_weights=self._begin)[0]
        return begin + _HEADS[min(int(self.chance.expovariate(4 / len(_HEADS))), len(_HEADS) - 1)]

    def prose(self, length: int) -> str:
        """Sentences of a dozen words."""
        sentences = (self.text(min(12, length - start)) for start in range(0, length, 12))
        return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)


def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate((rank + 8) ** -1.07 for rank in range(count)))


@cache
def words() -> Words:
    """Those that queries are chosen from; the entries' are the same in the same order of frequency."""
    return Words(random.Random(SEED))


def entries(count: int) -> Iterator[Document]:
    """The first so many: those of a smaller number are the first of a larger one."""
    chance = random.Random(SEED)
    source = Words(chance)
    for number in range(count):
        name = f"{source.compound()} {source.text(1).capitalize()}"
        texts = {
            "title": name,
            "summary": source.prose(18),
            "tags": source.text(4),
            "body": source.prose(chance.choice((60, 90, 110, 130))),
        }
        yield Document(
            f"{chance.getrandbits(50):013x}",
            "solution",
            name,
            texts,
            {facet: _values(chance, facet, size) for facet, size in FACETS.items()},
            {"published": FIRST_DAY + number % 2_500, "uses": int(chance.expovariate(0.3))},
        )


def _values(chance: random.Random, facet: str, size: int) -> tuple[str, ...]:
    """One to three, the first ones more often."""
    numbers = {min(int(chance.expovariate(4 / size)), size - 1) for _ in range(chance.choice((1, 1, 2, 3)))}
    return tuple(sorted(f"{facet}-{number}" for number in numbers))
