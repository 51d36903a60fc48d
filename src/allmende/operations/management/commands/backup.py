"""`allmende backup FILE`: database, files and keys in one archive, while everything goes on."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.operations.actions import back_up


class Command(BaseCommand):
    help = "Sichert Datenbank, Dateien und Schlüssel in eine Datei. Der Betrieb geht dabei weiter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, metavar="FILE", help="Datei, die es noch nicht gibt (….tar.gz)"
        )
        parser.add_argument("--without-keys", action="store_true", help="die Schlüssel nicht mitsichern")

    def handle(self, *args: Any, target: Path, without_keys: bool, **options: Any) -> None:
        by, now = Actor.program("command line"), datetime.now(UTC)
        try:
            manifest = back_up(target, by=by, now=now, with_keys=not without_keys)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"Gesichert: {target} ({target.stat().st_size / 1e6:.1f} MB), {len(manifest.tables)} Tabellen mit {rows} "
            f"Zeilen, {len(manifest.parts) - 1} Dateien. Wer die Datei hat, hat alles: Bewahren Sie sie sicher auf."
        )
