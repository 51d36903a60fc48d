"""The first person of an organisation: applies, is checked, proves it by a letter or by the register."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from allmende.accounts.models import User
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.ids import ALPHABET
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.mail.actions import write
from allmende.organisations import rules
from allmende.organisations.actions.accreditation import vouch
from allmende.organisations.actions.addresses import as_written, checked_address, keep_address
from allmende.organisations.actions.applying import is_known_number, known_number
from allmende.organisations.actions.roles import give
from allmende.organisations.drafts import AddressDraft
from allmende.organisations.models import MOST_ATTEMPTS, Claim, EmailDomain, JoinRequest, Organisation
from allmende.organisations.queries import evidence_of
from allmende.organisations.roles import MUNICIPAL
from allmende.organisations.states import ACCREDITATION, CLAIM

CODE_LENGTH = 8
OLD_CODE = "Der Code aus einem früheren Brief gilt nicht mehr. Es zählt nur der neueste Brief."
CODE_HOLDS = timedelta(days=30)
# What whoever was not the first is told: with an address at the organisation's own domain (True), or without.
_SINCE_THEN = {
    True: "Inzwischen ist jemand anderes angemeldet. Ihre Anfrage liegt jetzt bei der Organisation.",
    False: "Inzwischen ist jemand anderes angemeldet. Lassen Sie sich von der Verwaltung der Organisation einladen.",
}
_WHAT_NOW = {
    True: "Ihre E-Mail-Adresse gehört zur Organisation. Darum haben wir Ihre Anfrage an die Personen weitergegeben, "
    "die sie auf Allmende verwalten. Sie bekommen eine E-Mail, sobald jemand entschieden hat.",
    False: "Wenn Sie dort arbeiten, lassen Sie sich einladen. Das können alle, die die Organisation auf Allmende "
    "verwalten. Fragen Sie bei der Organisation selbst nach, wer das ist.",
}
_ONCE_IS_ENOUGH = "Die beiden Einträge sind dieselbe Organisation. Ihre andere Anmeldung läuft weiter."


@transaction.atomic
def send_letter(claim: Claim, *, address: AddressDraft, domain_fits: bool, by: Actor, now: datetime) -> str:
    """The code for the letter that staff prints, such as `K7M4-PX9D`; told once, an earlier one no longer holds.

    The address is kept for the next letter to the same house.
    """
    claim = _held(claim)
    require(rules.may_decide_claim(by, claim))
    if not claim.needs_letter:
        raise Refused("Diese Organisation wird mit ihrem Register verglichen; ein Brief ist nicht nötig.")
    address = checked_address(address)
    CLAIM.require_move(claim.state, "code_sent")
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)).upper()
    claim.state, claim.attempts = "code_sent", 0
    claim.letter_to, claim.domain_fits = as_written(address), domain_fits and bool(claim.domain)
    claim.letters, claim.returned_at = claim.letters + 1, None
    keep_address(claim.organisation, address, by=by, now=now)
    claim.code_hash = make_password(code)
    claim.sent_at, claim.sent_by, claim.expires_at = now, str(by), now + CODE_HOLDS
    claim.save()
    _note("organisations.claim_letter_sent", claim, by=by, now=now)
    write(
        claim.user.email,
        f"Brief an {claim.organisation.name} ist unterwegs",
        f"wir haben Ihre Anmeldung für {claim.organisation.name} geprüft und einen Brief mit einem Code an die "
        "Leitung der Verwaltung geschickt. Von ihr bekommen Sie den Code.",
        *_earlier_code(claim),
        f"Geben Sie den Code bis zum {claim.expires_at:%d.%m.%Y} hier ein:",
        town_page(claim.organisation),
        kind="organisations.claim_letter",
        about=claim,
        by=by,
        now=now,
    )
    return f"{code[:4]}-{code[4:]}"


def _earlier_code(claim: Claim) -> list[str]:
    """Whoever has two letters on the table has to know which one counts."""
    return [OLD_CODE] if claim.letters > 1 else []


@transaction.atomic
def note_returned_letter(claim: Claim, *, by: Actor, now: datetime) -> None:
    """The letter came back: its code no longer holds, and the application is at the desk again."""
    claim = _held(claim)
    require(rules.may_decide_claim(by, claim))
    if claim.state != "code_sent":
        raise Refused("Zu dieser Anmeldung ist kein Brief unterwegs.")
    claim.state, claim.code_hash, claim.returned_at = "open", "", now
    claim.save(update_fields=["state", "code_hash", "returned_at"])
    _note("organisations.claim_letter_returned", claim, by=by, now=now)


def town_page(organisation: Organisation) -> str:
    """The path on which a town is claimed."""
    return f"/kommunen/{organisation.region.key}/uebernehmen" if organisation.region else ""


def enter_code(claim: Claim, code: str, *, by: Actor, now: datetime) -> None:
    """What the letter says, typed by whoever applied: right, it makes them the administrator of their town.

    Wrong, it is counted and `Refused`; after five the claim goes back to the staff, who may send a new letter. Not one
    transaction with its refusal, since what is counted has to stay.
    """
    refusal = _try_code(claim, code, by=by, now=now)
    if refusal:
        raise Refused(refusal)


@transaction.atomic
def _try_code(claim: Claim, code: str, *, by: Actor, now: datetime) -> str:
    claim = _held(claim)
    require(by.kind == "person" and claim.user.public_id == by.id)
    if not claim.code_holds(now):
        return "Für diese Anmeldung gilt gerade kein Code. Schreiben Sie uns, wenn Sie einen neuen Brief brauchen."
    if check_password(_typed(code), claim.code_hash):
        _grant(claim, by=by, now=now)
        return ""
    claim.attempts += 1
    if claim.attempts < MOST_ATTEMPTS:
        claim.save(update_fields=["attempts"])
        left = claim.attempts_left
        return (
            "Dieser Code stimmt nicht. Vergleichen Sie ihn mit dem Brief. "
            f"Sie können es noch {'einmal' if left == 1 else f'{left}-mal'} versuchen."
        )
    claim.state, claim.code_hash = "open", ""
    claim.save(update_fields=["attempts", "state", "code_hash"])
    _note("organisations.claim_code_spent", claim, by=by, now=now)
    return (
        "Dieser Code stimmt nicht, und er gilt jetzt nicht mehr. "
        "Wir sehen uns Ihre Anmeldung noch einmal an und melden uns bei Ihnen."
    )


def _typed(code: str) -> str:
    """What somebody types who reads it off paper: any case, with blanks, letters that look like figures."""
    letters = "".join(code.upper().split()).replace("-", "")[: CODE_LENGTH + 1]
    return letters.translate(str.maketrans("OIL", "011"))


@transaction.atomic
def accept_claim(claim: Claim, *, domain_fits: bool, by: Actor, now: datetime) -> None:
    """Staff has compared an organisation with its register. A town is not accepted like this: it needs its letter."""
    claim = _held(claim)
    require(rules.may_decide_claim(by, claim))
    if claim.needs_letter:
        raise Refused("Eine Kommune bestätigt sich mit dem Code aus dem Brief. Schicken Sie den Brief.")
    if claim.takes_over and not any(evidence_of(claim)):
        raise Refused(
            "Für diese Übernahme fehlt ein Beleg: eine bestätigte E-Mail-Adresse bei der Domain der Website, oder eine "
            "Registernummer. Lehnen Sie ab und schreiben Sie, was fehlt."
        )
    claim.domain_fits = domain_fits and bool(claim.domain)
    _take_in(claim)
    _grant(claim, by=by, now=now)
    write(
        claim.user.email,
        f"{claim.organisation.name} ist angemeldet",
        f"wir haben {claim.organisation.name} geprüft. Sie verwalten die Organisation jetzt auf Allmende: Sie können "
        "Kolleginnen und Kollegen einladen und Rollen vergeben.",
        f"/organisation/{claim.organisation.public_id}",
        kind="organisations.claim_granted",
        about=claim,
        by=by,
        now=now,
    )


@transaction.atomic
def refuse_claim(claim: Claim, *, reason: str, by: Actor, now: datetime) -> None:
    """Staff says no, and why; the person may apply again."""
    claim = _held(claim)
    require(rules.may_decide_claim(by, claim))
    if not reason.strip():
        raise Refused("Schreiben Sie, warum Sie die Anmeldung ablehnen. Die Person liest diesen Grund.")
    _close(claim, "refused", reason=reason, by=by, now=now)
    _forget_applied(claim.organisation)
    write(
        claim.user.email,
        f"Ihre Anmeldung für {claim.organisation.name}",
        f"wir können Ihre Anmeldung für {claim.organisation.name} nicht bestätigen. Der Grund:",
        reason.strip(),
        "Wenn Sie das anders sehen, schreiben Sie uns, oder melden Sie die Organisation noch einmal an.",
        kind="organisations.claim_refused",
        about=claim,
        by=by,
        now=now,
    )


@transaction.atomic
def withdraw_claim(claim: Claim, *, by: Actor, now: datetime) -> None:
    """Whoever applied takes it back."""
    claim = _held(claim)
    require(by.kind == "person" and claim.user.public_id == by.id)
    _close(claim, "withdrawn", reason="", by=by, now=now)
    _forget_applied(claim.organisation)


def close_for_good(user: User, *, by: Actor, now: datetime) -> None:
    """An account is erased: what it applied for is over, and nobody reads any more what it wrote there."""
    for claim in Claim.objects.filter(user=user).select_related("organisation", "user"):
        if claim.is_running:
            _close(claim, "withdrawn", reason="", by=by, now=now)
            _forget_applied(claim.organisation)
    Claim.objects.filter(user=user).update(task="", domain="", said={})


def _forget_applied(organisation: Organisation) -> None:
    """An organisation that exists only because somebody applied for it is nobody's business once that is over."""
    if organisation.state == "applied":
        ACCREDITATION.require_move(organisation.state, "refused")
        organisation.state = "refused"
        organisation.save(update_fields=["state"])


