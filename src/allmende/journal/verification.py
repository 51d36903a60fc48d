"""Prove the seals of the journal: what was altered, taken out, put in or cut off, and what has no seal yet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from allmende.journal import keys, ranges, seals
from allmende.journal.models import Entry, Seal, Words
from allmende.journal.queries import rows_in
from allmende.lib.canonical import canonical_json

# Sealing comes every minute. What has waited this long shows that nobody seals.
TOO_LONG = timedelta(hours=1)


@dataclass(frozen=True)
class Fault:
    """`entry` is the id of the row it is about, where it is about one."""

    sentence: str
    entry: int | None = None


@dataclass
class Report:
    """What was proved. `waiting` entries have no seal yet; the oldest has waited `waiting_for` at most."""

    seals: int = 0
    entries: int = 0
    waiting: int = 0
    waiting_for: timedelta = timedelta()
    faults: list[Fault] = field(default_factory=list)

    @property
    def first_altered(self) -> int | None:
        """The smallest id of a row that is not as it was sealed."""
        return min((fault.entry for fault in self.faults if fault.entry is not None), default=None)

    def blame(self, sentence: str, entry: int | None = None) -> None:
        self.faults.append(Fault(sentence, entry))


def verify(*, now: datetime, checkpoints: Sequence[seals.Checkpoint] = ()) -> Report:
    """Compare every seal with the seal before it and with the rows it covers, then with what operators kept."""
    report = Report()
    chain = _Chain(report)
    for seal in Seal.objects.order_by("number").iterator(chunk_size=50):
        chain.prove(seal)
    _strangers(report, chain)
    _waiting(report, chain.last, now)
    for each in checkpoints:
        _compare(report, each)
    return report


class _Chain:
    """The seals met so far."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.last: Seal | None = None
        self.covered: ranges.Ranges = []
        self.keys = keys.known_keys()

    def prove(self, seal: Seal) -> None:
        self._place(seal)
        self._own_hash(seal)
        try:
            covered, _gaps = ranges.from_text(seal.ids), ranges.from_text(seal.gaps)
        except ValueError:
            covered = []  # its hash has told already
        if ranges.size(self.covered) + ranges.size(covered) != ranges.size(
            together := ranges.joined([*self.covered, *covered])
        ):
            self.report.blame(f"Siegel {seal.number} nennt Einträge, die schon versiegelt sind.")
        self._rows(seal, covered)
        self.last, self.covered = seal, together
        self.report.seals += 1
        self.report.entries += ranges.size(covered)
        if seal.entries != self.report.entries:
            self.report.blame(
                f"Siegel {seal.number} zählt {seal.entries} Einträge statt {self.report.entries}."
            )

    def _place(self, seal: Seal) -> None:
        expected = self.last.number + 1 if self.last else 1
        if seal.number != expected:
            gone = str(expected) if seal.number == expected + 1 else f"{expected} bis {seal.number - 1}"
            self.report.blame(f"Es fehlt: Siegel {gone}.")
        elif seal.previous != (self.last.digest if self.last else seals.NOTHING_BEFORE):
            self.report.blame(f"Siegel {seal.number} schließt nicht an das Siegel davor an.")

    def _own_hash(self, seal: Seal) -> None:
        public = self.keys.get(seal.key)
        if seal.content.digest != seal.digest:
            self.report.blame(f"Siegel {seal.number} ist selbst verändert.")
        elif public is None:
            self.report.blame(
                f"Siegel {seal.number} ist mit einem Schlüssel unterschrieben, den es hier nicht gibt ({seal.key})."
            )
        elif not keys.is_signed(seals.seal_message(seal.digest), seal.signature, public):
            self.report.blame(f"Die Unterschrift von Siegel {seal.number} stimmt nicht.")

    def _rows(self, seal: Seal, covered: ranges.Ranges) -> None:
        wanted = list(ranges.ids(covered))
        rows = {row["id"]: row for row in rows_in(covered)}
        _words(self.report, rows)
        digests = {pk: _row_digest(row, seal.schema) for pk, row in rows.items()}
        if len(rows) == len(wanted) and seals.rows_digest(digests[pk] for pk in wanted) == seal.rows:
            return
        sealed = seals.split_marks(seal.marks)
        before = len(self.report.faults)
        for pk, mark in zip(wanted, sealed, strict=False):
            if pk not in rows:
                self.report.blame(f"Eintrag {pk} fehlt ({_when(seal)}).", pk)
            elif digests[pk][: seals.MARK] != mark:
                self.report.blame(f"Eintrag {pk} ist verändert ({_when(seal)}): {_told(rows[pk])}.", pk)
        if len(self.report.faults) == before:
            # The marks do not tell: they or the hash were written anew, which the hash of the seal says as well.
            self.report.blame(f"Die Einträge von Siegel {seal.number} ergeben nicht seinen Hashwert.")


def _row_digest(row: Mapping[str, Any], schema: int) -> str:
    """ "" for what no seal can have covered: an unknown schema, or a value that JSON does not know."""
    try:
        return seals.row_digest(row, schema)
    except (KeyError, TypeError, ValueError):
        return ""


