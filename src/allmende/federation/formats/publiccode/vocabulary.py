"""The closed lists of publiccode.yml 0.7, and the versions there are. The long lists lie in `data/lists.json`."""

import json
from importlib.resources import files

LATEST_VERSION = "0.7"
SUPPORTED_VERSIONS = (
    "0", "0.2", "0.2.0", "0.2.1", "0.2.2", "0.3", "0.3.0", "0.4", "0.4.0", "0.5", "0.5.0", "0.7", "0.7.0",
)  # fmt: skip
"""As the reference parser lists them; 0.6 brought no change and is not among them, 0.1 is no longer."""

DEVELOPMENT_STATUSES = ("concept", "development", "beta", "stable", "obsolete")
SOFTWARE_TYPES = (
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
)
MAINTENANCE_TYPES = ("internal", "contract", "community", "none")
ITALIAN_EXTENSION_VERSIONS = ("0.2", "1.0")

_LISTS = json.loads(
    (files("allmende.federation.formats.publiccode") / "data" / "lists.json").read_text("utf-8")
)

CATEGORIES: frozenset[str] = frozenset(_LISTS["categories"].split())
SCOPES: frozenset[str] = frozenset(_LISTS["scopes"].split())
COUNTRIES: frozenset[str] = frozenset(_LISTS["countries"].split())
SUPPORT_ALIASES: dict[str, str] = _LISTS["support_aliases"]
"""What `alias:gdpr` and the like stand for."""
