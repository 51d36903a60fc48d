"""The environment of a test process: a data directory and a database of its own, whatever the shell says.

Prepared by `tests/conftest.py`, first thing, before anything reads Django's settings. Programs that a test starts
inherit it, so they work on the same database and the same files as the test does.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

CHECKOUT = Path(__file__).resolve().parent.parent.parent
CACHE_DIR = CHECKOUT / "var" / "test"
"""What one run leaves for the next: migrated templates. Safe to delete."""

LEXICON = CACHE_DIR / "lexicon"
"""The compiled dictionary. Compiling takes seconds; its file is named by what is in it, so runs may share it."""

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "one")

_KEPT = ("ALLMENDE_TEST_", "ALLMENDE_SHARED_DATA", "ALLMENDE_REQUIRE_SHARED", "ALLMENDE_CHROMIUM")


def own_database(server: str, worker_dir: Path) -> str:
    """The address of this process' database: a file of its own, or a database of its own on the given server."""
    if not server:
        return f"sqlite:///{worker_dir / 'test.sqlite3'}"
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/allmende_test_{WORKER}_{os.getpid()}"))


def prepare() -> None:
    """Set the environment, once per process; the data directory vanishes with the process."""
    data_dir = Path(tempfile.mkdtemp(prefix=f"allmende-test-{WORKER}-"))
    owner = os.getpid()  # a forked child must not remove what its parent still uses
    atexit.register(lambda: os.getpid() == owner and shutil.rmtree(data_dir, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith("ALLMENDE_") and not name.startswith(_KEPT)]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="allmende.config.settings",
        ALLMENDE_DATA_DIR=str(data_dir),
        ALLMENDE_SECRET_KEY="only-for-tests-and-known-to-everyone-who-reads-this-line",
        ALLMENDE_DATABASE_URL=own_database(os.environ.get("ALLMENDE_TEST_SERVER", ""), data_dir),
        # Few tests ask for meaning, and those say so; loading a model takes longer than most of them.
        ALLMENDE_EMBEDDINGS="none",
        PYTHONPATH=os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)]),
        # Playwright's synchronous interface keeps an event loop in this thread; Django would refuse its database.
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    (data_dir / "static").mkdir()  # WhiteNoise warns where it is missing
    LEXICON.mkdir(parents=True, exist_ok=True)
    (data_dir / "lexicon").symlink_to(LEXICON)
    for cut in (CHECKOUT / "var" / "fonts", CHECKOUT / "var" / "kern-cut"):
        if cut.is_dir():
            (data_dir / cut.name).symlink_to(cut)
