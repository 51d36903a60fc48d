"""Hand letters to the mail server: at least once each, and again only where a worker died in between.

What a letter is told of itself is written before the server is asked (the attempt) and after it has answered (sent,
given up, tried again later). Both writes are fenced: a worker that lost its lease in between commits nothing.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from allmende.jobs.actions import fenced
from allmende.jobs.job import Backoff
from allmende.lib.actors import Actor
from allmende.mail import queries
from allmende.mail.actions.ending import change, note_end
from allmende.mail.envelope import message_of
from allmende.mail.models import Letter
from allmende.mail.reports import status_in

logger = logging.getLogger(__name__)

MAIL = Actor.program("mail")
BATCH = 100
# Short, so that what shares the worker gets its turn.
SLICE_SECONDS = 5.0
RETRY = Backoff(timedelta(minutes=1), timedelta(minutes=30))
# RFC 5321, 4.5.4.1: four to five days.
GIVE_UP_AFTER = timedelta(days=5)
LONGEST_ERROR = 500


def deliver(*, clock: Callable[[], datetime]) -> bool:
    """Deliver what is due over one connection, for a few seconds; whether more is due."""
    letters = list(queries.due(clock())[:BATCH])
    if not letters:
        return False
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        logger.warning("the mail server cannot be reached: %s", error)
        for letter in letters:
            _take_up(letter, clock())
            _try_later(letter, str(error), clock())
        return False
    try:
        _deliver_all(letters, connection, clock)
    finally:
        with suppress(OSError):
            connection.close()
    return queries.due(clock()).exists()


def _deliver_all(letters: list[Letter], connection: Any, clock: Callable[[], datetime]) -> None:
    until = monotonic() + SLICE_SECONDS
    for letter in letters:
        if monotonic() > until or not _deliver(letter, connection, clock):
            return


def _deliver(letter: Letter, connection: Any, clock: Callable[[], datetime]) -> bool:
    """Try one letter; False: the connection is of no more use."""
    if not _take_up(letter, clock()):
        return True
    try:
        connection.send_messages([message_of(letter)])
    except (SMTPRecipientsRefused, SMTPDataError) as refusal:
        _refused(letter, refusal, clock())
    except OSError as error:
        # Everything else a server or a line can do says nothing against this letter: signing in, sender, time-out.
        logger.warning("the mail server broke off: %s", error)
        _try_later(letter, str(error), clock())
        return False
    except (ValueError, UnicodeError) as error:
        _give_up(letter, f"Die E-Mail lässt sich nicht schreiben: {error}", clock())
    else:
        _change(letter, "sent", clock(), sent_at=clock(), last_error="")
    return True


def _take_up(letter: Letter, now: datetime) -> bool:
    """Count the attempt; until it is known what became of it, the letter waits as after a failure."""
    with fenced():
        fresh = Letter.objects.select_for_update().filter(pk=letter.pk, state="queued").first()
        if fresh is None or _has_enough(fresh, now):
            return False
        letter.attempts = fresh.attempts + 1
        letter.next_try_at = now + RETRY.delay(letter.attempts)
        letter.save(update_fields=["attempts", "next_try_at"])
    return True


def _has_enough(letter: Letter, now: datetime) -> bool:
    """Whether the receiver got so much within the hour that this one has to wait. Against loops, ours and others'."""
    sent = queries.sent_within_the_hour(letter, now).values_list("sent_at", flat=True)
    recent = [at for at in sent if at]
    if len(recent) < settings.MAIL_PER_HOUR:
        return False
    letter.next_try_at = recent[-settings.MAIL_PER_HOUR] + queries.HOUR
    letter.save(update_fields=["next_try_at"])
    return True


def _refused(letter: Letter, refusal: SMTPException, now: datetime) -> None:
    code, answer = _answer(refusal)
    if 500 <= code < 600:
        _give_up(letter, answer, now, status=_status(refusal, answer))
    else:
        _try_later(letter, answer, now)


def _answer(refusal: SMTPException) -> tuple[int, str]:
    if isinstance(refusal, SMTPRecipientsRefused):
        code, text = next(iter(refusal.recipients.values()))
    else:
        code, text = refusal.args
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return int(code), f"{code} {words}"


def _status(refusal: SMTPException, answer: str) -> str:
    """What a refusal says of the address. Servers that give no status of RFC 3463 say it by the code alone."""
    if not isinstance(refusal, SMTPRecipientsRefused):
        return ""
    return status_in(answer) or ("5.1.1" if answer.startswith(("550", "551", "553")) else "")


def _try_later(letter: Letter, error: str, now: datetime) -> None:
    if now - letter.created_at >= GIVE_UP_AFTER:
        _give_up(letter, error, now)
        return
    with fenced():
        Letter.objects.filter(pk=letter.pk, state="queued").update(last_error=error[:LONGEST_ERROR])


def _give_up(letter: Letter, error: str, now: datetime, *, status: str = "") -> None:
    with fenced():
        if _change(letter, "failed", now, ended_at=now, last_error=error[:LONGEST_ERROR]):
            note_end("mail.failed", letter, status=status, by=MAIL, now=now)


def _change(letter: Letter, state: str, now: datetime, **values: Any) -> bool:
    with fenced():
        return change(letter, state, **values)
