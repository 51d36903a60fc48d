"""Coming to an organisation: invitations, requests, claims, mail domains, names that are here already."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.organisations.freemail import could_be_own
from allmende.organisations.models import (
    Claim,
    EmailDomain,
    Invitation,
    JoinRequest,
    Organisation,
    PostalAddress,
)
from allmende.organisations.names import alike
from allmende.organisations.queries.bodies import public_organisations
from allmende.organisations.queries.people import belongs, confirmed_addresses


def invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """What waits to be accepted, and what has run out and may be renewed."""
    return Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)


def invitations_to(addresses: Iterable[str], *, now: datetime) -> QuerySet[Invitation]:
    """What can be accepted by whoever has shown that one of these addresses is theirs."""
    return Invitation.objects.filter(
        email__in=list(addresses), accepted_at=None, withdrawn_at=None, expires_at__gt=now
    ).select_related("organisation")


def was_accepted_by(user: User, invitation: Invitation) -> bool:
    """Whether this person has joined by it, and belongs there still."""
    return (
        invitation.accepted_at is not None
        and invitation.email in confirmed_addresses(user)
        and belongs(user, invitation.organisation)
    )


def join_requests(organisation: Organisation) -> QuerySet[JoinRequest]:
    """Who asks to join, what waits longest first."""
    return JoinRequest.objects.filter(organisation=organisation, state="open").select_related("user")


def claims_of(actor: Actor) -> QuerySet[Claim]:
    """What the actor applied for, the latest first."""
    return (
        Claim.objects.filter(user__public_id=actor.id)
        .select_related("organisation__region")
        .order_by("-made_at", "-pk")
    )


def running_claims() -> QuerySet[Claim]:
    """All that is not decided, what waits longest first. For staff."""
    return Claim.objects.filter(state__in=["open", "code_sent"]).select_related(
        "user", "organisation__region__land", "organisation__region__kreis"
    )


def claims_to_check(now: datetime) -> QuerySet[Claim]:
    """What waits for a person of the staff: new ones, and those whose letter nobody answered in time.

    A letter on its way waits for the town.
    """
    return running_claims().filter(Q(state="open") | Q(state="code_sent", expires_at__lte=now))


def domains(organisation: Organisation) -> QuerySet[EmailDomain]:
    return EmailDomain.objects.filter(organisation=organisation)


def domains_to_check() -> QuerySet[EmailDomain]:
    """Domains that an organisation named and nobody has confirmed, what waits longest first. For staff."""
    return (
        EmailDomain.objects.filter(confirmed_at=None)
        .select_related("organisation__region")
        .order_by("proposed_at", "pk")
    )


def domain_for(organisation: Organisation, addresses: Iterable[str]) -> EmailDomain | None:
    """The confirmed domain of the organisation at which one of the addresses lies."""
    named = {address.rpartition("@")[2].lower() for address in addresses}
    return domains(organisation).filter(confirmed_at__isnull=False, domain__in=named).first()


def shares_domain(domain: EmailDomain) -> bool:
    """Whether another organisation has the same domain confirmed."""
    others = EmailDomain.objects.filter(domain=domain.domain, confirmed_at__isnull=False)
    return others.exclude(pk=domain.pk).exclude(organisation__state="merged").exists()


def same_name(organisation: Organisation) -> list[Organisation]:
    """Other organisations without a region that have this name, whatever its case: it may be there already."""
    found = Organisation.objects.filter(name__iexact=organisation.name, region=None)
    return list(found.exclude(pk=organisation.pk).exclude(state__in=("refused", "merged")))


def taken_for(name: str) -> list[Organisation]:
    """Public organisations without a region whose name may mean the same as this one, those without people first."""
    wanted = alike(name)
    longest = max(wanted.split(), key=len, default="")
    if not longest:
        return []
    known = public_organisations().filter(name__icontains=longest, region=None).order_by("name", "pk")
    found = [each for each in known if alike(each.name) == wanted]
    return sorted(found, key=lambda each: each.state != "named")


def found_by_name(words: str) -> list[Organisation]:
    """Public organisations without a region in whose name these words stand, by name. For staff."""
    rows = public_organisations().filter(name__icontains=words, region=None).order_by("name", "pk")
    return list(rows[:50])


def evidence_of(claim: Claim) -> tuple[str, str]:
    """What speaks for somebody who takes over an entry: the website's domain, where they have shown that an address
    there is theirs, and the register number that they named; "" for what there is not.

    The website is the entry's own, never the one that the person names.
    """
    host = (urlsplit(claim.organisation.website_url).hostname or "").removeprefix("www.")
    named = {could_be_own(address) for address in confirmed_addresses(claim.user)} - {""}
    # The very same: whoever has an address at the domain above may be the landlord of many websites.
    fits = host if host in named else ""
    number = " ".join(
        str(claim.said.get(part) or "") for part in ("register_number", "register_court")
    ).strip()
    return fits, number


def unanswered_letters(now: datetime) -> QuerySet[Claim]:
    """Letters to town halls that did not do what they were for: come back, run out, or the code tried too often."""
    failed = Q(state="code_sent", expires_at__lte=now) | Q(state="open", letters__gt=0)
    return running_claims().filter(failed)


def postal_address(organisation: Organisation) -> PostalAddress | None:
    return PostalAddress.objects.filter(organisation=organisation).first()
