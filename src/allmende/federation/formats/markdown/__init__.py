"""Markdown pages with front matter: a folder of pages, one for each software, as many cities and initiatives keep it.

Every catalogue names its keys differently, so a source brings a small *profile* (`profile`): which pages are entries,
which key is name, licence, address, topic or status, and in which language they are written. `front_matter` splits a
page, `cleaning` turns what page builders understand (HTML, shortcodes, components) into plain Markdown, `links` finds
the repository among addresses, `mapping` makes the draft.

Who wrote the software is not taken over: collaborators are persons, and nothing here says that they agreed.
"""

from allmende.federation.formats.markdown.reader import MARKDOWN

__all__ = ["MARKDOWN"]
