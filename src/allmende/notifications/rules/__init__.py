"""Who is told what: one written registry. `docs/how-to/add-a-notification.md` says how to add a line.

A rule belongs to a journal kind; settings name the kinds that `follow.note` gets to hear. Nobody is told of what they
did themselves, and nothing is told that its reader may not see when it is sent or read (`telling`).
"""

from collections.abc import Mapping

from allmende.notifications.rules import complaints, explorations, needs, offers, people, post, uploads
from allmende.notifications.rules.rule import Rule

__all__ = ["PAGES", "RULES", "SEARCH_NEWS", "SENTENCES", "Rule", "rules_of"]

RULES: tuple[Rule, ...] = (
    *offers.RULES,
    *complaints.RULES,
    *people.RULES,
    *post.RULES,
    *uploads.RULES,
    *needs.RULES,
    *explorations.RULES,
)

# Not from the journal: what the look into saved searches finds.
SEARCH_NEWS = "notifications.search_news"


def rules_of(kind: str) -> tuple[Rule, ...]:
    """The rules of a journal kind; none for most."""
    return _BY_KIND.get(kind, ())


def _by_kind() -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in RULES:
        found[rule.kind] = (*found.get(rule.kind, ()), rule)
    return found


_BY_KIND = _by_kind()

# What a news item is called → the page that its reader has to go to, where that is not the thing's own.
PAGES: Mapping[str, str] = {rule.name: rule.page for rule in RULES if rule.page}

# What a piece of news is called → its sentence.
SENTENCES: Mapping[str, str] = {
    **{rule.name: rule.sentence for rule in RULES},
    SEARCH_NEWS: "Ihre gespeicherte Suche „{thing}“ findet {news}.",
}
