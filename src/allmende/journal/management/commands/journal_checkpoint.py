from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allmende.journal import keys
from allmende.journal.actions import seal_waiting
from allmende.journal.queries import checkpoint


class Command(BaseCommand):
    help = (
        "Gibt einen unterschriebenen Prüfpunkt des Journals aus. Bewahren Sie ihn an einem anderen Ort auf."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--public-key",
            action="store_true",
            help="nur den öffentlichen Schlüssel ausgeben (Ed25519, hexadezimal)",
        )

    def handle(self, *args: Any, public_key: bool, **options: Any) -> None:
        if public_key:
            self.stdout.write(keys.signer().public)
            return
        now = datetime.now(UTC)
        seal_waiting(now=now)
        newest = checkpoint(now=now)
        if newest is None:
            raise CommandError("Das Journal ist leer. Es gibt noch nichts zu bestätigen.")
        self.stdout.write(newest.to_text(), ending="")
