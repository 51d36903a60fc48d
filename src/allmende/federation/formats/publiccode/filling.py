"""Reading a file to fill a form: a person sits before it, so one wrong value does not cost all the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from allmende.catalogue.beyond import Piece, pieces
from allmende.catalogue.drafts import FileNotes, Finding, PieceLine, SolutionDraft
from allmende.federation.formats.base import Context
from allmende.federation.formats.publiccode.decision import decide
from allmende.federation.formats.publiccode.lenient import child, line_of
from allmende.federation.formats.publiccode.mapping import draft_of
from allmende.federation.formats.publiccode.places import node_at
from allmende.federation.formats.publiccode.standard import judge
from allmende.federation.formats.yaml_source import Node, read_yaml


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What can be used of a file. `draft` None: nothing can, and `reasons` say why in German.

    A value that cannot be used is empty in the draft and among the findings.
    """

    draft: SolutionDraft | None = None
    findings: tuple[Finding, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: FileNotes = field(default_factory=FileNotes)
    """What stays with the form: findings about values that stand in the file, and the lines of what has no field."""


def fill(content: bytes, context: Context) -> Filling:
    """Never raises for what the file holds."""
    source = read_yaml(content)
    verdict = judge(source, None)
    decision = decide(source.root, verdict.report)
    if decision.start is None or source.root is None:
        return Filling(findings=verdict.report.all(), reasons=decision.reasons)
    said = {each.key for each in verdict.report.findings if each.severity == "error"}
    for key, reason in decision.problems:
        if key not in said:
            verdict.report.error(key, reason)
    draft = draft_of(source.root, decision.start, context, verdict.report)
    findings = verdict.report.all()
    notes = FileNotes(
        findings=tuple(each for each in findings if _is_about_a_value(each, source.root)),
        lines=tuple(_lines(source.root, draft)),
    )
    return Filling(draft=draft, findings=findings, notes=notes)


def _is_about_a_value(finding: Finding, root: Node) -> bool:
    """Not about one that is missing; and nothing about contacts, whose names and addresses stay out."""
    if not finding.key or finding.key.startswith("maintenance"):
        return False
    node = node_at(root, finding.key)
    return node is not None and node.kind != "null" and bool(node.text or not node.is_scalar)


# Where in a file the pieces of a draft stand; the first section that is there counts.
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "german_name": ("description.de.localisedName",),
    "texts": ("description",),
    "claimed_uses": ("usedBy",),
    "release": ("softwareVersion", "releaseDate"),
    "maintainer_url": ("organisation.uri",),
    "contractors": ("maintenance.contractors",),
    "contacts": ("maintenance.contacts",),
    "funding": ("fundedBy",),
    "solution_types": ("categories",),
    "topics": ("categories",),
    "platforms": ("platforms",),
    "interface_languages": ("localisation.availableLanguages",),
    "dependency_details": ("dependsOn",),
    "links": ("roadmap", "supports", "description"),
    "based_on": ("isBasedOn",),
}


def _lines(root: Node, draft: SolutionDraft) -> Iterator[PieceLine]:
    for piece in pieces(draft):
        line = _line(root, piece)
        if line is not None:
            yield PieceLine(code=piece.code, line=line)


def _line(root: Node, piece: Piece) -> int | None:
    """The line of the value itself, else the one on which its section begins."""
    sections = [node for path in _SECTIONS.get(piece.kind, ()) if (node := _at(root, path))]
    if piece.kind == "texts":
        return _line_of_language(sections, piece.value.language)
    words = _telling(piece.value)
    for section in sections:
        for scalar in _scalars(section):
            if line_of(scalar) in words:
                return scalar.line
    return sections[0].line if sections else None


def _line_of_language(sections: list[Node], language: str) -> int | None:
    entries = [entry for section in sections for entry in section.entries]
    found = next((each for each in entries if each.name.lower().replace("_", "-") == language.lower()), None)
    return found.key.line if found else None


def _at(root: Node, path: str) -> Node | None:
    node: Node | None = root
    for key in path.split("."):
        node = child(node, key)
    return node


def _scalars(node: Node) -> Iterator[Node]:
    if node.is_scalar:
        yield node
    for item in node.items:
        yield from _scalars(item)
    for entry in node.entries:
        yield from _scalars(entry.value)


def _telling(value: object) -> set[str]:
    """Words by which a value is found again in its file."""
    if isinstance(value, str):
        return {value}
    parts = (
        getattr(value, name, None) for name in ("version", "released_on", "name", "programme", "email", "url")
    )
    # What a file calls the version of something needed is not what identifies it.
    names = [str(part) for part in parts if part]
    return set(names if not hasattr(value, "optional") else [getattr(value, "name", "")])
