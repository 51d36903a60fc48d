"""A market exploration from its plan to the audit, played in browsers: who leads it, a company that has no account and
answers by a personal link, the second person who approves, and whoever audits it afterwards. What is only more of the
same is done without one."""

import datetime
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from allmende.exploration.actions import asking, sharing
from allmende.exploration.actions.estimates import choose_procedure, record_estimate
from allmende.exploration.actions.members import declare
from allmende.exploration.actions.searches import log_search
from allmende.exploration.models import Answer, Case, Deviation, FrozenRecord, Inquiry, Sheet
from allmende.exploration.queries.estimates import latest_estimate, offered_procedures
from allmende.exploration.wording import NO_TENDER
from allmende.journal.queries import search
from allmende.lib.actors import Actor
from allmende.procurement.actions import load as load_rules
from allmende.procurement.estimate import Contract, Line
from allmende.records import keys
from allmende.records.verification import verify
from tests.exploration.cast import Cast, a_cast, letters_to, token_in
from tests.exploration.hall import PROGRAM, Hall, a_hall, fill
from tests.factories.people import signed_in
from tests.support.browser import PHONE


@pytest.fixture
def cast(transactional_db: None, settings: Any, tmp_path: Path) -> Cast:
    """The plan is fixed and a questionnaire is ready, by today's clock: the server has no other."""
    settings.RECORD_KEYS_DIR = tmp_path / "record-keys"
    hall = a_hall(datetime.datetime.now(datetime.UTC))
    load_rules(by=PROGRAM, now=hall.now)
    fill(hall, "bedarf", "zustaendigkeit", "wege")
    return a_cast(hall, today=True)


def enter(page: Any, hall: Hall, who: str, settings: Any, live_server: Any) -> Any:
    cookie = signed_in(hall[who]).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def test_a_case_is_played_from_its_plan_to_its_audit(
    cast: Cast, new_page: Any, overflow: Any, axe: Any, settings: Any, live_server: Any
) -> None:
    hall = cast.hall
    home = f"/markterkundungen/{hall.case.public_id}"
    lead = enter(new_page(), hall, "lead", settings, live_server)
    approver = enter(new_page(size=PHONE), hall, "approver", settings, live_server)
    company = new_page(size=PHONE)

    # Who leads finds the case in the list, and sees what is missing.
    lead.goto("/markterkundungen")
    lead.get_by_role("link", name="Schäden an Straßen melden").click()
    lead.get_by_role("link", name="2. Zuständigkeit und Interessenkonflikte klären").click()
    lead.get_by_label("Nein", exact=True).check()
    lead.get_by_role("button", name="Erklärung abgeben").click()
    assert lead.get_by_text("Kein Interessenkonflikt, erklärt am").is_visible()
    assert axe(lead) == []

    # All are written to at once, with the sentence that says what it is not.
    lead.goto(f"{home}/ansprache/{cast.questionnaire.public_id}/vorschau")
    lead.get_by_role("button", name="An alle verschicken").click()
    lead.wait_for_load_state()
    inquiry = Inquiry.objects.get(company_name="Dorfsoftware Krause")
    letter = letters_to(inquiry)[0]
    assert NO_TENDER in " ".join(letter.text.split())

    # A company without an account answers by its link, on a phone.
    company.goto(f"/anfrage/{token_in(letter)}/antworten")
    assert (overflow(company), axe(company)) == ([], [])
    company.get_by_label("Ja", exact=True).check()
    company.get_by_label("Was kostet es im Jahr?").fill("1.200,00")
    company.get_by_role("button", name="Antworten abschicken").click()
    company.wait_for_load_state()
    inquiry.refresh_from_db()
    assert (inquiry.state, Answer.objects.filter(inquiry=inquiry, value__isnull=False).count()) == (
        "answered",
        2,
    )

    _to_the_last_step(cast)
    _handing_in(cast, lead, approver, home, overflow)
    _approval(cast, approver, home, overflow, axe)
    _taking_along(cast, lead, home)
    auditor = enter(new_page(size=PHONE), hall, "stranger", settings, live_server)
    _audit(cast, lead, auditor, home, overflow, axe)


def _to_the_last_step(cast: Cast) -> None:
    """The deadline passes, everybody is thanked, the value is estimated, the others declare."""
    hall, later = cast.hall, cast.deadline + timedelta(minutes=5)
    by: dict[str, Any] = {"by": hall.actor("lead"), "now": later}
    asking.close(cast.fresh(), by=Actor.program("exploration"), now=later)
    sharing.thank_all(cast.fresh(), **by)
    log_search(
        hall.case, source="other_towns", source_name="Rundfrage", query="Mängelmelder", hits=3,
        searched_on=hall.now.astimezone().date(), by=by["by"], now=hall.now + timedelta(minutes=1),
    )  # fmt: skip
    contract = Contract(lines=(Line(label="Lizenz", rhythm="one_off", amount=Decimal(20_000)),))
    record_estimate(hall.case, contract, day=hall.now.date(), basis="Auskünfte", **by)
    made = latest_estimate(hall.fresh())
    assert made is not None
    first = offered_procedures(made)[0].code
    choose_procedure(hall.case, first, rule="Satzung", reason="Unter der Grenze.", lock_version=0, **by)
    for who in ("editor", "approver"):
        declare(hall.case, has_conflict=False, by=hall.actor(who), now=hall.now)
    fill(hall, "auswertung", "schlussfolgerung")


