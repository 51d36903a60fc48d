"""What differs between two editions of a solution, value by value, in words. No database."""

from collections.abc import Iterator, Mapping
from typing import Any

from allmende.lib.partial_dates import parse
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.parts import Cell, Column, Row, Table
from allmende.web.marketplace.wording import field_label, in_words, label_of, price_in_words

OFFER_WORDS = {
    "title": "Titel",
    "kind": "Art",
    "description": "Beschreibung",
    "delivery_model": "Betriebsart",
    "price_model": "Preismodell",
    "on_request": "Preis auf Anfrage",
    "prices": "Preiszeilen",
    "prices_for": "Wer die Beträge sieht",
    "minimum_term_months": "Mindestlaufzeit in Monaten",
    "included_services": "enthalten",
    "as_of": "Stand",
    "parties": "Beteiligte",
}
_SCHEMES = {"kind": "offer_kind", "delivery_model": "delivery_model", "price_model": "price_model"}
_ROLES = {"supplier": "liefert", "operator": "betreibt", "seller": "verkauft"}
_TEXT_PARTS = {
    "name": "Name",
    "summary": "Kurzbeschreibung",
    "description": "Beschreibung",
    "features": "Funktionen",
    "documentation_url": "Dokumentation",
}
Change = tuple[str, str | None, str | None]


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, words: Vocabulary
) -> Table | None:
    """A row for each value that is not what it was; None where nothing public differs, or an edition is redacted."""
    if before is None or after is None:
        return None
    rows = [Row([Cell(label), Cell(was), Cell(now)]) for label, was, now in _all(before, after, words)]
    columns = [Column("Angabe"), Column("vorher"), Column("jetzt")]
    return Table("Was sich geändert hat", columns, rows) if rows else None


def _all(before: Mapping[str, Any], after: Mapping[str, Any], words: Vocabulary) -> Iterator[Change]:
    yield from _values(before["values"], after["values"], words)
    was = {offer["id"]: offer for offer in before["offers"]}
    now = {offer["id"]: offer for offer in after["offers"]}
    for key in dict.fromkeys([*was, *now]):
        yield from _offer(was.get(key), now.get(key), words)


def _values(was: Mapping[str, Any], now: Mapping[str, Any], words: Vocabulary) -> Iterator[Change]:
    for field in sorted(was.keys() | now.keys()):
        if was.get(field) == now.get(field):
            continue
        if field.startswith("texts."):
            yield from _text(field, was.get(field) or {}, now.get(field) or {})
        else:
            yield field_label(field), _said(field, was, words), _said(field, now, words)


def _text(field: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for part, label in _TEXT_PARTS.items():
        if was.get(part) != now.get(part):
            yield f"{field_label(field)}: {label}", _plain(was.get(part)), _plain(now.get(part))


def _said(field: str, values: Mapping[str, Any], words: Vocabulary) -> str | None:
    return in_words(field, values[field], words) or None if field in values else None


def _offer(
    was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, words: Vocabulary
) -> Iterator[Change]:
    if was is None or now is None:
        present = now or was or {}
        yield (
            f"Angebot „{present.get('title', '')}“",
            "veröffentlicht" if was else "nicht vorhanden",
            "veröffentlicht" if now else "nicht vorhanden",
        )
        return
    for field, label in OFFER_WORDS.items():
        if was.get(field) != now.get(field):
            yield (
                f"Angebot „{now['title']}“: {label}",
                _of_offer(field, was.get(field), words),
                _of_offer(field, now.get(field), words),
            )


def _of_offer(field: str, value: Any, words: Vocabulary) -> str | None:
    if field == "prices":
        return "; ".join(price_in_words(row, words) for row in value or ()) or None
    if field == "parties":
        return ", ".join(f"{_ROLES[role]}: {body['name']}" for role, body in (value or {}).items()) or None
    if field == "as_of" and value:
        return _when(value)
    if field == "prices_for":
        return "nur die öffentliche Verwaltung" if value else "alle"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return label_of(words, _SCHEMES[field], value) if field in _SCHEMES and value else _plain(value)


def _when(value: str) -> str:
    """ "2026-02" → "Februar 2026"; what an old edition holds otherwise stays as it is."""
    try:
        return str(parse(value))
    except ValueError:
        return value


def _plain(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or None
    return str(value) if value not in (None, "") else None
