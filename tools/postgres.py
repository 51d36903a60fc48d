"""A PostgreSQL of one's own for the length of a test run: in a temporary directory, on a free port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.children import die_with_parent
from tools.steps import Stop, Words

HOW_TO_GET_IT = "sudo apt-get install postgresql"
_FAST = {
    # The data of a test run is worth nothing after it.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "autovacuum": "off",
}


def find() -> Path | None:
    """The directory of PostgreSQL's programs: of the PATH, else the newest that Debian keeps beside it."""
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


def _owner() -> tuple[str, int, int] | None:
    """Name, user and group id to run as; None for ourselves. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return name, entry.pw_uid, entry.pw_gid
    raise Stop("PostgreSQL läuft nicht als root, und es gibt keinen Benutzer „postgres“ oder „nobody“.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Start a server and give its address (`postgresql://…/postgres`); stop it and remove its files at the end."""
    owner = _owner()
    user = {"user": owner[1], "group": owner[2], "extra_groups": []} if owner else {}
    with tempfile.TemporaryDirectory(prefix="allmende-pg-") as name:
        home = Path(name)
        home.chmod(0o755)
        data = home / "data"
        data.mkdir(mode=0o700)
        if owner:
            os.chown(home, owner[1], owner[2])
            os.chown(data, owner[1], owner[2])
        initdb: Words = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "allmende",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]
        _call([*initdb, "--locale=C.UTF-8"], home, user)
        port = _free_port()
        server = _start(programs, data, port, home, user)
        try:
            _wait(programs, port, server, home)
            yield f"postgresql://allmende@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _call(command: list[str | Path], home: Path, user: dict[str, object]) -> None:
    done = subprocess.run(  # type: ignore[call-overload]  # `user` holds what Popen calls user and group
        [str(part) for part in command], cwd=home, capture_output=True, text=True, check=False, **user
    )
    if done.returncode:
        raise Stop(f"{done.stdout}{done.stderr}\nPostgreSQL lässt sich nicht anlegen.")


def _start(
    programs: Path, data: Path, port: int, home: Path, user: dict[str, object]
) -> subprocess.Popen[bytes]:
    options = [part for name, value in _FAST.items() for part in ("-c", f"{name}={value}")]
    command = [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", home, *options]
    with (home / "log").open("wb") as log:
        server: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]  # as above
            [str(part) for part in command],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us, and we stop it in good order
            preexec_fn=die_with_parent,  # noqa: PLW1509 - we have one thread
            **user,
        )
    return server


def _wait(programs: Path, port: int, server: subprocess.Popen[bytes], home: Path) -> None:
    for _ in range(300):
        ready = [programs / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        if subprocess.run([str(part) for part in ready], capture_output=True, check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise Stop(f"{(home / 'log').read_text(errors='replace')}\nPostgreSQL startet nicht.")
