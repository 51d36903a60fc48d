"""`make demo`: set everything up, tell the demo story, start web server and worker; Ctrl-C stops all of it.

What has not changed since the last time is left out, so a second start takes seconds. The steps on the database form a
chain: when one is done again, so are those after it; all of them are safe to repeat.
"""

import os
import socket
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from tools import setup
from tools.children import Children
from tools.serve import WORKERS, web_server, worker
from tools.steps import CHECKOUT, LOGS, PYTHON, STAMPS, VAR, Stop, Words, fingerprint, main, run, say, step

SOURCE = CHECKOUT / "src" / "allmende"
DATABASE = VAR / "allmende.sqlite3"
LOGINS = VAR / "demo-logins.txt"
PORT = int(port) if (port := os.environ.get("PORT", "")).isdigit() else 8000
ADDRESS = f"http://localhost:{PORT}"
SHARED = Path(os.environ.get("ALLMENDE_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")

ENVIRONMENT = {
    "ALLMENDE_DEMO": "1",
    "ALLMENDE_DATA_DIR": str(VAR),
    "ALLMENDE_DATABASE_URL": f"sqlite:///{DATABASE}",
    "ALLMENDE_SITE_URL": ADDRESS,
    **({"ALLMENDE_SHARED_DATA": str(SHARED)} if SHARED.is_dir() else {}),
}
ALLMENDE: Words = [PYTHON, "-m", "allmende.config.cli"]


def check_port() -> None:
    """Say that the port is taken before anything else is done."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError as error:
            raise Stop(
                f"Der Port {PORT} ist belegt; vielleicht läuft die Demo schon. "
                f"Beenden Sie das andere Programm, oder nehmen Sie einen anderen Port: make demo PORT={PORT + 1}"
            ) from error


def build_database() -> None:
    """Tables, reference data, the story, the index: each when it, or one before it, has changed."""
    if not DATABASE.exists():
        for stamp in STAMPS.glob("data-*"):
            stamp.unlink()
    mark = ""
    for name, what, arguments, sources in DATABASE_STEPS:
        mark = fingerprint(sources, mark, f"real files: {SHARED.is_dir()}")
        step(f"data-{name}", what, mark, partial(_allmende, arguments, name), made=DATABASE)


def _allmende(commands: list[list[str]], log: str) -> None:
    for command in commands:
        run([*ALLMENDE, *command], log=log, env=ENVIRONMENT)


DATABASE_STEPS: list[tuple[str, str, list[list[str]], list[Path]]] = [
    (
        "tables",
        "Datenbank anlegen",
        [["migrate", "--verbosity=1"], ["createcachetable"]],
        [
            *SOURCE.glob("*/migrations/*.py"),
            SOURCE / "config" / "settings.py",
            setup.REQUIREMENTS / "run.txt",
        ],
    ),
    ("vocabulary", "Begriffe laden", [["load_vocabulary"]], [SOURCE / "vocabulary"]),
    ("rules", "Vergaberegeln laden", [["load_procurement_rules"]], [SOURCE / "procurement"]),
    ("regions", "Länder, Kreise und Gemeinden laden", [["load_regions"]], [SOURCE / "regions"]),
    (
        "story",
        "Demo-Geschichte erzählen, erste Ernte",
        [["demo"]],
        [SOURCE / "demo", SOURCE / "federation"],
    ),
    ("pages", "Feste Seiten anlegen", [["ensure_pages"]], [SOURCE / "web" / "pages"]),
    ("index", "Suchindex bauen", [["index", "rebuild"]], [SOURCE / "search", SOURCE / "retrieval"]),
]


def _answers() -> bool:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        raise Stop(
            f"Die Startseite antwortet mit {error.code}. Das Protokoll steht in var/log/web.log."
        ) from error
    except OSError:
        return False


def _greeting(seconds: float) -> str:
    logins = LOGINS.read_text(encoding="utf-8").strip() if LOGINS.exists() else ""
    lines = [
        "",
        f"Allmende läuft: {ADDRESS}",
        *(["", logins] if logins else []),
        "",
        "Befehle an diese Demo: ALLMENDE_DEMO=1 .venv/bin/allmende help",
        f"Bereit nach {seconds:.0f} Sekunden. Ctrl-C beendet alles.",
    ]
    return "\n".join(lines)


def _program() -> None:
    started = time.monotonic()
    setup.check_python()
    check_port()
    say("Allmende wird eingerichtet.")
    setup.prepare("build")
    build_database()
    LOGS.mkdir(parents=True, exist_ok=True)
    check_port()
    with Children(ENVIRONMENT) as children:
        web = web_server(host="127.0.0.1", port=str(PORT), workers="1")
        children.start("Der Webserver", web, LOGS / "web.log")
        for name, queues in WORKERS.items():
            children.start(name, worker(queues), LOGS / f"worker-{queues.split(',')[0]}.log")
        if children.wait_until(_answers, seconds=60, what="Der Webserver"):
            say(_greeting(time.monotonic() - started))
            children.watch()
        say("\nAllmende wird angehalten.")


if __name__ == "__main__":
    main(_program)
