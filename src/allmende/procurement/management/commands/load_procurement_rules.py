import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.lib.actors import Actor
from allmende.procurement import actions
from allmende.procurement.drafts import FaultyRules


class Command(BaseCommand):
    help = "Bringt die mitgelieferten Vergaberegeln in die Datenbank. Ein zweiter Lauf schreibt nichts."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = actions.load(
                by=Actor.program("load_procurement_rules"), now=datetime.datetime.now(datetime.UTC)
            )
        except FaultyRules as fault:
            raise CommandError(
                f"Die Vergaberegeln sind nicht stimmig, nichts wurde geändert: {fault}"
            ) from fault
        self.stdout.write(
            f"Vergaberegeln: {len(report.new)} neu, {len(report.replaced)} durch eine neue Fassung ersetzt, "
            f"{len(report.same)} unverändert, {len(report.kept)} hier gepflegte belassen."
        )
