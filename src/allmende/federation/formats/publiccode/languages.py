"""Is this a language tag of BCP 47? Form by RFC 5646, subtags by the registry of the IANA (in `data/`)."""

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_IRREGULAR = (
    "|en-gb-oed|i-ami|i-bnn|i-default|i-enochian|i-hak|i-klingon|i-lux|i-mingo|i-navajo|i-pwn|i-tao|i-tay|i-tsu"
    "|sgn-be-fr|sgn-be-nl|sgn-ch-de|art-lojban|cel-gaulish|no-bok|no-nyn|zh-guoyu|zh-hakka|zh-min|zh-min-nan|zh-xiang|"
)
"""Tags that RFC 5646 keeps although they do not fit its form."""

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}){0,3})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_PRIVATE = re.compile(r"x-[a-z0-9]{1,8}")
_PRIVATE_REGION = re.compile(r"aa|q[m-z]|x[a-z]|zz")


@lru_cache(maxsize=4096)
def is_language_tag(text: str) -> bool:
    """`de`, `de-AT`, `sl-IT-nedis`; not `deu` (there is a shorter code), not `de_DE`, not `german`."""
    tag = text.lower()
    if f"|{tag}|" in _IRREGULAR or _PRIVATE.fullmatch(tag):
        return True
    match = _TAG.fullmatch(tag)
    return match is not None and _is_registered(tag, match.groupdict())


def _is_registered(tag: str, parts: dict[str, str]) -> bool:
    return (
        parts["language"] in _languages()
        and all(_has_prefix(tag, _extended(), part) for part in parts["extended"].split("-")[1:])
        and (not parts["script"] or parts["script"] in _scripts())
        and (
            not parts["region"]
            or parts["region"] in _regions()
            or bool(_PRIVATE_REGION.fullmatch(parts["region"]))
        )
        and all(_has_prefix(tag, _variants(), part) for part in parts["variants"].split("-")[1:])
    )


def _has_prefix(tag: str, known: dict[str, tuple[str, ...]], part: str) -> bool:
    """A variant is registered for the languages before it: `nedis` is Slovene."""
    prefixes = known.get(part)
    return prefixes is not None and (not prefixes or any(tag.startswith(prefix) for prefix in prefixes))


@cache
def _registry() -> dict[str, Any]:
    source = files("allmende.federation.formats.publiccode") / "data" / "language_subtags.json"
    registry: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return registry


def _pieces(text: str, length: int) -> frozenset[str]:
    return frozenset(text[at : at + length].lower() for at in range(0, len(text), length))


@cache
def _languages() -> frozenset[str]:
    return _pieces(_registry()["languages2"], 2) | _pieces(_registry()["languages3"], 3)


@cache
def _scripts() -> frozenset[str]:
    return _pieces(_registry()["scripts"], 4)


@cache
def _regions() -> frozenset[str]:
    return frozenset(_registry()["regions"].lower().split())


@cache
def _extended() -> dict[str, tuple[str, ...]]:
    groups = _registry()["extended"].items()
    return {code: (prefix,) for prefix, codes in groups for code in _pieces(codes, 3)}


@cache
def _variants() -> dict[str, tuple[str, ...]]:
    return {code: tuple(prefixes.lower().split()) for code, prefixes in _registry()["variants"].items()}
