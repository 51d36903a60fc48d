"""Look-ups of files. Who may see what they are about, the caller has asked."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from allmende.files.limits import PER_OWNER
from allmende.files.models import StoredFile
from allmende.files.states import KEPT, SERVED


def served(public_id: str) -> StoredFile | None:
    """A file that may leave the house at all: not one that waits, is infected or removed."""
    return StoredFile.objects.filter(public_id=public_id, state__in=(*SERVED, "retired")).first()


def logo_of(organisation: str) -> StoredFile | None:
    """The logo of an organisation (public id)."""
    logos = StoredFile.objects.filter(about_type="organisation", about_id=organisation, kind="logo")
    return logos.filter(state__in=SERVED).first()


def documents_about(about_type: str, ids: Iterable[str]) -> dict[str, list[StoredFile]]:
    """What anybody may save who may see what it is about, by its public id, the oldest first; one query."""
    return _grouped(_documents(about_type, ids).filter(state__in=SERVED))


def all_documents_about(about_type: str, public_id: str) -> Sequence[StoredFile]:
    """Also what waits for the scanner or was found infected: for those who keep it."""
    return list(_documents(about_type, [public_id]).exclude(state__in=("removed", "retired")))


def retired_about(about_type: str, public_id: str) -> Sequence[StoredFile]:
    """What is no longer shown there and lies on for editions that name it."""
    return list(_documents(about_type, [public_id]).filter(state="retired"))


def named_files(ids: Iterable[str]) -> dict[str, StoredFile]:
    """Those that may still be had, by public id: for whoever reads of them in an edition. One query."""
    rows = StoredFile.objects.filter(public_id__in=list(ids), state__in=(*SERVED, "retired"))
    return {file.public_id: file for file in rows}


def _documents(about_type: str, ids: Iterable[str]) -> QuerySet[StoredFile]:
    rows = StoredFile.objects.filter(kind="document", about_type=about_type, about_id__in=list(ids))
    return rows.order_by("at", "pk")


def _grouped(rows: QuerySet[StoredFile]) -> dict[str, list[StoredFile]]:
    found: dict[str, list[StoredFile]] = {}
    for file in rows:
        found.setdefault(file.about_id, []).append(file)
    return found


def room_left(owner: str) -> int:
    """Bytes that an organisation (public id) may still store."""
    rows = StoredFile.objects.filter(owner=owner, state__in=KEPT)
    return PER_OWNER - (rows.aggregate(total=Sum("size"))["total"] or 0)


def has_scanner() -> bool:
    return bool(settings.CLAMD)


def to_check() -> QuerySet[StoredFile]:
    """What waits for a verdict, the longest waiting first; with a scanner also what was let through without one."""
    waiting = Q(state="received")
    if has_scanner():
        waiting |= Q(state="unchecked") | Q(state="retired", scanned_at=None)
    return StoredFile.objects.filter(waiting, kind="document").order_by("at", "pk")


def kept(public_id: str) -> StoredFile | None:
    """A file that was not removed, whatever the scanner says of it: for those who keep it."""
    return StoredFile.objects.filter(public_id=public_id).exclude(state="removed").first()
