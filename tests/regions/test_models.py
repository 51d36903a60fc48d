import datetime

import pytest
from django.db import IntegrityError

from allmende.regions import queries
from allmende.regions.models import Region
from tests.regions.conftest import Import
from tests.regions.registers import Register

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "broken",
    [
        {"key": "16061001"},
        {"latitude": 51.0},
        {"longitude": 10.0},
        {"valid_from": datetime.date(2025, 1, 1), "valid_to": datetime.date(2025, 1, 1)},
        {"size_class": 41},
        {"size_class_is_derived": True},
        {"level": "ortsteil"},
        {"level": "land"},
        {"land": None},
    ],
)
def test_the_database_refuses_half_a_region(
    bring_in: Import, register: Register, broken: dict[str, object]
) -> None:
    bring_in(register)
    whole: dict[str, object] = {
        "key": "16061555",
        "ars": "160610000555",
        "level": "gemeinde",
        "type_code": "64",
    }
    whole["land"] = queries.by_key("16")
    with pytest.raises(IntegrityError):
        Region.objects.create(**{**whole, **broken})


def test_an_ended_key_may_be_used_again(bring_in: Import, register: Register) -> None:
    bring_in(register)
    land = queries.by_key("16")
    Region.objects.create(
        key="16061001", ars="160610000001", level="gemeinde", land=land, valid_to=datetime.date(1990, 1, 1)
    )
    assert Region.objects.filter(key="16061001").count() == 2
