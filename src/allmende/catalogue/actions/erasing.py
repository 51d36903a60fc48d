"""What law obliges to erase: a whole solution, or one person's contact data."""

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from allmende.catalogue import rules
from allmende.catalogue.contacts import suppression_digests
from allmende.catalogue.contents import Content, read, write
from allmende.catalogue.drafts import ContactDraft
from allmende.catalogue.models import (
    ConfirmedUse,
    Contact,
    Edition,
    EntryClaim,
    LaterEdit,
    Listing,
    Merge,
    MissingSolution,
    Notice,
    Offer,
    OfferContact,
    Solution,
    SolutionTerm,
    SolutionText,
    SuppressedContact,
    WorkingCopy,
)
from allmende.catalogue.queries.erasures import same_person
from allmende.catalogue.states import OPEN_COPY, SOLUTION
from allmende.files.actions import remove_about
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require

ERASED = "gelöscht"
_STRIPPED = ("repository_url", "repository_key", "website_url", "maintainer", "maintainer_url", "licence")


@transaction.atomic
def erase(solution: Solution, *, reason: str, by: Actor, now: datetime) -> Solution:
    """Erase what law obliges to erase: texts, statements, offers and contacts go, editions become tombstones.

    With it goes what was merged into it, and the editions of others from the time when they were one with it. The
    addresses keep answering, with the reason. Source records must be blocked by the caller's package. For people it
    takes two: `erasure_proposals`.
    """
    require(rules.may_erase_at_once(by))
    return erase_as_agreed(solution, reason=reason, by=by, now=now)


def erase_as_agreed(solution: Solution, *, reason: str, by: Actor, now: datetime) -> Solution:
    """The same, for `erasure_proposals` alone, which has asked that two agree."""
    if not reason.strip():
        raise Refused("Nennen Sie die Rechtsgrundlage und den Grund der Löschung.")
    solution = Solution.objects.select_for_update().get(pk=solution.pk)
    if solution.state == "merged":
        raise Refused(
            "Dieser Eintrag ist Teil eines anderen. Löschen Sie den anderen, "
            "oder machen Sie zuerst die Zusammenführung rückgängig."
        )
    family = _family(solution)
    for member in family:
        SOLUTION.require_move(member.state, "erased")
    _editions_of(family).update(content=None, redacted_at=now, redaction_reason=reason.strip())
    _remove_files(family, by=by, now=now)
    _strip_rows(family, reason=reason.strip(), now=now)
    for member in family:
        _strip_columns(member, reason=reason.strip())
        record("catalogue.solution_erased", subject=member, by=by, now=now, words={"reason": reason})
    return family[0]


def _family(solution: Solution) -> list[Solution]:
    """The solution and all that became part of it, along any chain of merges, locked."""
    family, newest = [solution], [solution.pk]
    while newest:
        parts = list(Solution.objects.select_for_update().filter(merged_into__in=newest).order_by("pk"))
        family += parts
        newest = [part.pk for part in parts]
    return family


def _editions_of(family: Sequence[Solution]) -> QuerySet[Edition]:
    ids = [member.public_id for member in family]
    mine = Q(subject_id__in=ids)
    # A merge since undone: meanwhile the other one's editions held what is to be erased.
    for undone in Merge.objects.filter(source__in=family, undone_at__isnull=False).select_related("target"):
        mine |= Q(
            subject_id=undone.target.public_id,
            created_at__gte=undone.merged_at,
            created_at__lte=undone.undone_at,
        )
    return Edition.objects.filter(mine, subject_type=Solution.journal_type)


def _remove_files(family: Sequence[Solution], *, by: Actor, now: datetime) -> None:
    """Documents of its offers, and of offers for it that somebody is preparing."""
    offers = list(Offer.objects.filter(solution__in=family))
    copies = list(WorkingCopy.objects.filter(solution__in=family))
    things: list[Offer | WorkingCopy] = [*offers, *copies]
    for thing in things:
        remove_about((thing.journal_type, thing.public_id), by=by, now=now)


def _strip_rows(family: Sequence[Solution], *, reason: str, now: datetime) -> None:
    """Keep the keys of the listings, so that the next harvest does not bring the solution back as a new one."""
    Contact.objects.filter(listing__solution__in=family).delete()
    SolutionText.objects.filter(solution__in=family).delete()
    SolutionTerm.objects.filter(solution__in=family).delete()
    for listing in Listing.objects.filter(solution__in=family):
        listing.statements.all().delete()
        listing.claimed_uses.all().delete()
        listing.funding.all().delete()
        listing.releases.all().delete()
    Listing.objects.filter(solution__in=family).update(
        record_url="", repository_key="", draft_digest="", rows_digest=""
    )
    OfferContact.objects.filter(offer__solution__in=family).delete()
    _strip_what_was_prepared(family)
    _strip_what_was_said(family)
    for offer in Offer.objects.filter(solution__in=family):
        offer.prices.all().delete()
    Offer.objects.filter(solution__in=family).update(
        state="withdrawn",
        title=ERASED,
        description="",
        included_services="",
        withdrawn_at=now,
        withdrawal_reason=reason,
    )
    ConfirmedUse.objects.filter(solution__in=family).update(note="")


