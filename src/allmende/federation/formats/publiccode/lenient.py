"""Reading as a careful person would: what is meant, even if the form is not quite right.

Every liberty that is taken is a remark in the report, so that the owner of the file can put it right.
"""

import re
from collections.abc import Iterator
from itertools import islice

from allmende.catalogue.addresses import is_web_address as is_linkable
from allmende.federation.formats.publiccode.addresses import is_web_address
from allmende.federation.formats.publiccode.languages import is_language_tag
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.yaml_source import Entry, Node

# Keys of versions before 0.2, and spellings found in real files.
_OLD_NAMES = {
    "categories": ("tags",),
    "features": ("featureList",),
    "scope": ("onlyFor",),
    "publiccodeYmlVersion": ("publiccode-yaml-version",),
    "uri": ("url",),
    "website": ("url",),
}
_YES = frozenset(("yes", "y", "on", "ja", "true", "sì", "si", "oui"))
_NO = frozenset(("no", "n", "off", "nein", "false", "non"))

_SHORT_CODES = {
    "deu": "de", "ger": "de", "eng": "en", "ita": "it", "fra": "fr", "fre": "fr", "nld": "nl", "dut": "nl",
    "spa": "es", "por": "pt", "pol": "pl", "swe": "sv", "dan": "da", "fin": "fi", "ces": "cs", "cze": "cs",
}  # fmt: skip
UNKNOWN_LANGUAGE = "und"

_LONGEST_ADDRESS = 1000
_LONGEST_TEXT = 50_000
_LONGEST_ENTRY = 1000
_MOST_ENTRIES = 500
"""Characters. The gate of the catalogue refuses a whole record for one value that is longer than it takes."""

_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2028\u2029\ufeff]")
_SSH = re.compile(r"(?:ssh://)?(?:[\w.-]+@)(?P<host>[\w.-]+)(?::\d+(?=/))?[:/]/?(?P<path>[\w./~-]+)")
_CREDENTIALS = re.compile(r"^(https?://)[^/?#\s]*@", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?:/\S*)?", re.IGNORECASE)


def child(node: Node | None, key: str) -> Node | None:
    """The value of a key: as the standard spells it, else in other capitals, else by an old name."""
    if node is None or node.kind != "mapping":
        return None
    entry = node.entry(key) or _alike(node, key)
    return entry.value if entry and entry.value.kind != "null" else None


def _alike(node: Node, key: str) -> Entry | None:
    wanted = {key.lower(), *_OLD_NAMES.get(key, ())}
    return next(
        (entry for entry in node.entries if entry.name.lower() in wanted or entry.name in wanted), None
    )


def text_of(node: Node | None) -> str | None:
    """A scalar as one clean line or text; of a list its first; None where nothing stands."""
    if node is None:
        return None
    if node.kind == "sequence":
        return text_of(node.items[0]) if node.items else None
    if node.kind in ("mapping", "null"):
        return None
    return _INVISIBLE.sub("", node.text).strip()[:_LONGEST_TEXT] or None


def line_of(node: Node | None) -> str | None:
    """The same without line breaks."""
    text = text_of(node)
    return " ".join(text.split()) if text else None


def texts_of(node: Node | None) -> tuple[str, ...]:
    """The texts of a list, each once; a single text counts as a list of one. Of a mapping its name, if it has one."""
    texts = (_listed(item) for item in islice(items_of(node), _MOST_ENTRIES))
    return tuple(dict.fromkeys(text[:_LONGEST_ENTRY] for text in texts if text))


def _listed(item: Node) -> str | None:
    return line_of(child(item, "name")) if item.kind == "mapping" else line_of(item)


def items_of(node: Node | None) -> Iterator[Node]:
    """The entries of a list; a single value counts as a list of one."""
    if node is None or node.kind == "null":
        return
    yield from node.items if node.kind == "sequence" else [node]


def flag_of(node: Node | None) -> bool | None:
    """true and false, also as yes, no, ja, nein or in quotes."""
    word = (text_of(node) or "").lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def address_of(node: Node | None, report: Report, key: str) -> str | None:
    """A web address: as it stands, from a Git address by SSH, or completed by https://. None where it is none."""
    text = line_of(node)
    if text is None:
        return None
    if is_web_address(text):
        return _if_address(text)
    if match := _SSH.fullmatch(text):
        report.note(
            key,
            f"„{key}“ ist eine SSH-Adresse; wir zeigen sie mit https://, schreiben Sie sie bitte auch so.",
        )
        return _if_address(f"https://{match['host']}/{match['path']}")
    if text.startswith("git://"):
        report.note(
            key,
            f"„{key}“ ist eine git-Adresse; wir zeigen sie mit https://, schreiben Sie sie bitte auch so.",
        )
        return _if_address(f"https://{text.removeprefix('git://')}")
    if _BARE_HOST.fullmatch(text):
        report.note(
            key, f"In „{key}“ fehlt https:// am Anfang; wir ergänzen es, schreiben Sie es bitte dazu."
        )
        return _if_address(f"https://{text}")
    return None


def link_of(node: Node | None) -> str | None:
    """A web address as it stands, and nothing else."""
    text = line_of(node)
    return _if_address(text) if text else None


def _if_address(text: str) -> str | None:
    """Only what the catalogue takes, too, and without a name or a password in front of the host."""
    text = _CREDENTIALS.sub(r"\1", text)
    is_good = len(text) <= _LONGEST_ADDRESS and is_web_address(text) and is_linkable(text)
    return text if is_good else None


def language_of(tag: str) -> str | None:
    """The BCP 47 tag in its usual spelling for what was written (`ita`, `it_IT`, `DE`); None where it is none."""
    tag = tag.strip().replace("_", "-")
    first, _, rest = tag.partition("-")
    first = _SHORT_CODES.get(first.lower(), first)
    tag = f"{first}-{rest}" if rest else first
    return _usual_case(tag) if is_language_tag(tag) else None


def _usual_case(tag: str) -> str:
    first, *others = tag.split("-")
    return "-".join([first.lower(), *(_part_case(part) for part in others)])


def _part_case(part: str) -> str:
    if len(part) == 2 and part.isalpha():
        return part.upper()
    return part.capitalize() if len(part) == 4 and part.isalpha() else part.lower()
