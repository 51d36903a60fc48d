"""The whole demo story behind a real web server, for journeys that need a full house.

Telling the story takes half a minute, so it is told once per state of the sources and copied for each process.
"""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.databases import SqliteStore, locked
from tests.support.environment import CACHE_DIR, CHECKOUT, LEXICON
from tools.demo import DATABASE_STEPS

_NOT_PART_OF_THE_STORY = {".html", ".css", ".js", ".svg", ".pyc"}


def _state_of_sources() -> str:
    digest = hashlib.sha256()
    files = (path for path in (CHECKOUT / "src" / "allmende").rglob("*") if path.is_file())
    for path in sorted(path for path in files if path.suffix not in _NOT_PART_OF_THE_STORY):
        digest.update(path.relative_to(CHECKOUT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _environment(folder: Path, address: str = "http://localhost") -> dict[str, str]:
    return os.environ | {
        "ALLMENDE_DEMO": "1",
        "ALLMENDE_DATA_DIR": str(folder),
        "ALLMENDE_DATABASE_URL": f"sqlite:///{folder / 'allmende.sqlite3'}",
        "ALLMENDE_SITE_URL": address,
        # Only what the project itself ships: the same on every machine.
        "ALLMENDE_SHARED_DATA": "",
    }


# One process for all commands: starting Django takes as long as half of them. Passwords cost a thousandth, as in
# `conftest.py`.
_TELLER = """
import json, sys, django
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
django.setup()
PBKDF2PasswordHasher.iterations = 1_000
for command in json.loads(sys.argv[1]):
    print("allmende", *command, flush=True)
    call_command(*command)
"""


def _tell(folder: Path) -> None:
    """The steps of `make demo` after the tables, on a copy of the migrated template."""
    folder.mkdir(parents=True)
    (folder / "lexicon").symlink_to(LEXICON)
    store = SqliteStore(f"sqlite:///{folder / 'allmende.sqlite3'}")
    store.create()
    commands = [command for name, _, several, _ in DATABASE_STEPS if name != "tables" for command in several]
    done = subprocess.run(
        [sys.executable, "-c", _TELLER, json.dumps(commands)],
        env=_environment(folder),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{done.stdout}{done.stderr}", pytrace=False)


def _story() -> Path:
    """The folder of the told story; told now if the sources have changed."""
    folder = CACHE_DIR / f"demo-{_state_of_sources()}"
    with locked(CACHE_DIR / "demo.lock"):
        if not folder.exists():
            for old in CACHE_DIR.glob("demo-*"):
                shutil.rmtree(old)
            half_done = CACHE_DIR / "demo-part"
            _tell(half_done)
            half_done.rename(folder)
    return folder


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    program = [
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "wsgi",
        "--no-ws",
        "--port",
        str(port),
    ]
    with (folder / "web.log").open("wb") as log:
        server = subprocess.Popen(
            [*program, "allmende.config.wsgi:application"],
            env=_environment(folder, address),
            cwd=CHECKOUT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(address, server, folder / "web.log")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=10).close()
            return
        except urllib.error.HTTPError:
            return  # an answer all the same; the journey says what it thinks of it
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    pytest.fail(f"The demo's web server does not answer:\n{log.read_text(errors='replace')}", pytrace=False)


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo story: `new_page(base_url=demo_site)`.

    One copy per process: read it, or write only what no other journey reads.
    """
    folder = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(_story(), folder, symlinks=True)
    for cut in ("fonts", "kern-cut"):
        if (CHECKOUT / "var" / cut).is_dir():
            (folder / cut).symlink_to(CHECKOUT / "var" / cut)
    with _served(folder) as address:
        yield address
