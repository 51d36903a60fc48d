import datetime
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.lib.actors import Actor
from allmende.regions import actions, gv100ad, queries, side_files
from allmende.regions.models import Region
from allmende.regions.side_files import Point
from tests.regions.conftest import Import
from tests.regions.registers import Register, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def germany(bring_in: Import) -> None:
    """Towns whose names trip people up: five Neustadts, two city states, a town that is its own Kreis."""
    bring_in(
        Register(
            kreise=(
                ("01002", "Kiel, Landeshauptstadt", "41"),
                ("02000", "Hamburg, Freie und Hansestadt", "41"),
                ("04011", "Bremen, Stadt", "41"),
                ("04012", "Bremerhaven, Stadt", "41"),
                ("06534", "Marburg-Biedenkopf", "44"),
                ("07316", "Neustadt an der Weinstraße, kreisfreie Stadt", "41"),
                ("07335", "Kaiserslautern", "44"),
                ("11000", "Berlin, Stadt", "41"),
                ("16062", "Nordhausen", "44"),
            ),
            verbaende=(("073355004", "Neustädter Land", "53"),),
            towns=(
                Town("01002000", "Kiel, Landeshauptstadt", 252_668, code="61", postcode="24103"),
                Town("02000000", "Hamburg, Freie und Hansestadt", 1_862_565, code="61", postcode="20038"),
                Town("04011000", "Bremen, Stadt", 586_271, code="61", postcode="28195"),
                Town("04012000", "Bremerhaven, Stadt", 118_276, code="61", postcode="27568"),
                Town("06534014", "Neustadt (Hessen), Stadt", 9_900, code="63", postcode="35279"),
                Town(
                    "07316000",
                    "Neustadt an der Weinstraße, kreisfreie Stadt",
                    53_920,
                    code="61",
                    postcode="67433",
                ),
                Town("07335001", "Neustadt", 700, verband="5004"),
                Town("07335002", "Münchweiler", 1_100, verband="5004", postcode="67728"),
                Town("11000000", "Berlin, Stadt", 3_685_265, code="61", postcode="10178"),
                Town("16062001", "Neustadt", 1_000),
                Town("16062002", "Bad Neustadt-Süd", 3_000),
            ),
        )
    )


def keys(text: str, **options: object) -> list[str]:
    return [candidate.key for candidate in queries.look_up(text, **options)]  # type: ignore[arg-type]


# -------------------------------------------------------------------------------------------------- look-ups


def test_an_ambiguous_name_shows_land_and_kreis(germany: None) -> None:
    assert [candidate.label for candidate in queries.look_up("Neustadt")] == [
        "Neustadt, Landkreis Nordhausen, Thüringen",
        "Neustadt, Landkreis Kaiserslautern, Rheinland-Pfalz",
        "Neustadt an der Weinstraße, kreisfreie Stadt, Rheinland-Pfalz",
        "Neustadt (Hessen), Landkreis Marburg-Biedenkopf, Hessen",
        "Bad Neustadt-Süd, Landkreis Nordhausen, Thüringen",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kiel", ["01002000"]),
        ("Stadt Kiel", ["01002000"]),
        ("KIEL ", ["01002000"]),
        ("münchw", ["07335002"]),
        ("Muenchweiler", ["07335002"]),
        ("neustadt hessen", ["06534014"]),
        ("Neustadt (Hessen)", ["06534014"]),
        ("neustadt nordhausen", ["16062001", "16062002"]),
        ("neustadt thür", ["16062001", "16062002"]),
        ("weinstr", ["07316000"]),
        ("Landkreis Nordhausen", ["16062"]),
        ("Verbandsgemeinde Neustädter Land", ["073355004"]),
        ("Hamburg", ["02000000", "02"]),
        ("07316000", ["07316000"]),
        ("07316", ["07316000"]),
        ("16062", ["16062"]),
        ("073355004001", ["07335001"]),
        ("0733 5001", ["07335001"]),
        ("67728", ["07335002"]),
        ("2756", ["04012000"]),
        ("04", ["04"]),
        ("Atlantis", []),
        ("stadt", []),
        ("%", []),
        ("_", []),
        ("", []),
        ("\x00", []),
        ("٣٤٥٦٧", []),
        ("'; DROP TABLE regions_region; --", []),
    ],
)
def test_look_ups(germany: None, text: str, found: list[str]) -> None:
    assert keys(text) == found


def test_look_ups_are_limited_and_can_be_narrowed(germany: None) -> None:
    assert keys("neustadt", limit=2) == ["16062001", "07335001"]
    assert keys("neustadt", limit=-1) == []
    assert keys("Hamburg", only=("land",)) == ["02"]


def test_no_look_up_names_more_than_fifty(bring_in: Import) -> None:
    bring_in(Register(towns=tuple(Town(f"16001{n:03}", f"Neustadt {n}") for n in range(2, 90))))
    assert len(queries.look_up("neustadt", limit=10_000)) == 50


def test_a_look_up_is_one_query_however_many_it_finds(germany: None) -> None:
    counts = []
    for text in ("Kiel", "Neustadt"):
        with CaptureQueriesContext(connection) as captured:
            queries.look_up(text)
        counts.append(len(captured))
    assert counts == [1, 1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=120))
def test_any_text_gets_an_answer(germany: None, text: str) -> None:
    assert len(queries.look_up(text)) <= 20


def test_a_key_finds_its_region_and_nothing_else(germany: None) -> None:
    kiel = queries.by_ags("01002000")
    assert kiel is not None
    assert str(kiel) == "Kiel"
    assert (queries.by_ags("01002"), queries.by_ags("99999999"), queries.by_key("")) == (None, None, None)


