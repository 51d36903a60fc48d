"""What waits for a second person before it is gone. Staff only."""

from django.db.models import QuerySet

from allmende.catalogue.contacts import suppression_digests
from allmende.catalogue.models import Contact, EntryClaim, ErasureProposal, Solution
from allmende.lib.actors import Actor
from allmende.organisations.rules import is_staff


def erasure_proposals(actor: Actor) -> QuerySet[ErasureProposal]:
    """All of them, the latest first."""
    if not is_staff(actor):
        return ErasureProposal.objects.none()
    rows = ErasureProposal.objects.select_related(
        "solution", "contact__listing__origin", "claim__organisation"
    )
    return rows.order_by("-proposed_at", "-pk")


def erasures_to_decide(actor: Actor) -> QuerySet[ErasureProposal]:
    """Those that this person may decide: open ones that somebody else has proposed, the longest waiting first."""
    waiting = erasure_proposals(actor).filter(state="open").order_by("proposed_at", "pk")
    # The same as `rules.may_erase`, which asks once more in the action.
    decides = actor.is_program or actor.has("operator_admin")
    return waiting.exclude(proposed_by=actor.id) if decides else waiting.none()


def open_proposal(what: Solution | Contact | EntryClaim) -> ErasureProposal | None:
    """The one that waits for a second person, if there is one."""
    waiting = ErasureProposal.objects.filter(state="open")
    if isinstance(what, Contact):
        return waiting.filter(contact=what).first()
    if isinstance(what, EntryClaim):
        return waiting.filter(claim=what).first()
    return waiting.filter(solution=what, what="entry").first()


def same_person(contact: Contact) -> list[Contact]:
    """All that sources have brought of one person, this row among them: known by the address, or else by the name."""
    wanted = suppression_digests(contact.name, contact.email)
    rows = Contact.objects.only("pk", "name", "email", "listing_id").iterator()
    return [row for row in rows if wanted & suppression_digests(row.name, row.email)]


def contacts_of(solution: Solution) -> QuerySet[Contact]:
    """Everybody whom a source names for the entry, shown in public or not."""
    return Contact.objects.filter(listing__solution=solution).select_related("listing__origin").order_by("pk")
