import os
import sys
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from allmende.lib.actors import Actor
from allmende.mail import actions
from allmende.mail.reports import LARGEST


class Command(BaseCommand):
    help = (
        "Liest eine E-Mail von der Standardeingabe, wie ein Mailserver sie übergibt, und erkennt, "
        "ob eine unserer E-Mails nicht angekommen ist."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipient", default="", help="an wen die E-Mail zugestellt wurde (Umschlag)")

    def handle(self, *args: Any, recipient: str, **options: Any) -> None:
        raw = sys.stdin.buffer.read(LARGEST)
        try:
            letter = actions.receive(
                raw, recipient=recipient, by=Actor.program("mail"), now=datetime.now(UTC)
            )
        except DatabaseError as error:
            # What a mail server takes for "try again later".
            self.stderr.write(str(error))
            sys.exit(os.EX_TEMPFAIL)
        self.stdout.write(f"{letter} kam zurück." if letter else "Nichts, was uns angeht.")
