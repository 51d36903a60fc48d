import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.jobs.yard.processes import Yard, new_database


@pytest.fixture
def new_yard(tmp_path: Path) -> Iterator[Callable[[str], Yard]]:
    """Yards by name, each on a fresh database like the suite's; their processes end with the test."""
    with ExitStack() as ends:

        def make(name: str) -> Yard:
            url, remove = new_database(os.environ["ALLMENDE_DATABASE_URL"], tmp_path, name)
            ends.callback(remove)
            yard = Yard(url)
            ends.callback(yard.end)
            yard.migrate()
            return yard

        yield make
