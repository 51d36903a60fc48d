"""How index and vectors stand, in German sentences."""

from django.conf import settings

from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.engine import index
from allmende.search.meaning import Meaning
from allmende.search.models import Embedding, Unplaced


def index_in_words() -> list[str]:
    stats = index().stats()
    size = f"{stats.bytes / 1_000_000:.1f}".replace(".", ",")
    sentences = [f"{stats.documents} Einträge, {size} MB."]
    if stats.generation:
        sentences.append(f"Stand des Index: {stats.generation}.")
    if stats.needs_rebuild:
        sentences.append(
            f"Der Index muss neu aufgebaut werden ({stats.needs_rebuild}). Der Arbeiter tut das von selbst; "
            "sofort geht es mit: allmende index rebuild"
        )
    return sentences


def meaning_in_words() -> list[str]:
    """Loads the model, because only it knows its name."""
    if not meaning.is_wanted():
        return ["Gesucht wird nach Wörtern allein (ALLMENDE_EMBEDDINGS=none)."]
    here = meaning.here()
    if here is None:
        return [
            f"Gesucht wird nach Wörtern allein: Das Modell „{settings.SEARCH_EMBEDDINGS}“ ist nicht zu laden. "
            "Warum, steht im Protokoll."
        ]
    return [f"Modell der Bedeutung: {here.model.name}.", *_vectors(here)]


def _vectors(here: Meaning) -> list[str]:
    stored = Embedding.objects.filter(model=here.model.name).count()
    sentences = [f"{stored} Vektoren in der Datenbank."]
    try:
        placed = here.vectors.contents()
        sentences.append(f"{len(placed)} Einträge mit {sum(placed.values())} Vektoren sind eingeordnet.")
        reason = here.vectors.needs_rebuild()
    except MeaningUnavailable as error:
        reason = str(error)
    if reason:
        sentences.append(f"Die Vektoren werden neu eingeordnet ({reason}). Der Arbeiter tut das von selbst.")
    waiting = Unplaced.objects.values("entry").distinct().count()
    return [*sentences, waiting_in_words(waiting)] if waiting else sentences


def waiting_in_words(waiting: int) -> str:
    if waiting == 1:
        return (
            "1 Eintrag wartet auf seine Vektoren. Der Arbeiter rechnet; nach Wörtern wird er schon gefunden."
        )
    return f"{waiting} Einträge warten auf ihre Vektoren. Der Arbeiter rechnet; nach Wörtern werden sie schon gefunden."
