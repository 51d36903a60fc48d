"""Whatever an action writes beside the kind of an entry has German words on the pages of the journal."""

import ast
from collections.abc import Iterator
from pathlib import Path

import allmende
from allmende.web.history.wording import DETAILS

HOUSE = Path(allmende.__file__).parent
# Shown in a way of their own: who stood in for whom, and what was typed.
OF_THEIR_OWN = {"in_place_of", "words"}


def keys(node: ast.expr | None) -> Iterator[str]:
    """The keys of a dictionary as it is written, also of one put together from several."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                yield str(key.value)
            elif key is None:
                yield from keys(value)
    elif isinstance(node, ast.BinOp):
        yield from keys(node.left)
        yield from keys(node.right)
    elif isinstance(node, ast.IfExp):
        yield from keys(node.body)
        yield from keys(node.orelse)


def written(tree: ast.AST) -> Iterator[str]:
    """Keys given as `data=…`, or put into something called `data`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "data":
            yield from keys(node.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id == "data":
                    yield from keys(node.value)


def test_every_detail_has_words() -> None:
    found = {
        key
        for path in [*HOUSE.glob("*/actions.py"), *HOUSE.glob("*/actions/*.py")]
        for key in written(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert {"person", "what", "merge", "retention"} <= found
    assert sorted(found - set(DETAILS) - OF_THEIR_OWN) == []
