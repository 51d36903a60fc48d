import datetime

import pytest

from tests.exploration.cast import Cast, a_cast, sent
from tests.exploration.hall import Hall, a_hall
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
