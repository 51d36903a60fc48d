"""Entries of many acts in a row are written together, and vanish with what was taken back."""

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from allmende.journal.actions import gathered, record
from allmende.journal.models import Bump, Delivery
from allmende.journal.queries import history, version
from allmende.lib.actors import Actor

BY = Actor.program("test")

pytestmark = pytest.mark.django_db


def act(identity: str, now: datetime) -> None:
    record("catalogue.solution_changed", subject=("solution", identity), by=BY, now=now)


def written() -> list[str]:
    return [each for each in "abcdef" if history("solution", each).exists()]


def test_nothing_is_written_before_the_end_and_then_everything_at_once(now: datetime) -> None:
    before = version("catalogue")
    with transaction.atomic():
        with gathered():
            act("a", now)
            act("b", now)
            assert written() == []
        assert written() == ["a", "b"]
    assert version("catalogue") > before
    assert Delivery.objects.count() == 2 * len(set(Delivery.objects.values_list("follower", flat=True)))


def test_the_queries_do_not_grow_with_the_entries(now: datetime) -> None:
    counts = []
    for number in (1, 2, 60):  # the first one enqueues the followers' job
        with transaction.atomic(), CaptureQueriesContext(connection) as queries, gathered():
            for _ in range(number):
                act("a", now)
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert Bump.objects.filter(topic="catalogue").count() == 3


def test_an_inner_block_that_fails_takes_back_its_own_entries_and_no_others(now: datetime) -> None:
    with transaction.atomic(), gathered():
        act("a", now)
        with pytest.raises(ValueError, match="broken"), transaction.atomic(), gathered():
            act("b", now)
            raise ValueError("broken")
        with transaction.atomic(), gathered():
            act("c", now)
        act("d", now)
    assert written() == ["a", "c", "d"]


def test_an_outer_block_that_fails_writes_nothing(now: datetime) -> None:
    with pytest.raises(ValueError, match="broken"), transaction.atomic(), gathered():
        act("a", now)
        raise ValueError("broken")
    assert written() == []
    with transaction.atomic():
        act("e", now)
    assert written() == ["e"]


def test_a_block_without_entries_writes_nothing(now: datetime) -> None:
    before = version("catalogue")
    with transaction.atomic(), gathered():
        pass
    assert version("catalogue") == before
