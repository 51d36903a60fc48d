"""Do the tables still say what was frozen? Tells every difference with its place."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from allmende.catalogue.models import Edition, Solution
from allmende.exploration.models import Case, FrozenRecord, SnapshotEntry
from allmende.exploration.record.content import TABLES, tables_of
from allmende.files import places
from allmende.files.models import StoredFile
from allmende.lib.canonical import canonical_json, digest
from allmende.lib.signing import is_signed

MISSING = "fehlt"


@dataclass(frozen=True)
class Difference:
    """`place` reads as a path: `candidates[3].reason`. `frozen` and `now` are JSON, "fehlt" where there is nothing."""

    place: str
    frozen: str
    now: str

    def __str__(self) -> str:
        return f"{self.place}: eingefroren {self.frozen}, jetzt {self.now}"


def faults_of(record: FrozenRecord, keys: dict[str, str]) -> list[str]:
    """German sentences, none where the record is whole, signed, and the tables say the same."""
    if record.content is None:
        return (
            [] if record.case.state == "erased" else ["Der Inhalt fehlt, obwohl der Fall nicht gelöscht ist."]
        )
    faults = list(_signature_faults(record, keys))
    try:
        frozen = json.loads(record.content)
    except ValueError:
        return [*faults, "Der eingefrorene Inhalt ist kein JSON mehr."]
    if record.case.state != "frozen":
        faults.append(f"Der Fall ist nicht mehr abgeschlossen, sondern „{record.case.get_state_display()}“.")
    faults += [str(each) for each in differences(frozen, tables_of(record.case))]
    return faults + list(_snapshot_faults(record.case)) + list(_file_faults(record.case))


def differences(frozen: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
    """Every place where the tables say otherwise than the frozen content."""
    return [each for name in TABLES for each in _between(name, frozen.get(name), now.get(name))]


def _between(place: str, frozen: Any, now: Any) -> Iterator[Difference]:
    if isinstance(frozen, dict) and isinstance(now, dict):
        for name in sorted({*frozen, *now}):
            yield from _of_two(
                f"{place}.{name}", name in frozen, name in now, frozen.get(name), now.get(name)
            )
    elif isinstance(frozen, list) and isinstance(now, list):
        for at in range(max(len(frozen), len(now))):
            old, new = (each[at] if at < len(each) else None for each in (frozen, now))
            yield from _of_two(f"{place}[{at}]", at < len(frozen), at < len(now), old, new)
    elif canonical_json(frozen) != canonical_json(now):
        yield Difference(place, canonical_json(frozen), canonical_json(now))


def _of_two(place: str, was: bool, is_there: bool, frozen: Any, now: Any) -> Iterator[Difference]:
    if was and is_there:
        yield from _between(place, frozen, now)
    else:
        yield Difference(
            place, canonical_json(frozen) if was else MISSING, canonical_json(now) if is_there else MISSING
        )


def _signature_faults(record: FrozenRecord, keys: dict[str, str]) -> Iterator[str]:
    data = str(record.content)
    if digest_of(data) != record.digest:
        yield "Der eingefrorene Inhalt hat eine andere Prüfsumme als die, die zu ihm gehört."
    if record.key not in keys:
        yield f"Der Schlüssel {record.key} ist hier nicht bekannt."
    elif not is_signed(data, record.signature, keys[record.key]):
        yield "Die Unterschrift passt nicht zum eingefrorenen Inhalt."


def digest_of(text: str) -> str:
    """SHA-256 of text that is canonical JSON already."""
    return hashlib.sha256(text.encode()).hexdigest()


def _snapshot_faults(case: Case) -> Iterator[str]:
    """What the marketplace showed lies beside the record, under the hashes in it."""
    for search in case.searches.select_related("snapshot").exclude(snapshot=None):
        if digest_of(search.snapshot.content) != search.snapshot.digest:
            yield f"Schnappschuss {search.snapshot.public_id}: Der Inhalt passt nicht zu seiner Prüfsumme."
    entries = SnapshotEntry.objects.filter(snapshot__search__case=case)
    for entry in entries.exclude(content="").iterator():
        if digest(json.loads(entry.content)) != entry.edition_digest:
            yield f"Schnappschuss, Eintrag {entry.position}: Der Inhalt passt nicht zu seiner Prüfsumme."
    for position in entries.filter(content="").exclude(_was_redacted()).values_list("position", flat=True):
        yield f"Schnappschuss, Eintrag {position}: Der Inhalt fehlt, obwohl er sichtbar war."


def _was_redacted() -> Exists:
    """Only an edition that was redacted before it was shown may be empty in a snapshot."""
    return Exists(
        Edition.objects.filter(
            subject_type=Solution.journal_type,
            subject_id=OuterRef("solution_id"),
            number=OuterRef("edition_number"),
            redacted_at__lte=OuterRef("snapshot__made_at"),
        )
    )


def _file_faults(case: Case) -> Iterator[str]:
    about = {"about_type": case.journal_type, "about_id": case.public_id}
    for file in StoredFile.objects.filter(**about).exclude(state="removed"):
        try:
            is_same = places.digest_of(places.place_of(file).read_bytes()) == file.digest
        except OSError:
            is_same = False
        if not is_same:
            yield f"Anlage {file.public_id}: Die Datei fehlt, oder sie ist verändert."
