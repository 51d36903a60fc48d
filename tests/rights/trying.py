"""What a try is."""

from collections.abc import Callable
from typing import Any

from tests.rights.house import House

By = dict[str, Any]
"""`by` and `now`, as every action takes them."""
Act = Callable[[House, Any, By], Any]
Prepare = Callable[[House], Any]


class Try:
    """What is prepared with every right there is, and what the actor then does with it."""

    def __init__(self, act: Act, prepare: Prepare = lambda house: None) -> None:
        self.act, self.prepare = act, prepare
