"""Writing an offer: saved as one types, half-filled, by two people at once, by the wrong people."""

import html
import re

import pytest

from allmende.catalogue.contents import read
from allmende.catalogue.models import WorkingCopy
from tests.web.offers.test_skeleton import CONTACT, OPERATION, PRICES, write


@pytest.fixture
def copy(market, company):
    company.post(f"/angebote/neu/zu/{market.raum.public_id}")
    return WorkingCopy.objects.get()


@pytest.fixture
def new(market, company):
    company.post("/angebote/neu/loesung")
    return WorkingCopy.objects.get()


def autosave(client, copy, code, data, **more):
    return client.post(f"/angebote/{copy.public_id}/seite/{code}/sichern", {**data, **more})


def content(copy):
    copy.refresh_from_db()
    return read(copy.content)


def test_saving_as_one_types_says_when_and_what_is_still_missing(company, copy):
    answer = autosave(company, copy, "betrieb", {"title": "Betrieb", "lock_version": 0, "seite": "a"})
    words = answer.content.decode()
    assert re.search(r"Gespeichert um \d\d:\d\d\xa0Uhr\.", words)
    assert "Wählen Sie, wer die Lösung wo betreibt." in words
    assert 'id="lock_version" value="1"' in words
    assert content(copy).offer.title == "Betrieb"
    assert copy.steps == {"betrieb": "begun"}


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(company, copy):
    data = {**PRICES, "zeile-0-amount": "viel", "zeile-1-kind": "one_off", "zeile-1-amount": "300"}
    words = autosave(company, copy, "preise", data, lock_version=0).content.decode()
    assert "Noch nicht gespeichert:" in words
    assert "Zeile 1: Geben Sie bei „Betrag in Euro, netto“ eine Zahl ein, zum Beispiel 1.200,00." in words
    assert [str(row.amount) for row in content(copy).offer.prices] == ["300"]


def test_a_row_that_was_right_stays_until_it_is_right_again(company, copy):
    autosave(company, copy, "preise", PRICES, lock_version=0)
    autosave(company, copy, "preise", {**PRICES, "zeile-0-amount": "1.200,5x"}, lock_version=1)
    assert [str(row.amount) for row in content(copy).offer.prices] == ["1200.5"]
    autosave(company, copy, "preise", {"prices_for": "public", "zeile-0-amount": ""}, lock_version=2)
    assert content(copy).offer.prices == ()


def test_a_field_that_is_emptied_is_emptied(company, copy):
    write(company, copy, "betrieb", OPERATION)
    autosave(company, copy, "betrieb", {**OPERATION, "title": "", "supplier": ""}, lock_version=1)
    assert (content(copy).offer.title, content(copy).offer.supplier) == ("", None)


def test_without_script_a_button_saves_and_stays(company, copy):
    sent = {**OPERATION, "title": "", "lock_version": 0, "bleiben": "1"}
    answer = company.post(f"/angebote/{copy.public_id}/seite/betrieb", sent, follow=True)
    assert answer.redirect_chain == [(f"/angebote/{copy.public_id}/seite/betrieb", 302)]
    assert "Gespeichert um" in answer.content.decode()
    assert content(copy).offer.delivery_model == "saas_provider"


