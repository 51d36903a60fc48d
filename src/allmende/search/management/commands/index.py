"""`allmende index rebuild|verify|status`: the search index from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.retrieval.protocol import IndexBusy, IndexUnavailable
from allmende.search.actions import differences, rebuild
from allmende.search.engine import index


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

    def _verify(self) -> None:
        found = differences()
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{len(found)} Abweichungen. Neu aufbauen: allmende index rebuild")
        self.stdout.write("Datenbank und Suchindex stimmen überein.")

    def _status(self) -> None:
        stats = index().stats()
        self.stdout.write(
            f"{stats.documents} Einträge, {stats.bytes / 1_000_000:.1f} MB.".replace(".", ",", 1)
        )
        if stats.needs_rebuild:
            self.stdout.write(
                f"Der Index muss neu aufgebaut werden ({stats.needs_rebuild}): allmende index rebuild"
            )
