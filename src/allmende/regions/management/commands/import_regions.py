import datetime
from argparse import ArgumentTypeError
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.regions import actions, gv100ad, side_files, table
from allmende.regions.drafts import Finding, RegionDraft, RegisterDraft, SuccessionDraft
from allmende.regions.queries import known_facts
from allmende.regions.reports import ImportReport

Read = TypeVar("Read")
POINT_ATTRIBUTION = (
    "Punkte: © GeoBasis-DE / BKG 2021 (Daten verändert), dl-de/by-2-0 (www.govdata.de/dl-de/by-2-0)"
)


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"„{text}“ ist kein Datum der Form 2025-08-31.") from None


class Command(BaseCommand):
    help = "Liest das Gemeindeverzeichnis GV100AD des Statistischen Bundesamtes ein und berichtet, was sich ändert."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="Gemeindeverzeichnis GV100AD als Textdatei")
        parser.add_argument("--as-of", type=_date, help="Gebietsstand, den die Datei haben muss (2025-08-31)")
        parser.add_argument("--population-as-of", type=_date, help="Tag, für den die Einwohnerzahlen gelten")
        parser.add_argument("--changes", type=Path, help="CSV mit Gebietsänderungen: old;new;date;share")
        parser.add_argument(
            "--points",
            type=Path,
            action="append",
            default=[],
            help="CSV mit Punkten, mehrfach möglich",
        )
        parser.add_argument(
            "--points-attribution",
            default=POINT_ATTRIBUTION,
            help="Quellenvermerk der Punkte für die Tabelle",
        )
        parser.add_argument("--types", type=Path, help="CSV mit Gemeindetypen des BBSR: ags;size_class")
        parser.add_argument("--dry-run", action="store_true", help="nur berichten, nichts schreiben")
        parser.add_argument(
            "--accept-many",
            action="store_true",
            help="auch dann, wenn mehr als ein Zehntel der Gemeinden wegfällt",
        )
        parser.add_argument(
            "--write-table",
            type=Path,
            metavar="FOLDER",
            help="das Ergebnis als Tabelle in diesen Ordner schreiben",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._import(options)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        for sentence in report.sentences():
            self.stdout.write(sentence)
        if options["dry_run"]:
            self.stdout.write("Probelauf: Nichts wurde geschrieben.")
        elif not report.wrote:
            self.stdout.write("Alles war schon auf diesem Stand; nichts wurde geschrieben.")

    def _import(self, options: dict[str, Any]) -> ImportReport:
        edition = self._edition(options)
        changes: tuple[SuccessionDraft, ...] = ()
        if options["changes"]:
            changes = _without_errors(options["changes"], side_files.read_changes)
        report = actions.import_register(
            edition,
            by=Actor.program("import_regions"),
            now=datetime.datetime.now(datetime.UTC),
            changes=changes,
            dry_run=options["dry_run"],
            accept_many_vanished=options["accept_many"],
        )
        if options["write_table"] and not options["dry_run"]:
            self._write_table(edition, options)
        return report

    def _edition(self, options: dict[str, Any]) -> RegisterDraft:
        edition = gv100ad.read(_bytes_of(options["file"]))
        wanted = options["as_of"]
        if wanted and wanted != edition.as_of:
            raise Refused(
                f"Die Datei hat den Gebietsstand {edition.as_of:%d.%m.%Y}, nicht {wanted:%d.%m.%Y}."
            )
        regions = edition.regions
        for path in options["points"]:
            regions = side_files.with_points(regions, _without_errors(path, side_files.read_points))
        if options["types"]:
            regions = side_files.with_types(regions, _without_errors(options["types"], side_files.read_types))
        return replace(edition, regions=regions, population_as_of=options["population_as_of"])

    def _write_table(self, edition: RegisterDraft, options: dict[str, Any]) -> None:
        folder: Path = options["write_table"]
        attribution = options["points_attribution"] if options["points"] else ""
        table.write(folder, edition, _drafts_in_force(edition), attribution)
        self.stdout.write(f"Tabelle mit {len(edition.regions)} Gebieten in {folder} geschrieben.")


def _drafts_in_force(edition: RegisterDraft) -> tuple[RegionDraft, ...]:
    """The edition with what was known before and it does not say: points, post codes, types given as data."""
    facts = known_facts()
    return tuple(
        replace(
            draft,
            postcode=facts[draft.key].postcode,
            latitude=facts[draft.key].latitude,
            longitude=facts[draft.key].longitude,
            point_basis=facts[draft.key].point_basis,
            size_class=None if facts[draft.key].size_class_is_derived else facts[draft.key].size_class,
        )
        for draft in edition.regions
    )


def _without_errors(path: Path, read: Callable[[bytes], tuple[Read, tuple[Finding, ...]]]) -> Read:
    content, findings = read(_bytes_of(path))
    if findings:
        raise Refused(f"{path.name}: {' '.join(str(finding) for finding in findings[:5])}")
    return content


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} lässt sich nicht lesen: {error.strerror}.") from error
