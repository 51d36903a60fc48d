"""What a question finds for good: for those who ask it again and again and want to know what is new."""

from collections.abc import Sequence
from dataclasses import replace

from allmende.retrieval.protocol import IndexUnavailable, Matching, Result
from allmende.search.asking import LONGEST_QUESTION, Question, Wanted
from allmende.search.engine import index
from allmende.search.hints import hints_in, without
from allmende.search.labels import known
from allmende.search.meaning import NOTHING
from allmende.search.queries import SearchUnavailable


def ids_found(question: Question, *, most: int) -> Sequence[str]:
    """Public ids of the solutions that have all words of this question, the newest first, so many at most. What is near
    in meaning or has some of the words only is left out: it comes and goes. Raises `SearchUnavailable`."""
    text, words = question.text[:LONGEST_QUESTION], known()
    try:
        result = _by_words(Wanted(question, text, words, NOTHING), most)
        hints = hints_in(text, words, question.choices) if not result.hits else ()
        if hints:
            # As the page of the search does: without words that nothing is found with.
            shorter = without(text, [hint.place for hint in hints])
            result = _by_words(Wanted(question, shorter, words, NOTHING), most)
    except IndexUnavailable as error:
        raise SearchUnavailable(str(error)) from error
    return [] if result.matching is Matching.FEWER else [hit.id for hit in result.hits]


def _by_words(wanted: Wanted, most: int) -> Result:
    return index().search(replace(wanted.query(1, limit=most), facets=(), order="newest", any_word=False))
