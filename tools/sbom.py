"""`make sbom`: what Allmende is made of, as a CycloneDX file (1.6, JSON) from what is pinned and hashed.

Nothing is asked outside: versions and hashes are those of `requirements/` and `package-lock.json`, licences those that
the installed packages name. The same pins give the same file, byte by byte.
"""

import base64
import json
import re
import tomllib
import uuid
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from tools.steps import CHECKOUT, VAR, main, say

TARGET = VAR / "sbom.cdx.json"
_PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# What packages from before PEP 639 say, and its name in the list of SPDX; what is missing stands as it was written.
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}

_SPDX = frozenset({*_CLASSIFIERS.values(), "0BSD", "BSD-2-Clause", "BSD-3-Clause"})

Component = dict[str, Any]
Licences = list[dict[str, Any]]


def bill(checkout: Path, site_packages: Path) -> dict[str, Any]:
    """Everything, in CycloneDX's own shape; `site_packages` is where the packages lie whose licences are told."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python, asked_by = _python(checkout / "requirements", _licences(site_packages))
    components = sorted(
        [*python.values(), *_node(checkout / "package-lock.json")], key=lambda each: each["bom-ref"]
    )
    root = {
        "type": "application",
        "bom-ref": "allmende",
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"expression": project["license"]}],
    }
    told = {
        "metadata": {"component": root},
        "components": components,
        "dependencies": _edges(python, asked_by),
    }
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(told, sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
    } | told


def _python(folder: Path, licences: dict[str, Licences]) -> tuple[dict[str, Component], dict[str, set[str]]]:
    """Package → component, and package → who asks for it. What `run.txt` names is delivered, the rest is a tool."""
    found: dict[str, Component] = {}
    asked_by: dict[str, set[str]] = {}
    # run.txt first: what stands in it is needed, wherever else it stands as well.
    for path in sorted(folder.glob("*.txt"), key=lambda each: (each.stem != "run", each.name)):
        for name, version, block in _blocks(path):
            ref = f"pkg:pypi/{name}@{version}"
            asked_by.setdefault(ref, set()).update(_via(block))
            found.setdefault(
                ref,
                {
                    "type": "library",
                    "bom-ref": ref,
                    "name": name,
                    "version": version,
                    "scope": "required" if path.stem == "run" else "excluded",
                    "purl": ref,
                    "hashes": [{"alg": "SHA-256", "content": each} for each in sorted(_HASH.findall(block))],
                }
                | _named(licences.get(name, [])),
            )
    return found, asked_by


def _blocks(path: Path) -> Iterator[tuple[str, str, str]]:
    """Name, version and lines of each pin."""
    for block in re.split(r"\n(?=[a-z])", path.read_text(encoding="utf-8")):
        if pin := _PIN.match(block):
            yield pin[1], pin[2], block


def _via(block: str) -> list[str]:
    """Who asks for a package: names of packages; Allmende itself is named with the file that says so."""
    line = re.search(r"# via (.+)", block)
    return [re.sub(r" \(.*\)", "", each).strip() for each in line[1].split(",")] if line else []


def _edges(python: dict[str, Component], asked_by: dict[str, set[str]]) -> list[dict[str, Any]]:
    """Who depends on whom, as far as the pins say it. Those of npm are all asked for by tools."""
    refs: dict[str, list[str]] = {"allmende": ["allmende"]}
    for ref, component in python.items():
        refs.setdefault(component["name"], []).append(ref)
    wants: dict[str, set[str]] = {ref: set() for each in refs.values() for ref in each}
    for ref, names in asked_by.items():
        for parent in (parent for name in names for parent in refs.get(name, [])):
            wants[parent].add(ref)
    return [{"ref": ref, "dependsOn": sorted(wanted)} for ref, wanted in sorted(wants.items())]


def _licences(site_packages: Path) -> dict[str, Licences]:
    """What each installed package says of its licence, by its name."""
    found = {}
    for path in sorted(site_packages.glob("*.dist-info/METADATA")):
        head = HeaderParser().parsestr(path.read_text(encoding="utf-8", errors="replace"))
        found[re.sub(r"[-_.]+", "-", str(head["Name"])).lower()] = licences_of(
            head["License-Expression"], head.get_all("Classifier") or [], head["License"]
        )
    return found


def licences_of(expression: str | None, classifiers: list[str], free: str | None) -> Licences:
    """As CycloneDX says it: an expression of SPDX, else names; nothing where a package says nothing short."""
    if expression:
        return [{"expression": expression}]
    if free in _SPDX:
        return [{"license": {"id": free}}]
    named = [
        each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: OSI Approved :: ")
    ]
    if named:
        known = [(_CLASSIFIERS.get(each), each) for each in named]
        return [{"license": {"id": spdx} if spdx else {"name": name}} for spdx, name in known]
    # Some put the whole text there.
    return [{"license": {"name": free}}] if free and len(free) <= 60 and "\n" not in free else []


def _node(lock: Path) -> Iterator[Component]:
    """Packages of npm: the one that we deliver parts of, and tools."""
    seen = set()
    for place, told in json.loads(lock.read_text(encoding="utf-8"))["packages"].items():
        name = place.rpartition("node_modules/")[2]
        ref = f"pkg:npm/{name.replace('@', '%40')}@{told['version']}" if name else ""
        if not ref or ref in seen:
            continue
        seen.add(ref)
        algorithm, _, digest = told["integrity"].partition("-")
        group, _, short = name.rpartition("/")
        yield {
            "type": "library",
            "bom-ref": ref,
            **({"group": group} if group else {}),
            "name": short,
            "version": told["version"],
            "scope": "excluded" if told.get("dev") else "required",
            "purl": ref,
            "hashes": [{"alg": algorithm.replace("sha", "SHA-"), "content": base64.b64decode(digest).hex()}],
        } | _named([{"expression": told["license"]}] if told.get("license") else [])


def _named(licences: Licences) -> dict[str, Licences]:
    return {"licenses": licences} if licences else {}


def _program() -> None:
    site_packages = next((CHECKOUT / ".venv" / "lib").glob("python*/site-packages"))
    told = bill(CHECKOUT, site_packages)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    without = [each["name"] for each in told["components"] if "licenses" not in each]
    say(f"{len(told['components'])} Bestandteile stehen in {TARGET.relative_to(CHECKOUT)} (CycloneDX 1.6).")
    if without:
        say(f"Ohne Angabe einer Lizenz: {', '.join(sorted(set(without)))}")


if __name__ == "__main__":
    main(_program)
