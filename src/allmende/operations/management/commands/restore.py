"""`allmende restore FILE`: bring back what `allmende backup` has written."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.operations.actions import restore


class Command(BaseCommand):
    help = "Spielt eine Sicherung zurück. Beenden Sie vorher Webserver und Arbeiter."
    # The database may be empty or of another state: that is what this is for.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", type=Path, metavar="FILE", help="Datei, die „allmende backup“ geschrieben hat"
        )
        parser.add_argument("--replace", action="store_true", help="ersetzen, was in der Datenbank ist")

    def handle(self, *args: Any, source: Path, replace: bool, **options: Any) -> None:
        try:
            done = restore(source, by=Actor.program("command line"), now=datetime.now(UTC), replace=replace)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        rows = sum(done.manifest.tables.values())
        self.stdout.write(
            f"Zurückgespielt: der Stand vom {done.manifest.made_at}, {rows} Zeilen, {done.files} Dateien."
        )
        if done.migrated:
            self.stdout.write("Die Datenbank wurde auf den Stand des Programms gebracht.")
        for kind, subject in done.erased_since:
            self.stdout.write(f"Seit der Sicherung gelöscht und jetzt wieder da: {subject} ({kind}).")
        if done.erased_since:
            self.stdout.write("Löschen Sie das noch einmal: Dazu ist der Betrieb verpflichtet.")
        self.stdout.write(
            "Starten Sie Webserver und Arbeiter. Alle müssen sich neu anmelden; die Suche wird neu aufgebaut."
        )
