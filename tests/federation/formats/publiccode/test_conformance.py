"""The reference parser's own cases, where they lie beside the checkout: verdict and keys have to agree, all of them."""

import json
from collections.abc import Callable
from pathlib import Path

from allmende.federation.formats.publiccode.standard import judge
from allmende.federation.formats.yaml_source import read_yaml


def _beside(case: Path) -> Callable[[str], bytes | None]:
    def content(name: str) -> bytes | None:
        path = case.parent / name
        return path.read_bytes() if path.is_file() else None

    return content


def test_all_cases_agree_in_verdict_error_keys_and_warning_keys(shared_data: Path) -> None:
    folder = shared_data / "publiccode-conformance"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"]
    asked = {name: case for name, case in expected.items() if not case.get("needs_network")}
    disagreed = []
    for name, case in asked.items():
        siblings = _beside(folder / name) if case.get("local_files") else None
        verdict = judge(read_yaml((folder / name).read_bytes()), siblings)
        found = verdict.report.all()
        ours = (
            verdict.is_valid,
            {finding.key for finding in found if finding.severity == "error"},
            {finding.key for finding in found if finding.severity == "warning"},
        )
        theirs = (case["valid"], set(case.get("error_keys", ())), set(case.get("warning_keys", ())))
        if ours != theirs:
            disagreed.append((name, theirs, ours))
    print(f"conformance: {len(asked) - len(disagreed)}/{len(asked)} agreed")
    assert disagreed == []


def test_the_places_agree_where_the_reference_parser_gives_any(shared_data: Path) -> None:
    folder = shared_data / "publiccode-conformance"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"]
    missing = []
    for name, case in expected.items():
        found = {
            (f.key, f.line, f.column) for f in judge(read_yaml((folder / name).read_bytes())).report.all()
        }
        for result in case.get("results", ()):
            place = (result["key"], result["line"], result["column"])
            # Mistakes of type come with column 1 there, with the true column here.
            is_asked = result["message"] != "wrong type for this field" and not case.get("local_files")
            if is_asked and not case.get("needs_network") and place not in found:
                missing.append((name, place))
    assert missing == []
