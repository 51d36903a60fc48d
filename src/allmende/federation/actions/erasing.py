from datetime import datetime

from django.db import transaction

from allmende.catalogue.actions import carry_out_erasure, erase
from allmende.catalogue.erasure_grounds import CONTACT, ENTRY
from allmende.catalogue.models import Contact, ErasureProposal, Solution
from allmende.catalogue.queries.erasures import same_person
from allmende.federation.models import RawRecord
from allmende.lib.actors import Actor


@transaction.atomic
def erase_everywhere(solution: Solution, *, reason: str, by: Actor, now: datetime) -> Solution:
    """Erase a solution, and with it the raw bytes and findings of every record that described it.

    The records keep their key and digest, so that the next harvest knows them and the gate refuses them.
    """
    records = _records_of(solution)
    erased = erase(solution, reason=reason, by=by, now=now)
    _forget(records)
    return erased


@transaction.atomic
def confirm_erasure(proposal: ErasureProposal, *, by: Actor, now: datetime) -> ErasureProposal:
    """The second person agrees (see `catalogue.actions.erasure_proposals`): it is done, raw bytes included."""
    records = _records_naming(proposal.contact) if proposal.contact else _records_of(proposal.solution)
    proposal = carry_out_erasure(proposal, by=by, now=now)
    if proposal.what == ENTRY:
        _forget(records)
    elif proposal.what == CONTACT:
        # The bytes name the person; key, digest and findings stay, so that the next harvest compares as before.
        RawRecord.objects.filter(pk__in=records).update(content=None, size=0)
    return proposal


def _records_naming(contact: Contact) -> list[int]:
    """Of every entry that names the person: the contact goes from all of them, whichever it was proposed at."""
    listings = {row.listing_id for row in same_person(contact)}
    return list(RawRecord.objects.filter(listing__in=listings).values_list("pk", flat=True))


def _records_of(solution: Solution) -> list[int]:
    return list(RawRecord.objects.filter(listing__solution=solution).values_list("pk", flat=True))


def _forget(records: list[int]) -> None:
    RawRecord.objects.filter(pk__in=records).update(
        content=None, size=0, findings=[], decision="refused", reasons=["Diese Lösung wurde gelöscht."]
    )
