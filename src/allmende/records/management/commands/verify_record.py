from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allmende.lib.signing import fingerprint_of
from allmende.records import keys, signatures
from allmende.records.verification import Verdict, verify


class Command(BaseCommand):
    help = "Prüft, ob ein Dokument (JSON mit Unterschrift, PDF) noch Byte für Byte das unterschriebene ist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="das Dokument")
        parser.add_argument("--signature", metavar="FILE", help="die Unterschrift; sonst FILE.sig daneben")
        trusted = parser.add_mutually_exclusive_group()
        trusted.add_argument("--key", metavar="FILE", help="der öffentliche Schlüssel, dem Sie vertrauen")
        trusted.add_argument("--keys", metavar="FOLDER", help="ein Ordner mit öffentlichen Schlüsseln")

    def handle(self, *args: Any, file: str, signature: str | None, **options: Any) -> None:
        trusted = _keys(options["key"] or options["keys"])
        beside = Path(signature) if signature else Path(file + signatures.ENDING)
        proof = _read(beside) if signature or beside.exists() else None
        verdict = verify(_read(Path(file)), proof, trusted)
        self._tell(verdict, trusted)
        if not verdict.is_proven:
            raise CommandError("Nicht bewiesen.")
        self.stdout.write("Unverändert.")

    def _tell(self, verdict: Verdict, trusted: Mapping[str, str]) -> None:
        self.stdout.write(f"SHA-256 der Datei: {verdict.digest}")
        if verdict.record:
            self.stdout.write(f"SHA-256 des Datensatzes: {verdict.record}")
        if verdict.key in trusted:
            self.stdout.write(f"Schlüssel: {verdict.key}, {fingerprint_of(trusted[verdict.key])}")
        for fault in verdict.faults:
            self.stdout.write(f"- {fault}")


def _keys(named: str | None) -> Mapping[str, str]:
    if named is None:
        return keys.known_keys()
    try:
        return keys.keys_from(Path(named))
    except OSError as error:
        raise CommandError(f"{named} lässt sich nicht lesen: {error.strerror}") from None
    except ValueError:
        raise CommandError(f"{named} enthält keinen öffentlichen Schlüssel (Ed25519).") from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} lässt sich nicht lesen: {error.strerror}") from None
