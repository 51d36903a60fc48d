from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.record.comparison import faults_of
from allmende.records import keys


class Command(BaseCommand):
    help = "Vergleicht jede abgeschlossene Markterkundung mit dem, was eingefroren und unterschrieben wurde."

    def handle(self, *args: Any, **options: Any) -> None:
        known = dict(keys.known_keys())
        records = FrozenRecord.objects.select_related("case").order_by("pk")
        found = 0
        for record in records.iterator():
            for fault in faults_of(record, known):
                found += 1
                self.stdout.write(f"{record.case.public_id}: {fault}")
        lost = Case.objects.filter(state="frozen", record=None).order_by("pk")
        for case in lost:
            found += 1
            self.stdout.write(
                f"{case.public_id}: Der Fall ist abgeschlossen, aber seine Dokumentation fehlt."
            )
        if found:
            raise CommandError(f"{found} Befunde.")
        self.stdout.write(f"{records.count()} Dokumentationen geprüft, alle unverändert.")
