"""Writing a need: from the first page to the last, saved as one types, by two people at once, by the wrong people."""

import re

import pytest

from allmende.demand.models import Need
from allmende.organisations.models import Organisation
from tests.factories.needs import PROBLEM
from tests.factories.people import signed_in, somebody

PAGES = {
    "problem": {"problem": PROBLEM, "goal": "Nach 2 Tagen gelesen.", "title": "Schäden melden"},
    "menschen": {"users": "Alle", "users_count": "8", "population": "6.040"},
    "handlungsfeld": {"primary": "beteiligung", "more": ["verwaltung"]},
    "kriterien": {
        "weight_open_source": "must",
        "weight_yearly_cost_at_most": "should",
        "wanted_yearly_cost_at_most": "1.200,00",
        "weight_delivery_model": "must",
        "wanted_delivery_model": ["saas_public", "on_premise"],
        "own_must": "Fotos anhängen\n\nin Leichter Sprache\n",
    },
    "rahmen": {
        "existing_systems": "Rathaus-Telefon\nRathaus-Telefon\nExcel",
        "needed_from": "04.2027",
        "term_months": "48",
        "budget_class": "to_25000",
    },
    "zusammenarbeit": {"cooperation": "yes", "may_be_invited": "on"},
    "sichtbarkeit": {"visibility": "public"},
}


@pytest.fixture
def need(market, town):
    answer = town.post("/bedarfe/neu", {})
    need = Need.objects.get()
    assert answer.url == f"/bedarfe/{need.public_id}/seite/problem"
    return need


def write(client, need, code, data, **more):
    need.refresh_from_db()
    sent = {"lock_version": need.lock_version, "weiter": "1", **data, **more}
    answer = client.post(f"/bedarfe/{need.public_id}/seite/{code}", sent)
    need.refresh_from_db()
    return answer


def test_the_form_leads_from_the_problem_to_what_everybody_reads(market, town, need, client):
    for code, data in PAGES.items():
        assert town.get(f"/bedarfe/{need.public_id}/seite/{code}").status_code == 200
        assert write(town, need, code, data).status_code == 302, code
    assert need.steps == dict.fromkeys(PAGES, "done")
    shown = town.get(f"/bedarfe/{need.public_id}/pruefen").content.decode()
    assert "Betriebsart: Als Dienst beim öffentlichen IT-Dienstleister oder Im eigenen Haus" in shown
    assert "Bedarf veröffentlichen" in shown
    answer = town.post(f"/bedarfe/{need.public_id}/veroeffentlichen", {"lock_version": need.lock_version})
    assert answer.url == f"/bedarfe/{need.public_id}"
    need.refresh_from_db()
    assert (need.state, need.edition_number, need.title, need.population, need.users_count) == (
        "published", 1, "Schäden melden", 6040, 8,
    )  # fmt: skip
    assert need.fields_of_action == ["beteiligung", "verwaltung"]
    assert need.existing_systems == ["Rathaus-Telefon", "Excel"]
    assert str(need.needed_from_told) == "April 2027"
    assert (need.term_months, need.budget_class, need.cooperation, need.may_be_invited) == (
        48, "to_25000", "yes", True,
    )  # fmt: skip
    assert [(each.weight, each.criterion, each.wanted, each.text) for each in need.criteria.all()] == [
        ("must", "open_source", True, ""),
        ("must", "delivery_model", ["saas_public", "on_premise"], ""),
        ("must", "", None, "Fotos anhängen"),
        ("must", "", None, "in Leichter Sprache"),
        ("should", "yearly_cost_at_most", "1200.00", ""),
    ]
    public = client.get(f"/bedarfe/{need.public_id}").content.decode()
    assert "Kosten im Jahr: höchstens 1.200 Euro" in public
    assert "über 5.000 bis 25.000 Euro" in public
    assert "Keine Ausschreibung." in public


def test_a_new_need_knows_how_large_the_town_is(town, need, market):
    assert (need.title, need.population, need.visibility) == ("Bedarf ohne Titel", 42_310, "own")
    assert 'value="42.310"' in town.get(f"/bedarfe/{need.public_id}/seite/menschen").content.decode()


