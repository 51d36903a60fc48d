"""What we write about a notice: to whoever gave it, once the address is confirmed, and to the side concerned."""

from datetime import date, datetime

from django.utils import timezone

from allmende.catalogue import notice_links
from allmende.catalogue.actions.corrections import in_words
from allmende.catalogue.models import Notice, NoticeContact
from allmende.catalogue.queries.notices import parties, reporter_of, speakers
from allmende.lib.actors import Actor
from allmende.mail.actions import write

_APPEAL = (
    "Sind Sie nicht einverstanden? Dann können Sie bis zum {until} auf derselben Seite Einspruch einlegen. Darüber "
    "entscheidet eine andere Person. Ihre Rechte vor Gericht bleiben davon unberührt."
)


def day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def ask_to_confirm(notice: Notice, contact: NoticeContact, *, by: Actor, now: datetime) -> None:
    """The one letter to an address that nobody has confirmed. It says nothing that a stranger had written."""
    _write(
        contact.email,
        f"Bestätigen Sie Ihre Adresse ({notice.number})",
        "bei Allmende wurde ein Eintrag gemeldet und diese E-Mail-Adresse dazu genannt.",
        f"Die Nummer der Meldung ist {notice.number}.",
        "Sollen wir Ihnen schreiben, was daraus wird? Dann bestätigen Sie Ihre Adresse:",
        notice_links.confirm_page(notice, contact.email),
        "Haben Sie nichts gemeldet? Dann müssen Sie nichts tun. Wir schreiben Ihnen dazu nicht wieder.",
        notice=notice, kind="notice_confirm", by=by, now=now,
    )  # fmt: skip


def acknowledge(notice: Notice, *, until: date, by: Actor, now: datetime) -> None:
    _to_reporter(
        notice,
        f"Ihre Meldung ist eingegangen ({notice.number})",
        f"Ihre Meldung zu „{notice.subject_name}“ ist bei uns. Sie hat die Nummer {notice.number}.",
        f"Wir sehen sie bis zum {day(until)} an. Den Stand finden Sie jederzeit hier:",
        notice_links.reporter_page(notice),
        by=by, now=now,
    )  # fmt: skip


def tell_of_hiding(notice: Notice, *, by: Actor, now: datetime) -> None:
    _to_party(
        notice,
        f"Wir haben einen Eintrag vorläufig ausgeblendet ({notice.number})",
        f"wir haben „{notice.subject_name}“ am {day(timezone.localdate(now))} vorläufig ausgeblendet.",
        f"Der Grund: {notice.hidden_reason}",
        "Das ist noch keine Entscheidung. Sie können sich dazu äußern:",
        notice_links.party_page(notice),
        by=by, now=now,
    )  # fmt: skip


def ask_for_statement(notice: Notice, *, by: Actor, now: datetime) -> None:
    assert notice.heard_until is not None  # noqa: S101  # set by the action that writes this letter
    question = [f"Wir möchten von Ihnen wissen: {notice.question}"] if notice.question else []
    _to_party(
        notice,
        f"Bitte nehmen Sie Stellung bis zum {day(notice.heard_until)} ({notice.number})",
        f"jemand hat uns gemeldet, dass mit „{notice.subject_name}“ etwas nicht stimmt. "
        "Bevor wir entscheiden, hören wir Sie.",
        *question,
        f"Lesen Sie, was gemeldet wurde, und antworten Sie bis zum {day(notice.heard_until)}:",
        notice_links.party_page(notice),
        "Sie brauchen dafür kein Konto. Stimmt die Meldung, können Sie den Eintrag auch selbst berichtigen und uns "
        "das schreiben. Antworten Sie nicht, entscheiden wir nach dem, was wir wissen.",
        by=by, now=now,
    )  # fmt: skip


def thank_for_statement(notice: Notice, *, by: Actor, now: datetime) -> None:
    _to_party(
        notice,
        f"Ihre Stellungnahme ist eingegangen ({notice.number})",
        f"Ihre Stellungnahme zur Meldung über „{notice.subject_name}“ ist bei uns. "
        "Wir schreiben Ihnen, sobald wir entschieden haben.",
        by=by, now=now,
    )  # fmt: skip


