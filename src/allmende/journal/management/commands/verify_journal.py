import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allmende.journal import keys
from allmende.journal.queries import CHECKPOINT_FILE
from allmende.journal.seals import Checkpoint, checkpoint_from
from allmende.journal.verification import Report, first, verify

SHOWN = 20


class Command(BaseCommand):
    help = "Prüft die Siegel des Journals: ob Einträge verändert, entfernt, eingefügt oder am Ende abgeschnitten sind."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoint",
            action="append",
            default=[],
            metavar="FILE",
            help="ein aufbewahrter Prüfpunkt, mehrfach möglich",
        )

    def handle(self, *args: Any, checkpoint: list[str], **options: Any) -> None:
        kept = [_read(Path(name)) for name in checkpoint]
        own = keys.directory() / CHECKPOINT_FILE
        if own.exists():
            kept.append(_read(own))
        report = verify(now=datetime.now(UTC), checkpoints=kept)
        self.stdout.write(_summary(report, len(kept)))
        if not report.faults:
            self.stdout.write("Das Journal ist unverändert.")
            return
        if report.first_altered is not None:
            self.stdout.write(f"Der erste veränderte Eintrag: {report.first_altered}")
        for fault in first(report, SHOWN):
            self.stdout.write(f"- {fault.sentence}")
        left = len(report.faults) - SHOWN
        more = f" ({left} weitere sind nicht gezeigt)" if left > 0 else ""
        raise CommandError(f"{len(report.faults)} Befunde{more}.")


def _summary(report: Report, kept: int) -> str:
    minutes = int(report.waiting_for.total_seconds() // 60)
    waiting = f"{report.waiting} ohne Siegel" + (
        f" (seit höchstens {minutes} Minuten)" if report.waiting else ""
    )
    return f"{report.seals} Siegel über {report.entries} Einträge geprüft, {waiting}, {kept} Prüfpunkte verglichen."


def _read(file: Path) -> Checkpoint:
    try:
        return checkpoint_from(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"{file} lässt sich nicht lesen: {error.strerror}") from None
    except ValueError:
        raise CommandError(f"{file} ist kein Prüfpunkt eines Journals.") from None
