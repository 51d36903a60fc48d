"""What database, index and vectors disagree about, in German sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from allmende.retrieval.documents import fingerprint
from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.embeddings import Pieces
from allmende.search.engine import index
from allmende.search.kinds_of_entries import everything
from allmende.search.models import Unplaced

READ_AT_ONCE = 200


@dataclass(frozen=True)
class Verdict:
    """`differences`: one sentence each, empty where all agree. `waiting`: entries whose vectors are on their way."""

    differences: list[str]
    waiting: int = 0


def verify() -> Verdict:
    """Compare everything with everything; raises `IndexUnavailable` where there is no index to compare."""
    words = list(_words())
    here = meaning.here()
    if here is None:
        return Verdict(words)
    try:
        placed = here.vectors.contents()
    except MeaningUnavailable as error:
        return Verdict([*words, f"Die Vektoren sind nicht lesbar ({error})."])
    waiting = set(Unplaced.objects.values_list("entry", flat=True))
    return Verdict([*words, *_vectors(placed, waiting)], len(waiting))


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


def _vectors(placed: dict[str, int], waiting: set[str]) -> Iterator[str]:
    """What is waiting to be placed is not compared: it is known to differ."""
    for document in everything():
        pieces = Pieces.of(document)
        has = placed.pop(pieces.id, 0)
        if pieces.id in waiting or has == len(pieces.texts):
            continue
        what = "veraltete Vektoren" if has else "keine Vektoren"
        yield f"„{pieces.name}“ ({pieces.id}) hat {what}."
    for identity in placed:
        if identity not in waiting:
            yield f"{identity} hat Vektoren, steht aber nicht mehr im Katalog."
