"""In a real browser: through every queue of the desk by keyboard alone, and from a report to the last word."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.catalogue import notice_links
from allmende.catalogue.actions import suspect
from allmende.catalogue.actions.notices import report
from allmende.catalogue.drafts import NoticeDraft
from allmende.catalogue.models import DuplicateSuspicion, Notice, Offer
from allmende.federation.actions import add_source, run
from allmende.federation.models import RawRecord
from allmende.lib.actors import Actor
from allmende.lib.workdays import after_working_days
from allmende.regions.models import Region, RegionSuccession
from allmende.search.models import Miss
from tests.factories.market import HARVEST, Market, open_market
from tests.factories.people import signed_in, somebody
from tests.support.browser import DESKTOP, PHONE

NewPage = Callable[..., Any]
Check = Callable[[Any], list[str]]
WHAT = "Der Preis im Angebot ist seit einem Jahr doppelt so hoch."


@pytest.fixture
def market(transactional_db: None, settings: Any, tmp_path: Path, now: Any) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return open_market(now)


class Keyboard:
    """Somebody who never touches a mouse; what they do not reach with keys they do not get."""

    def __init__(self, page: Page, axe: Check, overflow: Check) -> None:
        self.page, self._axe, self._overflow = page, axe, overflow
        self.complaints: list[str] = []

    def sign_in(self, user: User, cookie: str) -> None:
        self.page.goto("/")
        self.page.context.add_cookies(
            [{"name": cookie, "value": signed_in(user).cookies[cookie].value, "url": self.page.url}]
        )

    def look(self) -> None:
        """Accessibility wide and reflow narrow, without losing the place of the focus."""
        self.complaints += self._axe(self.page)
        self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        self.complaints += self._overflow(self.page)
        self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})

    def focus(self) -> str:
        """What has the focus, in words and by id."""
        return str(
            self.page.evaluate(
                "() => { const e = document.activeElement; return `${e.id} ${e.innerText || e.value || ''}`.trim() }"
            )
        )

    def tab_to(self, words: str) -> None:
        for _ in range(120):
            self.page.keyboard.press("Tab")
            if re.search(words, self.focus()):
                return
        raise AssertionError(f"{words!r} cannot be reached by Tab on {self.page.url}")

    def enter(self, words: str) -> None:
        """Go to a link or button by Tab and press Enter; the next page is loaded then."""
        self.tab_to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def shortcut(self, letter: str) -> None:
        """The browser's access key, as the system hands it in: Playwright's own press leaves the letter out."""
        system = self.page.context.new_cdp_session(self.page)
        key = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}"}
        with self.page.expect_navigation():
            system.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
            system.send(
                "Input.dispatchKeyEvent", {"type": "char", "text": letter, "unmodifiedText": letter, **key}
            )
            system.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        system.detach()

    def is_at_entry(self) -> None:
        """The heading of an entry has the focus, so that a screen reader begins there."""
        assert self.focus().startswith("eintrag "), (self.page.url, self.focus())


@pytest.fixture
def editor(
    market: Market, new_page: NewPage, settings: Any, axe: Check, overflow: Check, now: Any
) -> Keyboard:
    made = Keyboard(new_page(), axe, overflow)
    made.sign_in(somebody("operator_admin", now=now), settings.SESSION_COOKIE_NAME)
    return made


def begin(editor: Keyboard, queue: str, entry: str) -> None:
    """From the overview into the first entry of a queue."""
    editor.page.goto("/redaktion")
    editor.enter(f"^{queue}")
    editor.look()
    editor.enter(entry)
    editor.is_at_entry()


def test_two_pairs_are_decided_by_shortcuts_and_focus_goes_to_the_next(
    market: Market, editor: Keyboard, now: Any
) -> None:
    suspect(market.melder, market.foreign, reason="Gleiche Aufgabe.", by=HARVEST, now=now)
    suspect(market.raum, market.foreign, reason="Gleicher Zweck.", by=HARVEST, now=now + timedelta(hours=1))
    begin(editor, "Mögliche Dubletten entscheiden", "Mängelmelder und Potholes")
    editor.look()
    editor.shortcut("n")
    editor.is_at_entry()
    expect(editor.page.locator("h1")).to_contain_text("Raumbuchung")
    editor.shortcut("v")
    editor.is_at_entry()
    editor.shortcut("g")
    editor.is_at_entry()
    expect(editor.page.locator("h1")).to_contain_text("Raumbuchung")
    expect(editor.page.get_by_role("main")).to_contain_text("Die beiden Lösungen bleiben getrennt.")
    editor.tab_to("Getrennt lassen")
    with editor.page.expect_navigation():
        editor.page.keyboard.press("Enter")
    expect(editor.page.get_by_role("main")).to_contain_text("Hier wartet nichts")
    assert set(DuplicateSuspicion.objects.values_list("state", flat=True)) == {"distinct"}
    assert editor.complaints == []


def test_the_skip_link_leads_to_the_decision(market: Market, editor: Keyboard, now: Any) -> None:
    pair = suspect(market.melder, market.foreign, reason="Gleiche Aufgabe.", by=HARVEST, now=now)
    editor.page.goto(f"/redaktion/dubletten/{pair.public_id}")
    editor.tab_to("Zur Entscheidung springen")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.press("Tab")
    assert "Zusammenführen" in editor.focus()


def test_a_record_a_succession_and_a_search_in_vain_are_done_by_keyboard(
    market: Market, editor: Keyboard, tmp_path: Path, now: Any
) -> None:
    folder = tmp_path / "quelle"
    folder.mkdir()
    (folder / "schlecht.yml").write_text("name: [", encoding="utf-8")
    source = add_source(
        "musterland", name="Katalog Musterland", kind="directory", location=str(folder), format="publiccode",
        profile={"files": ["*.yml"]}, by=HARVEST, now=now,
    )  # fmt: skip
    run(source, by=HARVEST, now=now)
    begin(editor, "Zurückgestellte Einträge ansehen", "schlecht.yml")
    editor.look()
    editor.tab_to("^notiz")
    editor.page.keyboard.type("Befunde an die Ansprechstelle geschickt.")
    with editor.page.expect_navigation():
        editor.page.keyboard.press("Enter")
    expect(editor.page.get_by_role("main")).to_contain_text("Angesehen, wartet auf die Quelle")
    assert RawRecord.objects.get().look_note == "Befunde an die Ansprechstelle geschickt."

    land = Region.objects.get(key="99")
    gone = Region.objects.create(
        key="99001009", ars="990019009", level="gemeinde", type_code="64", name="Altdorf", official_name="Altdorf",
        search_name="altdorf", parent=land, land=land, is_invented=True, valid_to=date(2026, 1, 1),
    )  # fmt: skip
    RegionSuccession.objects.create(
        predecessor=gone, successor=Region.objects.get(key="99001001"), origin="comparison", reason="Gleiche Fläche.",
        on=date(2026, 1, 1), state="proposed",
    )  # fmt: skip
    begin(editor, "Nachfolgen von Gemeinden bestätigen", "Altdorf")
    editor.look()
    editor.shortcut("a")
    expect(editor.page.get_by_role("main")).to_contain_text("Der Vorschlag ist abgelehnt.")

    Miss.objects.create(text="hundesteuer", count=3, first_day=date(2026, 11, 1), last_day=date(2026, 11, 20))
    editor.page.goto("/redaktion")
    editor.enter("^Suchen ohne Treffer ansehen")
    editor.look()
    editor.tab_to("Erledigen")
    editor.page.keyboard.press("Enter")
    editor.tab_to("^grund")
    editor.page.keyboard.type("Suchwort ergänzt.")
    editor.enter("^Beantwortet")
    expect(editor.page.get_by_role("main")).to_contain_text("gilt als beantwortet")
    assert editor.complaints == []


def test_from_a_report_to_the_last_word(
    market: Market, editor: Keyboard, new_page: NewPage, settings: Any, axe: Check, overflow: Check, now: Any
) -> None:
    """A stranger reports, the desk asks, the other side answers by its link, the desk decides, a second one ends it."""
    offer = Offer.objects.get()
    stranger = Keyboard(new_page(), axe, overflow)
    stranger.page.goto(f"/loesungen/{market.melder.public_id}")
    stranger.enter("Fehler melden")
    stranger.look()
    stranger.tab_to("^id_reason")
    stranger.page.keyboard.press("Space")
    stranger.tab_to("^id_what")
    stranger.page.keyboard.type(WHAT)
    stranger.enter("Meldung abschicken")
    stranger.look()
    notice = Notice.objects.get()
    expect(stranger.page.get_by_role("main")).to_contain_text(notice.number)

    begin(editor, "Meldungen bearbeiten", "Als Dienst: Eine Angabe ist falsch")
    editor.look()
    editor.tab_to("^id_also")
    editor.page.keyboard.type("info@firma.example")
    editor.enter("Um Stellungnahme bitten")
    expect(editor.page.get_by_role("main")).to_contain_text("Die betroffene Seite ist angeschrieben.")

    other = Keyboard(new_page(), axe, overflow)
    other.page.goto(notice_links.party_page(notice))
    other.look()
    other.tab_to("^id_text")
    other.page.keyboard.type("Wir haben den Preis gestern berichtigt.")
    other.enter("Stellungnahme abschicken")
    other.look()

    begin(editor, "Meldungen bearbeiten", "Als Dienst: Eine Angabe ist falsch")
    expect(editor.page.get_by_role("main")).to_contain_text("Wir haben den Preis gestern berichtigt.")
    editor.tab_to("^id_outcome")
    editor.page.keyboard.press("ArrowDown")
    editor.page.keyboard.press("ArrowDown")
    for field, words in (
        ("facts", "Auf der Seite des Anbieters steht derselbe Preis."),
        ("rationale", "Der Anbieter hat den Preis berichtigt, es ist nichts zu tun."),
    ):
        editor.tab_to(f"^id_{field}")
        editor.page.keyboard.type(words)
    editor.shortcut("e")
    expect(editor.page.get_by_role("main")).to_contain_text("Die Entscheidung ist getroffen")
    editor.look()
    notice.refresh_from_db()
    assert (notice.outcome, notice.state) == ("rejected", "decided")

    stranger.page.reload()
    stranger.look()
    stranger.tab_to("^id_text")
    stranger.page.keyboard.type("Der Preis steht dort immer noch falsch.")
    stranger.enter("Einspruch einlegen")

    second = Keyboard(new_page(), axe, overflow)
    second.sign_in(somebody("catalogue_editor", now=now), settings.SESSION_COOKIE_NAME)
    begin(second, "Meldungen bearbeiten", "Als Dienst: Eine Angabe ist falsch")
    second.look()
    second.tab_to("^id_outcome")
    second.page.keyboard.press("ArrowDown")
    second.tab_to("^id_rationale")
    second.page.keyboard.type("Der Preis ist auch heute noch falsch angegeben.")
    second.tab_to("^id_basis")
    second.page.keyboard.type("Nutzungsbedingungen Nr. 4")
    second.shortcut("e")
    expect(second.page.get_by_role("main")).to_contain_text("zurückgezogen")
    offer.refresh_from_db()
    notice.refresh_from_db()
    assert (notice.state, notice.holds, offer.state) == ("closed", "withdrawn", "withdrawn")
    second.page.goto(f"/angebote/{offer.public_id}/verlauf")
    expect(second.page.get_by_role("main")).to_contain_text("Angebot zurückgezogen")
    second.look()
    assert stranger.complaints + editor.complaints + other.complaints + second.complaints == []


def test_the_search_through_the_journal_and_a_refused_decision_look_well(
    market: Market, editor: Keyboard, now: Any
) -> None:
    draft = NoticeDraft(reason="unlawful", what=WHAT)
    offer = Offer.objects.get()
    notice = report(draft, subject=offer, by=Actor.anonymous(), now=datetime.now(UTC))
    editor.page.goto("/redaktion/journal")
    editor.tab_to("^id_organisation")
    editor.page.keyboard.type("Beispiel-Software GmbH")
    editor.page.keyboard.press("Enter")
    expect(editor.page.get_by_role("main")).to_contain_text("Organisation eingetragen")
    editor.look()
    editor.page.goto(f"/redaktion/meldungen/{notice.public_id}")
    until = after_working_days(datetime.now(UTC).date(), 300)
    editor.tab_to("^id_until")
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.type(f"{until:%d.%m.%Y}")
    editor.tab_to("Um Stellungnahme bitten")
    with editor.page.expect_navigation():
        editor.page.keyboard.press("Enter")
    expect(editor.page.get_by_role("main")).to_contain_text("Geben Sie eine Frist zwischen dem")
    editor.look()
    assert editor.complaints == []
