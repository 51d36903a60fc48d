"""Somebody applies to be the first who acts for an organisation: a town, one more, or one that is here by its name."""

from datetime import datetime

from django.db import IntegrityError, transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.accreditation import for_region
from allmende.organisations.actions.people import locked, person
from allmende.organisations.drafts import RegistrationDraft
from allmende.organisations.freemail import could_be_own
from allmende.organisations.legal_forms import LEGAL_FORMS, register_number
from allmende.organisations.models import Claim, Organisation
from allmende.organisations.queries import confirmed_addresses
from allmende.organisations.roles import TOWNS
from allmende.regions import levels
from allmende.regions.models import Region
from allmende.vocabulary.queries import known_codes

# More that are not decided than one person has a use for; beyond it somebody fills the queue.
MOST_RUNNING = 5
CLAIMED_LEVELS = (levels.GEMEINDE, levels.KREIS, levels.GEMEINDEVERBAND)


@transaction.atomic
def claim_town(region: Region, *, task: str, by: Actor, now: datetime) -> Claim:
    """Apply to be the first who acts for a town, a Kreis or a Verband. Staff checks and sends a letter there."""
    require(rules.may_apply(by), "Melden Sie sich an, um für eine Kommune zu handeln.")
    if region.valid_to is not None or region.level not in CLAIMED_LEVELS:
        raise Refused("Dieses Gebiet gibt es nicht mehr, oder es hat keine eigene Verwaltung.")
    return _apply(for_region(region, by=by, now=now), task=task, by=by, now=now)


@transaction.atomic
def apply_for(draft: RegistrationDraft, *, by: Actor, now: datetime) -> Claim:
    """Apply with an organisation that is no town: staff compares it with its register and accredits it."""
    require(rules.may_apply(by), "Melden Sie sich an, um eine Organisation anzumelden.")
    said = _said(draft)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(**said, state="applied", created_at=now)
    except IntegrityError:
        raise known_number(said) from None
    record("organisations.registered", subject=organisation, by=by, now=now)
    return _apply(organisation, task=draft.task, by=by, now=now)


@transaction.atomic
def take_over(entry: Organisation, draft: RegistrationDraft, *, by: Actor, now: datetime) -> Claim:
    """Say that an entry that is here by its name only is one's own organisation, instead of entering it once more.

    What the person says of it holds once staff has agreed; the entry stays as it is until then.
    """
    require(rules.may_apply(by), "Melden Sie sich an, um eine Organisation anzumelden.")
    entry = locked(entry)
    if entry.state != "named" or entry.region_id:
        raise Refused(
            f"Für {entry.name} ist schon jemand angemeldet. Lassen Sie sich von ihrer Verwaltung einladen."
        )
    said = _said(draft)
    if is_known_number(said, but=entry):
        raise known_number(said)
    claim = _apply(entry, task=draft.task, by=by, now=now)
    claim.said = said
    claim.save(update_fields=["said"])
    return claim


def _said(draft: RegistrationDraft) -> dict[str, str]:
    """What somebody says of an organisation that is no town, checked as far as a machine can."""
    name = " ".join(draft.name.split())
    if not name:
        raise Refused("Geben Sie den Namen der Organisation ein.")
    if draft.kind not in known_codes("organisation_type") or draft.kind in TOWNS:
        raise Refused(
            "Wählen Sie, was für eine Organisation das ist. Eine Kommune melden Sie auf ihrer Seite an."
        )
    court, number = _register(draft)
    return {
        "name": name,
        "kind": draft.kind,
        "legal_form": draft.legal_form,
        "register_court": court,
        "register_number": number,
        "website_url": draft.website_url,
    }


def is_known_number(said: dict[str, str], *, but: Organisation) -> bool:
    """Whether another organisation has this register number, as the constraint has it."""
    if not said["register_number"]:
        return False
    same = Organisation.objects.filter(
        register_court__iexact=said["register_court"], register_number=said["register_number"]
    )
    return same.exclude(pk=but.pk).exclude(state="refused").exists()


def known_number(said: dict[str, str]) -> Refused:
    """Whether it is there, everybody may know; by whom it was applied for, nobody."""
    return Refused(
        f"Eine Organisation mit der Registernummer {said['register_number']} ({said['register_court']}) ist schon "
        "angemeldet. Lassen Sie sich von ihrer Verwaltung einladen, oder schreiben Sie uns."
    )


def _register(draft: RegistrationDraft) -> tuple[str, str]:
    form = LEGAL_FORMS.get(draft.legal_form)
    if form is None:
        raise Refused("Wählen Sie die Rechtsform.")
    number, court = register_number(draft.register_number, form), " ".join(draft.register_court.split())
    if form.registers and not court:
        raise Refused("Geben Sie an, bei welchem Gericht die Organisation eingetragen ist.")
    return (court, number) if form.registers else ("", "")


def _apply(organisation: Organisation, *, task: str, by: Actor, now: datetime) -> Claim:
    user = person(by)
    addresses = confirmed_addresses(user)
    if not addresses:
        raise Refused("Bestätigen Sie zuerst Ihre E-Mail-Adresse.")
    if organisation.state not in ("named", "applied"):
        raise Refused(
            f"Für {organisation.name} ist schon jemand angemeldet. Fragen Sie dort an, oder lassen Sie sich einladen."
        )
    if not task.strip():
        raise Refused("Schreiben Sie, welche Aufgabe Sie in der Organisation haben.")
    running = Claim.objects.filter(user=user, state__in=["open", "code_sent"])
    if running.filter(organisation=organisation).exists():
        raise Refused("Sie haben diese Organisation schon angemeldet. Wir prüfen das gerade.")
    # A letter that nobody answered keeps nobody from applying elsewhere.
    if running.exclude(state="code_sent", expires_at__lte=now).count() >= MOST_RUNNING:
        raise Refused(
            f"Sie haben schon {MOST_RUNNING} Anmeldungen, die wir noch prüfen. Warten Sie diese ab."
        )
    domain = next((each for each in map(could_be_own, addresses) if each), "")
    claim = Claim.objects.create(
        organisation=organisation, user=user, task=" ".join(task.split())[:200], domain=domain, made_at=now
    )
    record("organisations.claim_made", subject=claim, by=by, now=now, organisation=organisation.public_id)
    return claim
