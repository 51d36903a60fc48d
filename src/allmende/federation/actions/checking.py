"""A look ahead: what a run would make of a source, without writing anything."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from allmende.catalogue.checks import check_solution
from allmende.catalogue.drafts import Finding, Reading
from allmende.federation.actions.recording import Reader
from allmende.federation.actions.running import limits_from_settings
from allmende.federation.fetching import Conditions, Fetched, fetch
from allmende.federation.models import RawRecord, Source
from allmende.lib.refusals import Refused


@dataclass(frozen=True)
class Preview:
    """How many records there are and what would become of them, by German label."""

    seen: int
    counts: Mapping[str, int]
    kept_back: tuple[tuple[str, tuple[str, ...]], ...]
    findings: tuple[tuple[str, Finding], ...]


def preview(source: Source, *, today: date) -> Preview:
    """Fetch and read the whole source; raises `SourceProblem` where it cannot be read."""
    reader = Reader.of(source, today=today)
    labels = dict(RawRecord.DECISIONS) | {"unreached": "nicht erreicht"}
    counts: Counter[str] = Counter()
    kept_back: list[tuple[str, tuple[str, ...]]] = []
    findings: list[tuple[str, Finding]] = []
    for fetched in fetch(
        source.kind,
        source.location,
        wants=reader.wants,
        limits=limits_from_settings(),
        known=lambda _: Conditions(),
    ):
        decision, reasons, found = _judge(reader, fetched)
        counts[decision] += 1
        if reasons:
            kept_back.append((fetched.key, reasons))
        findings += [(fetched.key, finding) for finding in found]
    return Preview(
        seen=counts.total(),
        counts={label: counts[code] for code, label in labels.items()},
        kept_back=tuple(kept_back),
        findings=tuple(findings),
    )


def _judge(reader: Reader, fetched: Fetched) -> tuple[str, tuple[str, ...], tuple[Finding, ...]]:
    if fetched.content is None and not fetched.is_defect:
        return "unreached", (fetched.problem,), ()
    reading: Reading = reader.read(fetched)
    if reading.draft is not None:
        try:
            check_solution(reading.draft)
        except Refused as refusal:
            return "refused", (refusal.message,), reading.findings
    return reading.decision, reading.reasons, reading.findings
