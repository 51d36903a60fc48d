"""What callers say to an index and get back; an embedded engine and a cluster fill the same protocol.

Rules that every engine keeps:

* Words: all words of the query must occur in the entry (`Matching.ALL`). Where no entry in scope has them all,
  as few as possible may be missing, so that at least `ENOUGH` entries are found, or all that share a word
  (`Matching.FEWER`); where none shares a word, those that share enough parts of one (`partly`). Filters never change
  which of these applies, so a count predicts what a click shows.
* Facets: values of one facet widen (or), different facets narrow (and). A facet is counted without its own
  choice, so that the other values keep their counts.
* `Result.total` and all counts are exact.
* Parts, synonyms, classes: a word also counts as found where an entry has all parts of it (`Baugenehmigung` in
  "Genehmigung für den Bau"), where it has an alternative that the caller handed in, or where it stands among the words
  for the sort of thing it is (`Definition.classes`); all of these weigh less than the word, the last the least.
* Meaning: entries near in meaning (`Query.meaning`) count as found from a similarity on that `fusion` decides, even
  without a word of the query, and totals and facets count them too. Without meaning the answer is lexical.
* Ties: hits of equal score follow each other by a digest of question and id (`ties`), so that who comes first
  alternates from question to question and is the same on every page; ids decide between equal digests. In the orders
  by name and number, and where nothing is asked, equals follow each other by ascending id. Ids are random letters, so
  nobody is favoured by name, age or payment.
* Any text at all is a query; what has no word in it (`Matching.NOTHING_ASKED`) finds everything in scope.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

RELEVANCE = "relevance"
ENOUGH = 10
COUNTED = 1_000
"""Nobody looks further back in a list for the place of an entry, and counting to 100,000 would take a second."""

UNSTATED = "unstated"
"""The value a caller hands in for "keine Angabe": the engine counts and filters it like any other."""


@dataclass(frozen=True)
class Order:
    """A named order: by `Document.name` where `number` is None, else by that number; without it, last."""

    number: str | None = None
    descending: bool = False


@dataclass(frozen=True)
class Definition:
    """What an index knows. A change makes existing indexes outdated (`Stats.needs_rebuild`).

    `weights`: text field → how often each of its words counts (whole number; 0 keeps the text for snippets only).
    `classes`: text fields that say to what sort of thing an entry belongs, in words that are not its own: they find it
    and count little (`How.CLASS`). `snippet_fields`: where a snippet is cut from, first choice first. Names of facets,
    numbers and orders are lower-case identifiers. The document's kind is always a facet, called "kind".
    """

    weights: Mapping[str, int]
    facets: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    orders: Mapping[str, Order] = field(default_factory=dict)
    snippet_fields: tuple[str, ...] = ("summary", "body")
    classes: tuple[str, ...] = ()

    @property
    def all_facets(self) -> tuple[str, ...]:
        return ("kind", *(facet for facet in self.facets if facet != "kind"))


@dataclass(frozen=True)
class Document:
    """One entry. `id` is unique across kinds; `name` is what it is ordered and suggested by.

    `texts` by field of the definition; fields unknown to it are not indexed. Facets hold codes, not labels.
    """

    id: str
    kind: str
    name: str
    texts: Mapping[str, str] = field(default_factory=dict)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Alternative:
    """Other words for something in the query: `typed` as it stands there, `instead` what is searched beside it,
    `source` whose words they are, in a form that the caller can show."""

    typed: str
    instead: str
    source: str = ""


@dataclass(frozen=True)
class Range:
    """Both ends included, None is open. An entry without the number is unknown, not outside: say if it counts."""

    low: int | None = None
    high: int | None = None
    or_unknown: bool = False


@dataclass(frozen=True)
class Query:
    """`scope` says what there is for this reader (kinds, visibility): it is never relaxed and narrows all counts.

    `filters` are the reader's choices by facet; a facet with no value chosen is not filtered. `facets` names those
    to count. `order` is "relevance" or a name of the definition; an unknown one means relevance.
    """

    text: str = ""
    scope: Mapping[str, Collection[str]] = field(default_factory=dict)
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    order: str = RELEVANCE
    offset: int = 0
    limit: int = 20
    facets: Collection[str] = ()
    any_word: bool = False
    """Rank every entry that shares a word or a part of one, without asking for all words first (questions in full
    sentences)."""
    alternatives: tuple[Alternative, ...] = ()
    meaning: Mapping[str, float] = field(default_factory=dict)
    """Similarity (-1 to 1, of centred vectors) by id of the entries nearest in meaning, a few hundred at most."""
    snippets: bool = True
    """Whether hits come with their piece of text: whoever shows none saves nearly all of the time of a long page."""


class Matching(StrEnum):
    """Which entries count as found; see the rules above."""

    NOTHING_ASKED = "nothing_asked"
    ALL = "all"
    FEWER = "fewer"


@dataclass(frozen=True)
class Fragment:
    """A piece of text as it was handed in (not escaped), and whether it is a word that was asked for."""

    text: str
    highlighted: bool = False


@dataclass(frozen=True)
class Hit:
    """`score` compares hits of one result only. It is 0.0 where nothing was asked or another order was wanted.

    `lexical` is the part of the words alone (0.0: none occurs), `similarity` that of the meaning, None where unknown.
    In another order than by relevance `lexical` is told of entries with a similarity only: by which of the two an entry
    was found can be said in each order.
    """

    id: str
    kind: str
    score: float
    snippet: tuple[Fragment, ...] = ()
    lexical: float = 0.0
    similarity: float | None = None


@dataclass(frozen=True)
class Result:
    """`words` are the index words asked for, `unknown` those of the reader's words that no entry in the index has.

    `corrected` is the query with unknown words replaced by the nearest ones that the index knows ("Meinten Sie"), or
    "" where there is nothing better. `required`: how many of the words a hit has at least, 0 where parts of one
    are enough. `facets` has every value with a count above 0, the frequent first, and the chosen ones even with 0.
    `marked` are the index words by which `snippets.highlight` marks words of any text: `words`, their parts and those
    of synonyms. `by_words`: how many of `total` the words alone find; all of them where meaning adds none.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    matching: Matching
    words: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    required: int = 0
    generation: str = ""
    corrected: str = ""
    marked: tuple[str, ...] = ()
    by_words: int = 0


