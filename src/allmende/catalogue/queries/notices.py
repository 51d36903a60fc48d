"""Notices about entries, and who is concerned by them. Visibility first, as everywhere."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from allmende.accounts.models import User
from allmende.catalogue.editors import edited_by
from allmende.catalogue.models import EntryClaim, Notice, NoticeContact, Offer, Solution
from allmende.lib.actors import Actor
from allmende.organisations.models import Membership, Organisation
from allmende.organisations.queries import public_organisations
from allmende.organisations.rules import is_staff

Reportable = Solution | Offer | Organisation
OPEN = ("open", "hearing", "answered", "appealed")
# How long we know whom to write, after all is said and done.
CONTACTS_KEPT = timedelta(days=180)


def reportable(subject_type: str, public_id: str) -> Reportable | None:
    """What somebody may report: whatever of it is public now."""
    if subject_type == "solution":
        return Solution.objects.filter(public_id=public_id, state="published").first()
    if subject_type == "offer":
        shown = Offer.objects.filter(public_id=public_id, state="published", solution__state="published")
        return shown.select_related("solution", "supplier", "operator", "seller").first()
    if subject_type == "organisation":
        return public_organisations().filter(public_id=public_id).first()
    return None


def subject_of(notice: Notice) -> Reportable | None:
    """What a notice is about, whatever became of it; None where it is erased."""
    if notice.subject_type == "solution":
        return Solution.objects.filter(public_id=notice.subject_id).exclude(state="erased").first()
    if notice.subject_type == "offer":
        offers = Offer.objects.select_related("solution", "supplier", "operator", "seller")
        return offers.filter(public_id=notice.subject_id).exclude(solution__state="erased").first()
    return Organisation.objects.filter(public_id=notice.subject_id).first()


def parties(notice: Notice) -> list[Organisation]:
    """Whom a decision would concern: the parties of the offer, the owner of the entry, or the organisation itself."""
    subject = subject_of(notice)
    if isinstance(subject, Offer):
        return list({party.pk: party for party in subject.parties}.values())
    if isinstance(subject, Solution):
        granted = EntryClaim.objects.filter(solution=subject, state="granted").select_related("organisation")
        return [claim.organisation for claim in granted]
    return [subject] if subject else []


def speakers(organisations: list[Organisation]) -> list[str]:
    """Addresses of those who speak for the organisations."""
    roles = ("provider_editor", "organisation_admin", "municipality_editor")
    held = Membership.objects.filter(organisation__in=organisations, role__in=roles, ended_at=None)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return sorted(set(people.values_list("email", flat=True)))


def notices(actor: Actor) -> QuerySet[Notice]:
    """All notices for staff, none for others."""
    return Notice.objects.all() if is_staff(actor) else Notice.objects.none()


def waiting_notices(actor: Actor) -> QuerySet[Notice]:
    """What waits for a person of the staff, the longest waiting first; whose hearing runs waits for the other side.

    Nobody is shown an appeal against their own decision.
    """
    waiting = notices(actor).filter(state__in=("open", "answered", "appealed"))
    return waiting.exclude(state="appealed", decided_by=actor.id).order_by("received_at", "pk")


def overdue_hearings(actor: Actor, now: datetime) -> QuerySet[Notice]:
    """Hearings whose time is over without a word: they wait for the staff again."""
    return notices(actor).filter(state="hearing", heard_until__lt=now.date()).order_by("heard_until", "pk")


def to_decide(actor: Actor, now: datetime) -> list[Notice]:
    """The queue of the desk: what waits for this person, by the time of receipt."""
    found = [*waiting_notices(actor), *overdue_hearings(actor, now)]
    return sorted(found, key=lambda notice: (notice.received_at, notice.pk))


def notice_for_party(actor: Actor, public_id: str) -> Notice | None:
    """A notice that concerns an organisation of the actor, once its side is heard or the decision is made."""
    notice = Notice.objects.filter(public_id=public_id).filter(_told()).first()
    if notice is None:
        return None
    own = set(edited_by(actor))
    return notice if own & {party.public_id for party in parties(notice)} else None


def notices_about(actor: Actor) -> QuerySet[Notice]:
    """Notices about entries of the actor's organisations, as far as they have been told, the latest first."""
    own = edited_by(actor)
    mine = Q(supplier__public_id__in=own) | Q(operator__public_id__in=own) | Q(seller__public_id__in=own)
    offers = Offer.objects.filter(mine).values("public_id")
    owned = EntryClaim.objects.filter(organisation__public_id__in=own, state="granted")
    about = Q(subject_type="offer", subject_id__in=offers)
    about |= Q(subject_type="solution", subject_id__in=owned.values("solution__public_id"))
    about |= Q(subject_type="organisation", subject_id__in=own)
    return Notice.objects.filter(_told()).filter(about).order_by("-received_at", "-pk")


def _told() -> Q:
    """Whether the side concerned knows of the notice."""
    return Q(heard_at__isnull=False) | Q(hidden_at__isnull=False) | Q(outcome__in=("corrected", "withdrawn"))


def reporter_of(notice: Notice) -> NoticeContact | None:
    return NoticeContact.objects.filter(notice=notice, side="reporter").first()


def notices_by(account: str) -> QuerySet[Notice]:
    """What somebody has reported while signed in, the latest first."""
    given = NoticeContact.objects.filter(side="reporter", account=account)
    return Notice.objects.filter(pk__in=given.values("notice")).order_by("-received_at", "-pk")


def same_subject(notice: Notice) -> QuerySet[Notice]:
    """Other notices about the same entry, the latest first."""
    others = Notice.objects.filter(subject_type=notice.subject_type, subject_id=notice.subject_id)
    return others.exclude(pk=notice.pk).order_by("-received_at", "-pk")


def is_hidden(subject_type: str, public_id: str) -> bool:
    """Whether an entry was taken away at once because of a notice and did not come back: then its editions are away
    as well, which stay readable of anything else that is withdrawn."""
    return bool(hidden_among(subject_type, [public_id]))


def hidden_among(subject_type: str, ids: Collection[str]) -> set[str]:
    """The same of many at once."""
    hidden = Notice.objects.filter(subject_type=subject_type, subject_id__in=ids)
    return set(hidden.filter(hidden_at__isnull=False, shown_at=None).values_list("subject_id", flat=True))


def forgettable(now: datetime) -> QuerySet[NoticeContact]:
    """Contacts of notices that were closed long enough ago."""
    return NoticeContact.objects.filter(notice__closed_at__lt=now - CONTACTS_KEPT)
