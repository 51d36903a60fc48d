"""YAML from strangers: bytes in, a tree with places out, never an exception and never much work.

Read by events and not by a constructor, so that no tag builds an object, every value knows its line and column, and
depth, number of nodes and growth by aliases are bounded while reading. Scalars follow the core schema of YAML 1.2: only
true and false are booleans (`no` is Norway), and a date is a string.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from allmende.catalogue.drafts import Finding
from allmende.federation.formats.text_source import decode_text
from allmende.federation.formats.yaml_problems import CONTROL_SIGNS, syntax_problem

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 20_000
"""Counted with every expansion of an alias, so that ten lines cannot become a billion values."""

MAX_FINDINGS = 50

Kind = Literal["mapping", "sequence", "string", "number", "boolean", "null"]

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = frozenset(("true", "True", "TRUE", "false", "False", "FALSE"))
_NUMBER = re.compile(
    r"[-+]?(?:0|[1-9][0-9_]*|0[0-7_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+)"
    r"|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)


@dataclass(slots=True, eq=False)
class Node:
    """A value and where it stands. `line` and `column` count from 1."""

    kind: Kind
    line: int
    column: int
    text: str = ""
    """The words of a scalar as written; "" for a mapping and a sequence."""
    plain: bool = False
    """True for a scalar without quotes and without a block sign."""
    entries: list["Entry"] = field(default_factory=list)
    items: list["Node"] = field(default_factory=list)
    flow: bool = False
    size: int = 1
    height: int = 0
    """Levels below, this one included; 0 for a scalar."""

    def get(self, key: str) -> "Node | None":
        """The value of a key of a mapping; None where there is none."""
        entry = self.entry(key)
        return entry.value if entry else None

    def entry(self, key: str) -> "Entry | None":
        return next((entry for entry in self.entries if entry.name == key), None)

    @property
    def is_scalar(self) -> bool:
        return self.kind not in ("mapping", "sequence")


@dataclass(slots=True, eq=False)
class Entry:
    """One line of a mapping: the key as written and its value."""

    key: Node
    value: Node

    @property
    def name(self) -> str:
        return self.key.text


@dataclass(frozen=True, kw_only=True)
class Source:
    """What was read. `root` is None where nothing could be; then the last finding says why."""

    root: Node | None
    findings: tuple[Finding, ...] = ()
    is_complete: bool = True
    """False where an error of the whole file stands among the findings, even if we could read on."""


class _Unreadable(Exception):
    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.finding = Finding(severity="error", key="", message=message, line=line, column=column)


def read_yaml(content: bytes, *, max_bytes: int = MAX_BYTES) -> Source:
    """Read one YAML document. Of several documents in one file the first is taken, with a finding."""
    if len(content) > max_bytes:
        return _refused(
            f"Die Datei ist größer als {max_bytes // 1024} KB und wurde deshalb nicht gelesen; "
            "kürzen Sie sie auf die Angaben des Formats."
        )
    decoded = decode_text(content)
    if decoded.text is None:
        return Source(root=None, findings=decoded.findings, is_complete=False)
    source = read_yaml_text(decoded.text)
    return Source(
        root=source.root,
        findings=decoded.findings + source.findings,
        is_complete=source.is_complete and not any(f.severity == "error" for f in decoded.findings),
    )


def read_yaml_text(text: str, *, first_line: int = 1) -> Source:
    """The same for text that is decoded already; `first_line` shifts the places (front matter begins at 2)."""
    reader = _Reader(first_line)
    try:
        root = reader.read(text)
    except _Unreadable as unreadable:
        return Source(root=None, findings=(*reader.findings, unreadable.finding), is_complete=False)
    return Source(root=root, findings=tuple(reader.findings), is_complete=not reader.findings)


def plain_value(node: Node | None) -> Any:
    """The node as plain Python: dict, list, str, bool or None. Numbers stay as written, as str."""
    if node is None or node.kind == "null":
        return None
    if node.kind == "mapping":
        return {entry.name: plain_value(entry.value) for entry in node.entries}
    if node.kind == "sequence":
        return [plain_value(item) for item in node.items]
    if node.kind == "boolean":
        return node.text.lower() == "true"
    return node.text


def _refused(message: str) -> Source:
    finding = Finding(severity="error", key="", message=message)
    return Source(root=None, findings=(finding,), is_complete=False)


@dataclass(slots=True, eq=False)
class _Level:
    """A mapping or list that is still open; `key` waits for its value."""

    node: Node
    anchor: str | None
    key: Node | None = None

    def take(self, node: Node) -> None:
        if self.node.kind == "sequence":
            self.node.items.append(node)
        elif self.key is None:
            self.key = node
        else:
            self.node.entries.append(Entry(self.key, node))
            self.key = None


class _Reader:
    """Builds the tree from events, with an own stack: a deep file must not exhaust Python's."""

    def __init__(self, first_line: int) -> None:
        self.shift = first_line
        self.findings: list[Finding] = []
        self.anchors: dict[str, Node] = {}
        self.open_anchors: set[str] = set()
        self.total = 0

    def read(self, text: str) -> Node | None:
        roots: list[Node] = []
        documents = 0
        events = self._events(text)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                self.anchors.clear()
                if documents == 2:
                    self._note_second_document(event)
            elif isinstance(event, yaml.NodeEvent):
                roots.append(self._tree(event, events))
        return roots[0] if roots else None

    def _events(self, text: str) -> Iterator[Any]:
        try:
            yield from yaml.parse(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = self._place(mark) if mark else (None, None)
            raise _Unreadable(syntax_problem(error), line, column) from None
        except (yaml.YAMLError, UnicodeError, ValueError) as error:
            raise _Unreadable(CONTROL_SIGNS) from error

    def _tree(self, event: Any, events: Iterator[Any]) -> Node:
        root = self._node(event)
        levels: list[_Level] = []
        if isinstance(event, yaml.CollectionStartEvent):
            levels.append(self._open(event, root))
        while levels:
            event = next(events)
            if isinstance(event, yaml.CollectionEndEvent):
                self._close(levels.pop())
                continue
            node = self._node(event)
            if len(levels) + node.height > MAX_DEPTH:
                raise _too_deep(node)
            levels[-1].take(node)
            if isinstance(event, yaml.CollectionStartEvent):
                levels.append(self._open(event, node))
        return root

    def _node(self, event: Any) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._count(1, event)
        line, column = self._place(event.start_mark)
        if isinstance(event, yaml.MappingStartEvent):
            return Node("mapping", line, column, flow=bool(event.flow_style), height=1)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node("sequence", line, column, flow=bool(event.flow_style), height=1)
        is_plain = event.style is None or event.style == ""
        node = Node(_kind(event), line, column, text=event.value, plain=is_plain)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        line, column = self._place(event.start_mark)
        if event.anchor in self.open_anchors:
            raise _Unreadable(
                f"Der Verweis „*{event.anchor}“ enthält sich selbst; schreiben Sie den Wert aus.",
                line,
                column,
            )
        node = self.anchors.get(event.anchor)
        if node is None:
            raise _Unreadable(
                f"Der Verweis „*{event.anchor}“ hat kein Ziel; schreiben Sie den Wert aus.", line, column
            )
        self._count(node.size, event)
        return node

    def _count(self, nodes: int, event: Any) -> None:
        self.total += nodes
        if self.total > MAX_NODES:
            line, column = self._place(event.start_mark)
            raise _Unreadable(
                f"Die Datei enthält (mit aufgelösten Verweisen) mehr als {MAX_NODES} Werte und wurde deshalb nicht "
                "gelesen; schreiben Sie nur die Angaben des Formats hinein.",
                line,
                column,
            )

    def _open(self, event: Any, node: Node) -> _Level:
        if event.anchor:
            self.anchors[event.anchor] = node
            self.open_anchors.add(event.anchor)
        return _Level(node, event.anchor)

    def _close(self, level: _Level) -> None:
        node = level.node
        self.open_anchors.discard(level.anchor or "")
        if node.kind == "mapping":
            self._merge(node)
            self._drop_duplicates(node)
        children = [e.value for e in node.entries] + [e.key for e in node.entries] + node.items
        node.size = 1 + sum(child.size for child in children)
        node.height = 1 + max((child.height for child in children), default=0)

    def _merge(self, node: Node) -> None:
        """`<<: *base` brings in the keys of another mapping; the own ones win (YAML 1.1 merge key)."""
        merges = [e for e in node.entries if e.key.text == "<<" and e.key.plain]
        if not merges:
            return
        own = [e for e in node.entries if not any(e is merge for merge in merges)]
        names = {e.name for e in own}
        for merge in merges:
            for base in merge.value.items or [merge.value]:
                for entry in base.entries:
                    if entry.name not in names:
                        names.add(entry.name)
                        own.append(entry)
        node.entries = own

    def _drop_duplicates(self, node: Node) -> None:
        seen: dict[str, Entry] = {}
        for entry in node.entries:
            if entry.name not in seen:
                seen[entry.name] = entry
                continue
            if len(self.findings) >= MAX_FINDINGS:
                continue
            self.findings.append(
                Finding(
                    severity="error",
                    key="",
                    message=f"Der Schlüssel „{_short(entry.name)}“ steht zweimal, zuerst in Zeile "
                    f"{seen[entry.name].key.line}; wir verwenden den ersten, streichen Sie den anderen.",
                    line=entry.key.line,
                    column=entry.key.column,
                )
            )
        node.entries = list(seen.values())

    def _note_second_document(self, event: Any) -> None:
        line, column = self._place(event.start_mark)
        self.findings.append(
            Finding(
                severity="error",
                key="",
                message="Die Datei enthält mehrere YAML-Dokumente; wir lesen nur das erste, "
                "entfernen Sie die übrigen.",
                line=line,
                column=column,
            )
        )

    def _place(self, mark: Any) -> tuple[int, int]:
        return mark.line + self.shift, mark.column + 1


def _too_deep(node: Node) -> _Unreadable:
    return _Unreadable(
        f"Die Datei ist tiefer als {MAX_DEPTH} Ebenen verschachtelt und wurde deshalb nicht gelesen; "
        "verwenden Sie den Aufbau des Formats.",
        node.line,
        node.column,
    )


def _kind(event: Any) -> Kind:
    if event.tag not in (None, "!"):
        return _KIND_OF_TAG.get(event.tag, "string")
    if event.style or event.tag == "!":
        return "string"
    value: str = event.value
    if value in _NULLS:
        return "null"
    if value in _BOOLEANS:
        return "boolean"
    return "number" if _NUMBER.fullmatch(value) else "string"


_KIND_OF_TAG: dict[str, Kind] = {
    "tag:yaml.org,2002:null": "null",
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
}


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