def _strip_what_was_prepared(family: Sequence[Solution]) -> None:
    """Every copy holds the words of the entry, also the one that has long been published from."""
    copies = WorkingCopy.objects.filter(solution__in=family)
    copies.filter(state__in=OPEN_COPY).update(state="dropped")
    # A page that is still open must not write the words back.
    copies.update(content="{}", reasons={}, saved_from="", lock_version=F("lock_version") + 1)


def _strip_what_was_said(family: Sequence[Solution]) -> None:
    """What others wrote about the entry often quotes it. The desk's own reasons for its decisions stay."""
    EntryClaim.objects.filter(solution__in=family).update(evidence=ERASED)
    named = MissingSolution.objects.filter(solution__in=family)
    named.update(name=ERASED, folded_name=ERASED, url="", purpose=ERASED)
    edits = LaterEdit.objects.filter(solution__in=family)
    edits.exclude(question="").update(question=ERASED)
    edits.update(answer="")
    offers = Offer.objects.filter(solution__in=family).values("public_id")
    about = Q(subject_type=Solution.journal_type, subject_id__in=[member.public_id for member in family])
    about |= Q(subject_type=Offer.journal_type, subject_id__in=offers)
    Notice.objects.filter(about).update(
        subject_name=ERASED,
        what=ERASED,
        source="",
        question="",
        statement="",
        facts="",
        appeal="",
        corrections=[],
        lock_version=F("lock_version") + 1,
    )


def _strip_columns(solution: Solution, *, reason: str) -> None:
    for field in solution._meta.concrete_fields:
        if field.name in _STRIPPED:
            setattr(solution, field.name, "")
        if field.get_internal_type() == "JSONField":
            setattr(solution, field.name, [])
    solution.name = solution.sort_name = solution.folded_name = ERASED
    solution.state, solution.withdrawal_reason, solution.merged_into = "erased", reason, None
    solution.lock_version += 1
    solution.save()


@transaction.atomic
def erase_contact(contact: Contact, *, reason: str, by: Actor, now: datetime) -> int:
    """Erase one person's contact data wherever a source has brought it, and keep it from coming back.

    What is kept is a hash of the address or, without one, of the name. Returns how many rows are gone. For people it
    takes two: `erasure_proposals`.
    """
    require(rules.may_erase_at_once(by))
    return erase_contact_as_agreed(contact, reason=reason, by=by, now=now)


def erase_contact_as_agreed(contact: Contact, *, reason: str, by: Actor, now: datetime) -> int:
    """The same, for `erasure_proposals` alone, which has asked that two agree."""
    if not reason.strip():
        raise Refused("Nennen Sie den Grund der Löschung.")
    listing = Listing.objects.select_related("solution").get(pk=contact.listing_id)
    wanted = suppression_digests(contact.name, contact.email)
    for digest in wanted:
        SuppressedContact.objects.get_or_create(digest=digest, defaults={"suppressed_at": now})
    # The copies first: whoever publishes from one holds it before the contact of the offer.
    _erase_in_copies(wanted)
    gone = [row.pk for row in same_person(contact)]
    Contact.objects.filter(pk__in=gone).delete()
    offices = [
        row.pk for row in OfferContact.objects.all() if wanted & suppression_digests(row.name, row.email)
    ]
    OfferContact.objects.filter(pk__in=offices).delete()
    data, words = {"rows": len(gone)}, {"reason": reason}
    record("catalogue.contact_erased", subject=listing.solution, by=by, now=now, data=data, words=words)
    return len(gone)


def _erase_in_copies(wanted: Set[str]) -> None:
    """Take a person out of whatever is or was prepared, published from or not."""

    def stays(contact: ContactDraft) -> bool:
        return not wanted & suppression_digests(contact.name or "", contact.email or "")

    for copy in WorkingCopy.objects.exclude(content="{}").select_for_update().order_by("pk").iterator():
        cleaned = write(_without(read(copy.content), stays))
        if cleaned != copy.content:
            # A page that is still open must not write the person back.
            copy.content, copy.saved_from, copy.lock_version = cleaned, "", copy.lock_version + 1
            copy.save(update_fields=["content", "saved_from", "lock_version"])


def _without(content: Content, stays: Callable[[ContactDraft], bool]) -> Content:
    solution, offer = content.solution, content.offer
    if solution is not None:
        solution = replace(solution, contacts=tuple(each for each in solution.contacts if stays(each)))
    if offer is not None and offer.contact is not None and not stays(offer.contact):
        offer = replace(offer, contact=None)
    return replace(content, solution=solution, offer=offer)
