"""From the tree to typed values, with the mistakes of type on the way.

Follows the reference parser closely, because its findings depend on it: a section with a wrong type in it counts as
absent in its parent (so `description` is "missing" once one award is no text), and among all mistakes of type and all
unknown keys only one is reported. The others are kept for the owner of the file, marked as `shadowed`.
"""

from dataclasses import dataclass, field
from typing import Any

from allmende.federation.formats.publiccode.addresses import NotAnAddress, parse_address
from allmende.federation.formats.publiccode.schema import (
    ByLanguage,
    Flag,
    Link,
    ListOf,
    Section,
    Text,
    Type,
)
from allmende.federation.formats.yaml_source import Node

Values = dict[str, Any]
"""A section: text as str ("" if absent), optional text, links and flags as value or None, lists as list or None."""


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A value that cannot be taken. `kind`: type, unknown (key), address."""

    kind: str
    path: str
    wanted: Type | None
    line: int
    column: int
    found: str = ""


@dataclass
class Decoded:
    """`first` is the mistake that the reference parser reports; the rest it never reaches."""

    values: Values
    first: Mistake | None = None
    shadowed: list[Mistake] = field(default_factory=list)


class _Failed(Exception):
    """The value under this key is lost; the mistake says why."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.path)
        self.mistake = mistake


def decode(root: Node, section: Section) -> Decoded:
    """The values of the file. Values of the top level stay even where another of them is wrong."""
    decoder = _Decoder()
    values, mistake = decoder.section(root, section, "")
    shadowed = [other for other in decoder.mistakes if other is not mistake]
    return Decoded(values, mistake, shadowed)


def empty(section: Section) -> Values:
    """The values of an absent section."""
    return {key: _absent(type_) for key, type_ in section.keys.items()}


def _absent(type_: Type) -> Any:
    if isinstance(type_, Text):
        return None if type_.optional else ""
    if isinstance(type_, Section):
        return None if type_.optional else empty(type_)
    return {} if isinstance(type_, ByLanguage) else None


class _Decoder:
    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def section(self, node: Node, section: Section, path: str) -> tuple[Values, Mistake | None]:
        values = empty(section)
        first: Mistake | None = None
        given = {entry.name: entry for entry in node.entries}
        for key, type_ in section.keys.items():
            entry = given.get(key)
            if entry is None:
                continue
            try:
                values[key] = self.value(entry.value, type_, f"{path}.{key}" if path else key)
            except _Failed as failed:
                first = first or failed.mistake
        for name, entry in given.items():
            if name not in section.keys:
                unknown = self._unknown(f"{path}.{name}" if path else name, entry.key)
                first = first or unknown
        return values, first

    def value(self, node: Node, type_: Type, path: str) -> Any:
        if node.kind == "null":
            return _absent(type_)
        match type_:
            case Text():
                return self._text(node, type_, path)
            case Link():
                return self._link(node, path)
            case Flag():
                return self._flag(node, path)
            case ListOf():
                return self._list(node, type_, path)
            case ByLanguage():
                return self._languages(node, type_, path)
            case Section():
                return self._inner(node, type_, path)

    def _text(self, node: Node, type_: Type, path: str) -> str:
        if not node.is_scalar:
            raise self._wrong(node, type_, path)
        return node.text

    def _link(self, node: Node, path: str) -> str:
        text = self._text(node, Link(), path)
        try:
            parse_address(text)
        except NotAnAddress:
            raise _Failed(self._note("address", path, Link(), node, found=text)) from None
        return text

    def _flag(self, node: Node, path: str) -> bool:
        if node.kind != "boolean":
            raise self._wrong(node, Flag(), path)
        return node.text.lower() == "true"

    def _list(self, node: Node, type_: ListOf, path: str) -> list[Any]:
        if node.kind != "sequence":
            if type_.or_single:
                return [self.value(node, type_.item, path)]
            raise self._wrong(node, type_, path)
        return self._each([(f"{path}[{at}]", item) for at, item in enumerate(node.items)], type_.item)

    def _each(self, places: list[tuple[str, Node]], type_: Type) -> list[Any]:
        values: list[Any] = []
        failed: _Failed | None = None
        for path, node in places:
            try:
                values.append(self.value(node, type_, path))
            except _Failed as this:
                failed = failed or this
        if failed:
            raise failed
        return values

    def _languages(self, node: Node, type_: ByLanguage, path: str) -> Values:
        if node.kind != "mapping":
            raise self._wrong(node, type_, path)
        places = [(f"{path}.{entry.name}", entry.value) for entry in node.entries]
        return dict(zip((e.name for e in node.entries), self._each(places, type_.section), strict=True))

    def _inner(self, node: Node, type_: Section, path: str) -> Values:
        if node.kind != "mapping":
            raise self._wrong(node, type_, path)
        values, mistake = self.section(node, type_, path)
        if mistake:
            raise _Failed(mistake)
        return values

    def _wrong(self, node: Node, type_: Type, path: str) -> _Failed:
        return _Failed(self._note("type", path, type_, node, found=node.kind))

    def _unknown(self, path: str, key: Node) -> Mistake:
        return self._note("unknown", path, None, key)

    def _note(self, kind: str, path: str, wanted: Type | None, node: Node, found: str = "") -> Mistake:
        mistake = Mistake(
            kind=kind, path=path, wanted=wanted, line=node.line, column=node.column, found=found
        )
        self.mistakes.append(mistake)
        return mistake