def test_going_on_with_something_missing_stays_and_says_what_and_keeps_the_rest(company, copy):
    answer = write(company, copy, "betrieb", {**OPERATION, "title": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Füllen Sie „Titel des Angebots“ aus." in page
    assert content(copy).offer.kind == "operation"
    assert copy.steps == {"betrieb": "begun"}


def test_pages_lead_to_each_other_and_the_last_to_the_list(company, copy):
    chain = [
        write(company, copy, code, data)["Location"]
        for code, data in (("betrieb", OPERATION), ("preise", PRICES), ("ansprechstelle", CONTACT))
    ]
    at = f"/angebote/{copy.public_id}"
    assert chain == [f"{at}/seite/preise", f"{at}/seite/ansprechstelle", at]
    page = company.get(at).content.decode()
    assert page.count('<span class="kern-label kern-label--small">fertig</span>') == 3
    assert "Prüfen und einreichen" in page


def test_the_last_step_is_locked_and_says_why(company, copy):
    page = company.get(f"/angebote/{copy.public_id}").content.decode()
    assert "gesperrt" in page
    assert "Füllen Sie zuerst die anderen Seiten aus." in page
    review = company.get(f"/angebote/{copy.public_id}/pruefen").content.decode()
    assert "Das fehlt noch" in review
    assert "Zur Prüfung einreichen" not in review


def test_an_unknown_party_is_named_and_a_known_one_found_in_any_case(company, copy, market):
    page = write(company, copy, "betrieb", {**OPERATION, "operator": "Gibt es nicht AG"}).content.decode()
    assert "„Gibt es nicht AG“ kennen wir nicht." in page
    assert write(company, copy, "betrieb", {**OPERATION, "operator": "AMT für BEISPIELE"}).status_code == 302
    assert content(copy).offer.operator == market.other_provider.public_id


def test_two_people_of_a_company_see_both_versions_and_choose(company, colleague, copy):
    mine = {**OPERATION, "lock_version": 0, "seite": "eins", "bleiben": "1"}
    company.post(f"/angebote/{copy.public_id}/seite/betrieb", {**mine, "title": "Von der Ersten"})
    theirs = {**mine, "seite": "zwei", "title": "Von der Zweiten", "included_services": "Schulung"}
    answer = colleague.post(f"/angebote/{copy.public_id}/seite/betrieb", theirs)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Es gibt zwei Fassungen", "Von der Ersten", "Von der Zweiten", "Schulung", "keine Angabe"):
        assert words in page
    assert content(copy).offer.title == "Von der Ersten"
    assert sorted(re.findall(r'name="wahl-(\w+)" value="meine"', page)) == ["included_services", "title"]

    hidden = dict(re.findall(r'<input type="hidden" name="(?!csrf)([\w-]+)"[^>]* value="([^"]*)"', page))
    chosen = {**hidden, "wahl-title": "andere", "wahl-included_services": "meine", "bleiben": "1"}
    colleague.post(f"/angebote/{copy.public_id}/seite/betrieb", chosen)
    offer = content(copy).offer
    assert (offer.title, offer.included_services) == ("Von der Ersten", "Schulung")


def test_prices_of_two_people_are_one_choice(company, colleague, copy):
    at = f"/angebote/{copy.public_id}/seite/preise"
    company.post(at, {**PRICES, "lock_version": 0, "seite": "eins", "bleiben": "1"})
    sent = {**PRICES, "zeile-0-amount": "999", "lock_version": 0, "seite": "zwei", "bleiben": "1"}
    page = colleague.post(at, sent).content.decode()
    assert "1.200,50\xa0€ jährlich" in page
    assert "999,00\xa0€ jährlich" in page
    colleague.post(at, {**sent, "lock_version": 1, "wahl-prices": "andere"})
    assert [str(row.amount) for row in content(copy).offer.prices] == ["1200.5"]
    colleague.post(at, {**sent, "lock_version": 2, "wahl-prices": "meine"})
    assert [str(row.amount) for row in content(copy).offer.prices] == ["999"]


def test_autosave_over_somebody_elses_words_saves_nothing_and_says_so(company, colleague, copy):
    autosave(company, copy, "betrieb", {"title": "Meins"}, lock_version=0, seite="eins")
    words = autosave(
        colleague, copy, "betrieb", {"title": "Deins"}, lock_version=0, seite="zwei"
    ).content.decode()
    assert "Nicht gespeichert: Inzwischen hat jemand anderes diese Seite geändert." in words
    assert "lock_version" not in words
    assert content(copy).offer.title == "Meins"


def test_an_old_tab_does_not_pass_for_the_page_that_saved_last(company, colleague, copy):
    at = f"/angebote/{copy.public_id}/seite/betrieb"
    old, new = (
        re.search(r'name="seite" value="([\w-]+)"', company.get(at).content.decode()).group(1) for _ in "ab"
    )
    assert old != new
    autosave(colleague, copy, "betrieb", {"title": "Von der Kollegin"}, lock_version=0, seite="c")
    autosave(company, copy, "betrieb", {"title": "Darauf weiter"}, lock_version=1, seite=new)
    for page in (old, ""):
        words = autosave(company, copy, "betrieb", {"title": "Alt"}, lock_version=0, seite=page)
        assert "Nicht gespeichert" in words.content.decode()
    assert content(copy).offer.title == "Darauf weiter"
    # The page that saved last goes on, even where two of its saves have crossed.
    autosave(company, copy, "betrieb", {"title": "Und weiter"}, lock_version=1, seite=new)
    assert content(copy).offer.title == "Und weiter"


def read_at(page):
    return re.search(r'name="gelesen" id="gelesen" value="(\w+)"', page).group(1)


def test_words_of_another_page_that_come_in_late_are_no_conflict(company, colleague, copy):
    at = f"/angebote/{copy.public_id}/seite/preise"
    seen = read_at(company.get(at).content.decode())
    # The other page saves after this one was loaded: a colleague, or oneself, slowly.
    autosave(colleague, copy, "betrieb", OPERATION, lock_version=0, seite="betrieb")
    words = autosave(company, copy, "preise", PRICES, lock_version=0, seite="preise", gelesen=seen)
    assert "Gespeichert um" in words.content.decode()
    offer = content(copy).offer
    assert (offer.title, len(offer.prices)) == ("Betrieb im Land", 1)
    assert read_at(words.content.decode()) == read_at(company.get(at).content.decode()) != seen


def test_words_on_the_same_page_are_a_conflict_however_they_come(company, colleague, copy):
    at = f"/angebote/{copy.public_id}/seite/preise"
    seen = read_at(company.get(at).content.decode())
    autosave(colleague, copy, "preise", PRICES, lock_version=0, seite="andere")
    sent = {
        **PRICES,
        "zeile-0-amount": "999",
        "lock_version": 0,
        "seite": "meine",
        "gelesen": seen,
        "bleiben": "1",
    }
    assert company.post(at, sent).status_code == 409
    assert [str(row.amount) for row in content(copy).offer.prices] == ["1200.5"]


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999", "²"])
def test_a_form_without_a_proper_version_overwrites_nothing(company, colleague, copy, version):
    autosave(company, copy, "betrieb", {"title": "Meins"}, lock_version=0)
    autosave(colleague, copy, "betrieb", {"title": "Deins"}, lock_version=version)
    assert content(copy).offer.title == "Meins"


ADDRESSES = ["", "/seite/betrieb", "/vorschau", "/pruefen", "/verwerfen"]
BUTTONS = ["/seite/betrieb", "/seite/betrieb/sichern", "/abgeben", "/zurueckholen", "/verwerfen"]


@pytest.mark.parametrize("who", ["competitor", "town", "stranger", "desk"])
def test_nobody_else_sees_or_touches_a_draft(request, copy, who):
    client = request.getfixturevalue(who)
    before = WorkingCopy.objects.get()
    for rest in ADDRESSES:
        assert client.get(f"/angebote/{copy.public_id}{rest}").status_code == 404, rest
    for rest in BUTTONS:
        assert client.post(f"/angebote/{copy.public_id}{rest}", {"lock_version": 0}).status_code == 404, rest
    after = WorkingCopy.objects.get()
    assert (after.content, after.state, after.lock_version) == (
        before.content,
        before.state,
        before.lock_version,
    )


def test_whoever_has_not_signed_in_does_so_first(client, copy):
    for rest in ADDRESSES:
        address = f"/angebote/{copy.public_id}{rest}"
        assert client.get(address)["Location"] == f"/konto/anmelden?next={address}"


@pytest.mark.parametrize("public_id", ["0000000000", "x", "%00"])
def test_an_unknown_offer_is_not_found(company, public_id):
    for rest in ADDRESSES:
        assert company.get(f"/angebote/{public_id}{rest}").status_code == 404


def test_a_page_that_the_form_does_not_have_is_not_found(company, copy):
    for code in ("was", "unfug"):
        assert company.get(f"/angebote/{copy.public_id}/seite/{code}").status_code == 404


def test_a_new_solution_is_described_on_seven_pages(company, new):
    written = {
        "was": {
            "name": "Baumkataster",
            "summary": "Alle Bäume der Stadt auf einer Karte.",
            "features": "Karte\nPflegeplan\n\nKarte",
        },
        "wofuer": {
            "primary": "verwaltung",
            "fields_of_action": ["mobilitaet", "verwaltung"],
            "maturity": "productive",
            "solution_type": "raumbuchung",
        },
        "betrieb": OPERATION,
        "preise": PRICES,
        "anforderungen": {"platforms": ["web"], "open": "PostgreSQL", "hardware": "Tablet"},
        "nachweise": {"website_url": "baum.example.org", "demo": "https://demo.example.org", "licence": "EUPL-1.2"},
        "ansprechstelle": CONTACT,
    }  # fmt: skip
    for code, data in written.items():
        assert company.get(f"/angebote/{new.public_id}/seite/{code}").status_code == 200
        answer = write(company, new, code, data)
        assert answer.status_code == 302, answer.content.decode()
    solution = content(new).solution
    assert solution.texts[0].features == ("Karte", "Pflegeplan")
    assert solution.fields_of_action == ("verwaltung", "mobilitaet")
    assert solution.website_url == "https://baum.example.org"
    assert [(each.kind, each.name) for each in solution.dependencies] == [
        ("open", "PostgreSQL"), ("hardware", "Tablet"),
    ]  # fmt: skip
    assert [(link.kind, link.url) for link in solution.links] == [("demo", "https://demo.example.org")]
    # Opened and saved again, every page gives back what it holds.
    for code in written:
        page = company.get(f"/angebote/{new.public_id}/seite/{code}").content.decode()
        assert "Auf dieser Seite fehlt nichts." in page or "<li>" in page
    preview = company.get(f"/angebote/{new.public_id}/vorschau").content.decode()
    for words in (
        "Baumkataster",
        "Alle Bäume der Stadt",
        "Pflegeplan",
        "1.200,50",
        "angebot@beispiel.example",
    ):
        assert words in preview
    assert "Vorschau: So sehen es alle" in preview


def test_a_duplicate_is_pointed_at_before_handing_in(company, new):
    data = {"name": "Mängelmelder", "summary": "Menschen melden Schäden an Straßen und Wegen."}
    write(company, new, "was", data)
    page = company.get(f"/angebote/{new.public_id}/pruefen").content.decode()
    assert "Möchten Sie stattdessen ein Angebot dazu einstellen?" in page
    assert "Derselbe Name." in page


def test_a_preview_shows_an_empty_draft_without_falling_over(company, new):
    assert company.get(f"/angebote/{new.public_id}/vorschau").status_code == 200


def test_dropping_asks_first(company, copy):
    assert "verwerfen?" in company.get(f"/angebote/{copy.public_id}/verwerfen").content.decode()
    company.post(f"/angebote/{copy.public_id}/verwerfen", {"lock_version": 0})
    copy.refresh_from_db()
    assert copy.state == "dropped"
    assert "Was hier stand, ist gelöscht." in company.get(f"/angebote/{copy.public_id}").content.decode()


def test_somebody_without_an_organisation_is_told_what_to_do(stranger):
    for address in ("/angebote", "/angebote/neu", "/angebote/einlesen"):
        assert "Sie gehören noch zu keiner Organisation" in stranger.get(address).content.decode()
    assert stranger.post("/angebote/neu/loesung").status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.beispiel.de", "https://www.beispiel.de"),
        ("beispiel.de/melder", "https://beispiel.de/melder"),
        ("http://beispiel.de", "http://beispiel.de"),
        ("https://beispiel.de", "https://beispiel.de"),
    ],
)
def test_an_address_needs_no_https_in_front(company, new, typed, kept):
    data = {"website_url": typed, "repository_url": typed, "documentation_url": typed, "demo": typed}
    assert write(company, new, "nachweise", data).status_code == 302
    solution = content(new).solution
    assert (solution.website_url, solution.repository_url) == (kept, kept)
    assert [link.url for link in solution.links] == [kept]


