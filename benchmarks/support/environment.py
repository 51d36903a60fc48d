"""The surroundings of a measurement: settings as in production, a data directory with a generated catalogue.

The catalogue is kept under var/bench for the next run and made anew when what it is made from has changed. The number
of solutions can be set for a quick look (`ALLMENDE_BENCH_SOLUTIONS=1000`); bars are meant for 20,000.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.steps import CHECKOUT, PYTHON, VAR, fingerprint

SOLUTIONS = int(os.environ.get("ALLMENDE_BENCH_SOLUTIONS", "20000"))
HOME = VAR / "bench"
_SOURCE = CHECKOUT / "src" / "allmende"
_SECRET = "only-for-measurements-and-known-to-everyone-who-reads-this-line"


def environment(data_dir: Path) -> dict[str, str]:
    """The environment of a process that works on that directory, with nothing of the shell's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALLMENDE_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "allmende.config.settings",
        "ALLMENDE_DATA_DIR": str(data_dir),
        "ALLMENDE_DATABASE_URL": f"sqlite:///{data_dir / 'allmende.sqlite3'}",
        "ALLMENDE_SECRET_KEY": _SECRET,
        "ALLMENDE_HOSTS": "127.0.0.1,localhost",
        "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)]),
    }


def enter(data_dir: Path) -> None:
    """Make this process work on that directory. Before anything of Django is used."""
    for name in [name for name in os.environ if name.startswith("ALLMENDE_")]:
        del os.environ[name]
    os.environ.update(environment(data_dir))
    import django

    django.setup()


def catalogue(solutions: int = SOLUTIONS) -> Path:
    """A data directory with database, index and collected static files; says how long each took."""
    data_dir = HOME / f"catalogue-{solutions}"
    data_dir.mkdir(parents=True, exist_ok=True)
    for cut in ("fonts", "kern-cut"):
        if not (data_dir / cut).is_symlink():
            (data_dir / cut).symlink_to(VAR / cut)
    database = data_dir / "allmende.sqlite3"
    made = _once(
        data_dir, "database", _database_mark(solutions), database, lambda: _write(data_dir, solutions)
    )
    _once(
        data_dir,
        "index",
        _index_mark(made),
        data_dir / "index",
        lambda: _allmende(data_dir, "index", "rebuild"),
    )
    _once(data_dir, "static", _static_mark(), data_dir / "static", lambda: _collect(data_dir))
    return data_dir


@contextmanager
def copy_of(data_dir: Path) -> Iterator[Path]:
    """A copy that may be written to and vanishes afterwards."""
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as folder:
        target = Path(folder) / "data"
        shutil.copytree(data_dir, target, symlinks=True, ignore=shutil.ignore_patterns("static"))
        (target / "static").symlink_to(data_dir / "static")
        yield target


def _once(data_dir: Path, what: str, mark: str, product: Path, make) -> str:  # type: ignore[no-untyped-def]
    stamp = data_dir / f"{what}.mark"
    if stamp.exists() and stamp.read_text() == mark and product.exists():
        return mark
    stamp.unlink(missing_ok=True)
    started = time.monotonic()
    make()
    stamp.write_text(mark)
    print(f"{what} made in {time.monotonic() - started:.1f} s ({data_dir.relative_to(CHECKOUT)})", flush=True)
    return mark


def _database_mark(solutions: int) -> str:
    here = Path(__file__).parent
    sources = [here / "catalogue.py", here / "words.py", *_SOURCE.glob("*/migrations/*.py")]
    return fingerprint(
        [*sources, _SOURCE / "vocabulary" / "data", _SOURCE / "regions" / "data"], str(solutions)
    )


def _index_mark(database: str) -> str:
    sources = [_SOURCE / "retrieval" / f"{module}.py" for module in ("documents", "schema", "text")]
    sources += [_SOURCE / "search" / f"{module}.py" for module in ("definition", "solutions")]
    return fingerprint(sources, database)


def _static_mark() -> str:
    sources = [*_SOURCE.glob("web/**/static"), VAR / "fonts", VAR / "kern-cut"]
    return fingerprint([*sources, CHECKOUT / "package-lock.json"])


def _write(data_dir: Path, solutions: int) -> None:
    for old in data_dir.glob("allmende.sqlite3*"):
        old.unlink()
    _run(data_dir, "benchmarks.support.catalogue", str(solutions))


def _collect(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "static", ignore_errors=True)
    _allmende(data_dir, "collectstatic", "--noinput", "--verbosity=0")


def _allmende(data_dir: Path, *words: str) -> None:
    _run(data_dir, "allmende.config.cli", *words)


def _run(data_dir: Path, *words: str) -> None:
    subprocess.run(
        [str(PYTHON), "-m", *words],
        cwd=CHECKOUT,
        env=environment(data_dir),
        check=True,
        stdout=subprocess.DEVNULL,
    )
