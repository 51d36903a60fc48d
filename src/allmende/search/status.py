"""How index and vectors stand, in German sentences."""

from urllib.parse import urlsplit

from django.conf import settings

from allmende.retrieval.meaning.protocol import MeaningUnavailable
from allmende.search import meaning
from allmende.search.engine import index
from allmende.search.meaning import Meaning
from allmende.search.models import MOST_FAILURES, Embedding, Unplaced


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
            f"Gesucht wird nach Wörtern allein: Das Modell „{_model()}“ ist nicht zu laden. "
            "Warum, steht im Protokoll."
        ]
    return [f"Modell der Bedeutung: {here.model.name}.", *_vectors(here)]


def _model() -> str:
    """Of an address the host alone: its path may be a secret."""
    return urlsplit(settings.SEARCH_EMBEDDINGS).hostname or settings.SEARCH_EMBEDDINGS


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
    return [*sentences, *unplaced_in_words(*_unplaced())]


def _unplaced() -> tuple[int, int]:
    entries = Unplaced.objects.values("entry").distinct()
    waiting = entries.filter(failures__lt=MOST_FAILURES)
    given_up = entries.filter(failures__gte=MOST_FAILURES).exclude(entry__in=waiting.values("entry"))
    return waiting.count(), given_up.count()


def unplaced_in_words(waiting: int, given_up: int) -> list[str]:
    """About entries without their vectors: those on their way, and those that have failed too often."""
    sentences = [waiting_in_words(waiting)] if waiting else []
    return [*sentences, given_up_in_words(given_up)] if given_up else sentences


def given_up_in_words(given_up: int) -> str:
    entries = "1 Eintrag lässt" if given_up == 1 else f"{given_up} Einträge lassen"
    it = "er wird" if given_up == 1 else "sie werden"
    return (
        f"{entries} sich nicht berechnen; {it} nur nach Wörtern gefunden. Warum, steht im Protokoll. "
        "Neu versucht wird es, sobald sich der Text ändert."
    )


def waiting_in_words(waiting: int) -> str:
    if waiting == 1:
        return (
            "1 Eintrag wartet auf seine Vektoren. Der Arbeiter rechnet; nach Wörtern wird er schon gefunden."
        )
    return f"{waiting} Einträge warten auf ihre Vektoren. Der Arbeiter rechnet; nach Wörtern werden sie schon gefunden."
