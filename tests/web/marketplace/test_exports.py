"""Comparisons as files: they open, they hold the same rows, and they run nothing."""

import csv
import io
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from allmende.catalogue.actions import receive
from allmende.catalogue.drafts import TextDraft
from allmende.web.components.templatetags.formats import euro
from allmende.web.marketplace.exports import as_csv, as_xlsx, file_name
from tests.factories.market import HARVEST, RAUM, Market

EVIL = [
    "=1+1",
    '=HYPERLINK("https://fremd.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    "=cmd|' /C calc'!A0",
]


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def as_shown(cell: Any) -> str:
    """A cell as a German spreadsheet program writes it."""
    value = cell.value
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        before, after = re.fullmatch(r'(?:"([^"]*)")?(?:0|#,##0\.00)(.*)', cell.number_format).groups()
        shown = (
            str(euro(Decimal(str(value)))).removesuffix("\u00a0€")
            if "#" in cell.number_format
            else str(value)
        )
        return f"{before or ''}{shown}{after}".replace('\\ "', "\u00a0").replace('"', "")
    return value or ""


@pytest.mark.django_db
def test_spreadsheet_text_file_and_page_hold_the_same_rows(client: Client, market: Market) -> None:
    query = f"?l={market.melder.public_id}&l={market.foreign.public_id}&einwohner=6000"
    text = cells(client.get(f"/vergleich.csv{query}").content)
    sheet = load_workbook(io.BytesIO(client.get(f"/vergleich.xlsx{query}").content)).active
    rows = [[as_shown(cell) for cell in row] for row in sheet.iter_rows(max_row=len(text))]
    assert rows == text
    assert text[0] == ["Angabe", "Mängelmelder", "Potholes", "Unterschied"]
    page = client.get(f"/vergleich{query}").content.decode()
    for line in text[1:-1]:
        assert f'<th scope="row">{line[0]}' in page, line[0]
    assert len(text) == 1 + 22 + 1


@pytest.mark.django_db
def test_the_spreadsheet_says_where_it_comes_from_and_what_was_left_out(
    client: Client, market: Market
) -> None:
    query = f"?l={market.melder.public_id}&l={market.raum.public_id}&l=0000000000"
    sheet = load_workbook(io.BytesIO(client.get(f"/vergleich.xlsx{query}").content)).active
    notes = [row[0].value for row in sheet.iter_rows(min_row=25) if row[0].value]
    assert notes[0].startswith("Erstellt am ")
    assert "/vergleich?l=" in notes[0]
    assert "Nicht alle gewählten Lösungen sind noch veröffentlicht." in notes[1]
    assert (sheet.title, sheet.freeze_panes) == ("Vergleich", "B2")


@pytest.mark.django_db
def test_numbers_and_days_can_be_calculated_with(client: Client, market: Market) -> None:
    query = f"?l={market.melder.public_id}&l={market.raum.public_id}"
    sheet = load_workbook(io.BytesIO(client.get(f"/vergleich.xlsx{query}").content)).active
    cells = {row[0].value: row[1] for row in sheet.iter_rows()}
    yearly, uses = cells["Kosten jährlich, netto"], cells["Nutzung, von Kommunen bestätigt"]
    assert (yearly.data_type, yearly.value) == ("n", 1200)
    assert yearly.number_format == '#,##0.00\\ "€"" (erfunden)"'
    assert (uses.data_type, uses.value) == ("n", 1)
    known = cells["Stand der Angaben"]
    assert (known.value.date(), known.number_format) == (date(2026, 2, 3), "DD.MM.YYYY")
    assert cells["davon keine Angabe"].data_type == "n"


