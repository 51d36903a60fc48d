"""What database, index and vectors disagree about, in German sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from allmende.retrieval.documents import fingerprint
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.embeddings import Pieces, known_vectors
from allmende.search.engine import index
from allmende.search.kinds_of_entries import everything
from allmende.search.meaning import Meaning
from allmende.search.models import MOST_FAILURES, Unplaced

READ_AT_ONCE = 200


@dataclass(frozen=True)
class Verdict:
    """`differences`: one sentence each, empty where all agree. `waiting`: entries whose vectors are on their
    way; `given_up`: those of which none can be worked out."""

    differences: list[str]
    waiting: int = 0
    given_up: int = 0


def verify() -> Verdict:
    """Compare everything with everything; raises `IndexUnavailable` where there is no index to compare.

    Words are compared by a hash of all that an entry says. Vectors are compared byte for byte with what the table has
    for the hashes of the entry's texts, so that one of an older text or of another entry is told.
    """
    words = list(_words())
    here = meaning.here()
    if here is None:
        return Verdict(words)
    try:
        placed = here.vectors.contents()
    except MeaningUnavailable as error:
        return Verdict([*words, f"Die Vektoren sind nicht lesbar ({error})."])
    unplaced = dict(Unplaced.objects.order_by("-failures").values_list("entry", "failures"))
    waiting = sum(failures < MOST_FAILURES for failures in unplaced.values())
    try:
        vectors = list(_vectors(here, placed, set(unplaced)))
    except MeaningUnavailable as error:
        vectors = [f"Die Vektoren sind nicht lesbar ({error})."]
    return Verdict([*words, *vectors], waiting, len(unplaced) - waiting)


def _words() -> Iterator[str]:
    indexed = dict(index().contents())
    for document in everything():
        known = indexed.pop(document.id, None)
        if known is None:
            yield f"„{document.name}“ ({document.id}) fehlt im Suchindex."
        elif known != fingerprint(document):
            yield f"„{document.name}“ ({document.id}) steht veraltet im Suchindex."
    for identity in indexed:
        yield f"{identity} steht im Suchindex, aber nicht mehr im Katalog."


def _vectors(here: Meaning, placed: dict[str, int], unplaced: set[str]) -> Iterator[str]:
    """What is not placed is not compared: it is known to differ."""
    documents = everything()
    while batch := [Pieces.of(document) for document in islice(documents, READ_AT_ONCE)]:
        has = {one.id: placed.pop(one.id, 0) for one in batch}
        compared = [one for one in batch if one.id not in unplaced]
        stale = _stale(here, [one for one in compared if has[one.id]])
        for one in compared:
            if one.id in stale:
                yield f"„{one.name}“ ({one.id}) hat veraltete Vektoren."
            elif one.texts and not has[one.id]:
                yield f"„{one.name}“ ({one.id}) hat keine Vektoren."
    for identity in placed:
        if identity not in unplaced:
            yield f"{identity} hat Vektoren, steht aber nicht mehr im Katalog."


def _stale(here: Meaning, those: Sequence[Pieces]) -> set[str]:
    """Ids of those whose vectors are not of their texts. What is placed stands in the table, so a text that the table
    does not have was never placed."""
    known = known_vectors(here.model.name, {content for one in those for content in one.texts})
    wanted = {one.id: one.placed(known) for one in those}
    differing = here.vectors.differing([placed for placed in wanted.values() if placed])
    return {identity for identity, placed in wanted.items() if placed is None} | set(differing)
