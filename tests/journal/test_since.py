"""Following the journal by ids, for what a process keeps."""

from django.db import transaction

from allmende.journal.actions import record
from allmende.journal.queries import newest, since
from allmende.lib.actors import Actor

KINDS = ("catalogue.solution_published", "organisations.registered", "catalogue.solution_changed")


def test_entries_behind_an_id_are_those_of_the_topics_in_order(db, now):
    before = newest()
    with transaction.atomic():
        for kind in KINDS:
            record(kind, subject=("solution", "x"), by=Actor.program("test"), now=now)
    assert [each.kind for each in since(before, ["catalogue"], 9)] == [KINDS[0], KINDS[2]]
    assert [each.kind for each in since(before, ["organisations", "catalogue"], 2)] == list(KINDS[:2])
    assert since(newest(), ["catalogue"], 9) == []


def test_an_empty_journal_has_no_newest_entry(db):
    assert (newest(), since(0, ["catalogue"], 9)) == (0, [])