@pytest.mark.django_db
def test_it_prints_across_as_wide_as_a_page(client: Client, market: Market) -> None:
    query = f"?l={market.melder.public_id}&l={market.raum.public_id}"
    sheet = load_workbook(io.BytesIO(client.get(f"/vergleich.xlsx{query}").content)).active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            ["Mängelmelder", "FixMyStreet Platform"],
            "vergleich-maengelmelder-fixmystreet-platform-2026-11-23.csv",
        ),
        (["A", "B", "C", "D"], "vergleich-a-b-und-2-weitere-2026-11-23.csv"),
        (['Straße/Weg: "x"\r\n', "日本"], "vergleich-strasse-weg-x-2026-11-23.csv"),
        ([], "vergleich-2026-11-23.csv"),
        (
            ["Donaudampfschifffahrtsgesellschaft Nord"],
            "vergleich-donaudampfschifffahrtsgesellsc-2026-11-23.csv",
        ),
    ],
)
def test_a_file_is_called_by_what_it_compares(names: list[str], expected: str) -> None:
    assert file_name(names, date(2026, 11, 23), "csv") == expected


@pytest.mark.django_db
def test_the_browser_is_told_the_name(client: Client, market: Market) -> None:
    query = f"?l={market.melder.public_id}&l={market.raum.public_id}"
    for ending in ("xlsx", "csv"):
        told = client.get(f"/vergleich.{ending}{query}").headers["Content-Disposition"]
        pattern = rf'attachment; filename="vergleich-maengelmelder-raumbuchung-\d{{4}}-\d\d-\d\d\.{ending}"'
        assert re.fullmatch(pattern, told)


@pytest.mark.django_db
def test_unknown_is_written_out_and_counted(client: Client, market: Market) -> None:
    rows = cells(
        client.get(f"/vergleich.csv?l={market.melder.public_id}&l={market.foreign.public_id}").content
    )
    for place in (1, 2):
        unknown = sum(row[place].startswith("keine Angabe") for row in rows[1:-1])
        assert rows[-1][place] == f"{unknown} von 22"
    assert {row[-1] for row in rows[1:-1]} == {"ja", "nein", "offen", ""}


@pytest.mark.django_db
def test_a_file_of_one_solution_or_none_still_opens(client: Client, market: Market) -> None:
    for query in ("", f"?l={market.melder.public_id}"):
        assert (
            load_workbook(io.BytesIO(client.get(f"/vergleich.xlsx{query}").content)).active["A1"].value
            == "Angabe"
        )
        assert cells(client.get(f"/vergleich.csv{query}").content)[0][0] == "Angabe"


@pytest.mark.django_db
@pytest.mark.parametrize("evil", [each for each in EVIL if each.strip() == each])
def test_what_a_source_writes_never_becomes_a_formula(
    client: Client, market: Market, now: datetime, evil: str
) -> None:
    draft = replace(RAUM, name=evil, repository_url="https://code.example.org/boese", maintainer=evil)
    draft = replace(draft, texts=(TextDraft(language="de", summary=evil),))
    solution = receive(draft, origin=market.city, key="boese", by=HARVEST, now=now).solution
    query = f"?l={solution.public_id}&l={market.raum.public_id}"
    for row in cells(client.get(f"/vergleich.csv{query}").content):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "-", "@")), cell
    sheet = load_workbook(io.BytesIO(client.get(f"/vergleich.xlsx{query}").content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "n", "d"}
    assert sheet["B1"].value == evil


@pytest.mark.parametrize("evil", EVIL)
def test_every_way_to_begin_a_formula_is_defused(evil: str) -> None:
    assert cells(as_csv([[evil]]))[0][0].startswith("'")


def test_a_text_file_opens_in_german_spreadsheet_programs() -> None:
    assert as_csv([["Größe", "a;b", 'c"d']]) == b'\xef\xbb\xbfGr\xc3\xb6\xc3\x9fe;"a;b";"c""d"\r\n'


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
@settings(max_examples=80, deadline=None)
def test_any_words_come_back_from_the_spreadsheet(row: list[str]) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx([row], title="Vergleich", notes=[]))).active
    got = [cell.value or "" for cell in next(sheet.iter_rows(max_row=1))]
    kept = ["".join(c for c in text if c.isprintable() or c == "\n") for text in row]
    assert ["".join(c for c in str(text) if c.isprintable() or c == "\n") for text in got[: len(row)]] == kept


def test_words_longer_than_a_cell_are_cut_and_say_so() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx([["a" * 40_000]], title="x", notes=[]))).active
    assert len(sheet["A1"].value) == 32_767
    assert sheet["A1"].value.endswith("…")