def _take_in(claim: Claim) -> None:
    """What the person said of an entry that was only a name is what the entry says now."""
    if not claim.takes_over:
        return
    organisation = claim.organisation
    if is_known_number(claim.said, but=organisation):
        raise known_number(claim.said)
    for field, value in claim.said.items():
        # A website that was known stays where the person named none.
        if value or field != "website_url":
            setattr(organisation, field, value)
    try:
        with transaction.atomic():
            organisation.save(update_fields=list(claim.said))
    except IntegrityError:
        # Granted to another organisation a moment ago: this one's row alone keeps nobody from that.
        raise known_number(claim.said) from None


def _grant(claim: Claim, *, by: Actor, now: datetime) -> None:
    organisation = claim.organisation
    _close(claim, "granted", reason="", by=by, now=now)
    vouch(organisation, by=by, now=now)
    work = "municipality_editor" if organisation.kind in MUNICIPAL else "provider_editor"
    for role in ("organisation_admin", work):
        give(role, user=claim.user, organisation=organisation, by=by, now=now)
    if claim.domain_fits:
        _confirm_domain(claim, now=now)
    end_others(organisation, by=by, now=now)


def _confirm_domain(claim: Claim, *, now: datetime) -> None:
    """Staff has said so when it checked the claim; the town has proved itself since."""
    staff = claim.sent_by or claim.decided_by
    EmailDomain.objects.get_or_create(
        organisation=claim.organisation,
        domain=claim.domain,
        defaults={
            "proposed_at": claim.made_at,
            "proposed_by": f"person:{claim.user.public_id}",
            "confirmed_at": now,
            "confirmed_by": staff,
        },
    )


