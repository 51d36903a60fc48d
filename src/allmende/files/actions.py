"""Every write about files. The right to it is asked for by the caller, who knows what the file is about."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from allmende.files import places
from allmende.files.documents import document_type
from allmende.files.limits import DOCUMENTS_EACH, RETIRED_EACH
from allmende.files.models import StoredFile
from allmende.files.names import clean_name
from allmende.files.pictures import redrawn
from allmende.files.queries import has_scanner, room_left, to_check
from allmende.files.scanner import NotScanned, Verdict, scan
from allmende.files.states import FILE, LYING
from allmende.jobs.actions import enqueue
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused

logger = logging.getLogger(__name__)

SCANNER = Actor.program("scanner")
# A file without a row is that of an upload under way, unless it has lain there for so long.
ORPHANED_AFTER = timedelta(days=1)
NO_ROOM = (
    "Ihre Organisation hat schon 100 MB hochgeladen. Entfernen Sie Unterlagen, die Sie nicht mehr brauchen. "
    "Was nur noch in früheren Ausgaben steht, zählt mit; ganz entfernen kann es die Redaktion."
)
TOO_MANY = "Mehr als {} Unterlagen sind hier nicht möglich. Entfernen Sie zuerst eine."
TOO_MANY_RETIRED = (
    f"Von hier stehen schon {RETIRED_EACH} entfernte Unterlagen in früheren Ausgaben. Wenn Sie noch eine hinzufügen "
    "müssen, schreiben Sie der Redaktion; sie kann alte ganz entfernen."
)
TWICE = "Diese Datei steht hier schon."


@transaction.atomic
def store_logo(data: bytes, *, organisation: str, by: Actor, now: datetime) -> StoredFile:
    """Draw a logo anew and let it stand in for the one before. `Refused` for what is no picture within the limits.

    The caller has asked for the right, and holds the organisation's row.
    """
    picture = redrawn(data)
    about = ("organisation", organisation)
    file = StoredFile(
        kind="logo",
        name=f"Logo.{picture.ending}",
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        state="redrawn",
    )
    for before in _about(about).filter(kind="logo"):
        _take_away(before, now=now)
    return _store(file, picture.data, about=about, owner=organisation, by=by, now=now)


@transaction.atomic
def store_document(
    data: bytes,
    name: str,
    *,
    about: tuple[str, str],
    owner: str,
    most: int = DOCUMENTS_EACH,
    by: Actor,
    now: datetime,
) -> StoredFile:
    """Take in a document of a type we know; it waits for the scanner. `about`: type and public id of what shows it,
    `most`: how many may lie there.

    The caller has asked for the right, and holds the rows of the owner and of what it is about.
    """
    found = document_type(data)
    lying = list(_about(about).filter(kind="document"))
    present = [each for each in lying if each.state != "retired"]
    if len(present) >= most:
        raise Refused(TOO_MANY.format(most))
    if len(lying) - len(present) >= RETIRED_EACH:
        raise Refused(TOO_MANY_RETIRED)
    if any(each.digest == places.digest_of(data) for each in present):
        raise Refused(TWICE)
    file = StoredFile(
        kind="document",
        name=clean_name(name, found.ending),
        content_type=found.content_type,
        state="received",
    )
    file = _store(file, data, about=about, owner=owner, by=by, now=now)
    enqueue("allmende.files.tasks.check")
    return file


def _store(
    file: StoredFile, data: bytes, *, about: tuple[str, str], owner: str, by: Actor, now: datetime
) -> StoredFile:
    if len(data) > room_left(owner):
        raise Refused(NO_ROOM)
    file.owner, file.at, file.uploaded_by = owner, now, by.id
    file.about_type, file.about_id = about
    file.digest, file.size = places.digest_of(data), len(data)
    places.keep(file, data)
    file.save(force_insert=True)
    told = {"file": file.public_id, "type": file.content_type}
    record(f"files.{file.kind}_stored", subject=about, by=by, now=now, organisation=owner, data=told)
    return file


@transaction.atomic
def remove(file: StoredFile, *, by: Actor, now: datetime, reason: str = "") -> StoredFile:
    """Take a file away, its bytes and its name. The caller has asked for the right."""
    file = StoredFile.objects.select_for_update().get(pk=file.pk)
    kind = file.kind
    _take_away(file, now=now)
    about = (file.about_type, file.about_id)
    told = {"file": file.public_id, "kind": kind}
    words = {"reason": reason}
    record("files.removed", subject=about, by=by, now=now, organisation=file.owner, data=told, words=words)
    return file


@transaction.atomic
def retire(file: StoredFile, *, by: Actor, now: datetime) -> StoredFile:
    """Show a file no longer, and keep it for those who read what once named it. The caller has asked for the right."""
    file = StoredFile.objects.select_for_update().get(pk=file.pk)
    FILE.require_move(file.state, "retired")
    file.state = "retired"
    file.save(update_fields=["state"])
    about = (file.about_type, file.about_id)
    told = {"file": file.public_id, "kind": file.kind}
    record("files.retired", subject=about, by=by, now=now, organisation=file.owner, data=told)
    return file


@transaction.atomic
def remove_about(about: tuple[str, str], *, by: Actor, now: datetime, reason: str = "") -> int:
    """All files of what is given up or erased; how many."""
    files = list(_about(about))
    for file in files:
        remove(file, by=by, now=now, reason=reason)
    return len(files)


def hand_on(before: tuple[str, str], after: tuple[str, str]) -> int:
    """What was prepared has become something else, which has the files now; how many."""
    return _about(before).update(about_type=after[0], about_id=after[1])


def change_owner(before: str, after: str) -> dict[str, list[str]]:
    """All files of one organisation (public id) are another's; its logo too, where that has none. What went, by id."""
    owned = StoredFile.objects.select_for_update().filter(owner=before)
    went = {"owned": list(owned.order_by("pk").values_list("public_id", flat=True))}
    StoredFile.objects.filter(public_id__in=went["owned"]).update(owner=after)
    has_logo = _about(("organisation", after)).filter(kind="logo").exists()
    logos = _about(("organisation", before)).filter(kind="logo")
    went["logo"] = [] if has_logo else list(logos.values_list("public_id", flat=True))
    StoredFile.objects.filter(public_id__in=went["logo"]).update(about_id=after)
    return went


