"""Sources at the desk, and findings for the owner of a file."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from allmende.catalogue.models import Solution
from allmende.federation.actions import pause_source, run, try_out
from allmende.federation.models import RawRecord, Source
from allmende.jobs.queries import waiting
from allmende.lib.ids import LENGTH, is_public_id
from tests.factories.market import Market
from tests.web.desk.conftest import GOOD, OPERATOR

pytestmark = pytest.mark.django_db


def harvests() -> list[tuple[str, list[object]]]:
    return [
        (row.task_path, row.args_kwargs["args"]) for row in waiting() if row.task_path.endswith(".run_source")
    ]


def lose_many(source: Source, folder: Path, now: datetime) -> None:
    """A source of eight records of which six are gone: too many to be believed."""
    for number in range(8):
        changed = GOOD.replace("raumplan", f"r{number}").replace("Raumplan Muster", f"Raumplan {number}")
        (folder / f"n{number}.yml").write_text(changed, encoding="utf-8")
    run(source, by=OPERATOR, now=now)
    for number in range(6):
        (folder / f"n{number}.yml").unlink()
    run(source, by=OPERATOR, now=now)


def test_the_list_shows_how_the_last_run_ended(staff: Client, source: Source) -> None:
    page = staff.get("/redaktion/quellen").content.decode()
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r'<td data-label="[^"]+" class="am-num">(.*?)</td>', row, re.DOTALL) == ["2", "1"]
    assert "vollständig" in row


def test_the_button_asks_for_a_harvest_and_does_not_harvest(staff: Client, source: Source) -> None:
    answer = staff.post("/redaktion/quellen/musterland/abgleichen", follow=True)
    assert "Der Abgleich ist vorgemerkt" in answer.content.decode()
    assert harvests() == [("allmende.federation.tasks.run_source", [source.public_id])]
    assert source.runs.count() == 1


def test_two_clicks_are_one_harvest(staff: Client, source: Source) -> None:
    for _ in range(2):
        staff.post("/redaktion/quellen/musterland/abgleichen")
    assert len(harvests()) == 1


def test_a_paused_source_is_not_harvested_and_says_so(staff: Client, source: Source, now: datetime) -> None:
    pause_source(source, by=OPERATOR, now=now)
    answer = staff.post("/redaktion/quellen/musterland/abgleichen", follow=True)
    assert "Diese Quelle ist angehalten." in answer.content.decode()
    assert harvests() == []


def test_what_is_gone_waits_for_a_person_and_is_accepted_once(
    staff: Client, source: Source, folder: Path, now: datetime
) -> None:
    lose_many(source, folder, now)
    page = staff.get("/redaktion/quellen/musterland").content.decode()
    assert "Viele Einträge fehlen auf einmal" in page
    assert RawRecord.objects.filter(missing_since__isnull=False).count() == 0
    page = staff.post("/redaktion/quellen/musterland/fehlende", follow=True).content.decode()
    assert "Die Einträge sind als fehlend vermerkt." in page
    assert "Viele Einträge fehlen auf einmal" not in page
    assert RawRecord.objects.filter(missing_since__isnull=False).count() == 6
    page = staff.post("/redaktion/quellen/musterland/fehlende", follow=True).content.decode()
    assert "Es wartet nichts auf Ihre Prüfung." in page


@pytest.mark.parametrize(
    ("query", "good", "bad"),
    [
        ("", True, True),
        ("?urteil=quarantine", False, True),
        ("?urteil=refused", False, False),
        ("?urteil=unfug&seite=abc", True, True),
        ("?seite=99999", True, True),
    ],
)
def test_records_are_shown_by_what_became_of_them(
    staff: Client, source: Source, query: str, good: bool, bad: bool
) -> None:
    page = staff.get(f"/redaktion/quellen/musterland{query}").content.decode()
    assert ("Raumplan Muster" in page, "schlecht.yml" in page) == (good, bad)


@pytest.mark.parametrize("code", ["gibt-es-nicht", "x" * 200])
def test_an_unknown_source_is_not_found(staff: Client, source: Source, code: str) -> None:
    assert staff.get(f"/redaktion/quellen/{code}").status_code == 404
    assert staff.post(f"/redaktion/quellen/{code}/abgleichen").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_lists_take_the_same_number_of_queries_however_long(
    staff: Client, source: Source, folder: Path, now: datetime, django_assert_num_queries: object, many: int
) -> None:
    for number in range(many):
        (folder / f"m{number}.yml").write_text(GOOD.replace("raumplan", f"m{number}"), encoding="utf-8")
    run(source, by=OPERATOR, now=now)
    for number in range(many):  # published once, and unreadable since then
        (folder / f"m{number}.yml").write_text("name: [", encoding="utf-8")
    run(source, by=OPERATOR, now=now)
    for address, number in (("/redaktion/zurueckgestellt", 7), ("/redaktion/quellen/musterland", 9)):
        with django_assert_num_queries(number):  # type: ignore[operator]
            assert staff.get(address).status_code == 200


# ---------------------------------------------------------------------------------------------------------- findings


def test_the_owner_of_a_file_reads_its_findings_without_an_account(client: Client, bad: RawRecord) -> None:
    answer = client.get(f"/befunde/{bad.public_id}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Warum der Eintrag nicht erscheint" in page
    assert bad.reasons[0] in page
    assert bad.findings[0]["message"] in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "no-store" in answer["Cache-Control"]


def test_a_good_file_has_findings_too_if_only_to_say_so(client: Client, source: Source) -> None:
    record = RawRecord.objects.get(source=source, key="gut.yml")
    page = client.get(f"/befunde/{record.public_id}").content.decode()
    assert "Warum der Eintrag nicht erscheint" not in page
    assert record.get_decision_display() in page


def test_the_address_cannot_be_guessed(client: Client, bad: RawRecord) -> None:
    assert is_public_id(bad.public_id)
    assert LENGTH * 5 >= 50  # bits
    for guess in (
        str(bad.pk),
        "1",
        bad.key,
        bad.public_id[:-1],
        "%00",
        bad.public_id + "0",
        bad.public_id.upper() + "x",
    ):
        assert client.get(f"/befunde/{guess}").status_code == 404


def test_findings_show_neither_path_nor_content(client: Client, bad: RawRecord, folder: Path) -> None:
    page = client.get(f"/befunde/{bad.public_id}").content.decode()
    assert str(folder) not in page


def test_a_message_with_markup_is_shown_as_text(
    client: Client, source: Source, folder: Path, now: datetime
) -> None:
    (folder / "boese.yml").write_text(GOOD + "<script>alert(1)</script>: 1\n", encoding="utf-8")
    run(source, by=OPERATOR, now=now)
    record = RawRecord.objects.get(source=source, key="boese.yml")
    page = client.get(f"/befunde/{record.public_id}").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


# ------------------------------------------------------------------------------------------------- a source by page

NEW = {
    "name": "Beispielland", "code": "beispielland", "kind": "list", "location": "https://code.example.org/liste.txt",
    "format": "publiccode", "every_hours": "24", "licence": "CC0-1.0",
}  # fmt: skip


def test_a_source_is_entered_held_and_tried_first(staff: Client, market: Market) -> None:
    page = staff.post("/redaktion/quelle-hinzufuegen", NEW, follow=True)
    assert "Der Probelauf beginnt in wenigen Sekunden." in page.text
    made = Source.objects.get(code="beispielland")
    assert (made.is_paused, made.every_hours, made.origin.licence, made.trial_asked_at is None) == (
        True, 24, "CC0-1.0", False,
    )  # fmt: skip
    assert [
        row.task_path.rpartition(".")[2] for row in waiting() if made.public_id in str(row.args_kwargs)
    ] == ["try_source"]
    assert "In Betrieb nehmen" not in page.text  # nobody has seen a report yet


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"location": "/etc/passwd"}, "Geben Sie bei „Adresse“ eine vollständige Adresse ein"),
        ({"location": "file:///etc/passwd"}, "Geben Sie bei „Adresse“ eine vollständige Adresse ein"),
        ({"location": "ftp://code.example.org/x"}, "Geben Sie eine Adresse im Netz ein"),
        ({"kind": "directory"}, "Wählen Sie bei „Art“ eine der Antworten aus."),
        ({"code": "Mit Leerzeichen"}, "Das Kürzel besteht aus kleinen Buchstaben"),
        ({"every_hours": "0"}, "zwischen einer Stunde und 31 Tagen"),
        ({"every_hours": "oft"}, "eine ganze Zahl"),
        ({"profile": "files = ["}, "kein gültiges TOML"),
        ({"name": ""}, "Füllen Sie „Name der Quelle“ aus."),
        ({"code": "musterland"}, "gibt es schon"),
    ],
)
def test_what_cannot_be_read_is_said_in_german(
    staff: Client, source: Source, changed: dict[str, str], told: str
) -> None:
    answer = staff.post("/redaktion/quelle-hinzufuegen", NEW | changed)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert Source.objects.count() == 1


def test_only_the_operator_enters_and_tries_sources(editor: Client, source: Source) -> None:
    assert editor.get("/redaktion/quelle-hinzufuegen").status_code == 403
    assert editor.post("/redaktion/quelle-hinzufuegen", NEW).status_code == 403
    assert "Quelle hinzufügen" not in editor.get("/redaktion/quellen").text
    editor.post("/redaktion/quellen/musterland/probelauf")
    source.refresh_from_db()
    assert source.trial_asked_at is None


def test_a_trial_publishes_nothing_and_its_report_leads_into_service(
    staff: Client, source: Source, folder: Path, now: datetime
) -> None:
    pause_source(source, by=OPERATOR, now=now)
    before = RawRecord.objects.count(), Solution.objects.count()
    staff.post("/redaktion/quellen/musterland/probelauf")
    (folder / "neu.yml").write_text(GOOD.replace("Raumplan Muster", "Neues Muster"), encoding="utf-8")
    source.refresh_from_db()
    try_out(source, today=now.date(), now=now)
    assert (RawRecord.objects.count(), Solution.objects.count()) == before
    page = staff.get("/redaktion/quellen/musterland").text.replace("\xa0", " ")
    assert "3 Einträge gelesen, nichts veröffentlicht." in page
    assert "schlecht.yml" in page
    assert "In Betrieb nehmen" in page
    staff.post("/redaktion/quellen/musterland/anhalten")
    source.refresh_from_db()
    assert source.is_paused is False


def test_a_trial_that_fails_at_our_side_has_ended_and_says_so(
    staff: Client, source: Source, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error goes on to the jobs, where those who operate the site are told."""

    def broken(*_: object) -> None:
        raise ValueError("no such field")

    pause_source(source, by=OPERATOR, now=now)
    staff.post("/redaktion/quellen/musterland/probelauf")
    source.refresh_from_db()
    monkeypatch.setattr("allmende.federation.actions.checking._judge", broken)
    with pytest.raises(ValueError, match="no such field"):
        try_out(source, today=now.date(), now=now)
    page = staff.get("/redaktion/quellen/musterland").text
    assert "Der Probelauf ist gescheitert" in page
    assert "ein Fehler aufgetreten" in page
    assert "In Betrieb nehmen" not in page
    monkeypatch.undo()
    try_out(source, today=now.date(), now=now)
    assert "gescheitert" not in staff.get("/redaktion/quellen/musterland").text


def test_a_trial_of_what_cannot_be_reached_says_so(staff: Client, source: Source, now: datetime) -> None:
    source.location = "/gibt/es/nicht"
    staff.post("/redaktion/quellen/musterland/probelauf")
    try_out(source, today=now.date(), now=now)
    page = staff.get("/redaktion/quellen/musterland").text
    assert "Die Quelle war nicht lesbar" in page
    assert "In Betrieb nehmen" not in page
