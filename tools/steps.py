"""Steps that say what they do, how long it took, and are left out where nothing changed."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"
STAMPS = VAR / "stamps"
LOGS = VAR / "log"
PYTHON = CHECKOUT / ".venv" / "bin" / "python"

_DISK_IS_FULL = "Die Festplatte ist voll. Schaffen Sie Platz und beginnen Sie noch einmal."
_NO_ROOM_BYTES = 20_000_000

_KNOWN_CAUSES = {
    _DISK_IS_FULL: (
        "No space left on device",
        "ENOSPC",
        "disk is full",
    ),
    "Python kann keine Umgebung anlegen. Geben Sie ein: sudo apt-get install python3-venv": (
        "No module named ensurepip",
        "ensurepip is not available",
    ),
    "Der Paketserver ist nicht zu erreichen. Prüfen Sie die Verbindung zum Netz.": (
        "Temporary failure in name resolution",
        "dns error",
        "ENOTFOUND",
        "EAI_AGAIN",
    ),
    "Die Datenbank ist von einem anderen Programm belegt. Beenden Sie es und beginnen Sie noch einmal.": (
        "database is locked",
    ),
    "Eine Datei gehört jemand anderem. Prüfen Sie die Rechte in diesem Verzeichnis.": ("Permission denied",),
}


Words = list[str | Path]
"""A command as it is handed to the system, word by word."""


class Stop(Exception):
    """Cannot go on. The text is a German sentence for the person at the terminal: what is wrong and the way out."""


def say(text: str = "") -> None:
    print(text, flush=True)


def main(program: Callable[[], int | None]) -> None:
    """Run a program; a `Stop` becomes its sentence and exit code 1, Ctrl-C and SIGTERM end quietly."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that whatever was started is stopped
    try:
        sys.exit(program() or 0)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nAbgebrochen.", file=sys.stderr, flush=True)
        sys.exit(130)
    except OSError as error:
        print(f"\n{_cause(str(error)) or f'Das Betriebssystem meldet: {error}'}", file=sys.stderr, flush=True)
        sys.exit(1)


def _cause(output: str) -> str | None:
    """The sentence for a known cause of failure, if the output names one."""
    for sentence, signs in _KNOWN_CAUSES.items():
        if any(sign in output for sign in signs):
            return sentence
    return None


def _full_disk() -> str | None:
    """A full disk swallows the very line that would name it."""
    return _DISK_IS_FULL if shutil.disk_usage(CHECKOUT).free < _NO_ROOM_BYTES else None


def run(
    command: Sequence[str | Path],
    *,
    log: str,
    env: Mapping[str, str] | None = None,
    trouble: str | None = None,
) -> None:
    """Run a program with its output in `var/log/<log>.log`; where it fails, say why, or show its last lines.

    `trouble` is the sentence to say where the output does not name a known cause.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    with path.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=CHECKOUT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode == 0:
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    tail = "\n".join(f"    {line}" for line in text.strip().splitlines()[-12:])
    sentence = _cause(text) or _full_disk() or trouble or f"Der Schritt „{log}“ ist gescheitert."
    raise Stop(f"{tail}\n\n{sentence}\nDas ganze Protokoll steht in {path.relative_to(CHECKOUT)}.")


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """A hash over files (folders: all files in them) and further words."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.exists() and "__pycache__" not in file.parts:
                digest.update(
                    file.relative_to(CHECKOUT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0"
                )
    return digest.hexdigest()


def step(name: str, what: str, mark: str, action: Callable[[], None], *, made: Path | None = None) -> bool:
    """Do one step unless it was done with the same mark and what it made is still there. Whether it was done."""
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == mark and (made is None or made.exists()):
        return False
    print(f"  {what} … ", end="", flush=True)
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    try:
        action()
    except BaseException:
        print("abgebrochen", flush=True)
        raise
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)
    print(f"{time.monotonic() - started:.1f} s".replace(".", ","), flush=True)
    return True
