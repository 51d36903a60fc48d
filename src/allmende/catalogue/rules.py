"""Who may do what in the catalogue."""

from collections.abc import Iterable, Sequence

from allmende.catalogue.editors import EDITORS
from allmende.catalogue.models import EntryClaim, MissingSolution, Offer, Solution, WorkingCopy
from allmende.files.models import StoredFile
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.roles import MUNICIPAL
from allmende.organisations.rules import is_member, is_on_its_side, is_staff, speaks_for

NOT_ONES_OWN = "Über die eigene Einreichung entscheidet jemand anderes aus der Redaktion."


def may_hand_in(actor: Actor) -> bool:
    """Hand in a solution on behalf of an origin: the harvest, the demo story, the editors."""
    return is_staff(actor)


def may_withdraw(actor: Actor, solution: Solution) -> bool:
    return is_staff(actor)


def may_erase(actor: Actor) -> bool:
    """Agree, as the second person, that something is erased for good, where law obliges to."""
    return actor.is_program or actor.has("operator_admin")


def may_erase_at_once(actor: Actor) -> bool:
    """Without a proposal that a second person has agreed to: never one person alone."""
    return actor.is_program


def may_propose_erasure(actor: Actor) -> bool:
    """Ask a second person to erase something, or to end an ownership."""
    return is_staff(actor)


NOT_BETWEEN_THESE = (
    "Über diese beiden Lösungen entscheidet jemand anderes aus der Redaktion: Sie gehören zu einer Organisation, der "
    "eine davon gehört oder die eine davon anbietet."
)


def may_decide_duplicates(actor: Actor) -> bool:
    """Ask whether two solutions are one, and see what waits for an answer. Who answers: `may_decide_pair`."""
    return is_staff(actor)


def may_decide_pair(actor: Actor, sides: Iterable[Organisation]) -> bool:
    """Merge two solutions or part them: staff that is with none of those who own or offer one of them."""
    return is_staff(actor) and not any(is_on_its_side(actor, side) for side in sides)


def edits_for(actor: Actor, organisation: Organisation) -> bool:
    """Holds a role in this very organisation that keeps its offers."""
    return any(speaks_for(actor, organisation, role) for role in EDITORS)


def is_accredited(organisation: Organisation) -> bool:
    """Whether the desk knows who this organisation is and who speaks for it."""
    return organisation.is_accredited


def may_prepare(actor: Actor, organisation: Organisation) -> bool:
    """Write a working copy: also before the organisation is accredited."""
    return edits_for(actor, organisation)


def may_submit(actor: Actor, organisation: Organisation) -> bool:
    """Hand in for publication, or change what is published."""
    return edits_for(actor, organisation) and is_accredited(organisation)


def may_look_after(actor: Actor, organisation: Organisation, author: str) -> bool:
    """Staff decides, but nobody about what their own organisation or they themselves have handed in."""
    is_own = edits_for(actor, organisation) or organisation.public_id in actor.resting
    return is_staff(actor) and not is_own and (actor.is_program or actor.id != author)


def may_check(actor: Actor, copy: WorkingCopy) -> bool:
    return may_look_after(actor, copy.organisation, copy.submitted_by)


def may_decide_claim(actor: Actor, claim: EntryClaim) -> bool:
    return may_look_after(actor, claim.organisation, claim.claimed_by)


def may_end_claim(actor: Actor, claim: EntryClaim) -> bool:
    """The organisation itself gives an entry back. One of the staff does not take it away: that needs a second."""
    return actor.is_program or edits_for(actor, claim.organisation)


def owns(actor: Actor, organisation: Organisation, solution: Solution) -> bool:
    """Whether the entry is confirmed as the organisation's own, and the actor may submit for it. One query."""
    granted = EntryClaim.objects.filter(solution=solution, organisation=organisation, state="granted")
    return may_submit(actor, organisation) and granted.exists()


def may_publish_offers(actor: Actor) -> bool:
    """Put an offer online without a check: what staff and its programs do."""
    return is_staff(actor)


def may_change_offer(actor: Actor, offer: Offer) -> bool:
    """Staff, or somebody who keeps the offers of one of its parties."""
    return is_staff(actor) or any(may_submit(actor, party) for party in offer.parties)


def may_add_documents(actor: Actor, offer: Offer) -> bool:
    """Whoever keeps the offers of one of its parties. Staff looks at documents and hands in none."""
    return any(may_submit(actor, party) for party in offer.parties)


def may_remove_document(actor: Actor, file: StoredFile) -> bool:
    """Whoever keeps the offers of the party that has handed it in, not of another; and staff."""
    return is_staff(actor) or any(actor.has(role, file.owner) for role in EDITORS)


def may_name(actor: Actor, offer: Offer, parties: Sequence[Organisation]) -> bool:
    """Whom an offer may name after a change: staff anybody; others themselves and whoever it names already.

    A change is live at once; nobody puts another company's name under an offer without a check.
    """
    if is_staff(actor):
        return True
    known = {party.pk for party in offer.parties}
    return any(edits_for(actor, party) for party in parties) and all(
        party.pk in known or edits_for(actor, party) for party in parties
    )


NOT_IMPARTIAL = (
    "Diese Meldung bearbeitet jemand anderes aus der Redaktion: Sie haben sie selbst abgegeben oder gehören zur "
    "betroffenen Organisation."
)


def may_handle_notice(actor: Actor, parties: Sequence[Organisation], reporter: str) -> bool:
    """Staff that is on neither side. `reporter`: public id of whoever gave the notice, "" where nobody is known."""
    partial = (reporter and actor.id == reporter) or any(is_on_its_side(actor, party) for party in parties)
    return is_staff(actor) and not partial


def may_answer_notice(actor: Actor, parties: Sequence[Organisation]) -> bool:
    """Whoever keeps the offers of an organisation that the notice concerns."""
    return any(edits_for(actor, party) for party in parties)


def may_confirm_use(actor: Actor, organisation: Organisation) -> bool:
    """Only the town itself says what it uses; the demo story speaks for invented towns."""
    if organisation.is_invented and actor.is_program:
        return True
    return speaks_for(actor, organisation, "municipality_editor")


def may_name_missing(actor: Actor, organisation: Organisation) -> bool:
    """Whoever belongs to a town, whatever they do there; the demo story speaks for invented towns."""
    if organisation.is_invented and actor.is_program:
        return True
    return organisation.kind in MUNICIPAL and is_member(actor, organisation)


def may_take_up(actor: Actor, missing: MissingSolution) -> bool:
    """Enter, attach or decline what a town has named: staff, but nobody of that town and not who named it."""
    ours = is_on_its_side(actor, missing.organisation) or (
        not actor.is_program and actor.id == missing.named_by
    )
    return is_staff(actor) and not ours
