"""What waits for the staff: one written list. A topic with a queue of its own adds its line here.

Each queue has a page that lists what waits longest first, and one page for each entry (see `components.queues`).
`days` is what we promise ourselves: how many working days an entry waits at most. `docs/handbuch/redaktion.md` says
the same numbers to people.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from allmende.catalogue.actions.notices import DAYS_TO_LOOK
from allmende.catalogue.queries import (
    claims_to_decide,
    copies_to_check,
    edits_to_acknowledge,
    open_suspicions,
)
from allmende.catalogue.queries.erasures import erasures_to_decide
from allmende.catalogue.queries.missing import missing_to_decide
from allmende.catalogue.rules import may_erase
from allmende.federation import queries as federation
from allmende.lib.actors import Actor
from allmende.organisations.models import RoleProposal
from allmende.organisations.queries import domains_to_check, open_proposals
from allmende.organisations.rules import is_staff, may_grant_roles
from allmende.procurement.models import RuleSet
from allmende.procurement.queries import waiting as waiting_rules
from allmende.regions.models import RegionSuccession
from allmende.regions.queries import open_successions
from allmende.search.models import Miss
from allmende.search.queries import misses
from allmende.web.desk.ages import AgesOf, by_day, by_list, by_moment
from allmende.web.notices import desk as notices
from allmende.web.organisations.desk import (
    claims_waiting,
    merges_waiting,
    waiting_claims,
    waiting_domains,
    waiting_merges,
    waiting_post,
)
from allmende.web.uses import desk as uses


def proposals_to_decide(actor: Actor) -> QuerySet[RoleProposal]:
    """Roles that somebody else has proposed and this person may confirm."""
    found = open_proposals()
    return found.exclude(proposed_by=str(actor)) if may_grant_roles(actor) else found.none()


def rules_to_release(actor: Actor) -> QuerySet[RuleSet]:
    """Rules of procurement that somebody else has entered."""
    return waiting_rules().exclude(entered_by=str(actor))


def changed_regions(actor: Actor) -> QuerySet[RegionSuccession]:
    """Each with the day of the change, `waits_since`: when it was proposed nobody has written down."""
    return open_successions().annotate(waits_since=Coalesce("on", "predecessor__valid_to"))


def open_misses(actor: Actor) -> QuerySet[Miss]:
    return misses(actor).filter(state="open")


@dataclass(frozen=True)
class Queue:
    """`waiting` counts what waits for this actor; `address` is the path of the list, open to those whom `may` names.

    `ages`: since when the oldest waits and how many are overdue, where a query says it.
    """

    code: str
    title: str
    waiting: Callable[[Actor], int]
    address: str
    days: int = 10
    may: Callable[[Actor], bool] = is_staff
    ages: AgesOf | None = None


QUEUES: tuple[Queue, ...] = (
    Queue(
        "anmeldungen",
        "Anmeldungen von Organisationen prüfen",
        waiting_claims,
        "/redaktion/organisationen",
        days=3,
        ages=by_moment(claims_waiting, "waits_since"),
    ),
    Queue(
        "domains",
        "E-Mail-Domains prüfen",
        waiting_domains,
        "/redaktion/organisationen/domains",
        days=5,
        ages=by_moment(lambda actor: domains_to_check(), "proposed_at"),
    ),
    Queue(
        "organisationen-zusammenfuehren",
        "Organisationen zusammenführen, als zweite Person",
        waiting_merges,
        "/redaktion/organisationen/zusammenfuehrungen",
        days=5,
        ages=by_moment(merges_waiting, "proposed_at"),
    ),
    Queue("post", "Post, die nicht ankam", waiting_post, "/redaktion/post", days=3),
    Queue(
        "meldungen",
        "Meldungen bearbeiten",
        notices.waiting,
        "/redaktion/meldungen",
        days=DAYS_TO_LOOK,
        ages=by_list(notices.waiting_since),
    ),
    Queue(
        "loeschungen",
        "Löschungen als zweite Person entscheiden",
        lambda actor: erasures_to_decide(actor).count(),
        "/redaktion/loeschungen",
        days=3,
        may=may_erase,
        ages=by_moment(erasures_to_decide, "proposed_at"),
    ),
    Queue(
        "angebote",
        "Angebote prüfen",
        lambda actor: copies_to_check(actor).count(),
        "/redaktion/angebote",
        ages=by_moment(copies_to_check, "submitted_at"),
    ),
    Queue(
        "aenderungen",
        "Änderungen zur Kenntnis nehmen",
        lambda actor: edits_to_acknowledge(actor).count(),
        "/redaktion/aenderungen",
        ages=by_moment(edits_to_acknowledge, "made_at"),
    ),
    Queue(
        "uebernahmen",
        "Übernahmen von Einträgen entscheiden",
        lambda actor: claims_to_decide(actor).count(),
        "/redaktion/uebernahmen",
        ages=by_moment(claims_to_decide, "claimed_at"),
    ),
    Queue(
        "genannt",
        "Genannte Lösungen aufnehmen",
        uses.waiting,
        "/redaktion/genannt",
        days=uses.DAYS,
        ages=by_moment(missing_to_decide, "named_at"),
    ),
    Queue(
        "zurueckgestellt",
        "Zurückgestellte Einträge ansehen",
        lambda actor: federation.waiting(actor).count(),
        "/redaktion/zurueckgestellt",
        ages=by_moment(federation.waiting, "changed_at"),
    ),
    Queue(
        "fehlende",
        "Fehlende Einträge prüfen",
        lambda actor: federation.held_sources(actor).count(),
        "/redaktion/fehlende",
        days=3,
        ages=by_moment(federation.held_sources, "held_since"),
    ),
    Queue(
        "dubletten",
        "Mögliche Dubletten entscheiden",
        lambda actor: open_suspicions(actor).count(),
        "/redaktion/dubletten",
        ages=by_moment(open_suspicions, "found_at"),
    ),
    Queue(
        "ohne-treffer",
        "Suchen ohne Treffer ansehen",
        lambda actor: open_misses(actor).count(),
        "/redaktion/ohne-treffer",
        days=20,
        ages=by_day(open_misses, "first_day"),
    ),
    Queue(
        "nachfolgen",
        "Nachfolgen von Gemeinden bestätigen",
        lambda actor: open_successions().count(),
        "/redaktion/regionen",
        days=20,
        ages=by_day(changed_regions, "waits_since"),
    ),
    Queue(
        "rollen",
        "Rollen als zweite Person bestätigen",
        lambda actor: proposals_to_decide(actor).count(),
        "/redaktion/rollen",
        days=5,
        may=may_grant_roles,
        ages=by_moment(proposals_to_decide, "proposed_at"),
    ),
    Queue(
        "vergaberegeln",
        "Vergaberegeln als zweite Person freigeben",
        lambda actor: rules_to_release(actor).count(),
        "/redaktion/vergaberegeln",
        days=5,
        ages=by_moment(rules_to_release, "entered_at"),
    ),
)


def queue(code: str) -> Queue:
    """The queue with this code; `KeyError` where none has it."""
    return _BY_CODE[code]


_BY_CODE = {each.code: each for each in QUEUES}
