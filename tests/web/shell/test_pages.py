"""Pages whose text an operator edits."""

import datetime
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Site

from allmende.accounts.models import User
from allmende.journal.models import Entry
from allmende.lib.actors import Actor
from allmende.retrieval import fusion
from allmende.retrieval.protocol import ENOUGH
from allmende.retrieval.ranking import RANKING
from allmende.search.asking import SENTENCE
from allmende.search.definition import DEFINITION, FIELD_LABELS
from allmende.web.pages.actions import ensure_pages
from allmende.web.pages.models import LegalPage
from allmende.web.pages.texts import TEXTS
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db

ADDRESSES = ["/impressum", "/datenschutz", "/barrierefreiheit", "/ueber", "/ueber/rangfolge"]
SETUP = Actor.program("setup")


def test_all_pages_are_made_once(now: datetime.datetime) -> None:
    assert ensure_pages(by=SETUP, now=now) == ADDRESSES
    assert ensure_pages(by=SETUP, now=now) == []
    assert [page.address for page in LegalPage.objects.order_by("path")] == ADDRESSES


def test_what_an_operator_wrote_stays(now: datetime.datetime, client: Client) -> None:
    ensure_pages(by=SETUP, now=now)
    page = LegalPage.objects.get(slug="impressum")
    page.body = "<p>Stadt Musterstadt</p>"
    page.save_revision().publish()
    ensure_pages(by=SETUP, now=now)
    assert "Stadt Musterstadt" in client.get("/impressum").content.decode()


def test_a_deleted_page_comes_again(now: datetime.datetime) -> None:
    ensure_pages(by=SETUP, now=now)
    LegalPage.objects.get(slug="ueber").delete()
    assert ensure_pages(by=SETUP, now=now) == ["/ueber", "/ueber/rangfolge"]


