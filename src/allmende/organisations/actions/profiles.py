"""A town tells of itself."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused, require
from allmende.organisations import rules
from allmende.organisations.actions.people import locked
from allmende.organisations.drafts import ProfileDraft
from allmende.organisations.models import MunicipalityProfile, Organisation
from allmende.vocabulary.queries import Vocabulary, current

MOST_SYSTEMS, LONGEST_SYSTEM = 60, 120
MOST_STAFF = Decimal(9999)
# Field → scheme of the vocabulary that its codes are of.
SCHEMES = {"hosting": "hosting", "networks": "network", "interests": "field_of_action"}


@transaction.atomic
def save_profile(
    draft: ProfileDraft, *, organisation: Organisation, lock_version: int, by: Actor, now: datetime
) -> MunicipalityProfile:
    """Keep what the town says of itself. `lock_version`: of the state that the draft was made from, 0 for the first.

    `OutOfDate` where somebody saved in the meantime: the caller shows both, and nothing is overwritten in silence.
    """
    organisation = locked(organisation)
    require(rules.may_edit_profile(by, organisation))
    said = _checked(draft, current())
    profile = MunicipalityProfile.objects.filter(organisation=organisation).first()
    if (profile.lock_version if profile else 0) != lock_version:
        raise OutOfDate
    profile = profile or MunicipalityProfile(organisation=organisation)
    changed = [name for name, value in said.items() if getattr(profile, name) != value]
    if not changed and profile.pk:
        return profile
    for name, value in said.items():
        setattr(profile, name, value)
    profile.lock_version = lock_version + 1
    profile.changed_at, profile.changed_by = now, str(by)
    profile.save()
    # Which fields, not what they say: the journal is no second place for it.
    record(
        "organisations.municipality_profile_changed",
        subject=(profile.journal_type, organisation.public_id),
        by=by,
        now=now,
        organisation=organisation.public_id,
        data={"fields": changed},
    )
    return profile


def as_draft(profile: MunicipalityProfile | None) -> ProfileDraft:
    """What is kept, as it was handed in."""
    if profile is None:
        return ProfileDraft()
    values: dict[str, Any] = {each.name: getattr(profile, each.name) for each in fields(ProfileDraft)}
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return ProfileDraft(**plain)


def _checked(draft: ProfileDraft, vocabulary: Vocabulary) -> dict[str, object]:
    said: dict[str, object] = {"is_shared": draft.is_shared}
    for name, scheme in SCHEMES.items():
        said[name] = _codes(getattr(draft, name), scheme, vocabulary)
    if draft.budget_class:
        _codes((draft.budget_class,), "budget_class", vocabulary)
    said["budget_class"] = draft.budget_class or None
    said["existing_systems"] = _systems(draft.existing_systems)
    if draft.digital_staff is not None and not 0 <= draft.digital_staff <= MOST_STAFF:
        raise Refused("Geben Sie bei den Stellen eine Zahl ein, zum Beispiel 1,5.")
    said["digital_staff"] = (
        None if draft.digital_staff is None else draft.digital_staff.quantize(Decimal("0.01"))
    )
    return said


def _codes(chosen: tuple[str, ...] | None, scheme: str, vocabulary: Vocabulary) -> list[str] | None:
    unknown = set(chosen or ()) - vocabulary.known_codes(scheme)
    if unknown:
        raise Refused(f"Die Antwort „{min(unknown)}“ gibt es nicht.")
    return sorted(set(chosen)) if chosen else None


def _systems(named: tuple[str, ...] | None) -> list[str] | None:
    lines = list(dict.fromkeys(" ".join(line.split()) for line in named or ()))
    kept = [line for line in lines if line]
    if len(kept) > MOST_SYSTEMS or any(len(line) > LONGEST_SYSTEM for line in kept):
        raise Refused(
            f"Nennen Sie höchstens {MOST_SYSTEMS} Systeme, jedes mit höchstens {LONGEST_SYSTEM} Zeichen."
        )
    return kept or None
