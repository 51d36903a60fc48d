"""The small pieces that the tests of this format share."""

import datetime
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allmende.catalogue.drafts import Reading, Severity
from allmende.federation.formats.base import Context
from allmende.federation.formats.publiccode import PUBLICCODE

TODAY = datetime.date(2026, 11, 23)
SAMPLES = Path(__file__).parents[3] / "samples" / "publiccode"

CROSSWALK = {
    "publiccode_category": {
        "geographic-information-systems": (
            ("field_of_action", "stadtplanung"),
            ("solution_type", "geodaten_karten"),
            ("boundary", "smart_city"),
        ),
        "online-booking": (("field_of_action", "verwaltung"), ("solution_type", "terminvereinbarung")),
    },
    "publiccode_scope": {
        "local-authorities": (("audience", "municipalities"), ("field_of_action", "verwaltung")),
        "transportation": (("audience", "utilities_transport"), ("field_of_action", "mobilitaet")),
    },
    "publiccode_status": {"beta": (("maturity", "pilot"),), "stable": (("maturity", "productive"),)},
    "publiccode_maintenance": {"contract": (("maintenance", "contract"),)},
}


def context(**profile: Any) -> Context:
    return Context(today=TODAY, crosswalk=CROSSWALK, profile=profile)


def read(content: str | bytes, **profile: Any) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return PUBLICCODE.read(raw, path="publiccode.yml", context=context(**profile))


def sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def changed(base: str, pairs: list[list[str]]) -> str:
    """The sample with changes; each has to hit exactly once, so that a case cannot go stale."""
    text = sample(base)
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {base}"
        text = text.replace(old, new)
    return text


def minimal(old: str = "", new: str = "") -> str:
    return changed("minimal.yml", [[old, new]] if old else [])


def full(old: str = "", new: str = "") -> str:
    return changed("full.yml", [[old, new]] if old else [])


def cases() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(sample("cases.toml"))


def keys(reading: Reading, severity: Severity) -> list[str]:
    return sorted({finding.key for finding in reading.findings if finding.severity == severity})


def messages(reading: Reading, key: str) -> list[str]:
    return [finding.message for finding in reading.findings if finding.key == key]
