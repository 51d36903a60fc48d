"""`allmende source add|check|run|pause|resume|status`: sources of the harvest from the command line."""

import json
import tomllib
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from allmende.federation.actions import accept_missing, add_source, pause_source, resume_source, run
from allmende.federation.actions.checking import Preview, preview
from allmende.federation.fetching import SourceProblem
from allmende.federation.formats.registry import FORMATS
from allmende.federation.models import Run, Source
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

OPERATOR = Actor.program("command line")


class Command(BaseCommand):
    help = "Quellen eintragen, prüfen, abgleichen und ihren Stand zeigen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="add|check|run|pause|resume|status")
        add = steps.add_parser("add", help="eine Quelle eintragen")
        add.add_argument("code", help="Kürzel, zum Beispiel land-hessen")
        add.add_argument("--name", required=True, help="wie die Quelle auf den Seiten heißt")
        add.add_argument("--kind", required=True, choices=[code for code, _ in Source.KINDS])
        add.add_argument("--location", required=True, help="Pfad oder Adresse")
        add.add_argument("--format", required=True, choices=list(FORMATS))
        add.add_argument("--profile", help="TOML-Datei mit den Angaben, die das Format zur Quelle braucht")
        add.add_argument("--website", default="", help="Adresse der Quelle für Menschen")
        add.add_argument("--licence", default="", help="SPDX-Kennung der Lizenz der Texte")
        add.add_argument("--attribution", default="", help="Namensnennung, die die Lizenz verlangt")
        add.add_argument("--every", type=int, metavar="STUNDEN", help="Abstand der Abgleiche in Stunden")
        check = steps.add_parser("check", help="lesen und berichten, ohne etwas zu schreiben")
        check.add_argument("code")
        check.add_argument("--findings", action="store_true", help="jeden Befund zeigen")
        harvest = steps.add_parser("run", help="abgleichen")
        harvest.add_argument("code", nargs="?")
        harvest.add_argument("--all", action="store_true", help="alle Quellen, die nicht angehalten sind")
        harvest.add_argument(
            "--accept-missing",
            action="store_true",
            help="zurückgehaltene fehlende Einträge nach Prüfung übernehmen",
        )
        for step, text in (("pause", "den Zeitplan anhalten"), ("resume", "den Zeitplan fortsetzen")):
            steps.add_parser(step, help=text).add_argument("code")
        status = steps.add_parser("status", help="Stand der letzten Abgleiche")
        status.add_argument("code", nargs="?")
        status.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['step']}")(options)
        except (Refused, SourceProblem) as refusal:
            raise CommandError(refusal.message) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        profile = _profile(Path(options["profile"])) if options["profile"] else {}
        source = add_source(
            options["code"],
            name=options["name"],
            kind=options["kind"],
            location=options["location"],
            format=options["format"],
            profile=profile,
            website_url=options["website"],
            licence=options["licence"],
            attribution=options["attribution"],
            every_hours=options["every"],
            by=OPERATOR,
            now=datetime.now(UTC),
        )
        self.stdout.write(
            f"Die Quelle „{source.code}“ ist eingetragen. Prüfen: allmende source check {source.code}"
        )

    def _check(self, options: dict[str, Any]) -> None:
        outlook = preview(_source(options["code"]), today=timezone.localdate())
        for line in _preview_lines(outlook, with_findings=options["findings"]):
            self.stdout.write(line)

    def _run(self, options: dict[str, Any]) -> None:
        if not options["code"] and not options["all"]:
            raise CommandError("Nennen Sie das Kürzel einer Quelle, oder geben Sie --all an.")
        sources = Source.objects.filter(is_paused=False) if options["all"] else [_source(options["code"])]
        step = self._accept if options["accept_missing"] else self._run_one
        failures = [failure for source in sources if (failure := step(source))]
        if failures:
            raise CommandError("\n".join(failures))

    def _run_one(self, source: Source) -> str | None:
        """The report; returned where the run has failed, so that the shell sees it and the others still run."""
        finished = run(source, by=OPERATOR, now=datetime.now(UTC))
        if finished.state == "failed":
            return report(finished)
        self.stdout.write(report(finished))
        return None

    def _accept(self, source: Source) -> None:
        count = accept_missing(source, by=OPERATOR, now=datetime.now(UTC))
        self.stdout.write(
            f"{source.code}: {count} Einträge als fehlend vermerkt; ihre Lösungen bleiben stehen."
        )

    def _pause(self, options: dict[str, Any]) -> None:
        pause_source(_source(options["code"]), by=OPERATOR, now=datetime.now(UTC))
        self.stdout.write("Die Quelle ist angehalten. Was veröffentlicht ist, bleibt stehen.")

    def _resume(self, options: dict[str, Any]) -> None:
        resume_source(_source(options["code"]), by=OPERATOR, now=datetime.now(UTC))
        self.stdout.write("Die Quelle wird wieder nach Zeitplan abgeglichen.")

    def _status(self, options: dict[str, Any]) -> None:
        sources = [_source(options["code"])] if options["code"] else list(Source.objects.all())
        rows = [_status_of(source) for source in sources]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
            return
        if not rows:
            self.stdout.write("Es ist noch keine Quelle eingetragen. Eintragen: allmende source add --help")
        for source, row in zip(sources, rows, strict=True):
            last = source.runs.first()
            self.stdout.write(report(last) if last else f"{row['code']}: noch kein Abgleich")


def _profile(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"Das Profil „{path}“ ist nicht lesbar ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"Das Profil „{path}“ ist kein gültiges TOML: {error}") from error


def _source(code: str) -> Source:
    source = Source.objects.filter(code=code).first()
    if source is None:
        known = ", ".join(Source.objects.values_list("code", flat=True)) or "keine"
        raise Refused(f"Die Quelle „{code}“ gibt es nicht. Eingetragen sind: {known}.")
    return source


def _status_of(source: Source) -> dict[str, Any]:
    last = source.runs.first()
    fields = ("state", "started_at", "finished_at", "seen", *Run.PARTS, "missing", "missing_held", "problem")
    return {"code": source.code, "paused": source.is_paused} | (
        {field: getattr(last, field) for field in fields} if last else {}
    )


def report(current: Run) -> str:
    """The report of a run, in a few lines whose numbers add up."""
    parts = [f"{getattr(current, part)} {Run._meta.get_field(part).verbose_name}" for part in Run.PARTS]  # type: ignore[union-attr]  # plain fields only
    lines = [
        f"{current.source.code}: {current.get_state_display()}, {current.seen} gesehen = {' + '.join(parts)}"
        f"; {current.missing} nicht mehr in der Quelle"
    ]
    if current.problem:
        lines.append(f"  {current.problem}")
    if current.missing_held:
        lines.append(
            f"  {current.missing_held} Einträge fehlen auf einmal. Prüfen Sie die Quelle. Stimmt das, "
            f"übernehmen Sie es mit: allmende source run {current.source.code} --accept-missing"
        )
    return "\n".join(lines)


def _preview_lines(outlook: Preview, *, with_findings: bool) -> list[str]:
    lines = [f"{outlook.seen} Einträge gelesen, nichts geschrieben."]
    lines += [f"  {label}: {count}" for label, count in outlook.counts.items() if count]
    for key, reasons in outlook.kept_back:
        lines.append(f"  {key}: {' '.join(reasons)}")
    if with_findings:
        for key, finding in outlook.findings:
            place = f" (Zeile {finding.line})" if finding.line else ""
            lines.append(f"  {key}: {finding.key or 'Datei'}{place}: {finding.message}")
    return lines
