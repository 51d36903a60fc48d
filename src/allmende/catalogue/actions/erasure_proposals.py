"""Erasing takes two: one of the staff proposes it with its ground, another carries it out or refuses.

The same for ending an ownership against the organisation's will. What it does stands in `erasing` and `claims`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from allmende.catalogue import rules
from allmende.catalogue.actions.claims import end_against_its_will
from allmende.catalogue.actions.erasing import ERASED, erase_as_agreed, erase_contact_as_agreed
from allmende.catalogue.erasure_grounds import CONTACT, ENTRY, GROUNDS, OWNERSHIP
from allmende.catalogue.models import Contact, EntryClaim, ErasureProposal, Solution
from allmende.catalogue.queries.erasures import open_proposal
from allmende.catalogue.states import ERASURE, SOLUTION
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require

LONGEST = 2_000
NOT_ALONE = "Sie haben das vorgeschlagen. Ausführen oder ablehnen muss es eine zweite Person."


@transaction.atomic
def propose_erasure(
    what: Solution | Contact | EntryClaim, *, ground: str, reason: str, by: Actor, now: datetime
) -> ErasureProposal:
    """Ask a second person to erase this entry or this contact, or to end this ownership. Nothing changes yet."""
    require(rules.may_propose_erasure(by))
    code, solution = _named(what)
    if ground not in GROUNDS or code not in GROUNDS[ground].whats:
        raise Refused("Wählen Sie, worauf sich die Löschung stützt.")
    if len(reason.strip()) < 10:
        raise Refused("Schreiben Sie in einem Satz, warum das hier gilt.")
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    _require_possible(what, solution)
    if open_proposal(what) is not None:
        raise Refused("Das ist schon vorgeschlagen und wartet auf eine zweite Person.")
    proposal = ErasureProposal.objects.create(
        what=code,
        solution=solution,
        contact=what if isinstance(what, Contact) else None,
        claim=what if isinstance(what, EntryClaim) else None,
        ground=ground,
        reason=reason.strip()[:LONGEST],
        proposed_at=now,
        proposed_by=by.id,
    )
    _record("proposed", proposal, by=by, now=now)
    return proposal


def _named(what: Solution | Contact | EntryClaim) -> tuple[str, Solution]:
    if isinstance(what, Contact):
        return CONTACT, what.listing.solution
    if isinstance(what, EntryClaim):
        return OWNERSHIP, what.solution
    return ENTRY, what


def _require_possible(what: Solution | Contact | EntryClaim, solution: Solution) -> None:
    """Refuse at once what could not be carried out."""
    if isinstance(what, EntryClaim) and what.state != "granted":
        raise Refused("Diese Übernahme gilt nicht mehr.")
    if isinstance(what, Solution):
        if solution.state == "merged":
            raise Refused("Dieser Eintrag ist Teil eines anderen. Schlagen Sie dort vor, ihn zu löschen.")
        SOLUTION.require_move(solution.state, "erased")


@transaction.atomic
def carry_out_erasure(proposal: ErasureProposal, *, by: Actor, now: datetime) -> ErasureProposal:
    """The second person agrees: it is done. For `federation.confirm_erasure`, which removes the raw bytes as well."""
    proposal = _to_decide(proposal, by)
    _ACTS[proposal.what](proposal, by, now)
    _decide(proposal, "done", by=by, now=now)
    return proposal


def public_reason(proposal: ErasureProposal) -> str:
    """What the tombstone says: the ground, then the words of the desk."""
    return f"{GROUNDS[proposal.ground].label}. {proposal.reason}"


def _erase_entry(proposal: ErasureProposal, by: Actor, now: datetime) -> None:
    erase_as_agreed(proposal.solution, reason=public_reason(proposal), by=by, now=now)


def _erase_contact(proposal: ErasureProposal, by: Actor, now: datetime) -> None:
    if proposal.contact is None:
        raise Refused(
            "Diese Kontaktdaten gibt es nicht mehr: Die Quelle hat sie geändert oder weggelassen. "
            "Lehnen Sie den Vorschlag ab, oder schlagen Sie die neuen vor."
        )
    # The ground alone: the words may name the person.
    erase_contact_as_agreed(proposal.contact, reason=GROUNDS[proposal.ground].label, by=by, now=now)


def _end_ownership(proposal: ErasureProposal, by: Actor, now: datetime) -> None:
    assert proposal.claim is not None  # noqa: S101  # the database keeps it so
    end_against_its_will(proposal.claim, reason=public_reason(proposal), by=by, now=now)


_ACTS: Mapping[str, Callable[[ErasureProposal, Actor, datetime], None]] = {
    ENTRY: _erase_entry,
    CONTACT: _erase_contact,
    OWNERSHIP: _end_ownership,
}


@transaction.atomic
def refuse_erasure(proposal: ErasureProposal, *, reason: str, by: Actor, now: datetime) -> ErasureProposal:
    """The second person does not agree, and says why. It can be proposed anew."""
    proposal = _to_decide(proposal, by)
    if not reason.strip():
        raise Refused("Schreiben Sie, warum Sie ablehnen.")
    proposal.decision_reason = reason.strip()[:LONGEST]
    _decide(proposal, "refused", by=by, now=now)
    return proposal


@transaction.atomic
def take_back_erasure(proposal: ErasureProposal, *, by: Actor, now: datetime) -> ErasureProposal:
    """Whoever proposed it has thought again."""
    proposal = _locked(proposal)
    require(by.kind == "person" and by.id == proposal.proposed_by)
    _decide(proposal, "taken_back", by=by, now=now)
    return proposal


def _to_decide(proposal: ErasureProposal, by: Actor) -> ErasureProposal:
    require(rules.may_erase(by))
    proposal = _locked(proposal)
    if by.id == proposal.proposed_by:
        raise Refused(NOT_ALONE)
    return proposal


def _locked(proposal: ErasureProposal) -> ErasureProposal:
    # The entry first, as everywhere: whoever writes an edition holds its row.
    Solution.objects.select_for_update().get(pk=proposal.solution_id)
    rows = ErasureProposal.objects.select_related("solution", "contact", "claim")
    return rows.select_for_update(of=("self",)).get(pk=proposal.pk)


def _decide(proposal: ErasureProposal, state: str, *, by: Actor, now: datetime) -> None:
    ERASURE.require_move(proposal.state, state)
    proposal.state, proposal.decided_at, proposal.decided_by = state, now, by.id
    if proposal.what == CONTACT:
        # Whatever was decided: it may name the person. The words about an entry stay, its tombstone tells them.
        proposal.reason = ERASED
    if state == "done":
        proposal.contact = None
    proposal.save()
    _record(state, proposal, by=by, now=now)


def _record(what: str, proposal: ErasureProposal, *, by: Actor, now: datetime) -> None:
    data = {"solution": proposal.solution.public_id, "what": proposal.what, "ground": proposal.ground}
    event = {"taken_back": "withdrawn"}.get(what, what)
    record(f"catalogue.erasure_{event}", subject=proposal, by=by, now=now, data=data)
