from collections.abc import Sequence

from allmende.jobs.actions import fenced
from allmende.journal.queries import Entry
from tests.jobs.yard.models import Told


def note(entries: Sequence[Entry]) -> None:
    with fenced():
        Told.objects.bulk_create([Told(entry=entry.pk) for entry in entries], ignore_conflicts=True)
