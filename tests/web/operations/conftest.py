from datetime import datetime

import pytest

from allmende.organisations.models import Organisation


@pytest.fixture
def provider(now: datetime) -> Organisation:
    return Organisation.objects.create(name="Beispiel-Software GmbH", kind="sme", created_at=now)
