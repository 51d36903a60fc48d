import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.regions import actions


class Command(BaseCommand):
    help = (
        "Bringt die mitgelieferte Tabelle aller Gebiete in die Datenbank. Ein zweiter Lauf schreibt nichts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = datetime.datetime.now(datetime.UTC)
        try:
            report = actions.load_own_table(by=Actor.program("load_regions"), now=now)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        if report is None:
            self.stdout.write(
                "Gebiete: Die mitgelieferte Tabelle oder ein neuerer Stand ist schon eingelesen."
            )
            return
        self.stdout.write(
            f"Gebiete: {len(report.new)} neu, {report.changed} geändert, {report.unchanged} unverändert, "
            f"{len(report.vanished)} weggefallen."
        )
