"""People who sign in and write at the same time, against a real server; `benchmarks/sign_ins.py` has 200 of them."""

import os
from pathlib import Path

import pytest

from benchmarks.support import visitors
from tests.support.databases import store_for
from tests.support.environment import own_database

PEOPLE = 40


@pytest.mark.slow
def test_forty_people_sign_in_and_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    server = os.environ.get("ALLMENDE_TEST_SERVER", "")
    address = own_database(server, tmp_path)
    store = store_for(f"{address}_load" if server else address)
    store.create()
    surroundings = os.environ | {
        "ALLMENDE_DATA_DIR": str(tmp_path),
        "ALLMENDE_DATABASE_URL": f"{address}_load" if server else address,
        "ALLMENDE_HOSTS": "127.0.0.1,localhost",
        # Hashed file names need files that were collected; these pages are looked at by nobody.
        "ALLMENDE_DEBUG": "1",
    }
    try:
        load = visitors.run(PEOPLE, tmp_path, surroundings)
    finally:
        store.remove()
    assert (load.faults, load.lost) == ([], [])
    assert len(load.seconds["sign in"]) == PEOPLE
