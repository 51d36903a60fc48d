"""The cast: the command line, an administrator of the platform, a person without that role; small registers."""

import datetime
from collections.abc import Callable

import pytest

from allmende.lib.actors import Actor
from allmende.regions import gv100ad
from allmende.regions.reports import ImportReport
from tests.regions.registers import Register, Town


@pytest.fixture
def program() -> Actor:
    return Actor.program("import_regions")


@pytest.fixture
def administrator() -> Actor:
    return Actor("person", "0123456789", frozenset({("operator_admin", None)}))


@pytest.fixture
def stranger() -> Actor:
    return Actor("person", "9876543210", frozenset({("municipality_editor", "abcdefghjk")}))


@pytest.fixture
def register() -> Register:
    """One Kreis in Thüringen with three towns, two of them in a Verband."""
    return Register(
        kreise=(("16061", "Eichsfeld", "44"),),
        verbaende=(("160615012", "Hanstein", "54"),),
        towns=(
            Town("16061001", "Altdorf", population=1_200, area_ha=700, verband="5012"),
            Town("16061002", "Neudorf", population=800, area_ha=300, verband="5012"),
            Town("16061003", "Kreuzstadt, Stadt", population=15_000, area_ha=4_000, code="63"),
        ),
    )


Import = Callable[..., ImportReport]


@pytest.fixture
def bring_in(db: None, program: Actor, now: datetime.datetime) -> Import:
    """Read a register and import it as the command does."""
    # Models can be imported only after pytest-django has read the settings.
    from allmende.regions.actions import import_register

    def act(register: Register, **options: object) -> ImportReport:
        return import_register(gv100ad.read(register.content()), by=program, now=now, **options)  # type: ignore[arg-type]

    return act
