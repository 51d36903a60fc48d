"""What is kept of a person, and what stands in the way of erasing it."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.module_loading import import_string

from allmende.accounts.models import User
from allmende.accounts.personal import PersonalData, Value
from allmende.journal.queries import Entry, known_kinds

SECOND_FACTORS = {"totp": "App mit Einmalcodes", "webauthn": "Passkey", "recovery_codes": "Notfallcodes"}
# Whoever has not confirmed an address after this time will not; somebody else may have typed it.
CONFIRMS_WITHIN = timedelta(days=14)
# The journal of one person on one page; older entries are there, and who needs them asks the operator.
ENTRIES_AT_MOST = 5_000


def sessions_of(user: User) -> list[UserSession]:
    """Where somebody is signed in now, the latest first; what has ended meanwhile is tidied away."""
    there: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(there, key=lambda each: each.created_at, reverse=True)


def never_confirmed(now: datetime) -> QuerySet[User]:
    """Accounts that were asked for and whose address nobody ever confirmed."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return User.objects.filter(
        ~Exists(confirmed),
        joined_at__lt=now - CONFIRMS_WITHIN,
        last_login=None,
        erased_at=None,
        is_staff=False,
        is_superuser=False,
    )


def obstacles(user: User) -> list[str]:
    """Sentences that say what has to be settled before the account can be erased; asked of every higher package."""
    return [
        sentence for path in settings.ACCOUNT_OBSTACLES for sentence in import_string(path)(user) if sentence
    ]


def personal_data(user: User) -> list[PersonalData]:
    """Everything that is kept of a person, topic by topic; no secret is among it."""
    own = [_account(user), _addresses(user), _second_factors(user), _providers(user), _sessions(user)]
    others = [part for path in settings.ACCOUNT_EXPORTS for part in import_string(path)(user)]
    return [*own, *others, _entries(user)]


def _account(user: User) -> PersonalData:
    row: dict[str, Value] = {
        "Kennung": user.public_id,
        "Name": user.name or None,
        "E-Mail-Adresse": user.email,
        "Angelegt": user.joined_at,
        "Zuletzt angemeldet": user.last_login,
        "Gehört zum Betrieb": user.is_staff,
    }
    return PersonalData("account", "Konto", [row])


def _addresses(user: User) -> PersonalData:
    rows = [
        {"E-Mail-Adresse": each.email, "Bestätigt": each.verified, "Zum Anmelden": each.primary}
        for each in EmailAddress.objects.filter(user=user).order_by("pk")
    ]
    return PersonalData("addresses", "E-Mail-Adressen", rows)


def _second_factors(user: User) -> PersonalData:
    rows: list[dict[str, Value]] = [
        {
            "Art": SECOND_FACTORS[each.type],
            "Name": each.data.get("name"),
            "Eingerichtet": each.created_at,
            "Zuletzt benutzt": each.last_used_at,
        }
        for each in Authenticator.objects.filter(user=user).order_by("pk")
    ]
    return PersonalData("second_factors", "Zweiter Faktor", rows)


def _providers(user: User) -> PersonalData:
    rows: list[dict[str, Value]] = [
        {
            "Anbieter": each.provider,
            "Kennung dort": each.uid,
            "Verbunden": each.date_joined,
            "Zuletzt benutzt": each.last_login,
            "Was der Anbieter über Sie gesagt hat": str(each.extra_data),
        }
        for each in SocialAccount.objects.filter(user=user).order_by("pk")
    ]
    return PersonalData("providers", "Verbundene Anbieter", rows)


def _sessions(user: User) -> PersonalData:
    rows: list[dict[str, Value]] = [
        {"Begonnen": each.created_at, "Adresse im Netz": each.ip, "Browser": each.user_agent}
        for each in UserSession.objects.filter(user=user).order_by("pk")
    ]
    return PersonalData("sessions", "Anmeldungen", rows)


def _entries(user: User) -> PersonalData:
    labels = known_kinds()
    did = Entry.objects.filter(actor_kind="person", actor_id=user.public_id).order_by("-at", "-pk")
    rows: list[dict[str, Value]] = [
        {
            "Wann": each.at,
            "Was": labels.get(each.kind, each.kind),
            "Woran": f"{each.subject_type} {each.subject_id}".strip(),
        }
        for each in did[:ENTRIES_AT_MOST]
    ]
    return PersonalData("journal", "Was Sie hier getan haben", rows)