@pytest.mark.parametrize(
    "typed", ["gibt es nicht", "ftp://beispiel.de", "javascript:alert(1)", "http://", "@"]
)
def test_what_is_no_address_is_said_in_german_and_never_by_the_browser(company, new, typed):
    answer = write(company, new, "nachweise", {"website_url": typed})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Geben Sie bei „Website der Lösung“ eine vollständige Adresse ein" in page
    assert 'type="url"' not in page
    assert 'inputmode="url"' in page
    assert "novalidate" in page


@pytest.mark.parametrize(
    "address", ["git@git.beispiel.de:stadt/melder.git", "ssh://git@git.beispiel.de/melder"]
)
def test_an_address_that_git_understands_stays_as_it_is(company, new, address):
    write(company, new, "nachweise", {"repository_url": address})
    assert content(new).solution.repository_url == address


def test_open_is_only_what_is_needed(company, new):
    page = company.get(f"/angebote/{new.public_id}").content.decode()
    tasks = re.search(r'<ol class="am-tasks">.*?</ol>', page, re.DOTALL).group()
    lines = re.findall(r"<li><span>(?:<a[^>]*>)?([^<]+)(.*?)</li>", tasks, re.DOTALL)
    states = {label: re.findall(r">([^<>]+)</span>", rest)[-1] for label, rest in lines}
    assert states["Was ist es?"] == "offen"
    assert states["Was braucht man dazu?"] == "kann noch dazu"
    assert states["Nachweise und Unterlagen"] == "kann noch dazu"


