"""A letter, from the act that writes it to the server that takes it."""

import datetime

import pytest
from django.core import mail as outbox
from django.db import transaction

from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.mail.actions import send
from allmende.mail.models import Letter

pytestmark = pytest.mark.django_db

SENDER = Actor.program("test")


def a_letter(now: datetime.datetime, **changed: object) -> Letter:
    told = {
        "to": "kim@stadt.example",
        "subject": "Ihre Anfrage",
        "text": "Guten Tag,\n\nwir haben etwas für Sie.\n",
        "kind": "tests.letter",
        "about": ("solution", "abc"),
        "by": SENDER,
        "now": now,
    }
    return send(**told | changed)  # type: ignore[arg-type]


def test_a_letter_is_delivered_by_the_worker_and_forgets_what_it_said(now: datetime.datetime) -> None:
    letter = a_letter(now)
    assert (letter.state, outbox.outbox) == ("queued", [])
    run_all()
    letter.refresh_from_db()
    assert (letter.state, letter.text, letter.headers, letter.attempts) == ("sent", "", {}, 1)
    [message] = outbox.outbox
    assert (message.subject, message.to) == ("Ihre Anfrage", ["kim@stadt.example"])


def test_a_letter_vanishes_with_the_act_that_wrote_it(now: datetime.datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        a_letter(now)
        raise ZeroDivisionError
    assert (run_all(), Letter.objects.count()) == (0, 0)