# ------------------------------------------------------------------------------------ city states (case 9)


def region(key: str) -> Region:
    found = queries.by_key(key)
    assert found is not None
    return found


def test_a_city_state_is_land_and_gemeinde_at_once_and_reaches_its_land_once(germany: None) -> None:
    """Case 9: what is asked in Hamburg goes to the desk of the Land once."""
    chain = queries.lineage(region("02000000"))
    assert [(one.key, one.level) for one in chain] == [("02000000", "gemeinde"), ("02", "land")]
    assert [one.is_city_state for one in chain] == [True, True]
    assert [candidate.label for candidate in queries.look_up("Hamburg")] == [
        "Hamburg, Stadtstaat",
        "Hamburg, Land",
    ]


def test_the_land_bremen_has_two_gemeinden(germany: None) -> None:
    in_bremen = [
        town.key for town in queries.municipalities_in(region("04")) if not town.name.startswith("Grundort")
    ]
    assert in_bremen == ["04011000", "04012000"]
    assert region("04011000").is_city_state is False
    assert queries.label(region("04012000")) == "Bremerhaven, kreisfreie Stadt, Bremen"


def test_a_lineage_leads_from_the_town_to_the_land(germany: None) -> None:
    assert [one.key for one in queries.lineage(region("07335001"))] == [
        "07335001",
        "073355004",
        "07335",
        "07",
    ]
    assert [one.key for one in queries.lineage(region("01002000"))] == ["01002000", "01"]
    assert [one.key for one in queries.lineage(region("01002"))] == ["01002", "01"]
    assert [one.key for one in queries.lineage(region("16"))] == ["16"]


# --------------------------------------------------------------------------------------------- sets, labels


def test_what_lies_in_a_region(germany: None) -> None:
    assert [town.key for town in queries.municipalities_in(region("073355004"))] == ["07335002", "07335001"]
    assert [town.key for town in queries.municipalities_in(region("16062"))] == ["16062002", "16062001"]
    assert [town.key for town in queries.municipalities_in(region("01002"))] == ["01002000"]
    assert [town.key for town in queries.municipalities_in(region("07335001"))] == ["07335001"]
    assert [one.key for one in queries.children(region("07335"))] == ["073355004"]
    assert [one.key for one in queries.laender()][:3] == ["01", "02", "03"]
    assert queries.municipalities().count() == 16 + 11


def test_labels_are_short_where_a_name_is_unique(germany: None) -> None:
    some = [region(key) for key in ("01002000", "16062001", "07335001", "16062")]
    with CaptureQueriesContext(connection) as captured:
        labels = queries.labels(some)
    assert [labels[one.pk] for one in some] == [
        "Kiel",
        "Neustadt, Landkreis Nordhausen, Thüringen",
        "Neustadt, Landkreis Kaiserslautern, Rheinland-Pfalz",
        "Landkreis Nordhausen",
    ]
    assert len(captured) == 1
    assert queries.ambiguous_names() == frozenset({"Neustadt"})


def test_the_size_classes_have_german_names() -> None:
    assert [(one.key, one.label) for one in queries.size_classes()][-2:] == [
        (40, "Kleinere Kleinstadt"),
        (50, "Landgemeinde"),
    ]


# ------------------------------------------------------------------------------------------------------ map


def test_dots_lie_in_the_drawing_and_cost_one_query(
    germany: None, program: Actor, now: datetime.datetime
) -> None:
    edition = gv100ad.read(Register(towns=(Town("01001002", "Hoch"), Town("16001002", "Mitte"))).content())
    points = {"01001002": Point(54.8, 9.4, "gemeinde"), "16001002": Point(51.0, 10.5, "gemeinde")}
    drafts = side_files.with_points(edition.regions, points)
    actions.import_register(replace(edition, regions=drafts), by=program, now=now, accept_many_vanished=True)
    with CaptureQueriesContext(connection) as captured:
        found = queries.dots(queries.municipalities())
    assert len(captured) == 1
    assert [(dot.key, dot.x, dot.y) for dot in found] == [
        ("01001002", 238.7, 34.9),
        ("16001002", 303.6, 423.5),
    ]
    assert queries.shape_of_germany(step=10) == "M230 35h10M300 425h10"


def test_without_points_there_are_no_dots(germany: None) -> None:
    assert (queries.dots(queries.municipalities()), queries.shape_of_germany()) == ([], "")


def test_the_attribution_is_that_of_the_present_edition(germany: None) -> None:
    assert queries.attribution() == (
        "Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Gebietsstand 30.06.2024, "
        "dl-de/by-2-0 (www.govdata.de/dl-de/by-2-0), Daten verändert"
    )


def test_before_the_first_import_there_is_nothing_to_attribute() -> None:
    assert (queries.attribution(), queries.present_edition()) == ("", None)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Landeshauptstadt Kiel", "01002000"),
        ("Stadt Kiel", "01002000"),
        ("Landkreis Marburg-Biedenkopf", "06534"),
        ("Kreis Nordhausen", "16062"),
        ("Kiel", None),
        ("City of Kiel", None),
        ("Stadt Neustadt", None),
        ("Landkreis Kiel", None),
        ("Stadt ", None),
        ("", None),
    ],
)
def test_a_foreign_text_means_a_region_only_where_it_can_mean_no_other(
    germany: None, text: str, key: str | None
) -> None:
    found = queries.named_for_sure(text)

    assert (found.key if found else None) == key
