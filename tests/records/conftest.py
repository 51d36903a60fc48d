from datetime import datetime
from pathlib import Path

import pytest

from allmende.lib.signing import Signer
from allmende.records import keys


@pytest.fixture(autouse=True)
def _own_keys(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.RECORD_KEYS_DIR = tmp_path / "record-keys"


@pytest.fixture
def signer(now: datetime) -> Signer:
    return keys.signer(now=now)
