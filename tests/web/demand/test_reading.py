"""Reading needs: lists under a literal number of queries, each visibility and reader, answers on both sides."""

import re

import pytest

from allmende.demand.actions.needs import close, publish_change, save, withdraw
from allmende.demand.models import Need, NeedResponse
from allmende.demand.search import NeedDocuments, needs_near
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.search.actions import rebuild
from allmende.web.demand.views import reading
from tests.factories.needs import a_draft, a_published_need
from tests.factories.people import signed_in, somebody

CONTACT = "Digitalbüro, digital@ahornstadt.example"


@pytest.fixture
def writer(market, now):
    return actor_for(somebody("municipality_editor", market.town, now=now), on=now.date())


@pytest.fixture
def need(market, writer, now):
    return a_published_need(market.town, by=writer, now=now)


def text(client, path):
    return client.get(path).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_as_much_with_one_as_with_three(
    market, writer, now, client, number, django_assert_num_queries
):
    for _ in range(number):
        a_published_need(market.town, by=writer, now=now)
    client.get("/bedarfe?feld=x")  # What a process keeps is kept now.
    with django_assert_num_queries(6):
        answer = client.get("/bedarfe")
    assert answer.content.decode().count('class="am-card__title"') == number


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_a_need_costs_as_much_with_one_answer_as_with_three(
    market, writer, need, now, town, number, django_assert_num_queries, monkeypatch
):
    # What other parts add counts its own.
    monkeypatch.setattr(reading, "PARTS", ())
    for place in range(number):
        NeedResponse.objects.create(
            need=need,
            organisation=Organisation.objects.create(name=f"Anbieter {place}", kind="sme", created_at=now),
            text="Passt.",
            edition_number=1,
            sent_at=now,
            sent_by="x",
        )
    town.get(f"/bedarfe/{need.public_id}")
    with django_assert_num_queries(10):
        answer = town.get(f"/bedarfe/{need.public_id}")
    assert answer.content.decode().count("Antwort senden") == number


def test_the_list_is_narrowed_and_paged(market, writer, now, client):
    needs = [a_published_need(market.town, by=writer, now=now) for _ in range(21)]
    words = text(client, "/bedarfe")
    assert ("21\xa0Bedarfe" in words, words.count('class="am-card__title"')) == (True, 20)
    assert text(client, "/bedarfe?seite=2").count('class="am-card__title"') == 1
    assert text(client, "/bedarfe?seite=99").count('class="am-card__title"') == 1
    assert "21\xa0Bedarfe" in text(client, "/bedarfe?feld=beteiligung&land=99&groesse=22")
    assert "Dazu steht hier nichts" in text(client, "/bedarfe?feld=tourismus")
    assert f'href="/bedarfe/{needs[-1].public_id}"' in words


@pytest.mark.parametrize(
    "query", ["feld=%00", "feld=" + "x" * 7000, "seite=-1", "seite=²", "feld=%&land=_", "x=%ff"]
)
def test_any_query_string_is_a_page(market, need, client, query):
    assert client.get(f"/bedarfe?{query}").status_code == 200


# Written by hand: what each reader gets at the page of a published need.
STATUS = {
    "own": {"town": 200, "reader": 200, "neighbour": 404, "company": 404, "desk": 404, "stranger": 404, "client": 404},
    "administration": {
        "town": 200, "reader": 200, "neighbour": 200, "company": 404, "desk": 200, "stranger": 404, "client": 404,
    },
    "public": {
        "town": 200, "reader": 200, "neighbour": 200, "company": 200, "desk": 200, "stranger": 200, "client": 200,
    },
}  # fmt: skip


@pytest.mark.parametrize("visibility", STATUS)
def test_each_reader_gets_what_the_table_says(market, writer, now, request, visibility):
    need = a_published_need(market.town, by=writer, now=now, visibility=visibility)
    people = {
        "reader": signed_in(somebody("decision_maker", market.town, now=now)),
        "neighbour": signed_in(somebody("municipality_editor", market.neighbour, now=now)),
    }
    clients = {name: people.get(name) or request.getfixturevalue(name) for name in STATUS[visibility]}
    path = f"/bedarfe/{need.public_id}"
    assert {name: who.get(path).status_code for name, who in clients.items()} == STATUS[visibility]
    edition = {name: who.get(f"{path}/ausgabe/1").status_code for name, who in clients.items()}
    assert edition == STATUS[visibility]
    listed = {name: path in text(who, "/bedarfe") for name, who in clients.items()}
    assert listed == {name: status == 200 for name, status in STATUS[visibility].items()}
    at_town = {name: path in text(who, "/kommunen/99001001") for name, who in clients.items()}
    assert at_town == listed


def test_what_is_withdrawn_says_only_that_and_why(market, writer, need, now, client, town):
    withdraw(need, reason="Verschoben auf 2028.", by=writer, now=now)
    answer = client.get(f"/bedarfe/{need.public_id}")
    words = answer.content.decode()
    assert answer.status_code == 410
    assert ("Verschoben auf 2028." in words, need.title in words, need.problem[:40] in words) == (
        True,
        False,
        False,
    )
    assert client.get(f"/bedarfe/{need.public_id}/ausgabe/1").status_code == 404
    assert need.title in text(town, f"/bedarfe/{need.public_id}")


