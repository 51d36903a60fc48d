from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from allmende.lib.actors import Actor
from allmende.web.pages.actions import ensure_pages


class Command(BaseCommand):
    help = "Legt Impressum, Datenschutzerklärung und die anderen festen Seiten an, soweit sie fehlen."

    def handle(self, *args: Any, **options: Any) -> None:
        added = ensure_pages(by=Actor.program("ensure_pages"), now=timezone.now())
        self.stdout.write(f"Angelegt: {', '.join(added)}" if added else "Alle Seiten sind schon da.")