def test_what_was_typed_in_lines_is_read_in_lines(company, new):
    lines = {
        "name": "Baumkataster",
        "summary": "Bäume.",
        "features": "Karte\nPflegeplan",
        "description": "Eins.\n\nZwei.",
    }
    write(company, new, "was", lines)
    review = company.get(f"/angebote/{new.public_id}/pruefen").content.decode()
    for words in ("<dd>Karte</dd>", "<dd>Pflegeplan</dd>", "<dd>Eins.</dd>", "<dd>Zwei.</dd>"):
        assert words in review


@pytest.mark.parametrize("kind", ["copy", "new"])
def test_no_link_of_a_preview_leads_nowhere(request, company, market, kind):
    begun = request.getfixturevalue(kind)
    if kind == "new":
        data = {"name": "Baumkataster", "summary": "Alle Bäume.", "features": "Karte"}
        write(company, begun, "was", data)
        write(company, begun, "wofuer", {"primary": "verwaltung", "solution_type": "raumbuchung"})
        write(company, begun, "nachweise", {"website_url": "https://baum.example.org"})
    write(company, begun, "betrieb", {**OPERATION, "operator": "Amt für Beispiele"})
    write(company, begun, "preise", PRICES)
    write(company, begun, "ansprechstelle", CONTACT)
    at = f"/angebote/{begun.public_id}/vorschau"
    page = company.get(at).content.decode().partition("<footer")[0]
    # What stands above is on every page, and no matter of the preview.
    page = page[page.index('aria-label="Vorschau"') :]
    links = {html.unescape(each) for each in re.findall(r'<a [^>]*href="([^"]+)"', page)}
    own = {each.split("#")[0] for each in links if each.startswith("/")}
    assert len(own) > 5
    assert {each: code for each in own if (code := company.get(each).status_code) not in (200, 302)} == {}
    # A link within the page has its place there; a form of it comes back to the page.
    assert [each for each in links if each.startswith("#") and f'id="{each[1:]}"' not in page] == []
    for target in re.findall(r'<form[^>]*action="([^"]*)"[^>]*method="get"', page):
        assert company.get(target.split("#")[0] or at).status_code == 200
