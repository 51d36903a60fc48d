"""The one gate: what every solution and offer has to fulfil, whoever hands it in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from allmende.catalogue.addresses import is_repository_address, is_web_address
from allmende.catalogue.drafts import OfferDraft, PriceDraft, SolutionDraft
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current

LONGEST_NAME = 300
LONGEST_ADDRESS = 1000
LONGEST_TEXT = 100_000
LONGEST_TERM = 600
# What the column of an amount holds: eight digits before the comma.
LARGEST_AMOUNT = Decimal(10**8)


def check_solution(draft: SolutionDraft) -> None:
    """Raise `Refused` with every reason at once, in German sentences."""
    problems = [
        *_name(draft.name),
        *_addresses(draft),
        *_widths(draft),
        *_solution_codes(draft),
        *_letters(draft),
    ]
    if problems:
        raise Refused(" ".join(dict.fromkeys(problems)))


def check_offer(draft: OfferDraft) -> None:
    """Raise `Refused` with every reason at once, in German sentences."""
    problems = [
        *_offer_parties(draft),
        *_offer_codes(draft),
        *_prices(draft),
        *_terms_of(draft),
        *_asked_at(draft),
        *_letters(draft),
    ]
    if not draft.title.strip():
        problems.insert(0, "Geben Sie dem Angebot einen Titel.")
    if problems:
        raise Refused(" ".join(dict.fromkeys(problems)))


def check_letters(value: Any) -> None:
    """Raise `Refused` where a text holds a letter that no database keeps, or is longer than anything we show."""
    problems = list(_letters(value))
    if problems:
        raise Refused(" ".join(dict.fromkeys(problems)))


def _name(name: str) -> Iterator[str]:
    if not name.strip():
        yield "Geben Sie den Namen der Lösung an."
    if len(name) > LONGEST_NAME:
        yield f"Kürzen Sie den Namen auf höchstens {LONGEST_NAME} Zeichen."


def _addresses(draft: SolutionDraft) -> Iterator[str]:
    if not (draft.repository_url or draft.website_url):
        yield "Geben Sie die Adresse des Quellcodes oder der Website an."
    if draft.repository_url and not is_repository_address(draft.repository_url):
        yield f"„{draft.repository_url[:100]}“ ist keine Adresse. Beginnen Sie mit „https://“."
    linked = [draft.website_url, draft.maintainer_url, *(link.url for link in draft.links)]
    linked += [text.documentation_url for text in draft.texts] + [use.url for use in draft.claimed_uses]
    linked += [each.url for each in draft.funding]
    for url in (url for url in linked if url):
        if not is_web_address(url):
            yield f"„{url[:100]}“ ist keine Adresse im Netz. Beginnen Sie mit „https://“."
    for url in (url for url in [*linked, draft.repository_url] if url and len(url) > LONGEST_ADDRESS):
        yield f"Die Adresse „{url[:60]}…“ ist länger als {LONGEST_ADDRESS} Zeichen."


def _widths(draft: SolutionDraft) -> Iterator[str]:
    """What a column cannot hold is said here in words, and not by the database in a code."""
    held: list[tuple[str, int, Iterable[str | None]]] = [
        ("Die Angabe zur Lizenz", 300, [draft.licence]),
        ("Der Name der Verantwortlichen", LONGEST_NAME, [draft.maintainer]),
        ("Der Name in einer Sprache", LONGEST_NAME, [text.name for text in draft.texts]),
        # A statement's field is "texts." and the language.
        ("Das Kürzel einer Sprache", 35, [text.language for text in draft.texts]),
        ("Der Name eines Förderprogramms", 300, [each.programme for each in draft.funding]),
        ("Ein Förderkennzeichen", 100, [each.grant_id for each in draft.funding]),
    ]
    for what, most, texts in held:
        if any(text and len(text) > most for text in texts):
            yield f"{what} ist länger als {most} Zeichen. Kürzen Sie."


def _solution_codes(draft: SolutionDraft) -> Iterator[str]:
    stated = {
        "field_of_action": draft.fields_of_action,
        "solution_type": draft.solution_types,
        "delivery_model": draft.delivery_models,
        "audience": draft.audiences,
        "maturity": (draft.maturity,),
        "boundary": (draft.boundary,),
        "maintenance": (draft.maintenance,),
        "link_kind": tuple(link.kind for link in draft.links),
    }
    yield from _unknown(stated)


def _unknown(stated: Mapping[str, tuple[str | None, ...]]) -> Iterator[str]:
    vocabulary = current()
    for scheme, codes in stated.items():
        known = vocabulary.known_codes(scheme)
        for code in codes:
            if code and code not in known:
                yield f"Den Begriff „{code}“ gibt es im Vokabular „{scheme}“ nicht."


def _offer_codes(draft: OfferDraft) -> Iterator[str]:
    yield from _unknown(
        {
            "offer_kind": (draft.kind,),
            "delivery_model": (draft.delivery_model,),
            "price_model": (draft.price_model,),
            "price_kind": tuple(price.kind for price in draft.prices),
            "unit": tuple(price.unit for price in draft.prices),
        }
    )


def _offer_parties(draft: OfferDraft) -> Iterator[str]:
    if not (draft.supplier or draft.operator or draft.seller):
        yield "Nennen Sie, wer liefert, wer betreibt oder wer verkauft."


def _prices(draft: OfferDraft) -> Iterator[str]:
    for price in draft.prices:
        yield from _amount(price)
        if price.kind.startswith("per_unit") and not price.unit:
            yield "Nennen Sie zu einem Preis je Einheit die Einheit, zum Beispiel Einwohner."
        bounds = (price.tier_from, price.tier_to)
        if any(bound is not None for bound in bounds) and not price.unit:
            yield "Nennen Sie zu einer Preisstaffel die Einheit, zum Beispiel Einwohner."
        if price.tier_from is not None and price.tier_to is not None and price.tier_from >= price.tier_to:
            yield "Die Staffel beginnt mit einer größeren Zahl, als sie endet. Tauschen Sie die beiden."


def _amount(price: PriceDraft) -> Iterator[str]:
    if not price.amount.is_finite():
        yield "Geben Sie einen Betrag ein, zum Beispiel 1.200,00."
        return
    if price.amount < 0:
        yield "Ein Preis kann nicht kleiner als 0 sein."
    if price.amount >= LARGEST_AMOUNT:
        yield "Ein Preis muss unter 100 Millionen Euro liegen."
    if price.amount != round(price.amount, 4):
        yield "Ein Preis hat höchstens vier Stellen nach dem Komma."
    rate = price.vat_rate
    if rate is not None and not (rate.is_finite() and 0 <= rate < 100 and rate == round(rate, 2)):
        yield "Der Steuersatz liegt zwischen 0 und 99,99 Prozent."


def _terms_of(draft: OfferDraft) -> Iterator[str]:
    if len(draft.title) > LONGEST_NAME:
        yield f"Kürzen Sie den Titel auf höchstens {LONGEST_NAME} Zeichen."
    if draft.minimum_term_months is not None and not 1 <= draft.minimum_term_months <= LONGEST_TERM:
        yield f"Die Mindestlaufzeit liegt zwischen 1 und {LONGEST_TERM} Monaten."


def _asked_at(draft: OfferDraft) -> Iterator[str]:
    if draft.prices_for not in ("public", "administration"):
        yield "Preise sehen entweder alle oder nur die öffentliche Verwaltung. Wählen Sie eines davon."
    contact = draft.contact
    if contact is None:
        return
    if any(len(text or "") > LONGEST_NAME for text in (contact.name, contact.email, contact.phone)):
        yield f"Eine Angabe zur Ansprechstelle ist länger als {LONGEST_NAME} Zeichen. Kürzen Sie."
    if contact.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", contact.email):
        yield "Geben Sie bei der Ansprechstelle eine E-Mail-Adresse ein, zum Beispiel angebot@beispiel.de."


def _letters(draft: Any) -> Iterator[str]:
    for text in _texts(draft):
        if "\x00" in text:
            yield "Der Text enthält ein unsichtbares Zeichen (NUL). Entfernen Sie es."
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            yield "Der Text enthält ein Zeichen, das es nicht gibt. Speichern Sie die Datei in UTF-8."
        if len(text) > LONGEST_TEXT:
            yield f"Kürzen Sie den Text auf höchstens {LONGEST_TEXT} Zeichen."


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value):
        for each_field in fields(value):
            yield from _texts(getattr(value, each_field.name))
