import datetime
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.lib.refusals import Refused
from allmende.regions import gv100ad
from allmende.regions.drafts import Finding, RegionDraft
from tests.regions.registers import AS_OF, Register, Town, kreis_line, land_line, town_line, verband_line

DAY = "20240630"


def by_key(content: bytes) -> dict[str, RegionDraft]:
    return {draft.key: draft for draft in gv100ad.read(content).regions}


def test_a_town_is_read_with_all_its_columns(register: Register) -> None:
    town = Town("16061004", "Berga-Burg, Stadt", 5_840, 6_302, verband="5012", code="63", postcode="07980")
    assert by_key(register.having(town).content())["16061004"] == RegionDraft(
        key="16061004",
        ars="160615012004",
        level="gemeinde",
        official_name="Berga-Burg, Stadt",
        type_code="63",
        parent_key="160615012",
        population=5_840,
        area_ha=6_302,
        postcode="07980",
    )


def test_an_edition_knows_its_date_and_its_source(register: Register) -> None:
    edition = gv100ad.read(register.content())
    assert (edition.as_of, edition.source, edition.findings) == (AS_OF, "gv100ad", ())
    assert edition.attribution == (
        "Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Gebietsstand 30.06.2024, "
        "dl-de/by-2-0 (www.govdata.de/dl-de/by-2-0), Daten verändert"
    )


def test_parents_come_before_their_children(register: Register) -> None:
    seen: set[str] = set()
    for draft in gv100ad.read(register.content()).regions:
        assert draft.parent_key is None or draft.parent_key in seen
        seen.add(draft.key)


def test_lines_are_regions_or_left_out_or_faulty() -> None:
    register = Register(
        verbaende=(("030010000", "Grundort 03", "50"), ("030015401", "Boldecker Land", "52")),
        towns=(
            Town("03001002", "Jembke", verband="5401"),
            Town("03001501", "Lohheide, gemfr. Bezirk", code="65"),
            Town("03001502", "Sachsenwald", code="66"),
        ),
    )
    bezirk = f"20{DAY}031         Statistische Region Braunschweig".ljust(220)
    region = f"30{DAY}0811        Region Stuttgart".ljust(220)
    edition = gv100ad.read((register.text() + bezirk + "\n" + region + "\n").encode())
    assert edition.left_out == {
        "Regierungsbezirke und statistische Regionen": 1,
        "Regionen in Baden-Württemberg": 1,
        "Zeilen für Gemeinden ohne Verband": 1,
        "gemeindefreie Gebiete (bewohnt)": 1,
        "gemeindefreie Gebiete (unbewohnt)": 1,
    }
    assert edition.lines == len(edition.regions) + sum(edition.left_out.values()) == 48 + 2 + 5


def test_the_people_of_an_unincorporated_area_count_in_kreis_and_land() -> None:
    register = Register(towns=(Town("03001501", "Lohheide, gemfr. Bezirk", population=708, code="65"),))
    drafts = by_key(register.content())
    assert (drafts["03"].population, drafts["03001"].population) == (1_708, 1_708)


def test_a_verband_sums_its_members(register: Register) -> None:
    assert by_key(register.content())["160615012"].population == 2_000


def test_a_town_that_is_its_own_kreis_has_three_lines_and_two_regions() -> None:
    register = Register(
        kreise=(("01002", "Kiel, Landeshauptstadt", "41"),),
        verbaende=(("010020000", "Kiel, Landeshauptstadt", "50"),),
        towns=(Town("01002000", "Kiel, Landeshauptstadt", 252_668, code="61"),),
    )
    drafts = by_key(register.content())
    assert (drafts["01002"].level, drafts["01002000"].level) == ("kreisfreie_stadt", "gemeinde")
    assert drafts["01002000"].parent_key == "01002"
    assert "010020000" not in drafts


