"""What a list shows of a solution: the hit, the same everywhere."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from allmende.catalogue.models import Offer, PriceRow, SolutionText
from allmende.catalogue.queries import Card
from allmende.retrieval.protocol import Fragment
from allmende.retrieval.snippets import highlight
from allmende.web.components.templatetags.formats import euro

UNKNOWN = "keine Angabe"
# Kinds of offers whose price is one of the solution itself; consulting and training are not.
RUNNING = ("product", "own_development", "operation")
ON_REQUEST = "auf Anfrage"
HIDDEN_IN_SHORT = "für die Verwaltung nach Anmeldung"
LONGEST_SUMMARY = 300
_MARKUP = re.compile(r"\]\([^)]*\)|</?[a-zA-Z][^>]*>|[*_`#\[\]|]+")
# "je …" for prices that depend on a number.
_EACH = {
    "inhabitant": "je Einwohnerin oder Einwohner",
    "user": "je nutzender Person",
    "device": "je Gerät",
    "case": "je Vorgang",
    "day": "je Arbeitstag",
}


@dataclass(frozen=True)
class Words:
    """Words about a solution in one language, in pieces: those that were searched for are highlighted."""

    fragments: Sequence[Fragment]
    language: str

    @property
    def html(self) -> SafeString:
        """The pieces, escaped; those searched for in `mark`. A template's loops take five times as long."""
        return mark_safe(  # noqa: S308  # every piece is escaped
            "".join(
                f"<mark>{escape(each.text)}</mark>" if each.highlighted else escape(each.text)
                for each in self.fragments
            )
        )

    @property
    def is_foreign(self) -> bool:
        return self.language.split("-")[0].lower() not in ("de", "")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A solution in a list. `cost`, `uses` and `licence` are None where nobody has said anything."""

    id: str
    name: str
    is_invented: bool
    summary: Words | None
    excerpt: Words | None
    uses: str | None
    cost: str | None
    licence: str | None
    as_of: date | None
    changed_on: date
    origins: Sequence[str]
    # Where it says why the solution is found; "" where nothing was asked.
    why: str = ""
    by_meaning: bool = False

    @property
    def href(self) -> str:
        return f"/loesungen/{self.id}"


def hit_of(
    card: Card,
    *,
    words: Collection[str] = (),
    snippet: Sequence[Fragment] = (),
    why: str = "",
    by_meaning: bool = False,
) -> Hit:
    """The hit of a card. `words` are index words to be highlighted, `snippet` where the index has found them."""
    solution, text = card.solution, _text_with_summary(card.texts)
    summary = Words(_highlighted(text.summary, words), text.language) if text else None
    return Hit(
        id=solution.public_id,
        name=solution.name,
        is_invented=solution.is_invented,
        summary=summary,
        excerpt=_excerpt(snippet, card.texts, text.summary if text else ""),
        uses=uses_in_words(card.confirmed_uses, card.claimed_uses),
        cost=lowest_cost(card.offers),
        licence=solution.licence or None,
        as_of=solution.as_of,
        changed_on=solution.changed_at.date(),
        origins=card.origins,
        why=why,
        by_meaning=by_meaning,
    )


def _text_with_summary(texts: Iterable[SolutionText]) -> SolutionText | None:
    """German first, then English, then any, as the texts are ordered; one without a summary says nothing here."""
    return next((text for text in texts if text.summary), None)


def _highlighted(summary: str, words: Collection[str]) -> Sequence[Fragment]:
    short = summary if len(summary) <= LONGEST_SUMMARY else f"{summary[:LONGEST_SUMMARY].rsplit(' ', 1)[0]} …"
    return highlight(short, words)


def _excerpt(snippet: Sequence[Fragment], texts: Sequence[SolutionText], summary: str) -> Words | None:
    """The line of the snippet with most found words, unless the summary has it already."""
    lines = _lines(snippet)
    best = max(lines, key=lambda line: sum(piece.highlighted for piece in line), default=None)
    if best is None or not any(piece.highlighted for piece in best):
        return None
    text = "".join(piece.text for piece in best).strip(" …")
    if text in summary:
        return None
    return Words(
        [Fragment(_MARKUP.sub("", piece.text), piece.highlighted) for piece in best], _language(text, texts)
    )


def _lines(snippet: Sequence[Fragment]) -> list[list[Fragment]]:
    """The snippet by lines: texts of several languages follow each other in the index, each on lines of its own."""
    lines: list[list[Fragment]] = [[]]
    for piece in snippet:
        for place, part in enumerate(piece.text.split("\n")):
            if place:
                lines.append([])
            if part:
                lines[-1].append(Fragment(part, piece.highlighted))
    return [line for line in lines if line]


def _language(line: str, texts: Sequence[SolutionText]) -> str:
    for text in texts:
        if (
            line in text.summary
            or line in text.description
            or any(line in feature for feature in text.features)
        ):
            return text.language
    return ""


def uses_in_words(confirmed: int, claimed: int) -> str | None:
    """ "2 bestätigt, 5 laut Anbieter oder Quelle"; what a town says itself is never added to what others say."""
    parts = [f"{confirmed} bestätigt"] if confirmed else []
    parts += [f"{claimed} laut Anbieter oder Quelle"] if claimed else []
    return ", ".join(parts) or None


def lowest_cost(offers: Sequence[Offer]) -> str | None:
    """The smallest amount that an offer of the product or its operation names, in words; None: nobody names one.

    Amounts of different kinds cannot be compared: a yearly one says more than one for each unit, and that more than
    a single payment. Consulting and training are no price of the solution.
    """
    running = [offer for offer in offers if offer.kind in RUNNING]
    rows = [row for offer in running for row in offer.prices.all()]
    for pick in (_yearly, _per_unit, _one_off):
        if sentence := pick(rows):
            return sentence
    if any(offer.prices_are_hidden for offer in running):
        return HIDDEN_IN_SHORT
    return ON_REQUEST if any(offer.on_request for offer in running) else None


def _yearly(rows: Sequence[PriceRow]) -> str | None:
    amounts = [
        row.amount * (12 if row.kind == "monthly" else 1) for row in rows if row.kind in ("yearly", "monthly")
    ]
    return f"ab {euro(min(amounts))} im Jahr" if amounts else None


def _per_unit(rows: Sequence[PriceRow]) -> str | None:
    rows = [row for row in rows if row.kind == "per_unit_yearly"]
    if not rows:
        return None
    lowest = min(rows, key=lambda row: row.amount)
    return f"ab {_exact(lowest.amount)} {_EACH.get(lowest.unit, 'je Einheit')} im Jahr"


def _one_off(rows: Sequence[PriceRow]) -> str | None:
    amounts = [row.amount for row in rows if row.kind == "one_off"]
    return f"einmalig ab {euro(min(amounts))}" if amounts else None


def _exact(amount: Decimal) -> str:
    """Prices for each inhabitant are often fractions of a cent, which rounding would turn into nothing."""
    if amount == amount.quantize(Decimal("0.01")):
        return str(euro(amount))
    return f"{amount.normalize():f}".replace(".", ",") + "\u00a0€"


def hits_of(cards: Iterable[Card]) -> list[Hit]:
    """Hits of a list that was not searched for."""
    return [hit_of(card) for card in cards]