def test_it_works_where_wagtail_has_no_site_yet(now: datetime.datetime) -> None:
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    assert ensure_pages(by=SETUP, now=now) == ADDRESSES


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_a_page_shows_title_text_and_state(client: Client, now: datetime.datetime, text: Any) -> None:
    ensure_pages(by=SETUP, now=now)
    answer = client.get(text.address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"<h1>{text.title}</h1>" in page
    assert text.body in page
    assert '<time datetime="2026-11-23">23.11.2026</time>' in page


def test_a_page_that_nobody_made_is_not_found(client: Client) -> None:
    assert client.get("/impressum").status_code == 404


def test_a_page_taken_back_is_not_found(client: Client, now: datetime.datetime) -> None:
    ensure_pages(by=SETUP, now=now)
    LegalPage.objects.get(slug="impressum").unpublish()
    assert client.get("/impressum").status_code == 404


@pytest.mark.parametrize("address", ["/impressum", "/datenschutz", "/barrierefreiheit", "/ueber"])
def test_what_the_operator_must_fill_in_is_marked(
    client: Client, now: datetime.datetime, address: str
) -> None:
    ensure_pages(by=SETUP, now=now)
    assert "Der Betreiber trägt hier" in client.get(address).content.decode()


def test_the_statement_on_accessibility_says_who_judged_and_whom_to_ask(
    client: Client, now: datetime.datetime
) -> None:
    ensure_pages(by=SETUP, now=now)
    page = client.get("/barrierefreiheit").content.decode()
    for part in ("selbst bewertet", "noch nicht geprüft", "Durchsetzungsstelle", 'id="feedback"', "Stand "):
        assert part in page, part


def test_who_wants_to_write_is_led_to_the_contact_in_the_impressum(
    client: Client, now: datetime.datetime
) -> None:
    ensure_pages(by=SETUP, now=now)
    footer = client.get("/datenschutz").content.decode().split("<footer")[1]
    assert 'Der Kontakt steht im <a href="/impressum#kontakt">Impressum</a>.' in footer
    assert 'id="kontakt"' in client.get("/impressum").content.decode()


def test_the_privacy_statement_names_what_people_leave_here(client: Client, now: datetime.datetime) -> None:
    ensure_pages(by=SETUP, now=now)
    text = client.get("/datenschutz").content.decode()
    assert re.findall(r"<h2[^>]*>(Wenn [^<]+)</h2>", text) == [
        "Wenn Sie nur lesen",
        "Wenn Sie ein Konto haben",
        "Wenn Sie eine Suche speichern",
        "Wenn Sie etwas melden",
        "Wenn jemand abgewiesen wird",
    ]


def test_editing_comes_to_the_journal(now: datetime.datetime) -> None:
    ensure_pages(by=SETUP, now=now)
    editor = User.objects.create_superuser("chef@beispiel.de", "x" * 12)
    page = LegalPage.objects.get(slug="impressum")
    page.save_revision(user=editor).publish(user=editor)
    page.unpublish()
    about = Entry.objects.filter(subject_type="page", subject_id=str(page.pk)).order_by("pk")
    assert [(entry.kind, entry.actor_kind) for entry in about] == [
        ("web.page_published", "program"), ("web.page_published", "person"), ("web.page_unpublished", "program"),
    ]  # fmt: skip


def test_the_editor_leads_to_the_page_and_shows_it_beforehand(client: Client, now: datetime.datetime) -> None:
    ensure_pages(by=SETUP, now=now)
    page = LegalPage.objects.get(slug="rangfolge")
    assert page.get_url() == "/ueber/rangfolge"
    sign_in(client, User.objects.create_superuser("chef@beispiel.de", "x" * 12))
    assert client.get(f"/verwaltung/pages/{page.pk}/edit/").status_code == 200
    answer = page.make_preview_request()
    assert "<h1>Wie die Rangfolge entsteht</h1>" in answer.content.decode()


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ensure_pages")
    call_command("ensure_pages")
    assert capsys.readouterr().out.splitlines() == [
        f"Angelegt: {', '.join(ADDRESSES)}", "Alle Seiten sind schon da.",
    ]  # fmt: skip


def numbers(client: Client, now: datetime.datetime) -> str:
    """What stands below the text of the page on ranking."""
    ensure_pages(by=SETUP, now=now)
    page = client.get("/ueber/rangfolge").content.decode()
    return page[page.index('id="zahlen"') : page.index("</main>")].replace("\xa0", " ")


def test_the_page_on_ranking_shows_the_numbers_that_the_program_works_with(
    client: Client, now: datetime.datetime
) -> None:
    html = numbers(client, now)
    for field, weight in DEFINITION.weights.items():
        row = rf'<th scope="row">{FIELD_LABELS[field]}</th><td data-label="zählt">{weight}-fach</td>'
        assert row in html, field
    for value in (
        RANKING.part,
        RANKING.synonym,
        RANKING.classified,
        RANKING.neighbour,
        fusion.NEAR_A_SENTENCE,
    ):
        assert f">{str(value).replace('.', ',')}</td>" in html, value
    for value in (fusion.WORDS_AT_LEAST, fusion.WORDS_AT_MOST):
        assert f">{value:.0%}".replace("%", " %") in html, value
    assert f"weniger als {ENOUGH} Einträge" in html
    assert f"Sätze ab {SENTENCE} Wörtern" in html
    assert f"höchstens {fusion.AT_MOST_ADDED} Einträge" in html


def test_other_pages_have_no_numbers(client: Client, now: datetime.datetime) -> None:
    ensure_pages(by=SETUP, now=now)
    assert 'id="zahlen"' not in client.get("/ueber").content.decode()


def test_what_the_text_on_ranking_says_in_words_is_so() -> None:
    """Numbers that stand in the text and not in the tables, and the order in which it names the fields and the ways."""
    (text,) = [each.body for each in TEXTS if each.name == "rangfolge"]
    assert (ENOUGH, "mindestens zehn Einträge" in text) == (10, True)
    assert (SENTENCE, "sechs oder mehr Wörter" in text) == (6, True)
    assert sorted(DEFINITION.weights, key=lambda field: -DEFINITION.weights[field]) == [
        "title", "names", "summary", "body"
    ]  # fmt: skip
    assert 1 > RANKING.part > RANKING.synonym == 0.5 > RANKING.classified > 0
    assert "halb so viel" in text
    assert RANKING.neighbour > 0
    assert fusion.WORDS_AT_MOST > fusion.WORDS_AT_LEAST > 0
