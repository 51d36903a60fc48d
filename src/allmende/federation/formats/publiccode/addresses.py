"""Is this an address, as the reference parser sees it?

It is written in Go, and its verdict rests on net/url: what is no address there is an error of its own kind, so the
rules of that parser (which characters, which percent signs, which ports) are followed here and not those of urllib.
"""

import re
from dataclasses import dataclass

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST_SIGNS = re.compile(r"(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]|[^\x00-\x7f]|%25|%[89A-Fa-f][0-9A-Fa-f])*")
_USER_SIGNS = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PORT = re.compile(r":[0-9]*")
_URN = re.compile(
    r"urn:(?!urn:)[a-z0-9][a-z0-9-]{0,31}:(?:[a-z0-9()+,\-.:=@;$_!*']|%[0-9a-f]{2})+", re.IGNORECASE
)

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u00a0-\ud7ff\uf900-\uffef]+"
    r"(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u00a0-\ud7ff\uf900-\uffef]+)*"
    r"@(?:[^\W_](?:[\w.~-]*[^\W_])?\.)+[^\W\d_](?:[\w.~-]*[^\W\d_])?\.?"
)

IPA_SCHEME = "urn:x-italian-pa:"
_IPA_CODE = re.compile(r"[A-Za-z0-9_]{1,8}|istsc_[A-Za-z0-9]{10}")
"""The shape of an iPA code. The register itself (23,000 codes) is not shipped: here nobody looks up Italian offices."""


@dataclass(frozen=True)
class Address:
    """The parts of an address that the rules ask for."""

    scheme: str = ""
    opaque: str = ""
    host: str = ""
    path: str = ""
    fragment: str = ""


class NotAnAddress(ValueError):
    """The text cannot be taken apart as an address at all."""


def parse_address(text: str) -> Address:
    """Take an address apart; almost any text is one, if only a path. Raises NotAnAddress."""
    body, _, fragment = text.partition("#")
    if _CONTROL.search(body) or _BAD_PERCENT.search(fragment):
        raise NotAnAddress(text)
    address = _parse_body(body, is_request=False)
    return Address(address.scheme, address.opaque, address.host, address.path, fragment)


def parse_request_address(text: str) -> Address:
    """The same for an address that must begin with a scheme or a slash. Raises NotAnAddress."""
    if not text or _CONTROL.search(text):
        raise NotAnAddress(text)
    return _parse_body(text, is_request=True)


def _parse_body(text: str, *, is_request: bool) -> Address:
    scheme, rest = _split_scheme(text)
    rest = rest.partition("?")[0]
    if not rest.startswith("/"):
        if scheme:
            return Address(scheme, opaque=rest)
        if is_request or ":" in rest.partition("/")[0]:
            raise NotAnAddress(text)
    host = ""
    if rest.startswith("//") and (scheme or (not is_request and not rest.startswith("///"))):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        host = _host_of(authority)
    if _BAD_PERCENT.search(rest):
        raise NotAnAddress(text)
    return Address(scheme, host=host, path=rest)


def _split_scheme(text: str) -> tuple[str, str]:
    if text.startswith(":"):
        raise NotAnAddress(text)
    match = _SCHEME.match(text)
    if match and text[match.end() : match.end() + 1] == ":":
        return match.group().lower(), text[match.end() + 1 :]
    return "", text


def _host_of(authority: str) -> str:
    user, at, host = authority.rpartition("@")
    if at and (not _USER_SIGNS.fullmatch(user) or _BAD_PERCENT.search(user)):
        raise NotAnAddress(authority)
    before_port, colon, port = host.rpartition("]") if host.startswith("[") else host.rpartition(":")
    if host.startswith("["):
        if not colon or (port and not _PORT.fullmatch(port)):
            raise NotAnAddress(authority)
    elif colon and not _PORT.fullmatch(colon + port):
        raise NotAnAddress(authority)
    if not _HOST_SIGNS.fullmatch(before_port if colon else host):
        raise NotAnAddress(authority)
    return host


def is_address(text: str) -> bool:
    """An address with a scheme that leads somewhere."""
    lowered = text.lower()
    try:
        address = parse_address(lowered)
    except NotAnAddress:
        return False
    if lowered.startswith("file:/"):
        return True
    return bool(address.scheme and (address.host or address.fragment or address.opaque))


def is_web_address(text: str) -> bool:
    """http or https, with a host."""
    try:
        address = parse_address(text.lower())
    except NotAnAddress:
        return False
    return address.scheme in ("http", "https") and bool(address.host)


def is_organisation_uri(text: str) -> bool:
    """A URN, or an address with scheme and host; an Italian administration by its iPA code."""
    try:
        address = parse_request_address(text)
    except NotAnAddress:
        return False
    if address.scheme != "urn":
        return bool(address.scheme and address.host)
    if not _URN.fullmatch(text):
        return False
    if address.opaque.lower().startswith("x-italian-pa:"):
        return is_ipa_code(address.opaque[len("x-italian-pa:") :])
    return True


def is_uri(text: str) -> bool:
    """Any well-formed URI: URN, or scheme and something after it."""
    try:
        address = parse_request_address(text)
    except NotAnAddress:
        return False
    if address.scheme == "urn":
        return bool(_URN.fullmatch(text))
    return bool(address.scheme and (address.host or address.opaque))


def is_ipa_code(text: str) -> bool:
    return bool(_IPA_CODE.fullmatch(text))


def is_email(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text))
