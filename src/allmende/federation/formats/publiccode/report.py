"""Collects findings with their places; knows which of them the reference parser would speak of."""

from dataclasses import dataclass, field

from allmende.catalogue.drafts import Finding, Severity
from allmende.federation.formats.publiccode.places import node_at, place_of
from allmende.federation.formats.yaml_source import Node

MAX_FINDINGS = 100
"""More than that helps nobody; the last one says that there are more."""


@dataclass
class Report:
    """`error` and `warning` are the standard's verdict, `info` is what we have to say beside it.

    While `is_shadowed`, errors and warnings are noted as info: the reference parser stopped before it came so far.
    """

    root: Node | None = None
    findings: list[Finding] = field(default_factory=list)
    is_shadowed: bool = False

    def error(self, key: str, message: str) -> None:
        self._note("error", key, message)

    def missing(self, key: str, message: str) -> None:
        """A value that was not read. If it stands there, it was lost to a mistake of form in its section."""
        node = node_at(self.root, key) if self.root else None
        if node is None or node.kind == "null" or (node.is_scalar and not node.text):
            self.error(key, message)
            return
        self.error(
            key,
            f"„{key}“ gilt als nicht angegeben, weil dort ein Wert die falsche Form hat; beheben Sie zuerst den Befund "
            "zur falschen Form.",
        )

    def warning(self, key: str, message: str, *, place: str = "") -> None:
        """`place`: the key as the file spells it, where the standard speaks of another."""
        self._note("warning", key, message, place)

    def note(self, key: str, message: str) -> None:
        """Our own remark."""
        self._add("info", key, message)

    def at(self, severity: Severity, key: str, message: str, line: int | None, column: int | None) -> None:
        """A finding whose place is known."""
        self.findings.append(Finding(severity=severity, key=key, message=message, line=line, column=column))

    def _note(self, severity: Severity, key: str, message: str, place: str = "") -> None:
        self._add("info" if self.is_shadowed else severity, key, message, place)

    def _add(self, severity: Severity, key: str, message: str, place: str = "") -> None:
        line, column = place_of(self.root, place or key) if self.root and key else (None, None)
        self.at(severity, key, message, line, column)

    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)

    def all(self) -> tuple[Finding, ...]:
        """Errors first, then warnings, then our remarks; in each group what concerns the whole file, then by place."""
        unique = list(dict.fromkeys(self.findings))
        unique.sort(key=_order)
        if len(unique) <= MAX_FINDINGS:
            return tuple(unique)
        more = len(unique) - MAX_FINDINGS
        message = f"Es gibt {more} weitere Befunde; beheben Sie zuerst die gezeigten."
        return (*unique[:MAX_FINDINGS], Finding(severity="info", key="", message=message))


_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}
_NOWHERE = 1_000_000


def _order(finding: Finding) -> tuple[int, bool, int, int]:
    return _RANK[finding.severity], finding.key != "", finding.line or _NOWHERE, finding.column or 0
