"""Markdown from outside, made harmless: what a source wrote becomes HTML that cannot run, load or pretend."""

import re
from collections.abc import Sequence
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# More than that is not a description. Counted in characters.
MOST_CHARACTERS: Final = 60_000
_TAGS: Final = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
    *("a", "strong", "em", "code", "del"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
# The star takes away what the cleaner lets every element have.
_ATTRIBUTES: Final[dict[str, set[str]]] = {"a": {"href"}, "ol": {"start"}, "*": set()}
_CLASSES: Final = {"a": {"am-external"}}
_SCHEMES: Final = {"http", "https", "mailto"}
_NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Raw HTML is shown as text, not passed through; pictures would be loaded from foreign hosts.
_reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)
_reader.disable("image")


def _shift_headings(tokens: Sequence[Token], top: int) -> None:
    """The highest heading becomes `top` and no level is skipped: the page around has its own h1 and h2."""
    used = sorted({int(token.tag[1]) for token in tokens if token.type == "heading_open"})
    new = {level: min(top + place, 6) for place, level in enumerate(used)}
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{new[int(token.tag[1])]}"


def _mark_links(tokens: Sequence[Token]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open" and str(child.attrGet("href") or "").startswith(
                ("http://", "https://")
            ):
                child.attrSet("class", "am-external")


def render_markdown(text: str, *, top_heading: int = 3) -> SafeString:
    """Safe HTML of a Markdown text. No pictures, no raw HTML, no relative or foreign-scheme addresses.

    Links carry rel="nofollow noopener" and those to other hosts the class `am-external`. Text beyond
    60,000 characters is cut.
    """
    tokens = _reader.parse(_NOT_TEXT.sub("", text)[:MOST_CHARACTERS])
    _shift_headings(tokens, top_heading)
    _mark_links(tokens)
    html = _reader.renderer.render(tokens, _reader.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="nofollow noopener",
    )
    return mark_safe(clean.strip())  # noqa: S308  # cleaned one line above


def plain_text(text: str, most: int = 300) -> str:
    """The words of a Markdown text in one line, cut at a word: for teasers and descriptions."""
    words: list[str] = []
    for token in _reader.parse(_NOT_TEXT.sub("", text)[:MOST_CHARACTERS]):
        if token.type in ("code_block", "fence"):
            continue
        for child in token.children or ():
            if child.type in ("text", "code_inline"):
                words.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                words.append(" ")
        words.append(" ")
    line = " ".join("".join(words).split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0].rstrip(',;:.–-')} …"
