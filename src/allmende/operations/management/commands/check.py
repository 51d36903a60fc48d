"""`allmende check`: what is misconfigured and how to mend it. With Django's own options it is Django's own command."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, WARNING, CheckMessage, run_checks
from django.core.management.base import CommandError
from django.core.management.commands.check import Command as DjangoCheck

from allmende.operations.queries import Condition, conditions, neighbours


class Command(DjangoCheck):
    help = "Prüft Einstellungen und Betrieb und sagt, was zu tun ist."
    requires_system_checks = ()

    def handle(self, *app_labels: Any, **options: Any) -> None:
        own = not app_labels and not any(
            options[name] for name in ("deploy", "list_tags", "tags", "databases")
        )
        if not own:
            super().handle(*app_labels, **options)
            return
        now = datetime.now(UTC)
        wrong = [each for each in (*conditions(now=now), *neighbours(now=now)) if not each.is_met]
        found = self._found()
        for each in wrong:
            self._say("Fehler" if each.weight == "fatal" else "Warnung", each.problem, each.mend)
        for message in found:
            self._say(
                "Fehler" if message.level >= ERROR else "Warnung", message.msg, message.hint or "", message.id
            )
        self._end(wrong, found)

    def _found(self) -> list[CheckMessage]:
        """Settings of the demo are loose on purpose: what is asked of a public server is not asked of it."""
        for_public = not (settings.DEMO or settings.DEBUG)
        every = run_checks(include_deployment_checks=for_public)
        return [each for each in every if each.level >= WARNING and not each.is_silenced()]

    def _say(self, weight: str, problem: str, mend: str, code: str | None = None) -> None:
        self.stdout.write(f"{weight}: {problem}" + (f" ({code})" if code else ""))
        if mend:
            self.stdout.write(f"  → {mend}")

    def _end(self, wrong: list[Condition], found: list[CheckMessage]) -> None:
        errors = sum(each.weight == "fatal" for each in wrong) + sum(each.level >= ERROR for each in found)
        warnings = len(wrong) + len(found) - errors
        if errors:
            raise CommandError(f"{errors} Fehler, {warnings} Warnungen.")
        self.stdout.write(f"Keine Fehler, {warnings} Warnungen." if warnings else "Alles in Ordnung.")
