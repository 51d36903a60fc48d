import datetime

import pytest

from tests.exploration.hall import Hall, a_hall
from tests.support.laid import laid


@pytest.fixture
def hall(db: None, now: datetime.datetime) -> Hall:
    """A town with a case that has just begun, and people in every position to it."""
    return laid(("hall", now), lambda: a_hall(now))
