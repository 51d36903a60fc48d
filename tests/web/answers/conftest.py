import datetime

import pytest

from tests.exploration.cast import Cast, a_cast, sent
from tests.exploration.hall import a_hall
from tests.support.laid import laid


@pytest.fixture
def cast(db: None, now: datetime.datetime) -> Cast:
    """A questionnaire has gone out, this very day: pages go by the clock of the machine."""
    today = datetime.datetime.now(datetime.UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    return laid(("sent today", today), lambda: sent(a_cast(a_hall(today), today=True)))
