"""Stated values as people read them, on the page of a solution and in its editions. No database, no HTML."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allmende.files.models import StoredFile
from allmende.vocabulary.queries import Vocabulary
from allmende.web.components.templatetags.components import language_name
from allmende.web.components.templatetags.formats import day_of, euro, number

# Names of the values as the page writes them, in its order; what is not listed has no line of its own.
FIELD_LABELS = {
    "name": "Name",
    "is_invented": "Kennzeichnung",
    "fields_of_action": "Handlungsfelder",
    "solution_types": "Art der Lösung",
    "boundary": "Abgrenzung",
    "maturity": "Reife",
    "audiences": "Zielgruppen",
    "licence": "Lizenz",
    "repository_url": "Quellcode",
    "website_url": "Website",
    "maintainer": "verantwortlich",
    "maintainer_url": "Website der Verantwortlichen",
    "maintenance": "Pflege",
    "contractors": "Wartung durch",
    "delivery_models": "Betriebsart",
    "platforms": "läuft auf",
    "interface_languages": "Sprachen der Oberfläche",
    "dependencies": "braucht",
    "based_on": "beruht auf",
    "links": "Verweise",
    "topics": "Stichwörter",
    "as_of": "Stand der Angaben",
}
SCHEME_OF = {
    "maturity": "maturity",
    "boundary": "boundary",
    "maintenance": "maintenance",
    "fields_of_action": "field_of_action",
    "solution_types": "solution_type",
    "delivery_models": "delivery_model",
    "audiences": "audience",
}
PLATFORMS = {
    "web": "Browser",
    "windows": "Windows",
    "mac": "macOS",
    "linux": "Linux",
    "android": "Android",
    "ios": "iOS",
}
DEPENDENCY_KINDS = {"open": "offen", "proprietary": "proprietär", "hardware": "Gerät"}


def label_of(vocabulary: Vocabulary, scheme: str, code: str) -> str:
    term = vocabulary.term(scheme, code)
    return term.label if term else code


def field_label(field: str) -> str:
    if field.startswith("texts."):
        return f"Beschreibung ({language(field.removeprefix('texts.'))})"
    return FIELD_LABELS.get(field, field)


def in_order(fields: Iterable[str]) -> list[str]:
    """Fields as the page orders them: names and facts first, texts by language last."""
    known = list(FIELD_LABELS)
    return sorted(fields, key=lambda field: (known.index(field) if field in known else len(known), field))


def in_words(field: str, value: Any, vocabulary: Vocabulary) -> str:
    """A stated value as people read it."""
    if field.startswith("texts."):
        return str(value.get("summary") or value.get("name") or value.get("description") or "")
    if field in SCHEME_OF:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(label_of(vocabulary, SCHEME_OF[field], code) for code in codes)
    if field == "is_invented":
        return "erfunden"
    if field == "as_of":
        return day_of(value)
    if not isinstance(value, list):
        return str(value)
    return ", ".join(dict.fromkeys(_WORDS.get(field, _plain)(each) for each in value))


def platform(code: str) -> str:
    return PLATFORMS.get(code, code)


def language(code: str) -> str:
    return "Deutsch" if code.lower().split("-")[0] == "de" else language_name(code)


def languages(codes: Iterable[str]) -> list[str]:
    """Languages by name, each once: "de" and "de-AT" are one to a reader, German first."""
    return sorted(dict.fromkeys(language(code) for code in codes), key=lambda name: name != "Deutsch")


def dependency(each: Mapping[str, Any]) -> str:
    kind = DEPENDENCY_KINDS.get(each.get("kind", ""), "")
    details = [kind, f"ab {each['version']}" if each.get("version") else ""]
    details.append("nicht zwingend" if each.get("optional") else "")
    said = ", ".join(filter(None, details))
    return f"{each.get('name', '')} ({said})" if said else str(each.get("name", ""))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("label") or value.get("url") or "")
    return str(value)


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "platforms": platform,
    "interface_languages": language,
    "dependencies": dependency,
}


@dataclass(frozen=True)
class EditionLine:
    term: str
    value: str
    origin: str


def edition_lines(content: Any, vocabulary: Vocabulary, origins: Mapping[str, str]) -> list[EditionLine]:
    """The values of an edition, without its texts; empty for a redacted one. `origins`: labels by code."""
    if content is None:
        return []
    codes = content["origins"]
    return [
        EditionLine(
            field_label(field),
            in_words(field, content["values"][field], vocabulary),
            origins.get(codes.get(field, ""), codes.get(field, "")),
        )
        for field in in_order(content["values"])
        if not field.startswith("texts.")
    ]


@dataclass(frozen=True)
class EditionOffer:
    title: str
    prices: Sequence[str]
    on_request: bool
    documents: Sequence["EditionDocument"] = ()


@dataclass(frozen=True)
class EditionDocument:
    """A document as the edition names it; `file` is None where it was removed since."""

    sha256: str
    file: StoredFile | None


def edition_documents(content: Any) -> list[str]:
    """Ids of all documents that an edition names."""
    return [each["id"] for offer in (content or {}).get("offers", ()) for each in offer.get("documents", ())]


def edition_offers(
    content: Any, vocabulary: Vocabulary, files: Mapping[str, StoredFile] | None = None
) -> list[EditionOffer]:
    """What was offered, with its price rows in words. `files`: documents that may still be had, by id."""
    return [
        EditionOffer(
            offer["title"],
            [price_in_words(row, vocabulary) for row in offer["prices"]],
            offer["on_request"],
            [
                EditionDocument(each["sha256"], (files or {}).get(each["id"]))
                for each in offer.get("documents", ())
            ],
        )
        for offer in (content or {}).get("offers", ())
    ]


def price_in_words(row: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """A row as it stands: "0,19 € jährlich je Einheit (Einwohnerin oder Einwohner, ab 5.000)"."""
    unit = label_of(vocabulary, "unit", row["unit"]) if row.get("unit") else ""
    words = f"{exact_euro(Decimal(row['amount']))} {label_of(vocabulary, 'price_kind', row['kind'])}"
    tier = [
        f"{word} {number(row[key])}"
        for key, word in (("tier_from", "ab"), ("tier_to", "unter"))
        if row.get(key)
    ]
    details = ", ".join(filter(None, [unit, *tier, row.get("note", "")]))
    return f"{words} ({details})" if details else words


def net_price_in_words(row: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """The row with its tax: "1.200,00 € jährlich, netto, dazu 19 % Umsatzsteuer"."""
    rate = row.get("vat_rate")
    tax = (
        f"dazu {percent_of(Decimal(rate))} Umsatzsteuer"
        if rate is not None
        else "zur Umsatzsteuer keine Angabe"
    )
    return f"{price_in_words(row, vocabulary)}, netto, {tax}"


def percent_of(rate: Decimal) -> str:
    """Decimal("19.00") → "19 %"."""
    return f"{rate.normalize():f}".replace(".", ",") + "\u00a0%"


def exact_euro(amount: Decimal) -> str:
    """Prices for each inhabitant are often fractions of a cent, which rounding would turn into nothing."""
    if amount == amount.quantize(Decimal("0.01")):
        return str(euro(amount))
    return f"{amount.normalize():f}".replace(".", ",") + "\u00a0€"


def edition_uses(content: Any, vocabulary: Vocabulary, origins: Mapping[str, str]) -> list[str]:
    """Who used it, the confirmed ones first; what others said is never mixed with them."""
    if not content:
        return []
    confirmed = [
        f"{use['name']}: {label_of(vocabulary, 'use_status', use['state'])}, von der Kommune bestätigt"
        for use in content["confirmed_uses"]
    ]
    claimed = [
        f"{use['name']}: laut {origins.get(use['origin'], use['origin'])}" for use in content["claimed_uses"]
    ]
    return confirmed + claimed
