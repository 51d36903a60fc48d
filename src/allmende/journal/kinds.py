"""The kinds of entries that exist. Each package lists its own in `kinds.py`:

    KINDS = {"catalogue.solution_published": "Lösung veröffentlicht"}

The text is what a history page says. `docs/reference/journal.md` shows them all.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

KINDS = {"journal.words_erased": "Text im Journal entfernt"}


@cache
def known_kinds() -> Mapping[str, str]:
    """Kind → German text, of every package that lists some. `ValueError` where one lists a kind not its own."""
    found: dict[str, str] = {}
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "kinds"):
            found |= _own(app.label, getattr(import_module(f"{app.name}.kinds"), "KINDS", {}))
    return found


def _own(label: str, kinds: Mapping[str, str]) -> Mapping[str, str]:
    strangers = [kind for kind in kinds if kind.partition(".")[0] != label]
    if strangers:
        raise ValueError(f"{label} lists kinds that are not its own: {', '.join(strangers)}")
    return kinds


def require_known(kind: str) -> None:
    """`ValueError` for a kind that no package lists."""
    if kind not in known_kinds():
        raise ValueError(f"no package lists the journal kind {kind!r} in its kinds.py")
