"""A page in two halves: the keys between two lines of dashes, and the words below."""

from dataclasses import dataclass

_FENCES = ("---", "...")


@dataclass(frozen=True, kw_only=True)
class Page:
    """`front_matter` None: the page has none. `is_open`: it begins and never ends."""

    front_matter: str | None
    body: str
    is_open: bool = False


def split_page(text: str) -> Page:
    """The front matter begins in the first line; its own first line is then line 2 of the file."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        return Page(front_matter=None, body=text)
    for at in range(1, len(lines)):
        if lines[at].rstrip() in _FENCES:
            return Page(front_matter="".join(lines[1:at]), body="".join(lines[at + 1 :]))
    return Page(front_matter=None, body="", is_open=True)
