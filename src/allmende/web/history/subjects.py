"""Of which things there is a history page, who may read it, and which entries belong to it: a written list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from allmende.catalogue.models import ConfirmedUse, Offer, Origin
from allmende.catalogue.queries import citable
from allmende.federation.queries import sources
from allmende.journal.queries import Entry, history, history_within, of_organisation
from allmende.lib.actors import Actor
from allmende.organisations.queries import visible_to
from allmende.organisations.rules import is_member, is_staff
from allmende.procurement.queries import kept_for_all, released
from allmende.vocabulary.queries import term


@dataclass(frozen=True)
class Story:
    """The history of one thing: how it is called, where it stands, its entries, and whether people are named.

    `in_full`: everything that is recorded; otherwise what is public.
    """

    name: str
    href: str
    entries: QuerySet[Entry]
    in_full: bool = False


Finder = Callable[[str, Actor], Story | None]


def _solution(public_id: str, actor: Actor) -> Story | None:
    found = citable().filter(public_id=public_id).first()
    if found is None:
        return None
    name = "Gelöschte Lösung" if found.state == "erased" else found.name
    entries = history("solution", public_id)
    return Story(name, f"/loesungen/{public_id}", entries, is_staff(actor))


def _offer(public_id: str, actor: Actor) -> Story | None:
    found = (
        Offer.objects.filter(public_id=public_id, published_at__isnull=False)
        .select_related("solution")
        .first()
    )
    if found is None or found.solution.state == "erased":
        return None
    solution = found.solution.public_id
    entries = history_within("solution", solution, "offer", public_id) | history("offer", public_id)
    return Story(found.title, f"/loesungen/{solution}#angebote", entries, is_staff(actor))


def _use(public_id: str, actor: Actor) -> Story | None:
    found = (
        ConfirmedUse.objects.filter(public_id=public_id).select_related("solution", "organisation").first()
    )
    if found is None or found.solution.state not in ("published", "withdrawn"):
        return None
    solution = found.solution.public_id
    name = f"{found.solution.name} in {found.organisation.name}"
    entries = history_within("solution", solution, "use", public_id)
    return Story(name, f"/loesungen/{solution}#nutzung", entries, is_staff(actor))


def _organisation(public_id: str, actor: Actor) -> Story | None:
    found = visible_to(actor, is_staff=is_staff(actor)).filter(public_id=public_id).first()
    if found is None:
        return None
    in_full = is_staff(actor) or is_member(actor, found)
    entries = of_organisation(public_id) if in_full else history("organisation", public_id)
    return Story(found.name, f"/anbieter/{public_id}", entries, in_full)


def _origin(public_id: str, actor: Actor) -> Story | None:
    found = Origin.objects.filter(public_id=public_id).first()
    return Story(found.label, "/daten", history("origin", public_id), is_staff(actor)) if found else None


def _source(public_id: str, actor: Actor) -> Story | None:
    """Staff only: a source may lie on the server itself."""
    found = sources(actor).filter(public_id=public_id).first()
    if found is None:
        return None
    return Story(str(found), f"/redaktion/quellen/{found.code}", history("source", public_id), in_full=True)


def _term(code: str, actor: Actor) -> Story | None:
    """Named as in the journal: list and code, with a colon."""
    scheme, _, word = code.partition(":")
    found = term(scheme, word)
    return Story(found.label, "", history("term", code), is_staff(actor)) if found else None


def _rule_set(public_id: str, actor: Actor) -> Story | None:
    """A town's own rules are for those who belong to it."""
    found = (
        kept_for_all().filter(public_id=public_id).first() or released().filter(public_id=public_id).first()
    )
    in_full = is_staff(actor)
    if found is None or (found.released_at is None and not in_full):
        return None
    if found.organisation is not None:
        if not (in_full or is_member(actor, found.organisation)):
            return None
        in_full = True
    return Story(found.title, "/vergaberegeln", history("rule_set", public_id), in_full)


FINDERS: Mapping[str, Finder] = {
    "loesungen": _solution,
    "angebote": _offer,
    "nutzungen": _use,
    "organisationen": _organisation,
    "herkunft": _origin,
    "quellen": _source,
    "begriffe": _term,
    "vergaberegeln": _rule_set,
}
