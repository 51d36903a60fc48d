"""Lists of words for taking compounds apart: how they are written and read.

A line of a list is one of

    Bebauungsplan                     a noun; endings and linking letters are worked out
    barrierefrei                      small initial: an adjective
    warn-                             only before other words (stems of verbs, "geo-")
    sprach- = Sprache                 the form that a word takes before other words
    -gerecht                          only at the end, as an adjective
    Staubecken = Stau + Becken        taken apart exactly so
    ! Verwaltung                      a word that is never taken apart
    !! Schaft                         never a part of a word
    # a remark
"""

from dataclasses import dataclass, field

LONGEST_LIST = 200_000
"""Lines read of one list."""


@dataclass
class WordList:
    """What one list says, words as written there; `problems` are lines that cannot be understood and were left out.

    `beginnings`: what stands before other words → the word it stands for. `fixed`: word → its parts. `whole`: never
    taken apart. `barred`: never a part.
    """

    nouns: set[str] = field(default_factory=set)
    adjectives: set[str] = field(default_factory=set)
    beginnings: dict[str, str] = field(default_factory=dict)
    endings: set[str] = field(default_factory=set)
    fixed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    barred: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    @property
    def all_nouns(self) -> set[str]:
        """Words that can be parts and have the forms of a noun, those that are not taken apart included."""
        return self.nouns | self.whole | set(self.fixed)

    @property
    def all_words(self) -> set[str]:
        """Everything that can be a part as it stands here."""
        return self.all_nouns | self.adjectives | self.endings | set(self.beginnings)


def read(text: str) -> WordList:
    """A list as it stands in a file. Reads any text: what is no line of a list is named in `problems`."""
    words = WordList()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines()[:LONGEST_LIST], 1):
        said = line.partition("#")[0].strip()
        if said and not _take(words, said):
            words.problems.append(f"line {number}: {line.strip()[:80]!r}")
    return words


def _take(words: WordList, said: str) -> bool:
    """Whether the line could be understood."""
    if "=" in said:
        return _equation(words, said)
    word = said.strip("!- ")
    if not word.isalpha():
        return False
    if said.endswith("-"):
        words.beginnings[word] = word
    else:
        _kind(words, said).add(word)
    return True


def _equation(words: WordList, said: str) -> bool:
    word, _, rest = (side.strip() for side in said.partition("="))
    parts = tuple(part.strip() for part in rest.split("+"))
    if not all(one.isalpha() for one in (word.removesuffix("-"), *parts)):
        return False
    if word.endswith("-") and len(parts) == 1:
        words.beginnings[word[:-1]] = parts[0]
    elif not word.endswith("-") and len(parts) > 1:
        words.fixed[word] = parts
    else:
        return False
    return True


def _kind(words: WordList, said: str) -> set[str]:
    if said.startswith("!!"):
        return words.barred
    if said.startswith("!"):
        return words.whole
    if said.startswith("-"):
        return words.endings
    return words.adjectives if said[0].islower() else words.nouns
