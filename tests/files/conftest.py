from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.files.clamd import Clamd, running


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """An empty place for files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    """A scanner that the settings name."""
    with running() as server:
        settings.CLAMD = server.address
        yield server