def tell_decision(notice: Notice, *, by: Actor, now: datetime) -> None:
    """Both sides get the same reasons."""
    assert notice.appeal_until is not None  # noqa: S101  # set by the action that writes this letter
    said = [
        f"Die Entscheidung: {notice.get_outcome_display()}.",
        *_what_changed(notice),
        f"Was wir festgestellt haben: {notice.facts}",
        *([f"Worauf wir uns stützen: {notice.basis}"] if notice.basis else []),
        f"Warum wir so entschieden haben: {notice.rationale}",
        "Entschieden hat ein Mensch, kein Programm.",
        _APPEAL.format(until=day(notice.appeal_until)),
    ]
    subject = f"Wir haben entschieden ({notice.number})"
    first = f"wir haben über die Meldung zu „{notice.subject_name}“ entschieden."
    _to_reporter(notice, subject, first, *said, notice_links.reporter_page(notice), by=by, now=now)
    if notice.heard_at or notice.hidden_at or notice.outcome != "rejected":
        _to_party(notice, subject, first, *said, notice_links.party_page(notice), by=by, now=now)


def tell_of_appeal(notice: Notice, *, by: Actor, now: datetime) -> None:
    """Whoever appealed knows; the other side learns of it."""
    subject = f"Einspruch ist eingelegt ({notice.number})"
    text = (
        f"zur Entscheidung über „{notice.subject_name}“ ist Einspruch eingelegt. Eine andere Person sieht sie noch "
        "einmal an. Sie hören von uns."
    )
    _to_reporter(notice, subject, text, notice_links.reporter_page(notice), by=by, now=now)
    if notice.heard_at or notice.hidden_at or notice.outcome != "rejected":
        _to_party(notice, subject, text, notice_links.party_page(notice), by=by, now=now)


def tell_end(notice: Notice, *, by: Actor, now: datetime) -> None:
    subject = f"Über den Einspruch ist entschieden ({notice.number})"
    said = [
        f"über den Einspruch zu „{notice.subject_name}“ hat eine andere Person entschieden.",
        f"Es gilt jetzt: {notice.get_final_outcome_display()}.",
        *_what_changed(notice),
        f"Warum: {notice.final_rationale}",
        "Bei uns ist die Sache damit abgeschlossen. Ihre Rechte vor Gericht bleiben davon unberührt.",
    ]
    _to_reporter(notice, subject, *said, notice_links.reporter_page(notice), by=by, now=now)
    if notice.heard_at or notice.hidden_at or notice.holds != "rejected" or notice.outcome != "rejected":
        _to_party(notice, subject, *said, notice_links.party_page(notice), by=by, now=now)


def _what_changed(notice: Notice) -> list[str]:
    if notice.holds != "corrected":
        return []
    return ["Was geändert ist:\n" + "\n".join(f"- {line}" for line in in_words(notice.corrections))]


def _to_reporter(notice: Notice, subject: str, *paragraphs: str, by: Actor, now: datetime) -> None:
    contact = reporter_of(notice)
    if contact is not None and contact.email and contact.confirmed_at:
        _write(contact.email, subject, *paragraphs, notice=notice, kind="notice_reporter", by=by, now=now)


def _to_party(notice: Notice, subject: str, *paragraphs: str, by: Actor, now: datetime) -> None:
    named = NoticeContact.objects.filter(notice=notice, side="party").exclude(email="")
    for address in sorted({*speakers(parties(notice)), *named.values_list("email", flat=True)}):
        _write(address, subject, *paragraphs, notice=notice, kind="notice_party", by=by, now=now)


def _write(
    to: str, subject: str, *paragraphs: str, notice: Notice, kind: str, by: Actor, now: datetime
) -> None:
    write(to, subject, *paragraphs, kind=f"catalogue.{kind}", about=notice, by=by, now=now)