def _handing_in(cast: Cast, lead: Any, approver: Any, home: str, overflow: Any) -> None:
    hall = cast.hall
    # What companies that answered know is evened out: suggested, and looked at by a person.
    lead.goto(f"{home}/vorbefassung")
    lead.get_by_role("button", name="Aus Antworten und Gesprächen vorschlagen").click()
    lead.get_by_role("link", name="Bearbeiten").click()
    lead.get_by_label("Was gleicht den Vorsprung aus?").fill("Alle bekommen dieselben Unterlagen.")
    lead.get_by_role("button", name="Festhalten").click()
    lead.get_by_label("Alle bekommen dieselben Unterlagen, auch Antworten und Protokolle").check()
    lead.get_by_role("button", name="Fertig, weiter").click()
    lead.wait_for_url("**/freigabe")
    assert Sheet.objects.get(case=hall.case, step="vorbefassung").is_done

    # The second person reads it on a phone and gives it back; then it is handed in again.
    lead.get_by_role("button", name="Zur Freigabe geben").click()
    approver.goto(f"{home}/freigabe")
    assert overflow(approver) == []
    approver.get_by_label("Grund").fill("Es fehlt, warum nur drei gefragt wurden.")
    approver.get_by_role("button", name="Mit Grund zurückgeben").click()
    approver.wait_for_load_state()
    lead.goto(home)
    assert lead.get_by_text("Es fehlt, warum nur drei gefragt wurden.").is_visible()
    lead.get_by_role("link", name="Abweichung festhalten").click()
    lead.get_by_label("Schritt", exact=True).select_option("ansprache")
    lead.get_by_label("Was war anders?").fill("Nur drei Unternehmen gefragt.")
    lead.get_by_label("Warum?").fill("Mehr hat die Recherche nicht ergeben.")
    lead.get_by_role("button", name="Speichern").click()
    lead.wait_for_load_state()
    assert Deviation.objects.filter(case=hall.case, step="ansprache").exists()
    lead.goto(f"{home}/freigabe")
    lead.get_by_role("button", name="Zur Freigabe geben").click()
    lead.wait_for_load_state()
    assert Case.objects.get(pk=hall.case.pk).state == "submitted"
    # Nobody writes any more while the second person reads.
    lead.goto(f"{home}/wege")
    assert lead.locator("textarea").count() == 0


def _approval(cast: Cast, approver: Any, home: str, overflow: Any, axe: Any) -> None:
    """Read, ticked and frozen on a phone; from then on nobody finds anything to write in."""
    approver.goto(f"{home}/freigabe")
    assert (overflow(approver), axe(approver)) == ([], [])
    approver.get_by_label("Ich habe alles gelesen.").check()
    approver.get_by_role("button", name="Freigeben und abschließen").click()
    approver.wait_for_url("**/dokumentation")
    record = FrozenRecord.objects.get(case=cast.hall.case)
    assert approver.get_by_text(record.digest).is_visible()
    assert (record.approved_by, record.case.state) == (cast.hall["approver"].public_id, "frozen")
    assert overflow(approver) == []
    approver.goto(f"{home}/freigabe")
    assert approver.get_by_text("Was darin steht, ändert sich nicht mehr.").is_visible()
    assert approver.locator("main form").count() == 0


def _taking_along(cast: Cast, lead: Any, home: str) -> None:
    """The PDF carries its signature, the record lies beside its own; a changed byte is found."""
    lead.goto(home)
    lead.get_by_role("link", name="Dokumentation", exact=True).click()
    made = {
        name: _downloaded(lead, name) for name in ("PDF zum Lesen", "Datensatz", "Unterschrift zum Datensatz")
    }
    pdf, record, proof = made.values()
    known = dict(keys.known_keys())
    assert record == FrozenRecord.objects.get().content.encode()
    assert (verify(pdf, None, known).is_proven, verify(record, proof, known).is_proven) == (True, True)
    assert verify(record.replace(b"Nur drei", b"Nur vier"), proof, known).is_proven is False


def _downloaded(page: Any, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def _audit(cast: Cast, lead: Any, auditor: Any, home: str, overflow: Any, axe: Any) -> None:
    """Somebody of another house reads it for a time, sees what became of it, and each look is noted."""
    person = cast.hall["stranger"]
    lead.goto(f"{home}/einsicht")
    lead.get_by_label("E-Mail-Adresse").fill(person.email)
    lead.get_by_label("Stelle").fill("Rechnungsprüfung des Kreises")
    lead.get_by_label("Anlass").fill("Jahresprüfung")
    lead.get_by_label("Einsicht bis einschließlich").fill(f"{cast.deadline:%d.%m.%Y}")
    lead.get_by_role("button", name="Einsicht geben").click()
    lead.wait_for_load_state()
    auditor.goto("/mein")
    auditor.get_by_role("link", name="„Schäden an Straßen melden“ prüfen").click()
    auditor.wait_for_url("**/pruefung/*")
    assert auditor.get_by_text("Nur drei Unternehmen gefragt.").first.is_visible()
    assert (overflow(auditor), axe(auditor)) == ([], [])
    looks = search(people=[person.public_id], kind="exploration.audit_access_used")
    assert [each.data["page"] for each in looks] == ["fall"]
    # The case itself stays closed to them, and once the access has ended the reading does too.
    assert auditor.goto(home).status == 404
    lead.get_by_role("button", name="Beenden").click()
    lead.wait_for_load_state()
    auditor.goto("/pruefung")
    assert auditor.get_by_text("Zurzeit gibt es nichts zu prüfen").is_visible()
