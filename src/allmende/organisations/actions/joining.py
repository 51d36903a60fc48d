"""Come to an organisation by its own e-mail domain, and which domains these are."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.mail.actions import write
from allmende.organisations import rules
from allmende.organisations.actions.people import locked, person
from allmende.organisations.actions.roles import give
from allmende.organisations.freemail import checked_domain
from allmende.organisations.models import EmailDomain, JoinRequest, Organisation
from allmende.organisations.queries import administrators, belongs, shares_domain
from allmende.organisations.roles import LEAST, ROLES
from allmende.organisations.states import JOINING

MOST_DOMAINS = 20


@transaction.atomic
def join(organisation: Organisation, *, task: str, by: Actor, now: datetime) -> Literal["joined", "asked"]:
    """Join at once, to read, or ask the administrators: `rules.way_to_join` says which. Else `Refused`."""
    user, organisation = person(by), locked(organisation)
    if belongs(user, organisation):
        raise Refused(f"Sie gehören schon zu {organisation.name}.")
    way = rules.way_to_join(user, organisation)
    if way == "by_invitation":
        raise Refused(
            f"Ihre E-Mail-Adresse gehört nicht zu den bestätigten Adressen von {organisation.name}. "
            "Lassen Sie sich von der Verwaltung der Organisation einladen."
        )
    if way == "at_once":
        give(LEAST, user=user, organisation=organisation, by=by, now=now)
        return "joined"
    if JoinRequest.objects.filter(organisation=organisation, user=user, state="open").exists():
        raise Refused("Ihre Anfrage liegt schon bei der Organisation.")
    request = JoinRequest.objects.create(
        organisation=organisation, user=user, task=" ".join(task.split())[:200], made_at=now
    )
    _note("organisations.join_request_made", request, by=by, now=now)
    _tell_administrators(request, by=by, now=now)
    return "asked"


def _tell_administrators(request: JoinRequest, *, by: Actor, now: datetime) -> None:
    organisation = request.organisation
    for user in administrators(organisation):
        write(
            user.email,
            f"Jemand möchte bei {organisation.name} mitarbeiten",
            f"eine Person mit einer E-Mail-Adresse Ihrer Organisation möchte auf Allmende für {organisation.name} "
            "mitarbeiten. Nehmen Sie die Anfrage an, oder lehnen Sie sie ab:",
            f"/organisation/{organisation.public_id}",
            kind="organisations.join_request",
            about=request,
            by=by,
            now=now,
        )


@transaction.atomic
def accept_request(request: JoinRequest, *, role: str, by: Actor, now: datetime) -> None:
    """An administrator takes the person in, with one role to begin with."""
    request = _held(request)
    organisation = request.organisation
    require(rules.may_give(by, role, organisation))
    if not ROLES[role].fits(organisation.kind):
        raise Refused(f"Die Rolle „{ROLES[role].label}“ gibt es in dieser Art von Organisation nicht.")
    _decide(request, "accepted", by=by, now=now)
    give(role, user=request.user, organisation=organisation, by=by, now=now)
    write(
        request.user.email,
        f"Sie arbeiten jetzt bei {organisation.name} mit",
        f"{organisation.name} hat Ihre Anfrage angenommen. Ihre Aufgabe dort: „{ROLES[role].label}“.",
        f"/organisation/{organisation.public_id}",
        kind="organisations.join_accepted",
        about=request,
        by=by,
        now=now,
    )


@transaction.atomic
def refuse_request(request: JoinRequest, *, by: Actor, now: datetime) -> None:
    """An administrator says no."""
    request = _held(request)
    require(rules.may_manage(by, request.organisation))
    _decide(request, "refused", by=by, now=now)
    write(
        request.user.email,
        f"Ihre Anfrage an {request.organisation.name}",
        f"{request.organisation.name} hat Ihre Anfrage nicht angenommen. Fragen Sie dort nach, wenn Sie den Grund "
        "wissen möchten.",
        kind="organisations.join_refused",
        about=request,
        by=by,
        now=now,
    )


@transaction.atomic
def withdraw_request(request: JoinRequest, *, by: Actor, now: datetime) -> None:
    """Whoever asked takes it back."""
    request = _held(request)
    require(by.kind == "person" and request.user.public_id == by.id)
    _decide(request, "withdrawn", by=by, now=now)


def _decide(request: JoinRequest, state: str, *, by: Actor, now: datetime) -> None:
    JOINING.require_move(request.state, state)
    request.state, request.decided_at, request.decided_by = state, now, str(by)
    request.save(update_fields=["state", "decided_at", "decided_by"])
    _note(f"organisations.join_request_{state}", request, by=by, now=now)


# ------------------------------------------------------------------------------------------------------ domains


@transaction.atomic
def propose_domain(organisation: Organisation, domain: str, *, by: Actor, now: datetime) -> EmailDomain:
    """Name a domain of the organisation; it counts once staff has confirmed it."""
    organisation = locked(organisation)
    require(rules.may_manage(by, organisation))
    domain = checked_domain(domain)
    if EmailDomain.objects.filter(organisation=organisation, domain=domain).exists():
        raise Refused(f"Die Domain {domain} steht schon in der Liste.")
    if EmailDomain.objects.filter(organisation=organisation).count() >= MOST_DOMAINS:
        raise Refused(f"Mehr als {MOST_DOMAINS} Domains sind nicht vorgesehen. Schreiben Sie uns.")
    proposed = EmailDomain.objects.create(
        organisation=organisation, domain=domain, proposed_at=now, proposed_by=str(by)
    )
    _note("organisations.domain_proposed", proposed, by=by, now=now)
    return proposed


@transaction.atomic
def confirm_domain(domain: EmailDomain, *, by: Actor, now: datetime) -> None:
    """Staff has compared the domain with what the organisation publishes about itself."""
    domain = _held_domain(domain)
    require(rules.may_confirm_domain(by, domain), "Wer eine Domain vorschlägt, bestätigt sie nicht selbst.")
    if domain.confirmed_at:
        raise Refused("Diese Domain ist schon bestätigt.")
    domain.confirmed_at, domain.confirmed_by = now, str(by)
    domain.save(update_fields=["confirmed_at", "confirmed_by"])
    _note("organisations.domain_confirmed", domain, by=by, now=now)


@transaction.atomic
def remove_domain(domain: EmailDomain, *, by: Actor, now: datetime) -> None:
    """Nobody comes in by this domain any more; who is in stays in."""
    domain = _held_domain(domain)
    require(rules.may_manage(by, domain.organisation) or rules.may_accredit(by))
    _note("organisations.domain_removed", domain, by=by, now=now)
    domain.delete()


@transaction.atomic
def admit(domain: EmailDomain, admits: str, *, by: Actor, now: datetime) -> None:
    """Let people of the domain in at once, or after a look at each."""
    domain = _held_domain(domain)
    require(rules.may_manage(by, domain.organisation))
    if admits not in dict(EmailDomain.ADMITS):
        raise Refused("Wählen Sie eine der beiden Möglichkeiten.")
    if admits == "at_once" and not domain.confirmed_at:
        raise Refused("Diese Domain ist noch nicht bestätigt.")
    if admits == "at_once" and shares_domain(domain):
        raise Refused(
            "Diese Domain gehört mehreren Organisationen. Darum sehen Sie sich jede Anfrage selbst an."
        )
    domain.admits = admits
    domain.save(update_fields=["admits"])
    _note("organisations.domain_changed", domain, by=by, now=now)


def _held_domain(domain: EmailDomain) -> EmailDomain:
    locked(domain.organisation)
    return EmailDomain.objects.select_related("organisation__region").get(pk=domain.pk)


def _held(request: JoinRequest) -> JoinRequest:
    locked(request.organisation)
    return JoinRequest.objects.select_related("organisation__region", "user").get(pk=request.pk)


def _note(kind: str, subject: JoinRequest | EmailDomain, *, by: Actor, now: datetime) -> None:
    record(kind, subject=subject, by=by, now=now, organisation=subject.organisation.public_id)
