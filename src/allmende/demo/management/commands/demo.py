"""`allmende demo`: tell the demo story."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from allmende.demo.actions import logins, tell
from allmende.lib.refusals import Refused


class Command(BaseCommand):
    help = "Die Demo-Geschichte erzählen: erfundener Kreis, erste Ernte, Angebote und Nutzungen."

    def handle(self, *args: Any, **options: Any) -> None:
        shared = os.environ.get("ALLMENDE_SHARED_DATA")
        try:
            tell(now=datetime.now(UTC), say=self.stdout.write, shared=Path(shared) if shared else None)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        lines = "\n".join(logins())
        (settings.DATA_DIR / "demo-logins.txt").write_text(lines + "\n", encoding="utf-8")
        self.stdout.write(lines)
