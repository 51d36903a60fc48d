"""What a harvest kept back: each record a page with all findings, and it comes back when its source changes it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from allmende.federation.actions import look_at, run
from allmende.federation.models import RawRecord, Source
from allmende.federation.queries import waiting
from allmende.journal.queries import history
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from tests.web.desk.conftest import GOOD, OPERATOR

pytestmark = pytest.mark.django_db


def codes(source: Source) -> list[str]:
    return [record.key for record in waiting(OPERATOR)]


def test_the_list_says_what_is_wrong_since_when_and_until_when(staff: Client, bad: RawRecord) -> None:
    page = staff.get("/redaktion/zurueckgestellt").content.decode()
    assert f'href="/redaktion/zurueckgestellt/{bad.public_id}#eintrag"' in page
    assert bad.reasons[0][:30] in page
    assert "Wartet seit 23.11.2026" in page


def test_the_page_of_a_record_has_all_findings_and_the_address_for_its_owner(
    staff: Client, bad: RawRecord
) -> None:
    page = staff.get(f"/redaktion/zurueckgestellt/{bad.public_id}").content.decode()
    for finding in bad.findings:
        assert finding["message"][:30] in page
    assert f"http://testserver/befunde/{bad.public_id}" in page
    assert 'id="entscheidung"' in page


def test_what_was_looked_at_waits_for_its_source_and_comes_back_when_it_changes(
    staff: Client, source: Source, bad: RawRecord, folder: Path, now: datetime
) -> None:
    address = f"/redaktion/zurueckgestellt/{bad.public_id}"
    answer = staff.post(address, {"notiz": "Befunde an die Ansprechstelle geschickt."}, follow=True)
    page = answer.content.decode()
    assert "Hier wartet nichts" in page
    assert "Befunde an die Ansprechstelle geschickt." in page
    assert history("raw_record", bad.public_id)[0].kind == "federation.record_reviewed"
    run(source, by=OPERATOR, now=now + timedelta(hours=1))  # unchanged
    assert codes(source) == []
    (folder / "schlecht.yml").write_text("name: [[", encoding="utf-8")
    RawRecord.objects.update(looked_at=now)
    run(source, by=OPERATOR, now=now + timedelta(hours=2))
    assert codes(source) == ["schlecht.yml"]
    (folder / "schlecht.yml").write_text(
        GOOD.replace("raumplan", "zwei").replace("Muster", "Zwei"), encoding="utf-8"
    )
    run(source, by=OPERATOR, now=now + timedelta(hours=3))
    assert codes(source) == []
    assert staff.get(address).status_code == 404


def test_without_a_word_nothing_is_done_about(staff: Client, bad: RawRecord) -> None:
    answer = staff.post(f"/redaktion/zurueckgestellt/{bad.public_id}", {"notiz": "  "})
    assert "Schreiben Sie in einem Satz, was Sie getan haben." in answer.content.decode()
    bad.refresh_from_db()
    assert bad.looked_at is None


def test_only_staff_looks_and_only_at_what_was_kept_back(
    source: Source, bad: RawRecord, now: datetime
) -> None:
    for by in (Actor.anonymous(), Actor("person", "x", frozenset({("provider_editor", "o")}))):
        with pytest.raises(Refused):
            look_at(bad, note="Gesehen.", by=by, now=now)
    good = RawRecord.objects.get(source=source, key="gut.yml")
    with pytest.raises(Refused, match="inzwischen veröffentlicht"):
        look_at(good, note="Gesehen.", by=OPERATOR, now=now)


@pytest.mark.parametrize("public_id", ["0000000000", "unfug", "%00"])
def test_an_unknown_record_is_not_found(staff: Client, source: Source, public_id: str) -> None:
    assert staff.get(f"/redaktion/zurueckgestellt/{public_id}").status_code == 404


def test_sources_that_lost_much_are_listed_with_the_time(
    staff: Client, source: Source, now: datetime
) -> None:
    assert "Hier wartet nichts" in staff.get("/redaktion/fehlende").content.decode()
    RawRecord.objects.update(unseen_since=now)
    page = staff.get("/redaktion/fehlende").content.decode()
    assert 'href="/redaktion/quellen/musterland#eintrag"' in page
    assert "bis 26.11.2026" in page or "Überfällig seit 26.11.2026" in page
    assert page.count("Katalog Musterland") == 1


def test_a_source_is_paused_taken_up_and_given_another_rhythm(
    staff: Client, editor: Client, source: Source
) -> None:
    page = "/redaktion/quellen/musterland"
    assert "Quelle anhalten" in staff.get(page).content.decode()
    assert "Quelle anhalten" not in editor.get(page).content.decode()
    assert (
        "Dafür fehlt Ihnen die Berechtigung" in editor.post(f"{page}/anhalten", follow=True).content.decode()
    )
    for paused in (True, False):
        staff.post(f"{page}/anhalten")
        source.refresh_from_db()
        assert source.is_paused is paused
    for given, hours in (
        ("24", 24),
        ("", None),
        ("viele", None),
        ("0", None),
        ("9999", None),
        ("²", None),
        ("7", 7),
    ):
        staff.post(f"{page}/abstand", {"stunden": given})
        source.refresh_from_db()
        assert source.every_hours == hours, given
