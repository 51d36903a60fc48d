"""Where does a key stand, and which key stands on a line? As the reference parser answers both."""

import re

from allmende.federation.formats.yaml_source import Entry, Node

Place = tuple[int | None, int | None]

_PART = re.compile(r"(?P<name>.*)\[(?P<index>[^\]]+)\]", re.DOTALL)


def place_of(root: Node, path: str) -> Place:
    """Line and column of a key; of a missing one, where its section begins; nothing where that is missing too."""
    return _find(root, path.split("."))


def _find(node: Node, parts: list[str]) -> Place:
    if node.kind != "mapping":
        return node.line, node.column
    name, index = _taken_apart(node, parts[0])
    entry = node.entry(name)
    if entry is None:
        return _of_missing(node, is_last=len(parts) == 1)
    if index.isdigit():
        return _in_list(entry, int(index), parts[1:])
    if index:
        return _find(entry.value, [index, *parts[1:]])
    if len(parts) == 1:
        return entry.key.line, entry.key.column
    return _find(entry.value, parts[1:])


def _taken_apart(node: Node, part: str) -> tuple[str, str]:
    match = _PART.fullmatch(part)
    if match is None or node.entry(part) is not None:
        return part, ""
    return match["name"], match["index"]


def node_at(root: Node, path: str) -> Node | None:
    """The value under a key, None where there is none."""
    node: Node | None = root
    for part in path.split("."):
        if node is None:
            return None
        name, index = _taken_apart(node, part)
        node = node.get(name)
        if node is not None and index.isdigit():
            node = node.items[int(index)] if int(index) < len(node.items) else None
        elif node is not None and index:
            node = node.get(index)
    return node


def _of_missing(node: Node, *, is_last: bool) -> Place:
    if node.flow:
        return node.line, node.column
    if is_last and node.entries:
        first = node.entries[0].key
        return first.line, first.column
    return None, None


def _in_list(entry: Entry, index: int, rest: list[str]) -> Place:
    if index >= len(entry.value.items):
        return entry.key.line, entry.key.column
    item = entry.value.items[index]
    return _find(item, rest) if rest else (item.line, item.column)


def key_on_line(node: Node, line: int, path: str = "") -> str:
    """The first key or list entry that begins on this line, "" where none does."""
    for entry in node.entries:
        inner = f"{path}.{entry.name}" if path else entry.name
        if entry.key.line == line:
            return inner
        if found := key_on_line(entry.value, line, inner):
            return found
    for at, item in enumerate(node.items):
        inner = f"{path}[{at}]"
        if item.line == line:
            return inner
        if found := key_on_line(item, line, inner):
            return found
    return ""
