import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from allmende.jobs import actions
from allmende.jobs.worker import Worker, clock

# Half the share of a program beside it that is as busy.
GENTLY = 4


class Command(BaseCommand):
    help = "Erledigt Aufträge im Hintergrund, bis das Programm beendet wird."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="aufhören, sobald nichts mehr wartet")
        parser.add_argument("--queues", default="", help="nur diese Warteschlangen, durch Komma getrennt")
        parser.add_argument(
            "--gently", action="store_true", help="anderen Programmen auf dieser Maschine den Vortritt lassen"
        )

    def handle(self, *args: Any, once: bool, queues: str, gently: bool, **options: Any) -> None:
        if gently:
            os.nice(GENTLY)
        actions.follow_settings(now=clock())
        served = [name.strip() for name in queues.split(",") if name.strip()]
        actions.enqueue_at_start(served)
        worker = Worker(queues=served, once=once)
        worker.listen()
        done = worker.work()
        if options["verbosity"]:
            self.stdout.write(f"{done} Aufträge bearbeitet.")
