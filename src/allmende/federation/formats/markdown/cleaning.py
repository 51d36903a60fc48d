"""From what a page builder understands to plain Markdown: no HTML, no components, no pictures, no e-mail addresses.

Every pattern looks only so far, and none can begin anew inside its own match: the work grows with the text and not
with its square, whatever the text holds.
"""

import html
import re
from string import ascii_lowercase, ascii_uppercase

from allmende.catalogue.addresses import is_web_address
from allmende.federation.formats.privacy import without_emails

MAX_CHARACTERS = 100_000

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_INLINE_CODE = re.compile(r"(`[^`\n]{1,300}`)")
_SILENT = ("script", "style")
_TO_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_SHORTCODE = re.compile(r"\{\{[^{}\n]{0,300}\}{1,2}|\{%[^%\n]{0,300}%\}")
_TARGET = r"\((?:[^()\n]|\([^()\n]{0,100}\)){0,600}\)"
_LINKED_IMAGE = re.compile(
    rf"\[!\[[^\[\]\n]{{0,300}}\]{_TARGET}(?:\{{[^{{}}\n]{{0,100}}\}})?\s{{0,3}}\]{_TARGET}"
)
_IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,300}}\](?:{_TARGET}|\[[^\[\]\n]{{0,100}}\])")
_ATTRIBUTES = re.compile(r"\{[:.#][^{}\n]{0,200}\}")
_CONTAINER = re.compile(r"^ {0,3}:{3,}[^\n]{0,200}$|^\[\[toc\]\]$", re.MULTILINE | re.IGNORECASE)
_ANCHOR = re.compile(r"<a\s([^<>]{0,600})>([^<>]{0,300})</a\s?>", re.IGNORECASE)
_HREF = re.compile(r"""href\s?=\s?["']?(https?://[^"'\s<>]{1,500})""", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]{0,40})(?:[\s/][^<>]{0,1000})?>")
_LINK = re.compile(
    r"\[([^\[\]]{0,300})\]\(\s{0,3}<?((?:[^()\s<>]|\([^()\s]{0,100}\)){0,600})>?(?:\s[^()\n]{0,200})?\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]{1,100}\]:[ \t]{0,5}(?!\s|https?://)[^\n]{0,600}$", re.MULTILINE)
_BREAK = re.compile(r"(?<=\n\n)(?:-[ \t]?){3,}\n|(?<=\n\n)(?:\*[ \t]?){3,}\n")
_ENTITY_LIKE = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`")
_TAGS_THAT_BREAK = {
    "br": "\n", "p": "\n\n", "div": "\n\n", "ul": "\n\n", "ol": "\n\n", "blockquote": "\n\n",
    "li": "\n- ", "tr": "\n", "h1": "\n\n## ", "h2": "\n\n## ", "h3": "\n\n### ", "h4": "\n\n#### ",
}  # fmt: skip
_TAGS_THAT_STRESS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}

LONGEST_SUMMARY = 300


def plain_markdown(text: str) -> str:
    """Markdown without anything that only the source's own page builder can show."""
    parts = _outside_code(text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n"))
    joined = "".join(part if is_code else _clean_prose(part) for is_code, part in parts)
    without = without_emails(joined)
    lines = (line.rstrip() for line in without.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def summary_of(markdown: str) -> str | None:
    """The first paragraph as plain text, at most 300 characters, cut after a sentence where one ends."""
    for block in markdown.split("\n\n"):
        words = block.strip()
        if words and not words.startswith(("#", "- ", "* ", "+ ", "|", ">", "```", "~~~", "---", "1.")):
            plain = plain_text(words)
            if plain:
                return shortened(plain)
    return None


def plain_text(markdown: str) -> str:
    """The words of a paragraph without signs of Markdown, in one line."""
    words = _LINK.sub(lambda match: match[1], markdown[:MAX_CHARACTERS])
    words = re.sub(r"\[([^\[\]]{1,300})\](?:\[[^\[\]]{0,100}\])?", r"\1", words)
    words = re.sub(r"<(https?://[^<>\s]{1,500})>", r"\1", words)
    words = _ENTITY_LIKE.sub(lambda match: match[1] or "", words)
    return " ".join(html.unescape(words).split())


