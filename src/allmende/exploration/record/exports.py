"""What a case gives out: for people (PDF, DOCX), for machines (JSON, OCDS), with its signature, and all of it as a zip.

Before it is frozen there is a draft, unsigned, with the word on each page. A redacted export is signed as what it is
and carries the hash of the whole.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.conf import settings

from allmende.exploration.models import Case, FrozenRecord
from allmende.exploration.record import note, ocds
from allmende.exploration.record.content import content_of
from allmende.exploration.record.layout import document_of
from allmende.exploration.record.redaction import redacted
from allmende.files import places
from allmende.files.queries import all_documents_about
from allmende.journal.kinds import known_kinds
from allmende.lib.canonical import canonical_json
from allmende.lib.refusals import Refused
from allmende.records import keys, signatures, typeset
from allmende.records.blocks import Document
from allmende.records.document import MEDIA_TYPE as DOCX
from allmende.records.document import docx_of

NOT_FROZEN = (
    "Das gibt es erst, wenn die Markterkundung freigegeben ist. "
    "Bis dahin gibt es den Entwurf als PDF und DOCX."
)


@dataclass(frozen=True)
class Form:
    """One thing that can be had. `needs_record`: only of a frozen case."""

    code: str
    label: str
    ending: str
    media_type: str
    needs_record: bool = False


FORMS = {
    each.code: each
    for each in (
        Form("pdf", "PDF zum Lesen", "pdf", "application/pdf"),
        Form("archiv", "PDF mit Datensatz für die Akte", "archiv.pdf", "application/pdf", True),
        Form("docx", "DOCX zum Weiterschreiben", "docx", DOCX),
        Form("json", "Datensatz", "json", "application/json", True),
        Form("sig", "Unterschrift zum Datensatz", "json.sig", "application/json", True),
        Form("zip", "alles zusammen", "zip", "application/zip", True),
        Form("ocds", "OCDS 1.1.5, Planung", "ocds.json", "application/json", True),
        Form("ratsvorlage", "eine Seite für den Rat als PDF", "ratsvorlage.pdf", "application/pdf"),
        Form("ratsvorlage-docx", "eine Seite für den Rat als DOCX", "ratsvorlage.docx", DOCX),
    )
}


class Record:
    """A case as it is given out, whole or without what is confidential."""

    def __init__(self, case: Case, *, without_confidential: bool, now: datetime) -> None:
        self.case, self.now, self.is_redacted = case, now, without_confidential
        self.frozen: FrozenRecord | None = FrozenRecord.objects.filter(case=case).first()
        if self.frozen is not None and self.frozen.content is None:
            raise Refused("Der Inhalt dieser Markterkundung ist nach ihrer Aufbewahrung gelöscht.")
        self.digest = self.frozen.digest if self.frozen else ""
        kept = self.frozen.content if self.frozen else None
        whole: dict[str, Any] = json.loads(kept) if kept else content_of(case, now=now)
        self.content = redacted(whole, self.digest) if without_confidential else whole
        # The very bytes that were signed, and not made anew.
        self.text = kept if kept and not without_confidential else canonical_json(self.content)

    def file(self, code: str) -> bytes:
        """One of `FORMS`. `Refused` for what only a frozen case has."""
        if FORMS[code].needs_record and self.frozen is None:
            raise Refused(NOT_FROZEN)
        made: bytes = getattr(self, f"_{code.replace('-', '_')}")()
        return made

    def name_of(self, code: str) -> str:
        part = "-ohne-vertrauliches" if self.is_redacted else ""
        return f"markterkundung-{self.case.public_id}{part}.{FORMS[code].ending}"

    def document(self) -> Document:
        at = self.frozen.frozen_at if self.frozen else self.now
        return document_of(self.content, digest=self.digest, kinds=known_kinds(), at=at)

    def signature(self) -> signatures.Signature:
        if self.frozen is not None and not self.is_redacted:
            return signatures.Signature(self.frozen.key, self.frozen.digest, self.frozen.signature)
        return signatures.sign(self.text.encode(), keys.signer(now=self.now))

    def _pdf(self) -> bytes:
        return typeset.pdf(self.document(), signer=keys.signer(now=self.now) if self.frozen else None)

    def _archiv(self) -> bytes:
        name = self.name_of("json")
        files = (
            typeset.Attached(name, self.text, "Datensatz der Markterkundung", relation="source"),
            typeset.Attached(f"{name}.sig", self.signature().text(), "Unterschrift zum Datensatz"),
        )
        return typeset.pdf(self.document(), signer=keys.signer(now=self.now), files=files)

    def _docx(self) -> bytes:
        return docx_of(self.document())

    def _json(self) -> bytes:
        return self.text.encode()

    def _sig(self) -> bytes:
        return self.signature().text().encode()

    def _ocds(self) -> bytes:
        made = ocds.package(self.content, digest=self.digest, at=self.now)
        return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()

    def _ratsvorlage(self) -> bytes:
        at = self.frozen.frozen_at if self.frozen else self.now
        signer = keys.signer(now=self.now) if self.frozen else None
        return note.pdf_of(self.content, digest=self.digest, at=at, signer=signer)

    def _ratsvorlage_docx(self) -> bytes:
        at = self.frozen.frozen_at if self.frozen else self.now
        return docx_of(note.document_of(self.content, digest=self.digest, at=at))

    def _zip(self) -> bytes:
        written = BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self._parts():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
        return written.getvalue()

    def _parts(self) -> Iterator[tuple[str, bytes]]:
        signer = keys.signer(now=self.now)
        for code in ("archiv", "pdf", "docx", "ocds", "ratsvorlage", "ratsvorlage-docx"):
            data = self.file(code)
            yield self.name_of(code), data
            yield f"{self.name_of(code)}.sig", signatures.sign(data, signer).text().encode()
        yield self.name_of("json"), self._json()
        yield self.name_of("sig"), self._sig()
        for key in keys.published():
            yield f"schluessel/{key.name}.pem", key.pem.encode()
        yield from self._snapshots()
        if not self.is_redacted:
            yield from self._attachments()
        yield "LIESMICH.txt", _READ_ME.format(site=settings.SITE_URL, json=self.name_of("json")).encode()

    def _snapshots(self) -> Iterator[tuple[str, bytes]]:
        """What the marketplace showed, under the hashes that stand in the record."""
        for search in self.case.searches.exclude(snapshot=None).select_related("snapshot"):
            yield f"schnappschuesse/{search.snapshot.public_id}.json", search.snapshot.content.encode()
            for entry in search.snapshot.entries.exclude(content=""):
                yield (
                    f"schnappschuesse/{search.snapshot.public_id}/{entry.position:04}-{entry.solution_id}.json",
                    entry.content.encode(),
                )

    def _attachments(self) -> Iterator[tuple[str, bytes]]:
        known = {each["id"] for each in self.content["attachments"]}
        for file in all_documents_about(self.case.journal_type, self.case.public_id):
            if file.public_id in known and file.is_served:
                yield f"anlagen/{file.public_id}-{file.name}", places.place_of(file).read_bytes()


_READ_ME = """Dokumentation einer Markterkundung

{json} ist der Datensatz, alles andere ist daraus gemacht. Zu jeder Datei gehört eine Unterschrift (.sig)
über jedes ihrer Bytes. Die PDF-Dateien tragen ihre Unterschrift außerdem in sich.

Prüfen, auch auf einer anderen Installation und ohne diese:

    allmende verify-record {json} --keys schluessel

Die öffentlichen Schlüssel stehen auch unter {site}/schluessel. Vergleichen Sie die Fingerabdrücke.
"""
