"""Killed in the middle of the dispatch it has written to nobody; killed while it delivers, nobody is forgotten."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from allmende.exploration.actions import asking, posting
from allmende.exploration.models import Inquiry, InquiryLetter, Questionnaire
from allmende.mail.actions import deliver
from allmende.mail.models import Letter
from tests.exploration.cast import Cast, a_cast
from tests.exploration.hall import a_hall
from tests.mail.office.receiver import open_office

# SIGKILL comes to the process itself, at a place that chance would rarely hit.
DISPATCH = """
import os, signal
from datetime import UTC, datetime
import django
django.setup()
from allmende.accounts.models import User
from allmende.exploration.actions import asking, posting
from allmende.exploration.models import Questionnaire
from allmende.organisations.queries import actor_for
left, send = 2, posting.send
def counted(**said):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return send(**said)
posting.send = counted
found = Questionnaire.objects.get()
lead = actor_for(User.objects.get(email="lead@woanders.example"))
asking.dispatch(found, lock_version=found.lock_version, by=lead, now=datetime.now(UTC))
"""
# Takes what is due, and is killed with a letter in the server's hand.
DELIVER = """
import os, signal
from datetime import UTC, datetime
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
from allmende.mail.actions import delivering
delivering._change = lambda *told, **more: os.kill(os.getpid(), signal.SIGKILL)
delivering.deliver(clock=lambda: datetime.now(UTC))
"""
KILLED = -9


def run(program: str) -> int:
    return subprocess.run([sys.executable, "-c", program], check=False, timeout=120).returncode


def left() -> tuple[int, int, list[str], list[str]]:
    return (
        Letter.objects.count(),
        InquiryLetter.objects.count(),
        list(Inquiry.objects.values_list("state", flat=True)),
        list(Questionnaire.objects.values_list("state", flat=True)),
    )


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    today = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    return a_cast(a_hall(today), today=True)


@pytest.mark.slow
def test_killed_in_the_middle_it_wrote_to_nobody_and_then_to_each_once(cast: Cast, settings: Any) -> None:
    before = left()
    assert before == (0, 0, ["planned"], ["draft"])
    assert run(DISPATCH) == KILLED
    assert left() == before
    asking.dispatch(
        cast.fresh(), lock_version=cast.fresh().lock_version, by=cast.actor("lead"), now=datetime.now(UTC)
    )
    assert left() == (4, 4, ["sent"] * 3, ["sent"])
    with open_office() as (post, port):
        assert run(DELIVER.format(port=port)) == KILLED
        assert len(post.received) == 1
        # The letter that the killed worker had in hand waits a minute for its next try.
        Letter.objects.filter(state="queued").update(next_try_at=datetime.now(UTC) - timedelta(seconds=1))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        deliver(clock=lambda: datetime.now(UTC))
        received = [(each.message_id, each.raw) for each in post.received]
    wanted = {f"<{each}>" for each in InquiryLetter.objects.values_list("message_id", flat=True)}
    times = Counter(message_id for message_id, _ in received)
    assert set(times) == wanted
    assert sorted(times.values()) == [1, 1, 1, 2]
    # Whoever got it twice can tell: the same to the last byte.
    assert len(set(received)) == 4
    posting.note_post(now=datetime.now(UTC))
    assert list(InquiryLetter.objects.values_list("state", flat=True)) == ["sent"] * 4
