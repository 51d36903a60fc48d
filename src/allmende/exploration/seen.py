"""What the marketplace shows at a moment, as a snapshot keeps it: the order of a list, and why it is that order.

Reads only. What it makes is plain JSON; sentences in it are German, because a file is read by people years later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allmende.demand.criteria import label_of
from allmende.demand.matching import Match, context_of, looking_for, matches
from allmende.demand.matching.finding import THRESHOLD
from allmende.demand.matching.nearness import IndexAway
from allmende.demand.models import Need
from allmende.demand.statements import Statement, Wanted
from allmende.lib.actors import Actor
from allmende.retrieval.protocol import Explanation, Matching
from allmende.search import meaning
from allmende.search.labels import known
from allmende.search.queries import Question, SearchUnavailable
from allmende.search.ranking import Place, Ranking, ranking

MOST_ENTRIES = 500
SCHEMA, SCHEMA_VERSION = "allmende/exploration-snapshot", 1
DIGITS = 6
# As the search page calls them: codes alone say little in ten years.
FACET_LABELS: Mapping[str, str] = {
    "field": "Handlungsfeld",
    "type": "Art der Lösung",
    "delivery": "Betriebsart",
    "price": "Preismodell",
    "licence": "Lizenz",
    "size": "Größe der Kommunen, die sie nutzen",
    "land": "Land der Kommunen, die sie nutzen",
    "maturity": "Reife",
    "boundary": "Abgrenzung",
    "language": "Sprache der Beschreibung",
    "origin": "Quelle",
}
MATCHING_IN_WORDS: Mapping[Matching, str] = {
    Matching.NOTHING_ASKED: "Ohne Suchwörter: alles, was zu den Filtern passt.",
    Matching.ALL: "Gefunden ist, was alle Wörter enthält oder dem Sinn nach nahe liegt.",
    Matching.FEWER: "Kein Eintrag enthält alle Wörter; gefunden ist, was einige davon enthält "
    "oder dem Sinn nach nahe liegt.",
}
MATCHES_IN_WORDS = (
    "Verglichen ist, was der Text des Bedarfs findet; die Punkte kommen aus der Nähe zum Bedarf und den erfüllten "
    "Kriterien. Wer ein Muss-Kriterium verfehlt, steht hinter allen anderen. „keine Angabe“ zählt weder dafür noch "
    "dagegen."
)
TIES = "Bei gleicher Zahl entscheidet eine Prüfsumme aus Frage und Kennung, nicht Name, Alter oder Bezahlung."


@dataclass(frozen=True)
class SeenEntry:
    """One entry at its place: the numbers it is ordered by, and sentences that say why it stands there."""

    solution: str
    score: Mapping[str, Any] = field(default_factory=dict)
    reasons: Sequence[str] = ()


@dataclass(frozen=True)
class Seen:
    """A list as it was shown. `about` is plain JSON: what was asked, in which order, by which state of the index."""

    words: str
    filters: Mapping[str, Sequence[str]]
    total: int
    about: Mapping[str, Any]
    entries: Sequence[SeenEntry]


def search_seen(question: Question, actor: Actor) -> Seen:
    """What a search finds for the actor now, the first `MOST_ENTRIES`. Raises `SearchUnavailable`."""
    found = ranking(question, actor, at_most=MOST_ENTRIES)
    return Seen(
        words=found.text,
        filters={facet: list(codes) for facet, codes in question.choices.items() if codes},
        total=found.total,
        about=_about(question, found),
        entries=[
            SeenEntry(place.public_id, _score(place, found.explained), _reasons(place, found))
            for place in found.places
        ],
    )


def matches_seen(need: Need, actor: Actor, *, today: date, threshold: int = THRESHOLD) -> Seen:
    """What fits the need now, from `threshold` points of 100 on, the first `MOST_ENTRIES`.

    Raises `SearchUnavailable`.
    """
    looking, context = looking_for(need), context_of(need, actor, today)
    try:
        found = matches(looking, context, threshold=threshold, limit=MOST_ENTRIES)
    except IndexAway as error:
        raise SearchUnavailable(str(error)) from error
    total = found.above + found.failing
    return Seen(
        words=looking.title,
        filters={},
        total=total,
        about={
            "kind": "matches",
            "need": need.public_id,
            "need_edition": need.edition_number,
            "asked": looking.asked,
            "criteria": [_wanted(each) for each in looking.wanted],
            "population": context.population,
            "size_class": context.size_class,
            "threshold": threshold,
            "total": total,
            "compared": found.total,
            "failing": found.failing,
            "matching_in_words": MATCHES_IN_WORDS,
            "ties": TIES,
            "index": found.generation,
            "meaning": meaning.state(),
            "meaning_was_late": found.is_late,
        },
        entries=[_matched(each) for each in found.matches],
    )


def _wanted(wanted: Wanted) -> dict[str, Any]:
    return {
        "criterion": wanted.criterion,
        "weight": wanted.weight,
        "wanted": wanted.value,
        "text": wanted.text,
    }


def _matched(match: Match) -> SeenEntry:
    return SeenEntry(
        match.solution,
        {
            "sum": match.points,
            "near": round(match.near.total, DIGITS),
            "met_share": round(match.met_share, DIGITS),
            "failed_musts": match.failed_musts,
            "unknown_musts": match.unknown_musts,
            "offer": match.offer,
            "position": match.position,
        },
        [match.text_evidence, match.position_reason, *(_said(each) for _, each in match.pairs)],
    )


def _said(statement: Statement) -> str:
    label = label_of(statement.criterion) if statement.criterion else "In eigenen Worten verlangt"
    source = f" ({statement.source})" if statement.source else ""
    return f"{label}: {statement.label}. {statement.reason}{source}"


def _about(question: Question, found: Ranking) -> dict[str, Any]:
    return {
        "kind": "search",
        "asked": question.text,
        "searched": found.text,
        "filters": _filters(question),
        "order": found.order,
        "total": found.total,
        "by_words": found.by_words,
        "matching": found.matching.value,
        "matching_in_words": MATCHING_IN_WORDS[found.matching],
        "ties": TIES,
        "weights": _weights(found.explained),
        "index": found.generation,
        "meaning": found.model,
        "meaning_was_late": not found.is_lasting,
    }


def _filters(question: Question) -> list[dict[str, Any]]:
    labels = known().labels
    return [
        {
            "facet": facet,
            "label": FACET_LABELS.get(facet, facet),
            "values": [{"code": code, "label": labels.get(facet, {}).get(code, code)} for code in codes],
        }
        for facet, codes in question.choices.items()
        if codes
    ]


def _weights(explained: Explanation | None) -> dict[str, Any] | None:
    """What holds for all entries of the list: with it each place can be worked out again."""
    if explained is None:
        return None
    best = explained.lexical / explained.lexical_share if explained.lexical_share else 0.0
    return {
        "rule": explained.weighing,
        "words": round(explained.lexical_weight, DIGITS),
        "meaning": round(explained.meaning_weight, DIGITS),
        "words_counting_as_one": round(best, DIGITS),
    }


def _score(place: Place, explained: Explanation | None) -> dict[str, Any]:
    if explained is None:
        return {}
    similarity = None if place.similarity is None else round(place.similarity, DIGITS)
    return {"sum": round(place.score, DIGITS), "words": round(place.lexical, DIGITS), "meaning": similarity}


def _reasons(place: Place, found: Ranking) -> list[str]:
    if found.explained is None:
        return ["Ohne Suchwörter gefunden; die Reihenfolge sagt nichts darüber, was besser passt."]
    reasons = []
    if place.found:
        reasons.append("Im Eintrag steht: " + ", ".join(f"„{word}“" for word in place.found) + ".")
    elif place.lexical:
        reasons.append("Der Eintrag enthält Wörter der Frage.")
    else:
        reasons.append("Keines der Wörter kommt vor.")
    if place.similarity is not None and found.explained.meaning_weight:
        reasons.append(f"Ähnlichkeit von Frage und Text: {_german(place.similarity)}.")
    return reasons


def _german(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")
