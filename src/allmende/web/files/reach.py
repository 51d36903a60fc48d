"""Who gets a file: whoever sees what it is about. A written list, by type of that."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal

from allmende.catalogue.models import Offer
from allmende.catalogue.queries import copy_for
from allmende.catalogue.queries.documents import is_public_by_edition
from allmende.exploration.queries.cases import case_for
from allmende.files.models import StoredFile
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.rules import is_member, is_staff, may_see
from allmende.organisations.states import PUBLIC_STATES

# "everybody": caches between us and the reader may keep it; "some": they may not.
Reach = Literal["everybody", "some"]


def reach_of(file: StoredFile, actor: Actor) -> Reach | None:
    """None: the actor does not get it, and is not told that it exists."""
    find = _REACHES.get(file.about_type)
    found = find(file.about_id, actor) if find else None
    if found != "everybody" or file.state == "retired":
        # What an edition names is had as long as the edition can be read.
        return "everybody" if is_public_by_edition(file) else found
    return found


def _organisation(public_id: str, actor: Actor) -> Reach | None:
    found = Organisation.objects.filter(public_id=public_id).first()
    if found is None:
        return None
    if found.state in PUBLIC_STATES:
        return "everybody"
    return "some" if may_see(actor, found) else None


def _offer(public_id: str, actor: Actor) -> Reach | None:
    """What is withdrawn or hidden is for its parties and staff."""
    related = Offer.objects.select_related("solution", "supplier", "operator", "seller")
    offer = related.filter(public_id=public_id).first()
    if offer is None:
        return None
    if offer.state == "published" and offer.solution.state == "published":
        return "everybody"
    is_own = is_staff(actor) or any(is_member(actor, party) for party in offer.parties)
    return "some" if is_own else None


def _working_copy(public_id: str, actor: Actor) -> Reach | None:
    return "some" if copy_for(actor, public_id) is not None else None


def _case(public_id: str, actor: Actor) -> Reach | None:
    """Attachments of a market exploration: whoever takes part in it."""
    return "some" if case_for(actor, public_id, datetime.now(UTC)) is not None else None


_REACHES: Mapping[str, Callable[[str, Actor], Reach | None]] = {
    "organisation": _organisation,
    "offer": _offer,
    "working_copy": _working_copy,
    "case": _case,
}
