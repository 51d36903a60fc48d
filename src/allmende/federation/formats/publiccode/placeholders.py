"""Was the template filled in? What people leave standing who copied an example and went no further."""

import re
from urllib.parse import urlsplit

_EXAMPLE_HOSTS = re.compile(
    r"(?:[\w-]+\.)*example\.(?:com|org|net|edu)|(?:[\w-]+\.)*[\w-]+\.example|localhost", re.IGNORECASE
)
_SAMPLE_REPOSITORIES = re.compile(
    r"/(?:italia/medusa|italia/repo|username/repo|user/repo|owner/repo)(?:\.git)?/?", re.IGNORECASE
)

_TO_DO = r"to-?do|tbd|t\.b\.d\.?|fixme|change-?me|x{3,}|\.{3}|…|-+|\?+|n/?a|none|null|unbekannt|platzhalter|placeholder"
_NAME = re.compile(
    rf"(?:{_TO_DO})"
    r"|(?:your|my|mein|meine|dein|ihr|our)[ _-]*(?:(?:first|fery|very|great|awesome|new|erste[sr]?|neue[sr]?)[ _-]*)*"
    r"(?:project|projekt|software|app|application|anwendung|component|komponente|product|produkt|repo(?:sitory)?|tool|"
    r"lösung|solution)(?:[ _-]*(?:name|title|titel))?"
    r"|(?:project|projekt|software|product|produkt|app|repo(?:sitory)?)[ _-]*name|name"
    r"|name[ _-]*der[ _-]*(?:software|lösung)"
    r"|<[^<>]+>|\[[^\[\]]+\]|\$?\{\{.*\}\}|\$\{.*\}|%[\w-]+%",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"(?:your|tuo|my|dein|ihr|votre)[_-]?(?:user(?:name)?|org(?:ani[sz]ation)?|name|account|repo(?:sitory)?|project)"
    r"|(?:user|org|owner|repo)[_-]?(?:name)?[>}]|[<{].*[>}]|%7b|change-?me|placeholder",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"\s*(?:"
    rf"(?:{_TO_DO})[\s.!:]*"
    r"|(?:short|long|a|your|kurze|lange)\s+(?:short\s+|long\s+)?(?:description|beschreibung)(?:\s+(?:here|hier))?[\s.!]*"
    r"|lorem ipsum\b.*"
    r"|very long description of this software, also split\s+on multiple rows\..*"
    r"|a rather short description which\s+is probably useless.*"
    r"|this description can have a maximum 150\s+characters long\..*"
    r"|a really interesting software\..*"
    r")\s*",
    re.IGNORECASE | re.DOTALL,
)
"""The last four are how the standard's own examples begin."""

_MAX_LOOK = 400
"""Characters of a text that are looked at; a placeholder is short or shows at once."""


def is_placeholder_name(name: str) -> bool:
    """`TODO`, `My first component`, `<name>`; and a real product may well be called Todo-Liste."""
    return bool(_NAME.fullmatch(name.strip()[:_MAX_LOOK]))


def is_placeholder_address(address: str) -> bool:
    """An address of the reserved example hosts, of the standard's example, or with a blank to be filled."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(
        _EXAMPLE_HOSTS.fullmatch(host)
        or _SAMPLE_REPOSITORIES.fullmatch(parts.path)
        or _IN_ADDRESS.search(parts.path[:_MAX_LOOK])
    )


def is_placeholder_text(text: str) -> bool:
    """`TODO`, `Lorem ipsum …`, or the example text of the standard."""
    return bool(_TEXT.fullmatch(text[:_MAX_LOOK]))
