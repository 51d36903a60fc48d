"""What an import did, or would do: counts that add up, and German lines for the person who ran it."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from allmende.regions.comparison import Comparison, Facts
from allmende.regions.drafts import Finding, RegisterDraft, SuccessionDraft
from allmende.regions.names import short_name

LISTED = 40


@dataclass(frozen=True)
class ImportReport:
    """`lines` = `regions` + all of `left_out`; `regions` = `new` + `changed` + `unchanged`."""

    as_of: datetime.date
    lines: int
    left_out: Mapping[str, int]
    new: tuple[Facts, ...]
    changed: int
    unchanged: int
    vanished: tuple[Facts, ...]
    changed_fields: Mapping[str, int]
    findings: tuple[Finding, ...] = ()
    proposals: tuple[SuccessionDraft, ...] = ()
    confirmed: int = 0
    wrote: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def regions(self) -> int:
        return len(self.new) + self.changed + self.unchanged

    @property
    def adds_up(self) -> bool:
        return self.lines == self.regions + sum(self.left_out.values())

    def sentences(self) -> Iterator[str]:
        """The report line by line."""
        yield f"Gebietsstand {self.as_of:%d.%m.%Y}: {self.lines} Zeilen, davon {self.regions} Gebiete."
        for reason, count in self.left_out.items():
            yield f"  nicht übernommen: {count} {reason}"
        yield (
            f"{len(self.new)} neu, {self.changed} geändert, {self.unchanged} unverändert, "
            f"{len(self.vanished)} weggefallen."
        )
        for name, count in self.changed_fields.items():
            yield f"  geändert: {name} bei {count}"
        # The first import brings everything: no news worth a list.
        if len(self.new) < self.regions:
            yield from _listed("neu", self.new)
        yield from _listed("weggefallen", self.vanished)
        yield from self._about_successions()
        yield from (f"Hinweis: {finding}" for finding in self.findings)

    def _about_successions(self) -> Iterator[str]:
        if self.confirmed:
            yield f"{self.confirmed} Nachfolgen aus der Datei mit Gebietsänderungen übernommen."
        if self.proposals:
            yield f"{len(self.proposals)} Nachfolgen vorgeschlagen; bestätigen Sie sie, bevor sie gelten:"
        for draft in self.proposals:
            old, new = (
                f"{self.names.get(key, '')} ({key})" for key in (draft.predecessor_key, draft.successor_key)
            )
            yield f"  {old} → {new}: {draft.reason}"


def _listed(what: str, facts: tuple[Facts, ...]) -> Iterator[str]:
    for one in facts[:LISTED]:
        yield f"  {what}: {one.official_name} ({one.key})"
    if len(facts) > LISTED:
        yield f"  {what}: und {len(facts) - LISTED} weitere"


def report_of(
    edition: RegisterDraft,
    comparison: Comparison,
    known: Mapping[str, Facts],
    *,
    findings: tuple[Finding, ...] = (),
    proposals: tuple[SuccessionDraft, ...] = (),
    confirmed: int = 0,
    wrote: bool = False,
) -> ImportReport:
    """Put the report of one import together."""
    return ImportReport(
        as_of=edition.as_of,
        lines=edition.lines,
        left_out=edition.left_out,
        new=comparison.new,
        changed=len(comparison.changed),
        unchanged=comparison.unchanged,
        vanished=comparison.vanished,
        changed_fields=comparison.changed_fields,
        findings=(*edition.findings, *findings),
        proposals=proposals,
        confirmed=confirmed,
        wrote=wrote,
        names={
            facts.key: short_name(facts.official_name)
            for facts in (*comparison.vanished, *comparison.after.values(), *known.values())
        }
        if proposals
        else {},
    )
