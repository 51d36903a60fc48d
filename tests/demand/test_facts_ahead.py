"""The columns are there before the first need asks for them."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError

from allmende.demand import facts_kept, facts_read
from allmende.demand.facts import Facts


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    facts_kept.forget()
    yield
    facts_kept.forget()


@pytest.mark.django_db(transaction=True)
def test_a_server_that_starts_reads_ahead_and_the_first_need_finds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    before = facts_read.read

    def noted(*args: Any) -> Facts:
        read.append(threading.current_thread().name)
        return before(*args)

    monkeypatch.setattr(facts_kept, "read", noted)
    facts_kept.warm_up().join(30)
    facts_kept.facts()
    assert read == ["columns of the catalogue"]


@pytest.mark.django_db(transaction=True)
def test_who_asks_meanwhile_waits_and_nothing_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, before = threading.Event(), threading.Event(), facts_read.read
    read: list[int] = []

    def slow(*args: Any) -> Facts:
        read.append(1)
        begun.set()
        assert go_on.wait(30)
        return before(*args)

    monkeypatch.setattr(facts_kept, "read", slow)
    ahead = facts_kept.warm_up()
    assert begun.wait(30)
    second = facts_kept.warm_up()
    go_on.set()
    ahead.join(30)
    second.join(30)
    assert read == [1]


def test_a_database_that_is_away_stops_no_server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> Facts:
        raise DatabaseError("away")

    monkeypatch.setattr(facts_kept, "facts", away)
    facts_kept.warm_up().join(30)
    assert "could not be read ahead" in caplog.text
