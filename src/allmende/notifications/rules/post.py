"""News about letters that did not arrive. Told in the site: by mail it would run in circles."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db.models import Q

from allmende.accounts.models import User
from allmende.journal.queries import Entry
from allmende.mail.models import Letter
from allmende.notifications.rules.rule import Rule

UNDELIVERABLE = (
    "E-Mails an Ihre Adresse kommen zurück. Deshalb schreiben wir Ihnen keine mehr, außer wenn Sie selbst eine "
    "anfordern. Prüfen Sie die Adresse in Ihrem Konto."
)
NOT_ARRIVED = "Eine E-Mail, die Sie ausgelöst haben, ist nicht angekommen: „{thing}“. Prüfen Sie die Adresse."


def _letter(entry: Entry) -> Letter | None:
    return Letter.objects.filter(public_id=entry.data.get("letter", "")).first()


def _owner(entry: Entry) -> Iterable[User]:
    """Whose address it is that takes no letters any more."""
    letter = _letter(entry)
    if letter is None:
        return ()
    theirs = EmailAddress.objects.filter(email__iexact=letter.to, verified=True)
    return User.objects.filter(Q(email__iexact=letter.to) | Q(pk__in=theirs.values("user")), is_active=True)


def _sender(entry: Entry) -> Iterable[User]:
    """Who caused the letter, where that is somebody else than its receiver."""
    letter = _letter(entry)
    if letter is None or letter.by_kind != "person":
        return ()
    return User.objects.filter(public_id=letter.by_id, is_active=True).exclude(email__iexact=letter.to)


def _account(entry: Entry) -> tuple[str, str]:
    owner = next(iter(_owner(entry)), None)
    return "account", owner.public_id if owner else ""


def _about_letter(entry: Entry) -> tuple[str, str]:
    return "letter", str(entry.data.get("letter", ""))


def _has_become_undeliverable(entry: Entry) -> bool:
    return bool(entry.data.get("undeliverable"))


RULES = tuple(
    rule
    for kind in ("mail.bounced", "mail.failed")
    for rule in (
        Rule(
            kind,
            "post",
            _owner,
            UNDELIVERABLE,
            about=_account,
            when=_has_become_undeliverable,
            by_mail=False,
            code="mail.undeliverable",
        ),
        Rule(kind, "post", _sender, NOT_ARRIVED, about=_about_letter, by_mail=False, code="mail.not_arrived"),
    )
)