def test_what_is_closed_stays_readable_and_takes_no_answer(market, writer, need, now, company):
    close(need, reason="Wir nutzen jetzt etwas.", by=writer, now=now)
    words = text(company, f"/bedarfe/{need.public_id}")
    assert ("Wir nutzen jetzt etwas." in words, "Auf diesen Bedarf antworten" in words) == (True, False)
    said = {"organisation": market.provider.public_id, "text": "Passt."}
    assert (
        "kann niemand mehr antworten"
        in company.post(f"/bedarfe/{need.public_id}/antworten", said).content.decode()
    )


def test_a_provider_answers_and_the_town_gives_its_contact_to_it_alone(
    market, need, now, company, town, desk, client
):
    page = f"/bedarfe/{need.public_id}"
    assert "Auf diesen Bedarf antworten" in text(company, page)
    offer = market.melder.offers.get()
    said = {
        "organisation": market.provider.public_id,
        "what": f"angebot:{offer.public_id}",
        "text": "Passt genau.",
    }
    assert company.post(f"{page}/antworten", said).url == page
    response = NeedResponse.objects.get()
    assert (response.offer, response.solution) == (offer, market.melder)
    assert "Passt genau." in text(town, page)
    assert "Passt genau." not in text(client, page)
    assert "Passt genau." not in text(desk, page)
    town.post(f"/bedarfe/antworten/{response.public_id}/kontakt", {"kontakt": CONTACT})
    town.post(f"/bedarfe/antworten/{response.public_id}/beantworten", {"antwort": "Wir melden uns."})
    words = text(company, "/bedarfe/antworten")
    assert (CONTACT in words, "Wir melden uns." in words) == (True, True)
    other = signed_in(somebody("provider_editor", market.other_provider, now=now))
    neighbour = signed_in(somebody("municipality_editor", market.neighbour, now=now))
    for who in (client, desk, other, neighbour):
        assert CONTACT not in text(who, page)
        assert CONTACT not in text(who, "/bedarfe/antworten")
    for who in (desk, other, neighbour):
        assert who.post(f"/bedarfe/antworten/{response.public_id}/merken").status_code == 404


def test_who_answered_is_told_that_the_need_has_changed(market, writer, need, now, company):
    said = {"organisation": market.provider.public_id, "text": "Passt."}
    company.post(f"/bedarfe/{need.public_id}/antworten", said)
    held = save(
        need, lambda draft: type(draft)(**{**vars(draft), "goal": "In 3 Tagen."}), step="problem", is_done=True,
        lock_version=need.lock_version, by=writer, now=now,
    )  # fmt: skip
    publish_change(need, change="Längere Frist.", lock_version=held.lock_version, by=writer, now=now)
    words = text(company, f"/bedarfe/{need.public_id}")
    assert "Sie haben auf Ausgabe 1 geantwortet, jetzt gilt Ausgabe 2." in words


def test_a_provider_without_confirmation_is_told_what_it_needs(need, stranger):
    words = text(stranger, f"/bedarfe/{need.public_id}/antworten")
    assert "Dafür braucht es eine bestätigte Organisation" in words


def test_an_act_that_does_not_exist_is_not_found(market, need, company, town):
    company.post(
        f"/bedarfe/{need.public_id}/antworten", {"organisation": market.provider.public_id, "text": "Passt."}
    )
    response = NeedResponse.objects.get()
    assert town.post(f"/bedarfe/antworten/{response.public_id}/vergeben").status_code == 404


def test_markup_in_a_need_stays_text(market, writer, now, client):
    need = a_published_need(
        market.town, by=writer, now=now, title="<b>Titel</b>", problem="<script>alert(1)</script>"
    )
    for path in ("/bedarfe", f"/bedarfe/{need.public_id}", "/kommunen/99001001"):
        assert re.search("<script>alert|<b>Titel", text(client, path)) is None


# ----------------------------------------------------------------------------------------------------------- the index


def test_only_what_everybody_may_read_is_in_the_index(market, writer, now):
    by_visibility = {
        visibility: a_published_need(market.town, by=writer, now=now, visibility=visibility).public_id
        for visibility in ("own", "administration", "public")
    }
    a_draft(market.town, by=writer, now=now)
    assert [each.id for each in NeedDocuments().all_documents()] == [by_visibility["public"]]
    assert [each.id for each in NeedDocuments().documents(by_visibility.values())] == [
        by_visibility["public"]
    ]
    rebuild()
    assert needs_near("Laternen und Schlaglöcher") == [by_visibility["public"]]
    Organisation.objects.filter(pk=market.town.pk).update(state="suspended")
    assert list(NeedDocuments().all_documents()) == []


def test_needs_stand_beside_solutions_and_not_among_them(market, need, client):
    rebuild()
    page = text(client, "/suche?q=Laternen")
    hits, _, beside = page.partition('id="ausserdem"')
    assert need.title not in hits.partition('id="treffer"')[2]
    assert f'<a href="/bedarfe/{need.public_id}">{need.title}</a>' in beside
    assert Need.objects.count() == 1


def test_without_an_index_nothing_is_near(db, settings, tmp_path):
    settings.SEARCH_INDEX_DIR = tmp_path / "nothing"
    assert needs_near("Laterne") == []
