import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.refusals import Refused
from allmende.regions import side_files
from allmende.regions.drafts import Finding, RegionDraft, SuccessionDraft
from allmende.regions.side_files import Point


def test_points_of_towns_and_of_kreise_are_read() -> None:
    towns, _ = side_files.read_points(
        b"ags,lon,lat,basis\n01001000,9.4411,54.7863,gemeinde\n07232503,6.3,50.0,kreis\n"
    )
    kreise, _ = side_files.read_points(b"kreis_ags,lon,lat\n01051,9.118,54.1324\n")
    assert towns == {"01001000": Point(54.7863, 9.4411, "gemeinde"), "07232503": Point(50.0, 6.3, "kreis")}
    assert kreise == {"01051": Point(54.1324, 9.118, "kreis")}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1001000,9.4,54.7,gemeinde", "„1001000“ ist kein Schlüssel. Fehlt eine führende Null?"),
        ("01001000,54.7,9.4,gemeinde", "Die Breite 9.4 liegt nicht in Deutschland."),
        ("01001000,x,54.7,gemeinde", "Die Länge „x“ ist keine Zahl."),
        ("01001000,nan,54.7,gemeinde", "Die Länge nan liegt nicht in Deutschland."),
        (
            "01001000,9.4,54.7,dorf",
            "„dorf“ ist keine Grundlage eines Punktes; möglich sind gemeinde und kreis.",
        ),
    ],
)
def test_a_wrong_point_is_named_with_its_line(row: str, message: str) -> None:
    points, findings = side_files.read_points(f"ags,lon,lat,basis\n{row}\n01002000,10.1,54.3,\n".encode())
    assert findings == (Finding("error", message, 2),)
    assert list(points) == ["01002000"]


def test_types_are_read() -> None:
    assert side_files.read_types("\ufeffags;size_class\n16061001;40\n".encode()) == ({"16061001": 40}, ())


def test_a_type_that_does_not_exist_is_named() -> None:
    _, findings = side_files.read_types(b"ags;size_class\n16061001;41\n")
    assert [str(finding) for finding in findings] == [
        "Zeile 2: Den Gemeindetyp „41“ gibt es nicht; möglich sind 11, 12, 21, 22, 30, 40 und 50."
    ]


def test_changes_are_read_with_german_dates_and_shares() -> None:
    content = b"old;new;date;share\n16061001;16061009;01.01.2024;0,4\n16061002;16061009;2024-01-01;\n"
    day = datetime.date(2024, 1, 1)
    assert side_files.read_changes(content) == (
        (
            SuccessionDraft("16061001", "16061009", day, 0.4),
            SuccessionDraft("16061002", "16061009", day, None),
        ),
        (),
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("16061001;16061001;2024-01-01", "16061001 kann nicht sein eigener Nachfolger sein."),
        ("16061001;16061002;gestern", "„gestern“ ist kein Datum; möglich sind 2024-01-01 und 01.01.2024."),
        (
            "16061001;16061002;31.02.2024",
            "„31.02.2024“ ist kein Datum; möglich sind 2024-01-01 und 01.01.2024.",
        ),
        ("16061001;16061002;2024-01-01;1,5", "„1,5“ ist kein Anteil zwischen 0 und 1."),
        ("16061001;16061002;2024-01-01;halb", "„halb“ ist kein Anteil zwischen 0 und 1."),
        ("16061001;;2024-01-01", "„“ ist kein Schlüssel. Fehlt eine führende Null?"),
        ("16061001", "„“ ist kein Schlüssel. Fehlt eine führende Null?"),
    ],
)
def test_a_wrong_change_is_named_with_its_line(row: str, message: str) -> None:
    assert side_files.read_changes(f"old;new;date;share\n{row}\n".encode()) == (
        (),
        (Finding("error", message, 2),),
    )


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        side_files.read_changes(b"alt;neu\n")
    assert (
        refusal.value.message == "In der Datei mit Gebietsänderungen fehlt die Spalte „old“, „new“, „date“."
    )


def test_another_encoding_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        side_files.read_types("ags;size_class;größe\n".encode("latin-1"))
    assert refusal.value.message == "Die Datei mit Gemeindetypen ist nicht in UTF-8 gespeichert."


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for read in (side_files.read_points, side_files.read_types, side_files.read_changes):
        for head in (b"", b"ags;size_class;lon;lat;old;new;date\n"):
            try:
                read(head + content)
            except Refused:
                continue


def test_points_and_types_are_added_to_drafts() -> None:
    draft = RegionDraft("16061001", "160610001001", "gemeinde", "Altdorf", "64", "16061")
    (with_point,) = side_files.with_points([draft], {"16061001": Point(51.0, 10.0, "gemeinde")})
    (with_type,) = side_files.with_types([draft], {"16061001": 40})
    assert (with_point.latitude, with_point.longitude, with_point.point_basis) == (51.0, 10.0, "gemeinde")
    assert with_type.size_class == 40
    assert side_files.with_points([draft], {}) == side_files.with_types([draft], {}) == (draft,)


@pytest.mark.parametrize("content", [b'"', b'ags,lon,lat\n"01001000,9.4,54.7\n'])
def test_a_quotation_mark_that_is_never_closed_is_told_by_its_line(content: bytes) -> None:
    with pytest.raises(Refused, match="nicht lesbar"):
        side_files.read_points(content)
