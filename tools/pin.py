"""`make pin`: write down exact versions and hashes of everything, one file per purpose.

Versions that are pinned already stay unless a dependency asks for more; `make pin UPGRADE=1` takes the newest.
The files name no host and no machine: everyone installs from the index that is set up on their machine.
"""

import os
import sys
from pathlib import Path

from tools import words
from tools.setup import REQUIREMENTS
from tools.steps import CHECKOUT, Stop, main, run, say

_UV = CHECKOUT / ".venv" / "bin" / "uv"
_COMMON = [
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--annotation-style=line",
]
_HEADER = "# Made by `make pin` from pyproject.toml; do not edit.\n"


def compile_file(name: str, inputs: list[str], *, beside: str | None = None) -> None:
    """Write `requirements/<name>.txt`; `beside` names the file whose versions it has to share."""
    target = REQUIREMENTS / f"{name}.txt"
    limits = ["--constraint", str(REQUIREMENTS / f"{beside}.txt")] if beside else []
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") and not beside else []
    run([_UV, *_COMMON, *limits, *upgrade, *inputs, "--output-file", target], log=f"pin-{name}")
    target.write_text(_HEADER + without_places(target.read_text(encoding="utf-8")), encoding="utf-8")
    say(f"  requirements/{name}.txt: {count(target)} Pakete")


def without_places(text: str) -> str:
    """Annotations say which package asks for another; which file limits it, and where it lies, is nobody's business."""
    kept = []
    for line in text.replace(f"{CHECKOUT}/", "").splitlines():
        before, via, names = line.partition("# via ")
        if via:
            packages = [name for name in names.split(", ") if name and not name.startswith("-")]
            line = f"{before}{via}{', '.join(packages)}" if packages else ""
        kept.append(line)
    return "".join(f"{line}\n" for line in kept if line)


def count(path: Path) -> int:
    return sum("==" in line for line in path.read_text(encoding="utf-8").splitlines())


def _program() -> None:
    if not _UV.exists():
        raise Stop("Es gibt noch keine Umgebung. Geben Sie ein: make setup")
    say("Versionen und Prüfsummen werden festgehalten.")
    compile_file("test", ["pyproject.toml", "--group", "test"])
    compile_file("build", ["pyproject.toml", "--group", "build"], beside="test")
    compile_file("run", ["pyproject.toml"], beside="test")
    uv = CHECKOUT / "var" / "uv.in"
    uv.write_text("uv\n")
    compile_file("uv", [str(uv)], beside="test")
    compile_file("node", ["--group", "node"])
    found = words.forbidden([path.relative_to(CHECKOUT).as_posix() for path in REQUIREMENTS.glob("*.txt")])
    if found:
        raise Stop("\n".join([*found, "Diese Zeilen gehören nicht in die Dateien."]))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(_program)
