"""What database, index and vectors disagree about, in German sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from allmende.retrieval.documents import fingerprint
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.embeddings import Pieces
from allmende.search.engine import index
from allmende.search.kinds_of_entries import everything
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

    Words are compared by a hash of all that an entry says. Vectors are compared by the number of pieces of each entry
    alone, because the store does not know of which text a vector is: one of an older text with as many pieces is not
    noticed. `allmende index rebuild` places all of them by the hashes of the texts.
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
    return Verdict([*words, *_vectors(placed, set(unplaced))], waiting, len(unplaced) - waiting)


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


def _vectors(placed: dict[str, int], unplaced: set[str]) -> Iterator[str]:
    """What is not placed is not compared: it is known to differ."""
    for document in everything():
        pieces = Pieces.of(document)
        has = placed.pop(pieces.id, 0)
        if pieces.id in unplaced or has == len(pieces.texts):
            continue
        what = "veraltete Vektoren" if has else "keine Vektoren"
        yield f"„{pieces.name}“ ({pieces.id}) hat {what}."
    for identity in placed:
        if identity not in unplaced:
            yield f"{identity} hat Vektoren, steht aber nicht mehr im Katalog."