def test_every_page_shows_what_was_written(town, need):
    for code, data in PAGES.items():
        write(town, need, code, data)
    words = town.get(f"/bedarfe/{need.public_id}/seite/kriterien").content.decode()
    assert 'value="1.200,00"' in words
    assert re.search(r'value="on_premise" checked', words)
    assert "Fotos anhängen\nin Leichter Sprache" in words
    assert 'value="04.2027"' in town.get(f"/bedarfe/{need.public_id}/seite/rahmen").content.decode()


def test_saving_as_one_types_says_when_and_what_would_help(town, need):
    answer = town.post(
        f"/bedarfe/{need.public_id}/seite/problem/sichern",
        {"problem": "Wir brauchen eine moderne App.", "lock_version": 0, "seite": "a"},
    )
    words = answer.content.decode()
    assert re.search(r"Gespeichert um \d\d:\d\d\xa0Uhr\.", words)
    assert "Geben Sie dem Bedarf einen Titel." in words
    assert "Das klingt schon nach einer Lösung." in words
    assert 'id="lock_version" value="1"' in words
    need.refresh_from_db()
    assert (need.problem, need.steps) == ("Wir brauchen eine moderne App.", {"problem": "begun"})


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(town, need):
    data = {"needed_from": "im Herbst", "term_months": "36"}
    words = write(town, need, "rahmen", data).content.decode()
    assert "Geben Sie ein Jahr, einen Monat oder einen Tag an" in words
    assert (need.needed_from, need.term_months) == (None, 36)


def test_a_criterion_that_matters_needs_a_value(town, need):
    data = {
        "weight_yearly_cost_at_most": "must",
        "wanted_yearly_cost_at_most": "",
        "weight_open_source": "should",
    }
    words = write(town, need, "kriterien", data).content.decode()
    assert "Geben Sie für „Kosten im Jahr“ einen Betrag von 0 bis 999.999.999,99 Euro ein" in words
    assert [(each.criterion, each.weight) for each in need.criteria.all()] == [("open_source", "should")]


def test_two_people_see_both_versions_and_choose(market, town, need, now):
    colleague = signed_in(somebody("procurement_officer", market.town, now=now))
    write(town, need, "problem", {"problem": "Erstes Problem", "title": "Titel"})
    version = need.lock_version
    write(colleague, need, "problem", {"problem": "Zweites Problem", "title": "Titel"})
    answer = write(
        town, need, "problem", {"problem": "Drittes Problem", "title": "Titel"}, lock_version=version
    )
    words = answer.content.decode()
    assert answer.status_code == 409
    assert ("Zweites Problem" in words, "Drittes Problem" in words) == (True, True)
    assert need.problem == "Zweites Problem"
    write(town, need, "problem", {"problem": "Drittes Problem", "title": "Titel", "wahl-problem": "meine"})
    assert need.problem == "Drittes Problem"


def test_pages_saved_by_two_people_keep_each_others_words(market, town, need, now):
    colleague = signed_in(somebody("organisation_admin", market.town, now=now))
    page = town.get(f"/bedarfe/{need.public_id}/seite/problem").content.decode()
    read = re.search(r'id="gelesen" value="(\w+)"', page).group(1)
    write(colleague, need, "menschen", {"users": "Alle"})
    write(town, need, "problem", {"problem": "Ein Problem", "title": "T"}, lock_version=0, gelesen=read)
    assert (need.problem, need.users) == ("Ein Problem", "Alle")


@pytest.mark.parametrize("code", PAGES)
def test_hostile_input_is_refused_or_kept_as_text_and_never_breaks_a_page(town, need, code):
    nasty = [
        "<script>alert(1)</script>",
        "a\x00b",
        "\ud800",
        "9" * 400,
        "-1",
        "x" * 100_000,
        "{{ need }}",
        "NaN",
    ]
    for text in nasty:
        sent = {name: text.encode("utf-8", "replace").decode() for name in PAGES[code]}
        answer = write(town, need, code, sent)
        assert answer.status_code in (200, 302)
        assert "<script>alert(1)" not in answer.content.decode()
    assert town.get(f"/bedarfe/{need.public_id}/seite/{code}").status_code == 200
    assert town.get(f"/bedarfe/{need.public_id}/pruefen").status_code == 200


