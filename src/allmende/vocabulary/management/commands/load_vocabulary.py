import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allmende.lib.actors import Actor
from allmende.vocabulary import actions
from allmende.vocabulary.drafts import FaultyVocabulary


class Command(BaseCommand):
    help = "Bringt die mitgelieferten Begriffe in die Datenbank. Ein zweiter Lauf schreibt nichts."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = actions.load(
                by=Actor.program("load_vocabulary"), now=datetime.datetime.now(datetime.UTC)
            )
        except FaultyVocabulary as fault:
            raise CommandError(f"Die Begriffe sind nicht stimmig, nichts wurde geändert: {fault}") from fault
        self.stdout.write(
            f"Begriffe: {len(report.new)} neu, {len(report.changed)} geändert, {len(report.same)} unverändert, "
            f"{len(report.ended)} beendet, {len(report.kept)} vom Betrieb ergänzte belassen. "
            f"Entsprechungen: {report.entries_added} neu, {report.entries_removed} entfallen."
        )