def shortened(text: str, longest: int = LONGEST_SUMMARY) -> str:
    """Cut after the last sentence that fits, else after a word."""
    if len(text) <= longest:
        return text
    head = text[: longest + 1]
    end = max(head.rfind(sign) for sign in (". ", "! ", "? "))
    if end >= longest // 4:
        return head[: end + 1]
    space = head.rfind(" ", 0, longest)
    return head[: space if space > 0 else longest - 1].rstrip(" ,;:–-") + "…"


def _outside_code(text: str) -> list[tuple[bool, str]]:
    """The text in turns: prose and fenced code, which is left as it stands."""
    parts: list[tuple[bool, str]] = []
    gathered: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if not fence and found:
            parts.append((False, "".join(gathered)))
            gathered, fence = [line], found[1]
        elif fence and found and found[1].startswith(fence) and not line.strip(" `~\n"):
            parts.append((True, "".join([*gathered, line])))
            gathered, fence = [], ""
        else:
            gathered.append(line)
    parts.append((bool(fence), "".join(gathered)))
    return parts


def _clean_prose(text: str) -> str:
    text = _without(text, "<!--", "-->")
    for name in _SILENT:
        text = _without(text, f"<{name}", f"</{name}")
    pieces = _INLINE_CODE.split(text)
    pieces[::2] = [_clean_words(piece) for piece in pieces[::2]]
    # Links may hold code in their words, so they are looked at over the whole.
    text = _LINK.sub(_kept_link, "".join(pieces))
    return _without_new_tags(_BREAK.sub("\n", _DEFINITION.sub("", text)))


def _without_new_tags(text: str) -> str:
    """What becomes a tag only because something inside it was dropped (`<<b>script>`) is shown as it stands."""
    pieces = _INLINE_CODE.split(text)
    pieces[::2] = [_TAG.sub(lambda match: f"&lt;{match[0][1:]}", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _without(text: str, start: str, end: str) -> str:
    """Drop everything between two marks; what is opened and never closed is dropped to the end, as a browser would."""
    lowered = text.translate(_TO_LOWER)  # lower() would move what stands behind an İ
    kept, at = [], 0
    while (begin := lowered.find(start, at)) >= 0:
        kept.append(text[at:begin])
        close = lowered.find(end, begin + len(start))
        if close < 0:
            return "".join(kept)
        at = close + len(end) if end.endswith(">") else _behind(text, close)
    return "".join([*kept, text[at:]])


def _behind(text: str, close: int) -> int:
    """Behind the `>` of a closing tag."""
    end = text.find(">", close)
    return len(text) if end < 0 else end + 1


def _clean_words(text: str) -> str:
    text = _SHORTCODE.sub("", text)
    text = _IMAGE.sub("", _LINKED_IMAGE.sub("", text))
    text = _CONTAINER.sub("", _ATTRIBUTES.sub("", text))
    text = _ANCHOR.sub(_kept_anchor, text)
    return _TAG.sub(_kept_tag, text)


def _kept_anchor(match: re.Match[str]) -> str:
    target = _HREF.search(match[1])
    words = " ".join(match[2].split())
    return f"[{words}]({target[1]})" if target and words else words


def _kept_tag(match: re.Match[str]) -> str:
    name = match[1].lower()
    if name in _TAGS_THAT_STRESS:
        return _TAGS_THAT_STRESS[name]
    if match[0].startswith("</"):
        return "\n\n" if name in _TAGS_THAT_BREAK and name not in ("li", "br", "tr") else ""
    return _TAGS_THAT_BREAK.get(name, "")


def _kept_link(match: re.Match[str]) -> str:
    """Links into the source's own pages lead nowhere from here: their words stay."""
    return match[0] if match[1].strip() and is_web_address(match[2]) else match[1]
