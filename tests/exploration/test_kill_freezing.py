"""Killed in the middle of freezing, there is all of it or nothing: content, hash, signature, state and journal."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.conf import settings

from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.record.comparison import faults_of
from allmende.journal.queries import search
from allmende.records import keys
from tests.exploration.hall import Hall
from tests.exploration.whole import a_whole_case, approved, handed_in

# SIGKILL comes to the process itself, when a step of freezing has been done: the last one is outside of it.
FREEZE = """
import os, signal
from datetime import UTC, datetime
import django
django.setup()
from django.db import transaction
from allmende.accounts.models import User
from allmende.exploration.actions import freezing
from allmende.exploration.models import Case
from allmende.organisations.queries import actor_for
def killed(name):
    whole = getattr(freezing, name)
    def around(*told, **more):
        done = whole(*told, **more)
        os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(freezing, name, around)
if "{place}" != "approve":
    killed("{place}")
case = Case.objects.get()
by = actor_for(User.objects.get(email="approver@woanders.example"))
freezing.approve(case, lock_version=case.lock_version, by=by, now=datetime.now(UTC))
os.kill(os.getpid(), signal.SIGKILL)
"""
KILLED = -9


@pytest.fixture
def whole(transactional_db: None) -> Hall:
    return handed_in(a_whole_case(datetime.now(UTC).replace(microsecond=0)))


def left() -> tuple[str, int, int]:
    frozen = search(kind="exploration.case_frozen").count()
    return Case.objects.get().state, FrozenRecord.objects.count(), frozen


@pytest.mark.slow
def test_killed_at_any_step_there_is_nothing_and_after_the_last_there_is_all(whole: Hall) -> None:
    for place in ("content_of", "move", "note"):
        program = FREEZE.format(place=place)
        assert subprocess.run([sys.executable, "-c", program], check=False, timeout=120).returncode == KILLED
        assert left() == ("submitted", 0, 0), place
    program = FREEZE.format(place="approve")
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=120).returncode == KILLED
    assert left() == ("frozen", 1, 1)
    assert faults_of(FrozenRecord.objects.select_related("case").get(), dict(keys.known_keys())) == []
    assert settings.RECORD_KEYS_DIR.is_dir()


@pytest.mark.slow
def test_after_a_kill_somebody_simply_approves_again(whole: Hall) -> None:
    program = FREEZE.format(place="move")
    subprocess.run([sys.executable, "-c", program], check=False, timeout=120)
    approved(whole)
    assert left() == ("frozen", 1, 1)
