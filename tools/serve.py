"""`make run`: web server and worker with the settings of the environment, as in production.

Refuses with a sentence where a setting is missing or the database is not up to date; see docs/reference/settings.md.
"""

import os

from tools import setup
from tools.children import Children
from tools.steps import CHECKOUT, PYTHON, Stop, Words, fingerprint, main, run, say, step

ALLMENDE: Words = [PYTHON, "-m", "allmende.config.cli"]
# Two, so that neither a long harvest nor the reckoning of meanings holds up the index and with it what people find.
WORKERS = {"Der Arbeiter": "default,index", "Der Erntearbeiter": "harvest,meaning"}
_NEEDED = {
    "ALLMENDE_SECRET_KEY": "ein geheimer Schlüssel aus mindestens 50 Zeichen",
    "ALLMENDE_HOSTS": "die Namen, unter denen der Server erreicht wird, mit Komma getrennt",
    "ALLMENDE_SITE_URL": "die öffentliche Adresse, zum Beispiel https://allmende.example",
    "ALLMENDE_DATABASE_URL": "die Adresse der Datenbank, zum Beispiel postgresql://allmende@localhost/allmende",
}


def web_server(*, host: str, port: str, workers: str) -> Words:
    """How to call the web server. Four threads a process: one page keeps one core busy, the others wait for clients."""
    options = ["--interface", "wsgi", "--no-ws", "--blocking-threads", "4", "--host", host, "--port", port]
    program = CHECKOUT / ".venv" / "bin" / "granian"
    return [program, *options, "--workers", workers, "allmende.config.wsgi:application"]


def worker(queues: str) -> Words:
    """How to call a worker. Nobody waits for one that does not index: it leaves the processor to the others."""
    command: Words = [*ALLMENDE, "worker", "--queues", queues]
    return command if "index" in queues else [*command, "--gently"]


def check_environment() -> None:
    """Every missing setting in one go, so that nobody has to start five times."""
    missing = [f"  {name}: {meaning}" for name, meaning in _NEEDED.items() if not os.environ.get(name)]
    if missing:
        lines = "\n".join(missing)
        raise Stop(
            f"Für den Betrieb fehlen Einstellungen in der Umgebung:\n{lines}\nMehr: docs/reference/settings.md"
        )
    if len(os.environ["ALLMENDE_SECRET_KEY"]) < 50:
        raise Stop("ALLMENDE_SECRET_KEY ist zu kurz: Nehmen Sie mindestens 50 zufällige Zeichen.")
    if os.environ.get("ALLMENDE_DEMO") or os.environ.get("ALLMENDE_DEBUG"):
        raise Stop("ALLMENDE_DEMO und ALLMENDE_DEBUG gehören nicht in den Betrieb. Entfernen Sie beide.")


def check_database() -> None:
    trouble = "Die Datenbank ist nicht auf dem Stand des Programms. Sichern Sie sie, dann: .venv/bin/allmende migrate"
    run([*ALLMENDE, "migrate", "--check"], log="datenbank", trouble=trouble)


def collect_static() -> None:
    """Static files, compressed and named by content; takes a while, so only when they changed."""
    sources = [*(CHECKOUT / "src" / "allmende" / "web").glob("**/static"), CHECKOUT / "package-lock.json"]
    mark = fingerprint([*sources, setup.REQUIREMENTS / "run.txt", CHECKOUT / "tools" / "fonts.py"])
    command = [*ALLMENDE, "collectstatic", "--noinput", "--verbosity=0"]
    step("static", "Statische Dateien verdichten", mark, lambda: run(command, log="static"))


def _program() -> None:
    check_environment()
    setup.prepare("build")
    check_database()
    collect_static()
    host, port = os.environ.get("ALLMENDE_LISTEN", "127.0.0.1:8000").rsplit(":", 1)
    workers = os.environ.get("ALLMENDE_WEB_WORKERS", str(min(4, os.cpu_count() or 1)))
    with Children({}) as children:
        children.start("Der Webserver", web_server(host=host, port=port, workers=workers))
        for name, queues in WORKERS.items():
            children.start(name, worker(queues))
        say(f"Allmende läuft auf {host}:{port}. Ctrl-C beendet alles.")
        children.watch()


if __name__ == "__main__":
    main(_program)