def give_back(went: Mapping[str, list[str]], *, before: str, after: str) -> None:
    """Undo `change_owner`, for what is still there; a logo that was replaced since stays away."""
    StoredFile.objects.filter(public_id__in=went["owned"], owner=after).update(owner=before)
    logos = StoredFile.objects.filter(public_id__in=went["logo"], about_id=after).exclude(state="removed")
    logos.update(about_id=before)


def _about(about: tuple[str, str]) -> QuerySet[StoredFile]:
    rows = StoredFile.objects.select_for_update().filter(about_type=about[0], about_id=about[1])
    return rows.exclude(state="removed")


def _take_away(file: StoredFile, *, now: datetime) -> None:
    FILE.require_move(file.state, "removed")
    file.state, file.removed_at, file.name = "removed", now, ""
    file.save(update_fields=["state", "removed_at", "name"])
    transaction.on_commit(lambda: places.discard(file))


def check_waiting(*, clock: Callable[[], datetime]) -> int:
    """Get a verdict on whatever waits for one; how many got it. `ScannerAway` where nobody answers.

    No transaction is open while the scanner looks: on SQLite everybody else would wait for it.
    """
    checked = 0
    for file in list(to_check()[:100]):
        try:
            verdict = _look_at(file) if has_scanner() else None
        except (NotScanned, FileNotFoundError):
            # The others have a right to their verdict; this one stays back, and the log says why.
            logger.exception("file %s was not scanned", file.public_id)
            continue
        checked += _note(file, verdict, now=clock())
    return checked


def _look_at(file: StoredFile) -> Verdict:
    return scan(places.place_of(file).read_bytes(), address=settings.CLAMD)


@transaction.atomic
def _note(file: StoredFile, verdict: Verdict | None, *, now: datetime) -> bool:
    """What was found; None: there is nobody to look. False where the file was removed meanwhile."""
    file = StoredFile.objects.select_for_update().get(pk=file.pk)
    state, kind = _meaning(verdict)
    if file.state == "retired" and state == "clean":
        # It stays where it is: in editions alone.
        state = "retired"
    elif not FILE.can_become(file.state, state):
        return False
    file.state, file.scanned_at = state, now if verdict else None
    file.save(update_fields=["state", "scanned_at"])
    told = {"about": [file.about_type, file.about_id]} | (
        {"found": verdict.found} if verdict and verdict.found else {}
    )
    record(kind, subject=file, by=SCANNER, now=now, organisation=file.owner, data=told)
    if state == "infected":
        transaction.on_commit(lambda: places.discard(file))
    return True


def _meaning(verdict: Verdict | None) -> tuple[str, str]:
    if verdict is None:
        return "unchecked", "files.scan_missing"
    if verdict.is_clean:
        return "clean", "files.scan_clean"
    return "infected", "files.scan_infected"


def tidy(*, now: datetime) -> int:
    """Delete bytes that no row speaks for any more, or never did; how many files."""
    gone = 0
    for path in places.everything():
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) > now - ORPHANED_AFTER:
            continue
        rows = StoredFile.objects.filter(public_id=places.owner_of(path), state__in=LYING)
        if path.suffix == ".part" or not rows.exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
