"""The reader: from the bytes of one file to what we make of it."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from allmende.catalogue.drafts import Reading
from allmende.federation.formats.base import Context
from allmende.federation.formats.publiccode.decision import decide
from allmende.federation.formats.publiccode.mapping import draft_of
from allmende.federation.formats.publiccode.standard import judge
from allmende.federation.formats.yaml_source import read_yaml

_NAMES = frozenset(("publiccode.yml", "publiccode.yaml"))


class Publiccode:
    """publiccode.yml 0 to 0.7.

    Findings of severity error and warning are the standard's, as its reference parser gives them; info is ours.
    `context.profile` may hold `siblings`: a function from a path relative to the file to bytes or None. Then logos and
    the list of authors are looked up; without it only their names are checked.
    """

    code = "publiccode"
    label = "publiccode.yml"
    version = 2

    def profile_problems(self, profile: Mapping[str, Any]) -> tuple[str, ...]:
        return ()

    def wants(self, path: str, context: Context) -> bool:
        """`publiccode.yml` in any folder and any case, and names that end so (`shop.publiccode.yml`)."""
        name = PurePosixPath(path).name.lower()
        return name in _NAMES or name.endswith(("publiccode.yml", "publiccode.yaml"))

    def read(self, content: bytes, *, path: str, context: Context) -> Reading:
        """Read one file; never raises for what it holds. Bounded in time and memory by the YAML reader."""
        source = read_yaml(content)
        verdict = judge(source, context.profile.get("siblings"))
        decision = decide(source.root, verdict.report)
        if decision.identity is None or source.root is None:
            return Reading(
                decision="quarantine",
                findings=verdict.report.all(),
                reasons=decision.reasons,
                standard_valid=verdict.is_valid,
                standard_version=verdict.version,
            )
        draft = draft_of(source.root, decision.identity, context, verdict.report)
        findings = verdict.report.all()
        is_clean = all(finding.severity == "info" for finding in findings)
        return Reading(
            decision="publish" if is_clean else "publish_with_warnings",
            draft=draft,
            findings=findings,
            standard_valid=verdict.is_valid,
            standard_version=verdict.version,
        )


PUBLICCODE = Publiccode()
