"""`make check`: every linter and contract, all of them even if one fails; what failed is shown in full."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools import setup, words
from tools.steps import CHECKOUT, PYTHON, VAR, Stop, main, say

_BIN = CHECKOUT / ".venv" / "bin"
_ALLMENDE = [str(PYTHON), "-m", "allmende.config.cli"]
_SETTINGS = {
    "ALLMENDE_DATA_DIR": str(VAR / "check"),
    "ALLMENDE_SECRET_KEY": "only-for-checks-and-known-to-everyone-who-reads-this-line",
    "ALLMENDE_DATABASE_URL": f"sqlite:///{VAR / 'check' / 'none.sqlite3'}",
}
_IN_PRODUCTION = {
    "ALLMENDE_HOSTS": "allmende.example",
    "ALLMENDE_SITE_URL": "https://allmende.example",
    "ALLMENDE_BEHIND_PROXY": "1",
    "ALLMENDE_SMTP_HOST": "mail.allmende.example",
    "ALLMENDE_EMAIL_FROM": "allmende@stadt.invalid",
    "ALLMENDE_LETTER_SENDER": "Geschäftsstelle|Am Markt 1|00101 Beispielstadt",
    "ALLMENDE_LETTER_PHONE": "00000 0000",
    "ALLMENDE_LETTER_REPLY_TO": "post@stadt.invalid",
}

Outcome = tuple[int, str]


def program(*command: str | Path, **environment: str) -> Callable[[], Outcome]:
    """A check that is a program: its exit code and what it printed."""

    def check() -> Outcome:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=CHECKOUT,
            env=kept | _SETTINGS | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return check


def no_forbidden_words() -> Outcome:
    found = words.forbidden(words.tracked())
    return bool(found), "\n".join(found)


def templates() -> Outcome:
    """djlint says nothing useful where there is no template."""
    if not any((CHECKOUT / "src").rglob("*.html")):
        return 0, ""
    return program(_BIN / "djlint", "src", "--lint", "--quiet")()


CHECKS: dict[str, Callable[[], Outcome]] = {
    "Regeln für Code (ruff)": program(_BIN / "ruff", "check", "--quiet", "."),
    "Form des Codes (ruff)": program(_BIN / "ruff", "format", "--check", "--quiet", "--diff", "."),
    "Ordnung der Pakete (import-linter)": program(_BIN / "lint-imports", "--no-logo"),
    "Typen (mypy)": program(_BIN / "mypy", "--no-error-summary"),
    "Vorlagen (djlint)": templates,
    "Lizenzen (reuse)": program(_BIN / "reuse", "lint", "--lines"),
    "Migrationen vollständig": program(*_ALLMENDE, "makemigrations", "--check", "--dry-run"),
    "Einstellungen für den Betrieb": program(
        *_ALLMENDE, "check", "--deploy", "--fail-level=WARNING", **_IN_PRODUCTION
    ),
    "Keine Pfade und Paketserver": no_forbidden_words,
}


def _program() -> None:
    setup.prepare("test")
    (VAR / "check").mkdir(parents=True, exist_ok=True)
    failed = []
    for name, check in CHECKS.items():
        started = time.monotonic()
        code, output = check()
        seconds = f"{time.monotonic() - started:.1f} s".replace(".", ",")
        say(f"  {'gut  ' if code == 0 else 'FALSCH'} {name} ({seconds})")
        if code:
            failed.append(name)
            say(output.rstrip())
    if failed:
        raise Stop(f"Nicht in Ordnung: {', '.join(failed)}.")
    say("Alles ist in Ordnung.")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(_program)
