"""One look at many pages: accessible in both colour schemes, readable at 320 pixels, quiet, and with a heading.

Each address is loaded once. What depends on the structure is checked on every page; contrast, which takes two thirds of
axe's time, once for each look that text has anywhere (`looks.js`), light and dark, with the scheme changed in place.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.browser import AXE, AXE_TAGS, DESKTOP, PHONE, axe_lines

Check = Callable[[Any], list[str]]
NewPage = Callable[..., Any]

_BY_LOOK = ["color-contrast", "link-in-text-block"]
_LOOKS = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")

# One h1, a title of its own, and no text that a template forgot to fill.
_HEADINGS = r"""() => [
  ...(document.querySelectorAll('h1').length === 1 ? [] : ['needs one h1']),
  ...(/^.+ – Allmende$|^Allmende/.test(document.title) ? [] : [`title: ${document.title}`]),
  ...(/\bNone\b|\{\{|\{%|undefined|\bTrue\b|\bFalse\b/.test(document.querySelector('main').innerText) &&
      location.pathname !== '/komponenten' ? ['forgotten words'] : []),
]"""
_UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"
_AXE_RUN = """([tags, rest]) => axe.run(document, {
  runOnly: tags, resultTypes: ['violations'], rules: Object.fromEntries(rest.map(rule => [rule, {enabled: false}])),
})"""


class Sweep:
    """Opens addresses wide and narrow, opens what can be opened, and collects complaints."""

    def __init__(self, page: Any, overflow: Check) -> None:
        self._overflow = overflow
        self._known: dict[str, set[str]] = {"light": set(), "dark": set()}
        self.complaints: list[str] = []
        self.page = page
        self.page.add_init_script(script=AXE)
        self.page.add_init_script(script=_LOOKS)
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        # What a wrong address answers is its own affair and stands in the console as well.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def look_at(self, address: str, *, status: tuple[int, ...] = (200,)) -> None:
        """Open an address and look at what is there."""
        answer = self.page.goto(address)
        if answer.status not in status:
            self.complaints.append(f"{address}: answers {answer.status}")
        self.look()

    def look(self) -> None:
        """The same for the page that is open; leaves it light and 1280 pixels wide."""
        page = self.page
        page.evaluate(_UNFOLD)
        found = page.evaluate(_AXE_RUN, [AXE_TAGS, ["color-contrast"]])["violations"]
        self.complaints += axe_lines(page, found)
        for scheme in ("dark", "light"):
            self._judge_looks(scheme)
        self.complaints += [f"{page.url}: {text}" for text in page.evaluate(_HEADINGS)]
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        self.complaints += self._overflow(page)
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})

    def _judge_looks(self, scheme: str) -> None:
        known = self._known[scheme]
        self.page.emulate_media(color_scheme=scheme)
        found = self.page.evaluate("([known, rules]) => judgeLooks(known, rules)", [sorted(known), _BY_LOOK])
        known.update(found["judged"])
        self.complaints += [f"{line} ({scheme})" for line in axe_lines(self.page, found["violations"])]
