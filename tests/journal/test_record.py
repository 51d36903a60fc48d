from datetime import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from allmende.jobs.queries import waiting
from allmende.journal import kinds
from allmende.journal.actions import DATA_LIMIT, record
from allmende.journal.models import Delivery, Entry
from allmende.journal.queries import history, of_kinds, version
from allmende.lib.actors import Actor

pytestmark = pytest.mark.django_db

HARVEST = Actor.program("harvest")


class Solution:
    journal_type = "solution"
    public_id = "abc0123456"


@pytest.fixture(autouse=True)
def _some_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"catalogue.solution_published": "veröffentlicht", "catalogue.solution_changed": "geändert"}
    monkeypatch.setattr(kinds, "known_kinds", lambda: known)


def test_an_entry_says_what_happened_to_what_by_whom_and_when(now: datetime) -> None:
    by = Actor("person", "p123456789", frozenset({("editor", "o1")}))
    data = {"price": Decimal("1.50"), "on": now.date()}
    record("catalogue.solution_published", subject=Solution(), by=by, now=now, organisation="o1", data=data)
    entry = Entry.objects.get()
    assert (entry.kind, entry.topic) == ("catalogue.solution_published", "catalogue")
    assert (entry.subject_type, entry.subject_id) == ("solution", "abc0123456")
    assert (entry.actor_kind, entry.actor_id, entry.organisation) == ("person", "p123456789", "o1")
    assert (entry.at, entry.data) == (now, {"price": "1.5", "on": "2026-11-23"})


def test_an_act_on_many_names_what_it_acted_on(now: datetime) -> None:
    entry = record("catalogue.solution_changed", subject=("catalogue", ""), by=Actor.anonymous(), now=now)
    assert (entry.subject_type, entry.subject_id, entry.actor_id, entry.organisation, entry.data) == (
        "catalogue",
        "",
        "",
        "",
        {},
    )


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_of_a_transaction(now: datetime) -> None:
    with pytest.raises(RuntimeError, match="outside of the transaction"):
        record("catalogue.solution_published", subject=Solution(), by=HARVEST, now=now)
    assert (Entry.objects.count(), version("catalogue")) == (0, 0)


def test_an_entry_vanishes_with_the_change_and_so_does_its_news(now: datetime) -> None:
    def change_and_fail() -> None:
        record("catalogue.solution_published", subject=Solution(), by=HARVEST, now=now)
        raise KeyError

    with pytest.raises(KeyError), transaction.atomic():
        change_and_fail()
    assert (Entry.objects.count(), Delivery.objects.count(), version("catalogue")) == (0, 0, 0)
    assert list(waiting()) == []


def test_a_kind_that_no_package_lists_is_refused(now: datetime) -> None:
    with pytest.raises(ValueError, match=r"catalogue\.solution_lost"):
        record("catalogue.solution_lost", subject=Solution(), by=HARVEST, now=now)


def test_data_stays_small(now: datetime) -> None:
    fits = {"a": "x" * (DATA_LIMIT - len('{"a":""}'))}
    record("catalogue.solution_changed", subject=Solution(), by=HARVEST, now=now, data=fits)
    with pytest.raises(ValueError, match="4001 letters"):
        record(
            "catalogue.solution_changed", subject=Solution(), by=HARVEST, now=now, data={"a": fits["a"] + "x"}
        )


def test_an_entry_is_neither_altered_nor_deleted(now: datetime) -> None:
    entry = record("catalogue.solution_changed", subject=Solution(), by=HARVEST, now=now)
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        Entry.objects.get(pk=entry.pk).save,
    ):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(TypeError):
        Entry.objects.update(kind="catalogue.solution_published")
    assert Entry.objects.get().kind == "catalogue.solution_changed"


def test_history_tells_of_one_subject_with_the_latest_first(now: datetime) -> None:
    first = record("catalogue.solution_published", subject=Solution(), by=HARVEST, now=now)
    record("catalogue.solution_published", subject=("solution", "other"), by=HARVEST, now=now)
    record("catalogue.solution_published", subject=("offer", Solution.public_id), by=HARVEST, now=now)
    second = record("catalogue.solution_changed", subject=Solution(), by=HARVEST, now=now)
    assert list(history("solution", Solution.public_id)) == [second, first]
    assert list(of_kinds("catalogue.solution_changed")) == [second]
