"""`make docs`: list the documentation by its four modes and check every link within the repository.

The pages are Markdown and read well where they lie; a generator would be one more thing to keep alive.
"""

import re
from pathlib import Path

from tools.steps import CHECKOUT, Stop, main, say

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|!\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


def pages() -> list[Path]:
    """All Markdown pages of the repository that a person may open."""
    places = [
        CHECKOUT.glob("*.md"),
        *(CHECKOUT.glob(f"{folder}/**/*.md") for folder in ("docs", "deploy", "benchmarks")),
    ]
    return sorted(path for place in places for path in place)


def title(page: Path) -> str:
    found = _HEADING.search(page.read_text(encoding="utf-8"))
    return found.group(1) if found else page.stem


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as code hosts make them."""
    text = page.read_text(encoding="utf-8")
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")
        for heading in _HEADING.findall(text)
    }


def broken_links(page: Path) -> list[str]:
    """Links of one page that lead to no file or no heading. Addresses of other hosts are not asked."""
    broken = []
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    for target in (first or second for first, second in _LINK.findall(text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        missing_anchor = anchor and file.suffix == ".md" and file.exists() and anchor not in anchors(file)
        if not file.exists() or missing_anchor:
            broken.append(f"{page.relative_to(CHECKOUT)}: {target}")
    return broken


def _program() -> None:
    folder = None
    for page in pages():
        if page.parent != folder:
            folder = page.parent
            say(f"\n{folder.relative_to(CHECKOUT) if folder != CHECKOUT else 'Einstieg'}")
        say(f"  {title(page)}  ({page.relative_to(CHECKOUT)})")
    broken = [line for page in pages() for line in broken_links(page)]
    if broken:
        raise Stop("Diese Verweise führen ins Leere:\n" + "\n".join(f"  {line}" for line in broken))
    say("\nAlle Verweise führen ans Ziel.")


if __name__ == "__main__":
    main(_program)
