"""`allmende index rebuild|verify|status`: the search index from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.retrieval.protocol import IndexBusy, IndexUnavailable
from allmende.search import status, verifying
from allmende.search.actions import place_again, rebuild


class Command(BaseCommand):
    help = "Den Suchindex neu aufbauen, mit der Datenbank vergleichen oder seinen Stand zeigen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=["rebuild", "verify", "status"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['step']}")()
        except IndexBusy as error:
            raise CommandError(
                "Ein anderer Vorgang schreibt gerade in den Index. Versuchen Sie es gleich noch einmal."
            ) from error
        except IndexUnavailable as error:
            raise CommandError(
                f"Der Suchindex ist nicht lesbar ({error}). Bauen Sie ihn neu auf: allmende index rebuild"
            ) from error

    def _rebuild(self) -> None:
        self.stdout.write(f"{rebuild()} Einträge stehen im Suchindex.")
        place_again()
        for sentence in status.meaning_in_words():
            self.stdout.write(sentence)

    def _verify(self) -> None:
        verdict = verifying.verify()
        for sentence in verdict.differences:
            self.stdout.write(sentence)
        for sentence in status.unplaced_in_words(verdict.waiting, verdict.given_up):
            self.stdout.write(sentence)
        if verdict.differences:
            raise CommandError(
                f"{len(verdict.differences)} Abweichungen. Neu aufbauen: allmende index rebuild"
            )
        self.stdout.write("Datenbank und Suchindex stimmen überein.")

    def _status(self) -> None:
        for sentence in [*status.index_in_words(), *status.meaning_in_words()]:
            self.stdout.write(sentence)
