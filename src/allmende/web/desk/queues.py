"""What waits for the staff: one written list. A topic with a queue of its own adds its line here.

Each queue has a page that lists what waits longest first, and one page for each entry (see `components.queues`).
`days` is what we promise ourselves: how many working days an entry waits at most. `docs/handbuch/redaktion.md` says
the same numbers to people.
"""

from collections.abc import Callable
from dataclasses import dataclass

from allmende.catalogue.actions.notices import DAYS_TO_LOOK
from allmende.catalogue.queries import (
    claims_to_decide,
    copies_to_check,
    edits_to_acknowledge,
    open_suspicions,
)
from allmende.catalogue.queries.erasures import erasures_to_decide
from allmende.catalogue.rules import may_erase
from allmende.federation import queries as federation
from allmende.lib.actors import Actor
from allmende.organisations.queries import open_proposals
from allmende.organisations.rules import is_staff, may_grant_roles
from allmende.regions.queries import open_successions
from allmende.search.queries import misses
from allmende.web.notices import desk as notices
from allmende.web.organisations.desk import waiting_claims, waiting_domains, waiting_merges, waiting_post
from allmende.web.uses import desk as uses


def proposals_to_decide(actor: Actor) -> int:
    """Roles that somebody else has proposed and this person may confirm."""
    return open_proposals().exclude(proposed_by=str(actor)).count() if may_grant_roles(actor) else 0


@dataclass(frozen=True)
class Queue:
    """`waiting` counts what waits for this actor; `address` is the path of the list, open to those whom `may` names."""

    code: str
    title: str
    waiting: Callable[[Actor], int]
    address: str
    days: int = 10
    may: Callable[[Actor], bool] = is_staff


QUEUES: tuple[Queue, ...] = (
    Queue(
        "anmeldungen",
        "Anmeldungen von Organisationen prüfen",
        waiting_claims,
        "/redaktion/organisationen",
        days=3,
    ),
    Queue("domains", "E-Mail-Domains prüfen", waiting_domains, "/redaktion/organisationen/domains", days=5),
    Queue(
        "organisationen-zusammenfuehren",
        "Organisationen zusammenführen, als zweite Person",
        waiting_merges,
        "/redaktion/organisationen/zusammenfuehrungen",
        days=5,
    ),
    Queue("post", "Post, die nicht ankam", waiting_post, "/redaktion/post", days=3),
    Queue("meldungen", "Meldungen bearbeiten", notices.waiting, "/redaktion/meldungen", days=DAYS_TO_LOOK),
    Queue(
        "loeschungen",
        "Löschungen als zweite Person entscheiden",
        lambda actor: erasures_to_decide(actor).count(),
        "/redaktion/loeschungen",
        days=3,
        may=may_erase,
    ),
    Queue(
        "angebote",
        "Angebote prüfen",
        lambda actor: copies_to_check(actor).count(),
        "/redaktion/angebote",
    ),
    Queue(
        "aenderungen",
        "Änderungen zur Kenntnis nehmen",
        lambda actor: edits_to_acknowledge(actor).count(),
        "/redaktion/aenderungen",
    ),
    Queue(
        "uebernahmen",
        "Übernahmen von Einträgen entscheiden",
        lambda actor: claims_to_decide(actor).count(),
        "/redaktion/uebernahmen",
    ),
    Queue("genannt", "Genannte Lösungen aufnehmen", uses.waiting, "/redaktion/genannt", days=uses.DAYS),
    Queue(
        "zurueckgestellt",
        "Zurückgestellte Einträge ansehen",
        lambda actor: federation.waiting(actor).count(),
        "/redaktion/zurueckgestellt",
    ),
    Queue(
        "fehlende",
        "Fehlende Einträge prüfen",
        lambda actor: federation.held_sources(actor).count(),
        "/redaktion/fehlende",
        days=3,
    ),
    Queue(
        "dubletten",
        "Mögliche Dubletten entscheiden",
        lambda actor: open_suspicions(actor).count(),
        "/redaktion/dubletten",
    ),
    Queue(
        "ohne-treffer",
        "Suchen ohne Treffer ansehen",
        lambda actor: misses(actor).filter(state="open").count(),
        "/redaktion/ohne-treffer",
        days=20,
    ),
    Queue(
        "nachfolgen",
        "Nachfolgen von Gemeinden bestätigen",
        lambda actor: open_successions().count(),
        "/redaktion/regionen",
        days=20,
    ),
    Queue(
        "rollen",
        "Rollen als zweite Person bestätigen",
        proposals_to_decide,
        "/redaktion/rollen",
        days=5,
        may=may_grant_roles,
    ),
)


def queue(code: str) -> Queue:
    """The queue with this code; `KeyError` where none has it."""
    return _BY_CODE[code]


_BY_CODE = {each.code: each for each in QUEUES}
