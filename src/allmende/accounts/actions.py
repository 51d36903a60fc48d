"""Every write about accounts that is ours; signing in, addresses and second factors are allauth's, and noted here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.module_loading import import_string

from allmende.accounts.models import User
from allmende.accounts.personal import PersonalData
from allmende.accounts.queries import never_confirmed, obstacles, personal_data, sessions_of
from allmende.accounts.rules import is_own
from allmende.accounts.vault import lock_anew
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.mail.actions import forget_receiver, send
from allmende.mail.actions.keeping import forget_letters

GOODBYE = """Guten Tag,

Ihr Konto bei Allmende ist gelöscht. Sie haben es selbst so gewollt und mit Ihrem Passwort oder Ihrem zweiten Faktor \
bestätigt.

Gelöscht sind Ihr Name, Ihre E-Mail-Adresse, Ihr Passwort, Ihr zweiter Faktor und alle Anmeldungen. Ihre Rollen in \
Organisationen sind beendet. Was Ihre Organisationen veröffentlicht haben, bleibt stehen. Im Protokoll steht \
weiterhin, dass eine Person mit einer zufälligen Kennung gehandelt hat. Wer das war, lässt sich daraus nicht mehr \
ablesen.

Möchten Sie später wieder dabei sein, legen Sie ein neues Konto an:

{site}/konto/registrieren

Haben Sie das nicht selbst getan, schreiben Sie uns gleich. Der Kontakt steht im Impressum.
"""
RESET = """Guten Tag,

der Betreiber hat den zweiten Faktor Ihres Kontos bei Allmende entfernt, weil jemand ihn darum gebeten hat. Sie sind \
überall abgemeldet.

Waren Sie das, melden Sie sich mit Ihrem Passwort an und richten Sie gleich einen neuen zweiten Faktor ein:

{site}/konto/zweiter-faktor