def test_a_page_that_does_not_exist_is_not_found(town, need):
    assert town.get(f"/bedarfe/{need.public_id}/seite/preis").status_code == 404


@pytest.mark.parametrize(
    "path", ["bearbeiten", "seite/problem", "pruefen", "verwerfen", "zurueckziehen", "abschliessen"]
)
def test_nobody_else_finds_a_draft(company, stranger, desk, client, need, path, market, now):
    neighbour = signed_in(somebody("municipality_editor", market.neighbour, now=now))
    reader = signed_in(somebody("decision_maker", market.town, now=now))
    found = {
        name: who.get(f"/bedarfe/{need.public_id}/{path}").status_code
        for name, who in {
            "company": company, "stranger": stranger, "desk": desk, "neighbour": neighbour, "reader": reader
        }.items()
    }  # fmt: skip
    assert found == dict.fromkeys(found, 404)
    assert client.get(f"/bedarfe/{need.public_id}/{path}").status_code == 302
    assert client.get(f"/bedarfe/{need.public_id}").status_code == 404


def test_what_is_changed_after_publication_waits_until_it_is_published(town, need, client):
    for code, data in PAGES.items():
        write(town, need, code, data)
    town.post(f"/bedarfe/{need.public_id}/veroeffentlichen", {"lock_version": need.lock_version})
    write(town, need, "problem", {**PAGES["problem"], "title": "Anderer Titel"})
    assert (need.title, need.working["title"]) == ("Schäden melden", "Anderer Titel")
    assert "Anderer Titel" not in client.get(f"/bedarfe/{need.public_id}").content.decode()
    town.post(f"/bedarfe/{need.public_id}/veroeffentlichen", {"lock_version": need.lock_version})
    need.refresh_from_db()
    assert need.edition_number == 1  # Without a sentence that says what is different.
    said = {"lock_version": need.lock_version, "aenderung": "Der Titel ist genauer."}
    town.post(f"/bedarfe/{need.public_id}/veroeffentlichen", said)
    need.refresh_from_db()
    assert (need.title, need.working, need.edition_number) == ("Anderer Titel", None, 2)
    words = client.get(f"/bedarfe/{need.public_id}").content.decode()
    assert "Der Titel ist genauer." in words
    first = client.get(f"/bedarfe/{need.public_id}/ausgabe/1").content.decode()
    assert ("<h1>Schäden melden</h1>" in first, "Das ist eine frühere Ausgabe" in first) == (True, True)
    assert client.get(f"/bedarfe/{need.public_id}/ausgabe/3").status_code == 404


def test_from_a_solution_comes_what_it_is_for_and_not_its_name(market, town):
    assert (
        f"/bedarfe/neu?aus={market.melder.public_id}"
        in town.get(f"/loesungen/{market.melder.public_id}").content.decode()
    )
    assert (
        "Sie kommen von „Mängelmelder“"
        in town.get(f"/bedarfe/neu?aus={market.melder.public_id}").content.decode()
    )
    town.post("/bedarfe/neu", {"aus": market.melder.public_id})
    need = Need.objects.get()
    assert need.fields_of_action == ["verwaltung", "beteiligung"]
    assert (need.problem, need.goal, need.criteria.count()) == ("", "", 0)


def test_a_town_not_confirmed_prepares_and_does_not_publish(market, town, need):
    for code, data in PAGES.items():
        write(town, need, code, data)
    Organisation.objects.filter(pk=market.town.pk).update(state="applied", accredited_at=None)
    words = town.get(f"/bedarfe/{need.public_id}/pruefen").content.decode()
    assert "Ihre Kommune ist noch nicht bestätigt." in words
    town.post(f"/bedarfe/{need.public_id}/veroeffentlichen", {"lock_version": need.lock_version})
    need.refresh_from_db()
    assert need.state == "draft"


def test_a_provider_is_told_who_describes_needs(company):
    assert "Bedarfe beschreiben Kommunen" in company.get("/bedarfe/neu").content.decode()
    assert company.post("/bedarfe/neu", {}).status_code == 404