class How(StrEnum):
    """In which way a word of the query is found in an entry."""

    WORD = "word"
    PART = "part"
    SYNONYM = "synonym"
    CLASS = "class"
    """In the words for the sort of thing it is (`Definition.classes`)."""
    NEIGHBOURS = "neighbours"
    """Two words, or two parts of one, that follow each other in the entry as they do in the query."""


@dataclass(frozen=True)
class Evidence:
    """One way in which one word of the query adds to the score of an entry.

    `asked` as the reader typed it; `found` the forms as they stand in the entry; `fields` where, by their names in the
    definition, the heaviest first; both are () for what stands further on in a text than is stored for showing.
    `part` is the part of the word that is meant (`How.PART` of a compound), as the lexicon has it. `source` of the
    synonym; `score` what it adds: all of an explanation's add up to its `lexical`.
    """

    asked: str
    how: How
    found: tuple[str, ...]
    fields: tuple[str, ...]
    score: float
    source: str = ""
    part: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why an entry stands where it stands: everything needed to work out its place again.

    `rank` counts from 1 among the `total` found, as far as `COUNTED`; None is further back. `score` is what it is
    ranked by: `lexical_weight` times the words'
    share `lexical_share` (0 to 1, `lexical` against the best in scope) plus `meaning_weight` times
    `meaning_share` (0 to 1). `weighing` is the rule (`fusion`) that chose the weights. `missing` are words asked for
    that the entry has in no way. `equals` counts other entries with the same score; None where they reach further back
    than is counted.

    Where words alone rank, hits score what the words do: `lexical_weight` is then the best lexical score. In another
    order than by relevance, and where nothing was asked, score and weights are 0.0, and `weighing` names the order.
    """

    id: str
    rank: int | None
    total: int
    score: float
    lexical: float
    lexical_share: float
    lexical_weight: float
    similarity: float | None
    meaning_share: float
    meaning_weight: float
    weighing: str
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    equals: int | None


@dataclass(frozen=True)
class Suggestion:
    """An entry whose name has all words typed so far, the last one perhaps unfinished: as words, as parts of compounds,
    or, where no name has, with one mistake in words of five letters or more."""

    text: str
    kind: str
    id: str | None = None


@dataclass(frozen=True)
class Stats:
    """`generation` changes with every commit and is "" where there is no index that can be read.

    `needs_rebuild` says why (English, for logs), or is "" where all is well. `bytes` on disk.
    """

    documents: int
    generation: str
    needs_rebuild: str
    bytes: int


class IndexUnavailable(Exception):
    """Nothing can be read or written now; the message (English, for logs) says why. A rebuild repairs it."""


class IndexMissing(IndexUnavailable):
    """There is no index yet at this place."""


class IndexCorrupt(IndexUnavailable):
    """There is one and it cannot be read, or an engine of another version wrote it."""


class WriteFailed(IndexUnavailable):
    """A change could not be written (a full disk, a broken index); what was there before is still there."""


class IndexBusy(Exception):
    """Somebody else writes or rebuilds; nothing was written, try again later."""


class Index(Protocol):
    """See the module's rules. All calls may raise `IndexUnavailable`; those that write also `IndexBusy`."""

    def put(self, documents: Iterable[Document]) -> None:
        """Add or replace; visible to every reader when this returns, all of them or none. A later duplicate wins."""

    def remove(self, ids: Iterable[str]) -> None:
        """Take out what is there; unknown ids are ignored."""

    def rebuild(self, documents: Callable[[], Iterable[Document]]) -> None:
        """Make a new index beside the old one and swap; what is put or removed meanwhile is in both.

        `documents` is called once, after writes have begun to be recorded, so that nothing falls between.
        It makes an index where there is none and repairs a broken one; of `IndexUnavailable` it raises `WriteFailed`
        only, and then the old index still counts.
        """

    def search(self, query: Query) -> Result: ...

    def suggest(
        self, text: str, *, scope: Mapping[str, Collection[str]], limit: int
    ) -> Sequence[Suggestion]: ...

    def facets(self, query: Query) -> Mapping[str, Mapping[str, int]]:
        """The counts alone, as in `Result.facets`."""

    def explain(self, query: Query, identity: str) -> Explanation | None:
        """Why the entry stands where it stands among what `query` finds; None where it is not found by it."""

    def generation(self) -> str:
        """Cheap (two looks at the file system): made for keys of page caches; "" where there is no index."""

    def stats(self) -> Stats:
        """Never raises: says what is wrong instead."""

    def contents(self) -> Iterator[tuple[str, str]]:
        """Id and fingerprint (`documents.fingerprint`) of every entry, for comparing with a database."""