Waren Sie das nicht, ändern Sie Ihr Passwort und schreiben Sie dem Betreiber. Der Kontakt steht im Impressum.
"""


@transaction.atomic
def rename(user: User, name: str, *, by: Actor, now: datetime) -> None:
    """Set the name by which colleagues know somebody; empty: the address is shown instead."""
    require(is_own(by, user))
    name = " ".join(name.split())
    if len(name) > (User._meta.get_field("name").max_length or 0):
        raise Refused("Der Name ist zu lang. Kürzen Sie ihn auf höchstens 200 Zeichen.")
    if name == user.name:
        return
    user.name = name
    user.save(update_fields=["name"])
    record("accounts.renamed", subject=user, by=by, now=now)


@transaction.atomic
def note(kind: str, user: User, *, by: Actor, now: datetime, data: Mapping[str, Any] | None = None) -> None:
    """Write down what has just been done to the account elsewhere, such as a password that was changed."""
    record(f"accounts.{kind}", subject=user, by=by, now=now, data=data)


@transaction.atomic
def end_session(user: User, number: int, *, by: Actor, now: datetime) -> None:
    """Sign out one place; `number` is that of the list of sessions."""
    require(is_own(by, user))
    session = UserSession.objects.filter(user=user, pk=number).first()
    if session is None:
        raise Refused("Diese Anmeldung ist schon beendet.")
    session.end()
    record("accounts.sessions_ended", subject=user, by=by, now=now, data={"ended": 1})


@transaction.atomic
def end_sessions(user: User, *, but: str | None = None, by: Actor, now: datetime) -> int:
    """Sign out everywhere, or everywhere `but` in the session with this key; how many ended."""
    require(is_own(by, user))
    ended = [session for session in sessions_of(user) if session.session_key != but]
    for session in ended:
        session.end()
    if ended:
        record("accounts.sessions_ended", subject=user, by=by, now=now, data={"ended": len(ended)})
    return len(ended)


@transaction.atomic
def reset_second_factor(user: User, *, by: Actor, now: datetime) -> None:
    """Take every second factor away and sign out everywhere, for somebody who has lost theirs; they are told by mail.

    Only the operator at the command line: whoever asks has to be known by other means than the account.
    """
    require(
        by.is_program, "Einen verlorenen zweiten Faktor entfernt nur der Betreiber, auf der Kommandozeile."
    )
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise Refused("Dieses Konto hat keinen zweiten Faktor.")
    end_sessions(user, by=by, now=now)
    record("accounts.second_factor_removed", subject=user, by=by, now=now, data={"type": "all"})
    _write(user, "Ihr zweiter Faktor ist entfernt", RESET, "second_factor_reset", now)


@transaction.atomic
def hand_out(user: User, *, by: Actor, now: datetime) -> list[PersonalData]:
    """Everything that is kept of a person, for that person alone."""
    require(is_own(by, user))
    found = personal_data(user)
    record("accounts.exported", subject=user, by=by, now=now)
    return found


@transaction.atomic
def erase(user: User, *, by: Actor, now: datetime) -> None:
    """Erase everything personal and end everything that hangs on the account; the row stays, empty and closed.

    `Refused` with what has to be settled before, such as an organisation that would be left without anybody.
    """
    require(is_own(by, user))
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.erased_at:
        raise Refused("Dieses Konto ist schon gelöscht.")
    if found := obstacles(user):
        raise Refused(" ".join(found))
    for path in settings.ACCOUNT_ERASERS:
        import_string(path)(user, by=by, now=now)
    # What was written to them goes, at addresses they had before as well; the last letter is written after that. It
    # names no account: what is known of a letter stays for months, and would tell whose the random id in the journal
    # was.
    forget_receiver(user.email)
    forget_letters(user)
    _write(user, "Ihr Konto bei Allmende ist gelöscht", GOODBYE, "goodbye", now, about=("account", ""))
    end_sessions(user, by=by, now=now)
    _empty(user, now)
    record("accounts.erased", subject=user, by=by, now=now)


def _write(
    user: User,
    subject: str,
    text: str,
    occasion: str,
    now: datetime,
    *,
    about: tuple[str, str] | None = None,
) -> None:
    try:
        send(
            to=user.email,
            subject=subject,
            text=text.format(site=settings.SITE_URL),
            kind=f"accounts.{occasion}",
            about=about or user,
            by=Actor.program("accounts"),
            now=now,
        )
    except Refused:
        # An address that nobody can write to must not keep anybody here.
        return


def _empty(user: User, now: datetime) -> None:
    for personal in (EmailAddress, Authenticator, SocialAccount, UserSession):
        personal.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    # Nobody can get mail there: the top-level name is reserved for exactly this (RFC 2606).
    user.email, user.name = f"{user.public_id}@geloescht.invalid", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login, user.erased_at = None, now
    user.set_unusable_password()
    user.save()


@transaction.atomic
def drop_unconfirmed(*, by: Actor, now: datetime) -> int:
    """Delete accounts whose address nobody confirmed in two weeks; how many. Nothing hangs on them: nobody got in."""
    _, by_model = never_confirmed(now).delete()
    dropped = by_model.get("accounts.User", 0)
    if dropped:
        record("accounts.dropped", subject=("account", ""), by=by, now=now, data={"accounts": dropped})
    return dropped


@transaction.atomic
def forget_ended_sessions(*, now: datetime) -> None:
    """Sessions that are over, and where they were signed in from: nothing to be noted, they ended by themselves."""
    Session.objects.filter(expire_date__lt=now).delete()
    there = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(there)).delete()


@transaction.atomic
def lock_keys_anew() -> int:
    """Lock keys of second factors under today's secret key where a former one was used; how many there were."""
    if not settings.SECRET_KEY_FALLBACKS:
        return 0
    changed = 0
    for each in Authenticator.objects.select_for_update().filter(type__in=("totp", "recovery_codes")):
        for name in {"secret", "seed"} & set(each.data):
            each.data[name] = lock_anew(each.data[name])
        each.save(update_fields=["data"])
        changed += 1
    return changed
