"""Cut KERN's style sheet to what our pages use: the rules of classes that a template or script of ours names.

Icons, grid and utility classes are nine tenths of it. What is left is about 8 KB with brotli instead of 23.
"""

import re
from collections.abc import Iterator

from tools.steps import CHECKOUT, VAR

SOURCE = CHECKOUT / "node_modules" / "@kern-ux" / "native" / "dist" / "kern.min.css"
TARGET = VAR / "kern-cut" / "kern.css"
USERS = CHECKOUT / "src" / "allmende" / "web"

_CLASS = re.compile(r"\.(kern-[a-zA-Z0-9_-]+)")
_NAMED = re.compile(r"kern-[a-zA-Z0-9_-]*[a-zA-Z0-9_-]")
_PROPERTY = re.compile(r"--kern-[\w-]+")
_DEFINITION = re.compile(r"(--kern-[\w-]+):[^;{}]*(;|(?=\}))")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def named_classes() -> set[str]:
    """Classes in templates, scripts and Python; one that ends in a sign is completed at run time."""
    files = [file for ending in ("html", "js", "py") for file in USERS.rglob(f"*.{ending}")]
    return {name for file in files for name in _NAMED.findall(file.read_text(encoding="utf-8"))}


def rules(css: str) -> Iterator[tuple[str, str]]:
    """Pairs of head and body at the top level; a statement without a body has an empty one."""
    start = depth = head_end = 0
    for place, letter in enumerate(css):
        if letter == "{":
            depth += 1
            if depth == 1:
                head_end = place
        elif letter == "}":
            depth -= 1
            if depth == 0:
                yield css[start:head_end], css[head_end + 1 : place]
                start = place + 1
        elif letter == ";" and depth == 0:
            yield css[start : place + 1], ""
            start = place + 1


def _selectors(head: str) -> list[str]:
    """Split at commas outside of brackets: `:is(a, b), c` are two."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(head):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append(head[start:place])
            start = place + 1
    return [*parts, head[start:]]


def cut(css: str, named: set[str]) -> str:
    """Rules without a KERN class, and those all of whose classes are named."""
    beginnings = tuple(name for name in named if name.endswith(("-", "_")))

    def is_used(selector: str) -> bool:
        # Classes inside :not(…) and :has(…) only narrow a rule down; one of those inside :is(…) is enough.
        bare = re.sub(r":(?:not|has|is)\((?:[^()]|\([^()]*\))*\)", "", selector)
        return all(
            name in named or (beginnings and name.startswith(beginnings)) for name in _CLASS.findall(bare)
        )

    kept = []
    for head, body in rules(css):
        if head.startswith("@media"):
            inner = cut(body, named)
            if inner:
                kept.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}" if body else head)
        else:
            selectors = [selector for selector in _selectors(head) if is_used(selector)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def without_unused_properties(css: str, ours: str) -> str:
    """Drop custom properties that nothing refers to, until none is left: most of the colour tables go."""
    while (smaller := _without_unreferenced(css, ours)) != css:
        css = smaller
    return re.sub(r"[^{}]+\{\}", "", css)


def _without_unreferenced(css: str, ours: str) -> str:
    used = set(re.findall(r"var\(\s*(--kern-[\w-]+)", css + ours)) | set(_PROPERTY.findall(ours))
    return _DEFINITION.sub(lambda found: found[0] if found[1] in used else "", css)


def main() -> None:
    whole = SOURCE.read_text(encoding="utf-8")
    ours = "".join(file.read_text(encoding="utf-8") for file in USERS.rglob("*.css"))
    small = without_unused_properties(cut(_COMMENT.sub("", whole), named_classes()), ours)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(small, encoding="utf-8")
    print(f"KERN: {len(whole)} Zeichen, davon gebraucht {len(small)}")


if __name__ == "__main__":
    main()
