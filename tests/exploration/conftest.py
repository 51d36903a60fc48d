import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.exploration.cast import Cast, a_cast, sent
from tests.exploration.hall import Hall, a_hall, with_plan
from tests.exploration.shelf import Shelf, a_shelf
from tests.support.laid import laid


@pytest.fixture
def hall(db: None, now: datetime.datetime) -> Hall:
    """A town with a case that has just begun, and people in every position to it."""
    return laid(("hall", now), lambda: a_hall(now))


@pytest.fixture
def cast(db: None, now: datetime.datetime) -> Cast:
    """The same town with a questionnaire in work and a short list of three."""
    return laid(("cast", now), lambda: a_cast(a_hall(now)))


@pytest.fixture
def sent_cast(db: None, now: datetime.datetime) -> Cast:
    """The questionnaire has gone out."""
    return laid(("sent cast", now), lambda: sent(a_cast(a_hall(now))))


@pytest.fixture
def shelf(db: None, settings: Any, tmp_path: Path, now: datetime.datetime) -> Shelf:
    """The plan is fixed, and the marketplace has four solutions to show."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    make = lambda: a_shelf(with_plan(a_hall(now)), now)  # noqa: E731
    return laid(("shelf", now), make, folder=tmp_path / "index")
