import datetime

import pytest
from django.db import IntegrityError
from django.test import override_settings

from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.regions import actions, projection, queries
from allmende.regions.drafts import InventedRegion
from allmende.regions.models import Region
from tests.regions.conftest import Import
from tests.regions.registers import LATER, Register

pytestmark = pytest.mark.django_db

DISTRICT = (
    InventedRegion("99", "Musterland", "", None),
    InventedRegion("99001", "Lindental", "44", "99"),
    InventedRegion("990015001", "Obere Linde", "53", "99001"),
    InventedRegion("99001001", "Lindenbrück", "63", "99001", 24_000, "99001", 51.0, 10.0),
    InventedRegion("99001002", "Kreuzstadt", "64", "990015001", 3_100, "99002", 51.2, 10.2, size_class=40),
)


@pytest.fixture
def district(program: Actor, now: datetime.datetime) -> list[Region]:
    return actions.add_invented(DISTRICT, by=program, now=now)


@pytest.fixture(autouse=True)
def _no_demo() -> object:
    with override_settings(DEMO=False):
        yield


def test_invented_regions_have_reserved_keys_and_say_what_they_are(district: list[Region]) -> None:
    assert [(one.key, one.is_invented) for one in district] == [(place.key, True) for place in DISTRICT]
    lindenbrueck, kreuzstadt = district[3:]
    assert str(lindenbrueck) == "Lindenbrück (erfunden)"
    assert queries.label(lindenbrueck) == "Lindenbrück, Landkreis Lindental, Musterland (erfunden)"
    assert queries.labels([lindenbrueck]) == {
        lindenbrueck.pk: "Lindenbrück, Landkreis Lindental, Musterland (erfunden)"
    }
    assert (lindenbrueck.size_class, lindenbrueck.size_class_is_derived) == (22, True)
    assert (kreuzstadt.size_class, kreuzstadt.size_class_is_derived) == (40, False)
    assert (kreuzstadt.ars, kreuzstadt.parent, lindenbrueck.ars) == (
        "990015001002",
        district[2],
        "990010000001",
    )


def test_a_second_time_writes_nothing(district: list[Region], program: Actor, now: datetime.datetime) -> None:
    before = list(Region.objects.order_by("pk").values_list())
    assert actions.add_invented(DISTRICT, by=program, now=now) == district
    assert (list(Region.objects.order_by("pk").values_list()), of_kinds("regions.invented").count()) == (
        before,
        1,
    )


def test_what_changed_is_brought_up_to_date(
    district: list[Region], program: Actor, now: datetime.datetime
) -> None:
    places = (*DISTRICT[:3], InventedRegion("99001001", "Lindenbrück am See", "63", "99001", 24_100))
    changed = actions.add_invented(places, by=program, now=now)[3]
    assert (changed.pk, changed.name, changed.population) == (district[3].pk, "Lindenbrück am See", 24_100)


def test_look_ups_show_invented_regions_only_in_the_demo(district: list[Region]) -> None:
    assert (queries.look_up("Lindenbrück"), queries.by_key("99001"), queries.municipalities().count()) == (
        [],
        None,
        0,
    )
    assert [one.key for one in queries.look_up("Lindenbrück", with_invented=True)] == ["99001001"]
    with override_settings(DEMO=True):
        assert [one.key for one in queries.look_up("Lindenbrück")] == ["99001001"]
        assert queries.look_up("Lindenbrück", with_invented=False) == []
        assert queries.by_ags("99001001") == district[3]
    assert list(queries.municipalities_in(district[1])) == [district[4], district[3]]


def test_an_import_leaves_invented_regions_alone(
    district: list[Region], bring_in: Import, register: Register
) -> None:
    bring_in(register)
    report = bring_in(register.dated(LATER))
    assert len(report.vanished) == 0
    assert Region.objects.filter(is_invented=True, valid_to=None).count() == 5


def test_invented_dots_lie_in_the_inset(district: list[Region]) -> None:
    dots = queries.dots(queries.municipalities(with_invented=True))
    box = projection.INSET
    assert [(dot.key, dot.is_invented) for dot in dots] == [("99001001", True), ("99001002", True)]
    assert all(box.x < dot.x < box.x + box.width and box.y < dot.y < box.y + box.height for dot in dots)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (
            InventedRegion("16001009", "Lindenbrück", "64", "16001"),
            "Der Schlüssel eines erfundenen Gebietes beginnt mit 99; „16001009“ tut das nicht.",
        ),
        (
            InventedRegion("99abc", "Lindental", "44", "99"),
            "Der Schlüssel eines erfundenen Gebietes beginnt mit 99; „99abc“ tut das nicht.",
        ),
        (
            InventedRegion("990", "Lindental", "44", "99"),
            "Der Schlüssel 990 hat nicht 2, 5, 8 oder 9 Ziffern.",
        ),
        (InventedRegion("99002", "Lindental", "88", "99"), "Das Textkennzeichen „88“ ist nicht bekannt."),
        (InventedRegion("99002001", "Waise", "64", "99002"), "Zu Waise (99002001) fehlt das Gebiet darüber."),
        (InventedRegion("99002", "Waise", "44", None), "Zu Waise (99002) fehlt das Gebiet darüber."),
    ],
)
def test_what_cannot_be_invented_says_why(
    district: list[Region], program: Actor, now: datetime.datetime, place: InventedRegion, message: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_invented([place], by=program, now=now)
    assert refusal.value.message == message


def test_a_stranger_invents_nothing(stranger: Actor, now: datetime.datetime) -> None:
    with pytest.raises(Refused):
        actions.add_invented(DISTRICT, by=stranger, now=now)


@pytest.mark.parametrize(("key", "is_invented"), [("99002", False), ("16002", True)])
def test_the_database_keeps_invented_and_real_keys_apart(
    district: list[Region], key: str, is_invented: bool
) -> None:
    with pytest.raises(IntegrityError):
        Region.objects.create(key=key, ars=key, level="kreis", land=district[0], is_invented=is_invented)


def test_a_real_and_an_invented_region_do_not_succeed_each_other(
    district: list[Region], bring_in: Import, register: Register, administrator: Actor, now: datetime.datetime
) -> None:
    bring_in(register)
    bring_in(register.lacking("16061002").dated(LATER))
    gone = queries.by_key("16061002")
    assert gone is not None
    with pytest.raises(Refused) as refusal:
        actions.propose_succession(gone, district[3], reason="Demo", by=administrator, now=now)
    assert refusal.value.message == "Ein erfundenes Gebiet und ein wirkliches folgen einander nicht nach."
