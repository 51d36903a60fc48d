from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from allmende.jobs import actions
from allmende.jobs.worker import Worker, clock


class Command(BaseCommand):
    help = "Erledigt Aufträge im Hintergrund, bis das Programm beendet wird."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="aufhören, sobald nichts mehr wartet")
        parser.add_argument("--queues", default="", help="nur diese Warteschlangen, durch Komma getrennt")

    def handle(self, *args: Any, once: bool, queues: str, **options: Any) -> None:
        actions.follow_settings(now=clock())
        served = [name.strip() for name in queues.split(",") if name.strip()]
        actions.enqueue_at_start(served)
        worker = Worker(queues=served, once=once)
        worker.listen()
        done = worker.work()
        if options["verbosity"]:
            self.stdout.write(f"{done} Aufträge bearbeitet.")
