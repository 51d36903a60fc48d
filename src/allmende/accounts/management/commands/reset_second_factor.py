"""`allmende reset-second-factor EMAIL`: for whoever has lost device and recovery codes."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.accounts.actions import reset_second_factor
from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

OPERATOR = Actor.program("command line")


class Command(BaseCommand):
    help = "Zweiten Faktor eines Kontos entfernen. Prüfen Sie vorher auf anderem Weg, wer darum bittet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="Adresse des Kontos")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Ein Konto „{options['email']}“ gibt es nicht.")
        try:
            reset_second_factor(user, by=OPERATOR, now=datetime.now(UTC))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"{user.email} hat keinen zweiten Faktor mehr und ist überall abgemeldet. Wer einen braucht, richtet ihn "
            "nach dem Anmelden ein."
        )
