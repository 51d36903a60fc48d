"""Reporting and answering on the pages, by strangers, by the side concerned and at the desk."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from allmende.catalogue import notice_links
from allmende.catalogue.actions.notices import hide_at_once, open_hearing, report
from allmende.catalogue.drafts import NoticeDraft
from allmende.catalogue.models import Notice, NoticeContact, Offer
from allmende.lib.actors import Actor
from allmende.lib.workdays import after_working_days
from allmende.mail.models import Letter
from tests.factories.market import Market, open_market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db

WHAT = "Der Preis im Angebot ist seit einem Jahr doppelt so hoch."
REASONED = {
    "facts": "Auf der Seite des Anbieters steht ein anderer Preis.",
    "basis": "Nutzungsbedingungen Nr. 4",
    "rationale": "Der Preis im Eintrag führt andere in die Irre.",
}


@pytest.fixture
def market(db: None, settings: Any, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Market:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    cache.clear()
    return open_market(now)


@pytest.fixture
def offer(market: Market) -> Offer:
    return Offer.objects.get(solution=market.melder)


@pytest.fixture
def editor(now: datetime) -> Client:
    return signed_in(somebody("catalogue_editor", now=now))


@pytest.fixture
def company(market: Market, now: datetime) -> Client:
    return signed_in(somebody("provider_editor", market.provider, now=now))


@pytest.fixture
def competitor(market: Market, now: datetime) -> Client:
    return signed_in(somebody("provider_editor", market.town, now=now))


@pytest.fixture
def notice(offer: Offer) -> Notice:
    draft = NoticeDraft(reason="wrong", what=WHAT)
    return report(draft, subject=offer, by=Actor.anonymous(), now=datetime.now(UTC))


@pytest.fixture
def heard(notice: Notice) -> Notice:
    until = after_working_days(datetime.now(UTC).date(), 10)
    return open_hearing(notice, until=until, by=Actor.program("test"), now=datetime.now(UTC))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", answer.content.decode()))


# ------------------------------------------------------------------------------------------------------- reporting


@pytest.mark.parametrize("kind", ["loesung", "angebot", "organisation"])
def test_a_stranger_reports_and_gets_a_number_and_a_page(
    client: Client, market: Market, offer: Offer, kind: str
) -> None:
    subject = {"loesung": market.melder, "angebot": offer, "organisation": market.provider}[kind]
    address = f"/melden/{kind}/{subject.public_id}"
    assert client.get(address).status_code == 200
    answer = client.post(
        address, {"reason": "wrong", "what": WHAT, "source": "https://preise.example"}, follow=True
    )
    notice = Notice.objects.get()
    assert answer.redirect_chain == [(notice_links.reporter_page(notice), 302)]
    assert f"Sie hat die Nummer {notice.number}." in text(answer)
    assert (notice.subject_id, notice.source) == (subject.public_id, "https://preise.example")
    assert "no-store" in answer["Cache-Control"]


def test_the_pages_of_entries_lead_to_the_form(client: Client, market: Market, offer: Offer) -> None:
    page = client.get(f"/loesungen/{market.melder.public_id}").content.decode()
    assert f'href="/melden/loesung/{market.melder.public_id}"' in page
    assert f'href="/melden/angebot/{offer.public_id}"' in page
    page = client.get(f"/anbieter/{market.provider.public_id}").content.decode()
    assert f'href="/melden/organisation/{market.provider.public_id}"' in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Wählen Sie bei „Worum geht es?“ eine der Antworten aus."),
        ({"reason": "wrong", "what": "Falsch"}, "Schreiben Sie ein bis zwei ganze Sätze"),
        ({"reason": "wrong", "what": WHAT, "email": "kim"}, "Geben Sie eine E-Mail-Adresse ein"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    client: Client, market: Market, given: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/melden/loesung/{market.melder.public_id}", given)
    assert answer.status_code == 422
    assert sentence in text(answer)
    for value in given.values():
        assert value in answer.content.decode()
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("address", ["loesung/0000000000", "angebot/unfug", "nutzung/{id}", "loesung/%00"])
def test_what_is_not_there_cannot_be_reported(client: Client, market: Market, address: str) -> None:
    assert client.get("/melden/" + address.format(id=market.melder.public_id)).status_code == 404


def test_one_address_may_report_ten_times_an_hour(market: Market) -> None:
    one, other = Client(REMOTE_ADDR="127.0.0.7"), Client(REMOTE_ADDR="127.0.0.8")
    address = f"/melden/loesung/{market.melder.public_id}"
    given = {"reason": "wrong", "what": WHAT}
    codes = [one.post(address, given).status_code for _ in range(12)]
    assert codes == [302] * 10 + [429] * 2
    assert other.post(address, given).status_code == 302
    assert one.get(address).status_code == 200  # looking is free


def test_whoever_is_signed_in_finds_the_address_filled_in_and_the_report_on_their_page(
    company: Client, market: Market
) -> None:
    address = f"/melden/loesung/{market.raum.public_id}"
    assert 'value="provider_editor-' in company.get(address).content.decode()
    company.post(address, {"reason": "rights", "what": WHAT})
    page = text(company.get("/mein"))
    assert "Ihre Meldung zu „" in page
    assert Notice.objects.get().number in page


# ------------------------------------------------------------------------------------------- the page of the reporter


def test_the_address_is_confirmed_by_a_button_and_not_by_opening_a_link(client: Client, offer: Offer) -> None:
    client.post(
        f"/melden/angebot/{offer.public_id}", {"reason": "wrong", "what": WHAT, "email": "kim@stadt.example"}
    )
    (link,) = re.findall(r"/meldungen/\S+", Letter.objects.get().text)
    assert "Adresse bestätigen" in text(client.get(link))
    assert NoticeContact.objects.get().confirmed_at is None
    answer = client.post(link, follow=True)
    assert "Ihre Adresse ist bestätigt." in text(answer)
    assert NoticeContact.objects.get().confirmed_at is not None


def test_contacts_are_erased_from_that_page(client: Client, offer: Offer) -> None:
    client.post(
        f"/melden/angebot/{offer.public_id}", {"reason": "wrong", "what": WHAT, "email": "kim@stadt.example"}
    )
    page = notice_links.reporter_page(Notice.objects.get())
    (link,) = re.findall(r"/meldungen/\S+", Letter.objects.get().text)
    assert "Ihre Kontaktdaten sind gelöscht." in text(
        client.post(page, {"schritt": "vergessen"}, follow=True)
    )
    assert NoticeContact.objects.count() == 0
    assert client.get(link).status_code == 404
    assert "Kontaktdaten jetzt löschen" not in text(client.get(page))


@pytest.mark.parametrize("key", ["", "x", "stellungnahme", "0" * 43])
def test_a_wrong_key_and_an_unknown_notice_get_the_same_answer(
    client: Client, notice: Notice, key: str
) -> None:
    for page in (f"/meldungen/{notice.public_id}/{key}", f"/meldungen/0000000000/{key}"):
        assert client.get(page).status_code in (404, 302)
    for page in ("bestaetigen", "stellungnahme"):
        if key and key != "stellungnahme":
            assert client.get(f"/meldungen/{notice.public_id}/{page}/{key}").status_code == 404


def test_the_key_of_one_side_opens_no_page_of_the_other(client: Client, heard: Notice) -> None:
    reporter, party = notice_links.key(heard, "reporter"), notice_links.key(heard, "party")
    assert client.get(f"/meldungen/{heard.public_id}/{reporter}").status_code == 200
    assert client.get(f"/meldungen/{heard.public_id}/stellungnahme/{party}").status_code == 200
    assert client.get(f"/meldungen/{heard.public_id}/{party}").status_code == 404
    assert client.get(f"/meldungen/{heard.public_id}/stellungnahme/{reporter}").status_code == 404


# --------------------------------------------------------------------------------------------------- the side concerned


def test_before_anybody_is_asked_the_link_of_the_other_side_leads_nowhere(
    client: Client, notice: Notice
) -> None:
    assert client.get(notice_links.party_page(notice)).status_code == 404


def test_the_side_concerned_answers_by_the_link_without_an_account(client: Client, heard: Notice) -> None:
    page = notice_links.party_page(heard)
    assert WHAT in text(client.get(page))
    answer = client.post(page, {"text": "kurz"})
    assert (answer.status_code, "kurz" in answer.content.decode()) == (422, True)
    client.post(page, {"text": "Der Preis stimmt so, wie er da steht."})
    heard.refresh_from_db()
    assert (heard.state, heard.statement) == ("answered", "Der Preis stimmt so, wie er da steht.")


def test_with_an_account_the_task_stands_on_ones_own_page(
    client: Client, company: Client, competitor: Client, heard: Notice
) -> None:
    assert "Stellung nehmen zu „Als Dienst“" in text(company.get("/mein"))
    address = f"/meldungen/{heard.public_id}/stellungnahme"
    assert company.get(address).status_code == 200
    assert competitor.get(address).status_code == 404
    assert client.get(address)["Location"].startswith("/konto/anmelden")
    assert "Stellung nehmen" not in text(competitor.get("/mein"))
    company.post(address, {"text": "Der Preis stimmt so, wie er da steht."})
    heard.refresh_from_db()
    assert heard.stated_by != ""


# -------------------------------------------------------------------------------------------------------- at the desk


def decide(client: Client, notice: Notice, **given: Any) -> Any:
    said = {
        "schritt": "entscheiden",
        "stand": notice.lock_version,
        "outcome": "rejected",
        **REASONED,
        **given,
    }
    return client.post(f"/redaktion/meldungen/{notice.public_id}", said, follow=True)


def test_the_queue_says_why_since_when_and_until_when(editor: Client, notice: Notice) -> None:
    page = text(editor.get("/redaktion/meldungen"))
    assert "Als Dienst: Eine Angabe ist falsch oder veraltet" in page
    assert "Neu. Sehen Sie, ob etwas daran ist." in page
    today = datetime.now(UTC).date()
    assert f"bis {after_working_days(today, 5):%d.%m.%Y}" in page
    assert "Meldungen bearbeiten" in text(editor.get("/redaktion"))


def test_only_the_staff_gets_to_the_desk(client: Client, company: Client, notice: Notice) -> None:
    for address in ("/redaktion/meldungen", f"/redaktion/meldungen/{notice.public_id}"):
        assert client.get(address)["Location"].startswith("/konto/anmelden")
        assert company.get(address).status_code == 403
        assert company.post(address, {"schritt": "entscheiden"}).status_code == 403


@pytest.mark.parametrize("public_id", ["0000000000", "unfug", "%00"])
def test_an_unknown_notice_is_not_found(editor: Client, market: Market, public_id: str) -> None:
    assert editor.get(f"/redaktion/meldungen/{public_id}").status_code == 404


def test_after_a_decision_comes_the_next_entry(editor: Client, market: Market, notice: Notice) -> None:
    draft = NoticeDraft(reason="unlawful", what=WHAT)
    following = report(draft, subject=market.raum, by=Actor.anonymous(), now=datetime.now(UTC))
    answer = decide(editor, notice)
    assert answer.redirect_chain == [(f"/redaktion/meldungen/{following.public_id}#eintrag", 302)]
    assert "Die Entscheidung ist getroffen" in text(answer)
    answer = decide(editor, following)
    assert answer.redirect_chain == [("/redaktion/meldungen", 302)]
    assert "Hier wartet nichts" in text(answer)


def test_a_refusal_keeps_every_word_that_was_typed(editor: Client, notice: Notice) -> None:
    answer = decide(editor, notice, outcome="withdrawn")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Hören Sie zuerst die betroffene Seite" in text(answer)
    for words in REASONED.values():
        assert words in page


def test_whoever_decides_on_an_old_page_is_told(editor: Client, notice: Notice) -> None:
    hide_at_once(
        notice, reason="Der Eintrag nennt eine Privatanschrift.", by=Actor.program("x"), now=datetime.now(UTC)
    )
    answer = decide(editor, notice)
    assert "In der Zwischenzeit hat jemand anderes gespeichert." in text(answer)
    for unfug in ("", "x", "9" * 40, "²"):
        assert decide(editor, notice, stand=unfug).status_code == 422


def test_the_whole_way_at_the_desk(
    editor: Client, client: Client, offer: Offer, notice: Notice, now: datetime
) -> None:
    address = f"/redaktion/meldungen/{notice.public_id}"
    answer = editor.post(
        address, {"schritt": "ausblenden", "stand": 0, "text": "Der Eintrag nennt eine Privatanschrift."}
    )
    assert answer["Location"] == address
    assert client.get(f"/loesungen/{offer.solution.public_id}").content.decode().count(offer.title) == 0
    until = after_working_days(datetime.now(UTC).date(), 10)
    for given, status in (
        (f"{until + timedelta(days=300):%d.%m.%Y}", 422),
        ("morgen", 422),
        (f"{until:%d.%m.%Y}", 302),
    ):
        answer = editor.post(
            address,
            {
                "schritt": "anhoeren",
                "stand": 1,
                "until": given,
                "also": "info@firma.example, recht@firma.example",
            },
        )
        assert answer.status_code == status
    assert set(Letter.objects.filter(kind="catalogue.notice_party").values_list("to", flat=True)) >= {
        "info@firma.example", "recht@firma.example",
    }  # fmt: skip
    client.post(notice_links.party_page(notice), {"text": "Die Anschrift ist seit gestern nicht mehr dabei."})
    notice.refresh_from_db()
    form = text(editor.get(address))
    assert "Was wird berichtigt?" in form
    assert decide(editor, notice, outcome="corrected").status_code == 422  # nothing is corrected yet
    answer = decide(editor, notice, outcome="corrected", neu_title="Als Dienst ohne Anschrift")
    assert "die betroffene Seite bekommt sie mit der Begründung." in text(answer)
    told = Letter.objects.filter(kind="catalogue.notice_party").latest("pk").text
    assert f"- Titel: „{offer.title}“ → „Als Dienst ohne Anschrift“" in told
    assert "Worauf wir uns stützen" not in told
    offer.refresh_from_db()
    assert (offer.title, offer.state) == ("Als Dienst ohne Anschrift", "published")
    assert f"„{notice.subject_name}“ → „Als Dienst ohne Anschrift“" in text(
        client.get(notice_links.reporter_page(notice))
    )
    client.post(notice_links.reporter_page(notice), {"text": "Sie steht immer noch da, sehen Sie nach."})
    notice.refresh_from_db()
    assert notice.state == "appealed"
    assert "entscheidet eine andere Person" in text(editor.get(address))
    second = signed_in(somebody("catalogue_editor", now=now))
    answer = second.post(
        address,
        {
            "schritt": "einspruch",
            "stand": notice.lock_version,
            "outcome": "withdrawn",
            "rationale": "Sie steht dort immer noch.",
            "basis": REASONED["basis"],
        },
        follow=True,
    )
    assert answer.status_code == 200
    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    assert "Nach dem Einspruch gilt: zurückgezogen" in text(client.get(notice_links.reporter_page(notice)))


def test_a_step_that_is_not_offered_does_nothing(editor: Client, notice: Notice) -> None:
    for step in ("einspruch", "", "loeschen"):
        assert editor.post(f"/redaktion/meldungen/{notice.public_id}", {"schritt": step}).status_code == 200
    notice.refresh_from_db()
    assert notice.lock_version == 0


def test_what_is_hidden_at_once_shows_no_edition_either(
    client: Client, market: Market, editor: Client
) -> None:
    draft = NoticeDraft(reason="personal", what=WHAT)
    notice = report(draft, subject=market.raum, by=Actor.anonymous(), now=datetime.now(UTC))
    pages = [
        f"/loesungen/{market.raum.public_id}/{page}" for page in ("ausgabe/1", "ausgabe/1.json", "ausgaben")
    ]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    hide_at_once(
        notice, reason="Der Eintrag nennt eine Privatanschrift.", by=Actor.program("x"), now=datetime.now(UTC)
    )
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 410
        assert "reservieren" not in answer.content.decode()
    assert "Vorläufig ausgeblendet" in text(client.get(f"/loesungen/{market.raum.public_id}"))


def test_the_list_costs_the_same_queries_for_one_and_for_three(
    editor: Client, market: Market, notice: Notice, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30) as one:
        editor.get("/redaktion/meldungen")
    for subject in (market.melder, market.raum):
        report(
            NoticeDraft(reason="wrong", what=WHAT),
            subject=subject,
            by=Actor.anonymous(),
            now=datetime.now(UTC),
        )
    with django_assert_max_num_queries(30) as three:
        editor.get("/redaktion/meldungen")
    assert len(one) == len(three)
