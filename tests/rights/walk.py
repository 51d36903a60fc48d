"""Every action there is: public functions with `by`, read off the sources, so that a new one cannot be forgotten."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src" / "allmende"


@cache
def actions() -> tuple[str, ...]:
    """Such as "catalogue.offers.change_offer": package, file where there are several, function."""
    files = [
        *SOURCES.glob("*/actions.py"),
        *SOURCES.glob("*/actions/*.py"),
        *SOURCES.glob("web/*/actions.py"),
    ]
    return tuple(sorted(f"{name_of(path)}.{each}" for path in files for each in _acting(path)))


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(part for part in parts if part not in ("actions", "__init__"))


def _acting(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if is_public and any(each.arg == "by" for each in (*node.args.args, *node.args.kwonlyargs)):
            yield node.name


def used_by_pages() -> dict[str, set[str]]:
    """Action → files of web/ and api/ that name it: by importing it, or as `module.name` of a module of actions."""
    found: dict[str, set[str]] = {}
    for folder in ("web", "api"):
        for path in (SOURCES / folder).rglob("*.py"):
            for name in _named(path):
                found.setdefault(name, set()).add(path.relative_to(SOURCES).as_posix())
    return found


def _named(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules: dict[str, object] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("allmende"):
            continue
        source = importlib.import_module(node.module or "")
        for alias in node.names:
            thing = getattr(source, alias.name, None)
            modules[alias.asname or alias.name] = thing
            yield from _key(thing)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if inspect.ismodule(module):
                yield from _key(getattr(module, node.attr, None))


def _key(thing: object) -> Iterator[str]:
    """The name of an action as `actions` gives it; nothing for anything else."""
    if not inspect.isfunction(thing):
        return
    parts = [part for part in thing.__module__.split(".")[1:] if part != "actions"]
    key = ".".join((*parts, thing.__name__))
    if key in actions():
        yield key
