from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from allmende.lib.actors import Actor
from allmende.lib.signing import fingerprint_of
from allmende.records.actions import renew_key


class Command(BaseCommand):
    help = "Wechselt den Schlüssel, mit dem Dokumente unterschrieben werden. Frühere Unterschriften bleiben beweisbar."

    def handle(self, *args: Any, **options: Any) -> None:
        new = renew_key(by=Actor.program("rotate-record-key"), now=datetime.now(UTC))
        self.stdout.write(f"Ab jetzt unterschreibt der Schlüssel {new.name}.")
        self.stdout.write(f"Fingerabdruck: {fingerprint_of(new.public)}")
        self.stdout.write("Alle öffentlichen Schlüssel stehen unter /schluessel. Sichern Sie den neuen mit.")