def close_doubled(source: Organisation, target: Organisation, *, by: Actor, now: datetime) -> None:
    """Two entries become one: who applied for both has applied once."""
    there = Claim.objects.filter(organisation=target, state__in=["open", "code_sent"]).values("user")
    running = Claim.objects.filter(organisation=source, state__in=["open", "code_sent"], user__in=there)
    for claim in running.select_related("user", "organisation").order_by("pk"):
        _close(claim, "withdrawn", reason=_ONCE_IS_ENOUGH, by=by, now=now)


def end_others(organisation: Organisation, *, by: Actor, now: datetime) -> None:
    """Others who applied for the same organisation: by its own domain they ask its administrator now, else nothing.

    An administrator reads the address of whoever asks. Anybody can apply for a town, so that a claim alone must not
    show the address to the town, nor put the person before it (`rules.way_to_join`).
    """
    for other in Claim.objects.filter(
        organisation=organisation, state__in=["open", "code_sent"]
    ).select_related("user", "organisation"):
        is_known = rules.way_to_join(other.user, organisation) != "by_invitation"
        if is_known:
            JoinRequest.objects.get_or_create(
                organisation=organisation,
                user=other.user,
                state="open",
                defaults={"task": other.task, "made_at": now},
            )
        _close(other, "withdrawn", reason=_SINCE_THEN[is_known], by=by, now=now)
        write(
            other.user.email,
            f"Ihre Anmeldung für {organisation.name}",
            f"für {organisation.name} ist inzwischen jemand anderes angemeldet. Ihre eigene Anmeldung ist damit "
            "beendet.",
            _WHAT_NOW[is_known],
            kind="organisations.claim_overtaken",
            about=other,
            by=by,
            now=now,
        )


def _close(claim: Claim, state: str, *, reason: str, by: Actor, now: datetime) -> None:
    CLAIM.require_move(claim.state, state)
    claim.state, claim.reason, claim.code_hash = state, reason.strip()[:500], ""
    claim.decided_at, claim.decided_by = now, str(by)
    claim.save()
    _note(f"organisations.claim_{state}", claim, by=by, now=now)


def _note(kind: str, claim: Claim, *, by: Actor, now: datetime) -> None:
    record(kind, subject=claim, by=by, now=now, organisation=claim.organisation.public_id)


def _held(claim: Claim) -> Claim:
    """The claim as it is now, with its organisation locked: two decisions wait for each other."""
    # Asked anew: a merge may have moved the claim since it was read.
    place = Claim.objects.values_list("organisation", flat=True).get(pk=claim.pk)
    Organisation.objects.select_for_update(of=("self",)).get(pk=place)
    held = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("user", "organisation__region")
        .get(pk=claim.pk)
    )
    if held.organisation_id != place:
        raise OutOfDate
    return held
