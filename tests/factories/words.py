"""The vocabulary that comes with the software, for tests that only need it to be there."""

from datetime import datetime

from allmende.lib.actors import Actor
from allmende.vocabulary import actions
from tests.support.laid import laid


def load(*, by: Actor, now: datetime) -> None:
    """As `vocabulary.actions.load` does it; from the second time on in this process its rows are laid in."""

    def make() -> None:
        actions.load(by=by, now=now)

    laid(("vocabulary", by, now), make)
