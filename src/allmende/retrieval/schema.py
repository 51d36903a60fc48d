"""The fields of the embedded index and how documents fill them; the only place that names them."""

from typing import Any

import tantivy

from allmende.retrieval import names
from allmende.retrieval.documents import (
    Analysed,
    facet_terms,
    fingerprint,
    name_keys,
    number_key,
    stored,
    tie_key,
)
from allmende.retrieval.protocol import Definition, Document, IndexCorrupt, Order
from allmende.retrieval.surfaces import WORDLIST_VERSION
from allmende.retrieval.text import analyser

SCHEMA_VERSION = 3
"""Raised whenever the fields change: an index of another version is not read."""

ID, ENTRY, WORDS, PARTS, FACETS, TIE, SOURCE = "id", "entry", "words", "parts", "facets", "tie", "source"
CLASSES = "classes"
"""Only where the definition has any."""

PREFIXES, NAME_PARTS, NAME_BEGINS, BREVITY = "prefixes", "name_parts", "name_begins", "brevity"
"""What names are suggested by; see `names`."""


def number_field(name: str) -> str:
    return f"n_{name}"


def order_field(name: str) -> str:
    return f"o_{name}"


def finer_field(definition: Definition, name: str) -> str:
    """The column that decides between equals of an order as far as a number can: more of the name, or the id."""
    if name in definition.orders and definition.orders[name].number is None:
        return f"o_{name}_more"
    return TIE


def build(definition: Definition) -> tantivy.Schema:
    """Facets share one field, so that all of them are counted in one walk over its terms. Only parts have positions,
    for neighbours: a simple word is a part, too.

    Numbers are signed: the engine panics on unsigned columns when Python hands it an int.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(ENTRY, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(WORDS, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(PARTS, tokenizer_name="whitespace", index_option="position")
    if definition.classes:
        builder.add_text_field(CLASSES, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field(PREFIXES, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field(NAME_PARTS, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field(NAME_BEGINS, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(BREVITY, fast=True)
    builder.add_text_field(FACETS, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(TIE, fast=True)
    for name in definition.numbers:
        builder.add_integer_field(number_field(name), fast=True)
    for name, order in definition.orders.items():
        builder.add_integer_field(order_field(name), fast=True)
        if order.number is None:
            builder.add_integer_field(finer_field(definition, name), fast=True)
    builder.add_bytes_field(SOURCE, stored=True)
    return builder.build()


def about(definition: Definition) -> dict[str, Any]:
    """What an index writes down about itself, to be compared with what is wanted later."""
    return {
        "schema": SCHEMA_VERSION,
        "analyser": analyser(),
        "wordlist": WORDLIST_VERSION,
        "definition": {
            "weights": dict(definition.weights),
            "facets": list(definition.facets),
            "numbers": list(definition.numbers),
            "orders": {name: [order.number, order.descending] for name, order in definition.orders.items()},
            "snippet_fields": list(definition.snippet_fields),
            "classes": list(definition.classes),
        },
    }


def definition_of(found: dict[str, Any]) -> Definition:
    """The definition an index was made with; raises `IndexCorrupt` where it is not readable."""
    try:
        said = found["definition"]
        return Definition(
            said["weights"],
            tuple(said["facets"]),
            tuple(said["numbers"]),
            {name: Order(number, descending) for name, (number, descending) in said["orders"].items()},
            tuple(said["snippet_fields"]),
            tuple(said.get("classes", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IndexCorrupt(f"an index does not say what it was made with: {error}") from error


def difference(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    """Why an index should be made anew, or ""."""
    for part in ("schema", "analyser", "wordlist", "definition"):
        if found.get(part) != wanted[part]:
            return f"made with another {part}"
    return ""


def convert(document: Document, definition: Definition, said: Analysed) -> tantivy.Document:
    """All fields of one document; texts as words joined by blanks, which the engine splits and leaves alone."""
    filled = tantivy.Document()
    filled.add_text(ID, document.id)
    filled.add_text(ENTRY, f"{document.id}\t{fingerprint(document)}")
    filled.add_text(WORDS, said.words)
    filled.add_text(PARTS, said.parts)
    if definition.classes:
        filled.add_text(CLASSES, said.classes)
    filled.add_text(PREFIXES, " ".join(names.words(document.name)))
    filled.add_text(NAME_PARTS, " ".join(names.parts(document.name)))
    filled.add_text(NAME_BEGINS, names.first_word(document.name))
    filled.add_integer(BREVITY, names.brevity(document.name, document.id))
    for term in facet_terms(document, definition):
        filled.add_text(FACETS, term)
    filled.add_integer(TIE, tie_key(document.id))
    for name in definition.numbers:
        if (number := document.numbers.get(name)) is not None:
            filled.add_integer(number_field(name), number)
    for name, order in definition.orders.items():
        if order.number is None:
            first, more = name_keys(document.name)
            filled.add_integer(order_field(name), first)
            filled.add_integer(finer_field(definition, name), more)
        else:
            number = document.numbers.get(order.number)
            filled.add_integer(order_field(name), number_key(number, document.id, order.descending))
    filled.add_bytes(SOURCE, stored(document, definition))
    return filled
