import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from allmende.journal.kinds import known_kinds

MARKED = re.compile(r"(<!-- kinds -->\n).*?(\n<!-- /kinds -->)", re.DOTALL)


def table() -> str:
    """All kinds as a Markdown table, by name."""
    rows = [f"| `{kind}` | {text} |" for kind, text in sorted(known_kinds().items())]
    return "\n".join(["| kind | what the history page says |", "|---|---|", *rows])


class Command(BaseCommand):
    help = "Zeigt alle Arten von Journaleinträgen als Markdown-Tabelle."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--into", help="die Tabelle in dieser Datei zwischen ihre Marken setzen")

    def handle(self, *args: Any, into: str | None, **options: Any) -> None:
        if into is None:
            self.stdout.write(table())
            return
        page = Path(into)
        page.write_text(MARKED.sub(lambda marks: f"{marks[1]}{table()}{marks[2]}", page.read_text()))