def test_bavarian_ranks_are_written_out() -> None:
    register = Register(
        towns=(Town("09001002", "Marktl, M", code="60"), Town("09001003", "Altötting, St", code="63"))
    )
    drafts = by_key(register.content())
    assert (drafts["09001002"].official_name, drafts["09001003"].official_name) == (
        "Marktl, Markt",
        "Altötting, Stadt",
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_mark_and_line_ends_make_no_difference(register: Register, mark: str, ending: str) -> None:
    content = (mark + ending.join(register.lines())).encode()
    assert gv100ad.read(content).regions == gv100ad.read(register.content()).regions


def test_spaces_cut_off_at_the_end_of_a_line_are_not_missed(register: Register) -> None:
    content = "\n".join(line.rstrip() for line in register.lines() if line[:2] != "10")
    laender = "\n".join(line.rstrip().ljust(30) for line in register.lines() if line[:2] == "10")
    assert gv100ad.read(f"{laender}\n{content}".encode()).findings == ()


def test_an_old_edition_in_windows_1252_is_read_with_a_warning(register: Register) -> None:
    town = Town("16061004", "Südeichsfeld")
    edition = gv100ad.read(register.having(town).text().removeprefix("\ufeff").encode("cp1252"))
    assert {draft.key: draft.official_name for draft in edition.regions}["16061004"] == "Südeichsfeld"
    assert edition.findings == (
        Finding("warning", "Die Datei ist nicht in UTF-8; sie wurde als Windows-1252 gelesen."),
    )


WRONG = Town("16001002", "Falsch")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (town_line(DAY, WRONG)[:150], "Die Zeile ist abgeschnitten: 150 Zeichen, nötig sind 170."),
        (f"70{DAY}".ljust(220), "Die Satzart „70“ gibt es nicht."),
        (
            town_line("20231231", WRONG),
            "Der Gebietsstand 20231231 weicht von dem der ersten Zeile ab (20240630).",
        ),
        (
            town_line(DAY, Town("1600100X", "Falsch")),
            "Der Schlüssel „1600100X“ besteht nicht nur aus Ziffern.",
        ),
        (town_line(DAY, Town("99001002", "Nirgends")), "Ein Land mit dem Schlüssel 99 gibt es nicht."),
        (town_line(DAY, Town("16001002", "")), "Zum Schlüssel 16001002 fehlt der Name."),
        (town_line(DAY, Town("16001001", "Doppelt")), "Der Schlüssel 16001001 kommt zweimal vor."),
        (
            town_line(DAY, replace(WRONG, code="44")),
            "Das Textkennzeichen „44“ ist für die Satzart 60 nicht bekannt.",
        ),
        (
            town_line(DAY, replace(WRONG, verband="50 1")),
            "Die Nummer des Gemeindeverbandes „50 1“ besteht nicht nur aus Ziffern.",
        ),
        (town_line(DAY, replace(WRONG, postcode="123")), "Die Postleitzahl „123“ hat nicht fünf Ziffern."),
        (
            town_line(DAY, WRONG).replace("00000001000", "0000000100-"),
            "Einwohnerzahl: „0000000100-“ ist keine Zahl.",
        ),
        (town_line(DAY, WRONG).replace("00000000500", "      500  "), "Fläche: „500“ ist keine Zahl."),
        (
            kreis_line(DAY, "16002", "Falsch", "64"),
            "Das Textkennzeichen „64“ ist für die Satzart 40 nicht bekannt.",
        ),
        (
            verband_line(DAY, "160015001", "Falsch", "59"),
            "Das Textkennzeichen „59“ ist für die Satzart 50 nicht bekannt.",
        ),
        (land_line(DAY, "17", "Mallorca"), "Ein Land mit dem Schlüssel 17 gibt es nicht."),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_number(line: str, message: str) -> None:
    content = Register().text() + line + "\n"
    assert gv100ad.read(content.encode()).findings == (Finding("error", message, line=49),)


def test_a_faulty_line_is_counted(register: Register) -> None:
    edition = gv100ad.read((register.text() + "60 Unsinn\n").encode())
    assert edition.left_out == {"Zeilen mit Fehlern": 1}
    assert edition.lines == len(edition.regions) + 1


def test_thousands_of_faulty_lines_give_a_bounded_number_of_findings() -> None:
    edition = gv100ad.read((Register().text() + "60 Unsinn\n" * 5_000).encode())
    assert (len(edition.findings), edition.left_out) == (50, {"Zeilen mit Fehlern": 5_000})


def test_a_file_cut_off_between_two_lines_is_incomplete() -> None:
    lines = Register().lines()
    cut = "\n".join(lines[: lines.index(next(line for line in lines if "Grundort 14" in line))])
    messages = [finding.message for finding in gv100ad.read(cut.encode()).findings]
    assert messages == [
        "Diese Länder fehlen: 15, 16. Die Datei ist unvollständig.",
        "Zu Sachsen (14) fehlt jede Gemeinde.",
        "Zu Grundkreis 14 (14001) fehlt jede Gemeinde.",
    ]


def test_a_town_without_its_kreis_is_an_error() -> None:
    findings = gv100ad.read(Register(towns=(Town("16099001", "Verloren"),)).content()).findings
    assert findings == (Finding("error", "Verloren (16099001) gehört zu 16099, das fehlt."),)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b" \n\n ", "Die Datei ist leer."),
        (
            b"PK\x03\x04....",
            "Das ist ein ZIP-Archiv. Entpacken Sie es und geben Sie die Textdatei an, die darin liegt.",
        ),
    ],
)
def test_an_empty_file_and_an_archive_are_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        gv100ad.read(content)
    assert refusal.value.message == sentence


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html></html>",
        b"ags;name\n01001000;Flensburg\n",
        b"\x00\xff\xfe" * 400,
        b"10 Flensburg",
        b"60Unsinn",
    ],
)
def test_another_file_is_refused_with_a_hint_where_to_find_the_right_one(content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        gv100ad.read(content)
    assert refusal.value.message == (
        "Das ist kein Gemeindeverzeichnis im Format GV100AD: "
        "Die erste Zeile beginnt nicht mit Satzart und Gebietsstand. "
        "Laden Sie beim Statistischen Bundesamt das „Gemeindeverzeichnis GV100AD“ als Textdatei (ASCII) herunter."
    )


def test_a_file_ten_times_too_large_is_refused() -> None:
    with pytest.raises(Refused, match="Sie hat 41 MB statt etwa 4 MB"):
        gv100ad.read(b"1020240630" + b" " * 41_000_000 + b"x")


def test_a_file_without_one_readable_line_is_refused() -> None:
    with pytest.raises(Refused, match="Keine der 3 Zeilen ist lesbar"):
        gv100ad.read(b"1020240630\n" * 3)


def test_a_date_that_is_none_is_named() -> None:
    with pytest.raises(Refused, match="Keine der 1 Zeilen ist lesbar"):
        gv100ad.read(land_line("20241399", "01", "Schleswig-Holstein").encode())


# ------------------------------------------------------------------------------------------- whatever comes in


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _read_or_refused(content)


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_register_is_read_or_refused_and_adds_up(data: st.DataObject) -> None:
    content = bytearray(Register(towns=(Town("16001002", "Südeichsfeld"),)).content())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 300))] = data.draw(st.binary(max_size=40))
    _read_or_refused(bytes(content))


def _read_or_refused(content: bytes) -> None:
    try:
        edition = gv100ad.read(content)
    except Refused:
        return
    assert edition.lines == len(edition.regions) + sum(edition.left_out.values())
    assert len({draft.key for draft in edition.regions}) == len(edition.regions)
    assert isinstance(edition.as_of, datetime.date)


names = st.text(st.characters(categories=("L",), max_codepoint=0x17F), min_size=1, max_size=50)


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.integers(2, 999).map(lambda number: f"16001{number:03}"),
        st.tuples(
            names,
            st.integers(0, 4_000_000),
            st.integers(0, 99_999),
            st.sampled_from(["60", "63", "64", "67"]),
        ),
        max_size=8,
    )
)
def test_what_is_written_is_read_back(places: dict[str, tuple[str, int, int, str]]) -> None:
    towns = tuple(
        Town(ags, name, people, area, code=code) for ags, (name, people, area, code) in places.items()
    )
    edition = gv100ad.read(Register(towns=towns).content())
    read = {
        d.key: (d.official_name, d.population, d.area_ha, d.type_code)
        for d in edition.regions
        if d.key in places
    }
    assert (read, edition.findings) == (places, ())
