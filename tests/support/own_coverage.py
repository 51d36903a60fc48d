"""What covers a package are its own tests.

Tests of pages, of rights and of the story go through everything and ask about something else: what only they have run
has not been tested where it decides. Following every line also costs them most of their time, so they go without.
"""

from collections.abc import Generator
from typing import Any

import pytest

from tests.support.environment import CHECKOUT

ABOUT_SOMETHING_ELSE = tuple(CHECKOUT / "tests" / name for name in ("web", "rights", "journeys", "demo"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    plugin = item.config.pluginmanager.getplugin("_cov")
    coverage = plugin.cov_controller.cov if plugin and plugin.cov_controller else None
    if coverage is None or not any(item.path.is_relative_to(folder) for folder in ABOUT_SOMETHING_ELSE):
        return (yield)
    coverage.stop()
    try:
        return (yield)
    finally:
        coverage.start()