def _words(report: Report, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """What people typed is as its entry says, or was erased by an act that the journal knows."""
    sealed = {(pk, name): digest for pk, row in rows.items() for name, digest in _said(row["data"])}
    if not sealed:
        return
    there = {
        (each.entry_id, each.name): each for each in Words.objects.filter(entry__in={pk for pk, _ in sealed})
    }
    for (pk, name), digest in sealed.items():
        words = there.get((pk, name))
        if words is None:
            report.blame(f"Der Text „{name}“ zu Eintrag {pk} fehlt.", pk)
        elif words.erased_at is not None:
            if not _knows_of_erasure(pk, name):
                report.blame(f"Der Text „{name}“ zu Eintrag {pk} ist weg, und niemand hat ihn entfernt.", pk)
        elif seals.words_digest(words.text, words.salt) != digest:
            report.blame(f"Der Text „{name}“ zu Eintrag {pk} ist verändert.", pk)


def _said(data: Any) -> Iterator[tuple[str, str]]:
    words = data.get("words") if isinstance(data, dict) else None
    if isinstance(words, dict):
        yield from ((str(name), str(digest)) for name, digest in words.items())


def _knows_of_erasure(pk: int, name: str) -> bool:
    told = Entry.objects.filter(kind="journal.words_erased", subject_type="entry", subject_id=str(pk))
    return any(isinstance(each.data, dict) and each.data.get("name") == name for each in told)


def _when(seal: Seal) -> str:
    return f"versiegelt am {seal.sealed_at:%d.%m.%Y um %H:%M} Uhr UTC in Siegel {seal.number}"


def _told(row: Mapping[str, Any]) -> str:
    what = {name: row[name] for name in ("kind", "subject_type", "subject_id", "at")}
    return f"jetzt steht dort {canonical_json(what)}"


def _strangers(report: Report, chain: _Chain) -> None:
    """Rows at or below what is sealed that no seal covers and no gap explains."""
    if chain.last is None:
        return
    try:
        open_gaps = ranges.from_text(chain.last.gaps)
    except ValueError:
        open_gaps = []
    explained = ranges.joined([*chain.covered, *open_gaps])
    for pk in ranges.inside(_ids_upto(chain.last.upto), explained, not_=True):
        report.blame(f"Eintrag {pk} ist nachträglich eingefügt: Kein Siegel kennt ihn.", pk)


def _ids_upto(upto: int) -> Iterator[int]:
    return (
        Entry.objects.filter(pk__lte=upto)
        .order_by("pk")
        .values_list("pk", flat=True)
        .iterator(chunk_size=10_000)
    )


def _waiting(report: Report, last: Seal | None, now: datetime) -> None:
    above = Entry.objects.filter(pk__gt=last.upto if last else 0)
    try:
        late = rows_in(ranges.from_text(last.gaps)) if last else []
    except ValueError:
        late = []
    report.waiting = above.count() + len(late)
    if not report.waiting:
        return
    times = [row["at"] for row in late]
    times += list(above.order_by("at").values_list("at", flat=True)[:1])
    # Entries bear the time that the edge of the program knows, in the demo that of a story: the seal before is a bound.
    since = max([min(times), last.sealed_at] if last else [min(times)])
    report.waiting_for = max(now - since, timedelta())
    if report.waiting_for > TOO_LONG:
        report.blame(
            f"{report.waiting} Einträge warten auf ein Siegel, der älteste seit {_long(report.waiting_for)}. "
            "Sehen Sie nach, ob ein Worker läuft (allmende worker)."
        )


def _long(time: timedelta) -> str:
    hours = int(time.total_seconds() // 3600)
    return f"{hours} Stunden" if hours < 48 else f"{hours // 24} Tagen"


def _compare(report: Report, kept: seals.Checkpoint) -> None:
    named = f"Prüfpunkt vom {kept.at} (Siegel {kept.seal})"
    if not keys.is_signed(kept.message, kept.signature, kept.public):
        report.blame(f"{named}: Die Unterschrift des Prüfpunkts stimmt nicht.")
        return
    if keys.name_of(kept.public) not in keys.known_keys():
        report.blame(
            f"{named}: Er ist mit einem Schlüssel unterschrieben, den es hier nicht gibt. "
            "Der Schlüssel dieser Installation wurde ausgetauscht, oder der Prüfpunkt ist von einer anderen."
        )
    seal = Seal.objects.filter(number=kept.seal).first()
    if seal is None:
        report.blame(f"{named}: Das Ende des Journals fehlt. Dieses Siegel gibt es nicht mehr.")
    elif seal.digest != kept.digest:
        report.blame(f"{named}: Das Journal ist von diesem Siegel an oder davor neu geschrieben.")


def first(report: Report, number: int) -> list[Fault]:
    """The first faults in the order of what they are about: rows before anything else, by id."""
    return list(
        islice(sorted(report.faults, key=lambda fault: (fault.entry is None, fault.entry or 0)), number)
    )
