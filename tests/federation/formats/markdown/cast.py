"""Two invented catalogues: a city's pages for a page builder, and the projects of a volunteers' lab."""

import datetime
from pathlib import Path
from typing import Any

from allmende.catalogue.drafts import Reading
from allmende.federation.formats.base import Context
from allmende.federation.formats.markdown import MARKDOWN

SAMPLES = Path(__file__).parents[3] / "samples" / "markdown"

STADT: dict[str, Any] = {
    "folder": ["de/software/*.md"],
    "language": "de",
    "record_url": "https://katalog.musterstadt.test/{path}",
    "licence": "CC-BY-4.0",
    "ignore_topics": ["start20??", "eigenbau", "archiv"],
    "fields": {
        "name": "title",
        "licence": "license",
        "repository": "code",
        "website": "developerlink",
        "topics": "tags",
    },
    "translations": {"en": "en/**"},
    "links": {"opencode": "opencode"},
    "use": {
        "name": "Musterstadt",
        "ags": "99001001",
        "url": "linkapplication",
        "unless_tags": ["archiv"],
        "built_tags": ["eigenbau"],
    },
}
LABOR: dict[str, Any] = {
    "folder": ["projekte/*.md"],
    "language": "de",
    "record_url": "https://labor.test/projekte/{slug}/",
    "licence": "MIT",
    "only": {"layout": "project"},
    "never": {"draft": "true"},
    "fields": {"name": "title", "summary": "excerpt", "topics": ["tags", "lab"]},
}
CROSSWALK = {
    "tag_word": {
        "beteiligung": (("field_of_action", "beteiligung"), ("solution_type", "beteiligungsplattform")),
        "umwelt": (("field_of_action", "umwelt_klima"),),
        "archiv": (("boundary", "querschnitt"),),
    },
    "status_word": {"prototyp": (("maturity", "prototype"),)},
}


def context(profile: dict[str, Any]) -> Context:
    return Context(today=datetime.date(2026, 11, 23), crosswalk=CROSSWALK, profile=profile)


def read(content: str | bytes, path: str = "de/software/a.md", profile: dict[str, Any] = STADT) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return MARKDOWN.read(raw, path=path, context=context(profile))


def sample(catalogue: str, path: str) -> Reading:
    profile = {"stadt": STADT, "labor": LABOR}[catalogue]
    return read((SAMPLES / catalogue / path).read_bytes(), path, profile)


def page(more: str = "", body: str = "Ein Werkzeug für die Verwaltung.") -> str:
    return f"---\ntitle: Werkzeug\ncode: https://github.com/stadt/werkzeug\n{more}\n---\n{body}\n"
