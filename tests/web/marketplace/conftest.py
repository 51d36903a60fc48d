"""The market, open, with an index of its own."""

import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.factories.market import Market, open_market


@pytest.fixture
def own_index(settings: Any, tmp_path: Path) -> Path:
    """An index of this test alone."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return tmp_path / "index"


@pytest.fixture
def market(db: None, own_index: Path, settings: Any, now: datetime.datetime) -> Market:
    """Three solutions, two towns, two providers; see `tests/factories/market.py`."""
    settings.DEMO = True
    return open_market(now)
