"""The pages of a joint need: whom to invite, who sees what of whom, and every button."""

import re
from typing import Any

import pytest
from django.test import Client

from allmende.demand.models import Joining, JointNeed, Need
from allmende.organisations.models import Organisation
from allmende.search.actions import rebuild
from tests.demand.towns import Towns, a_need, four_towns
from tests.factories.people import signed_in

NEED = {
    "title": "Mängel melden",
    "problem": "Menschen melden Schäden an Straßen am Telefon.",
    "population": 900,
    "budget_class": "to_25000",
}


@pytest.fixture
def towns(db: None, now: Any, settings: Any, tmp_path: Any) -> Towns:
    settings.DEMO = True
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    made = four_towns(now)
    Organisation.objects.filter(pk__in=[body.pk for body in made.bodies]).update(state="accredited")
    return made


@pytest.fixture
def needs(towns: Towns, now: Any) -> list[Need]:
    made = [a_need(body, now=now, **NEED) for body in towns.bodies]
    Need.objects.filter(pk=made[2].pk).update(may_be_invited=False)
    rebuild()
    return made


def browsers(towns: Towns) -> list[Client]:
    return [signed_in(user) for user in towns.people]


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def begun(client: Client, need: Need, until: str = "31.12.2999") -> JointNeed:
    said = {"title": "Zusammen melden", "purpose": "Ein Melder für alle.", "join_until": until}
    answer = client.post(f"/bedarfe/{need.public_id}/gemeinsam", said)
    joint = JointNeed.objects.get()
    assert answer["Location"] == f"/bedarfe/gemeinsam/{joint.public_id}"
    return joint


def test_the_page_of_a_need_names_three_of_other_towns_and_only_to_its_own_town(
    towns: Towns, needs: list[Need]
) -> None:
    lead, neighbour, *_ = browsers(towns)
    page = f"/bedarfe/{needs[0].public_id}"
    alike = text(lead, page).partition('id="gemeinsam"')[2].partition("</section>")[0]
    named = re.findall(r'<li><a href="/bedarfe/(\w{10})">Mängel melden</a>', alike)
    assert (len(named), needs[0].public_id in named) == (3, False)
    assert 'id="gemeinsam"' not in text(neighbour, page)
    begun(lead, needs[0])
    assert "ähnlichen Bedarf" not in text(lead, page)


def test_a_town_finds_others_begins_and_invites_only_who_wants_it(towns: Towns, needs: list[Need]) -> None:
    lead, *_ = browsers(towns)
    assert f"/bedarfe/{needs[0].public_id}/gemeinsam" in text(lead, f"/bedarfe/{needs[0].public_id}")
    words = text(lead, f"/bedarfe/{needs[0].public_id}/gemeinsam")
    found = set(re.findall(r'<li><a href="/bedarfe/(\w{10})', words))
    # The trail leads to the town's own.
    assert found - {needs[0].public_id} == {each.public_id for each in needs[1:]}
    assert words.count("möchte nicht eingeladen werden") == 1
    assert "§ 3 Abs. 1 und 2 VgV" in words
    assert "keine Rechtsberatung" in words

    joint = begun(lead, needs[0])
    page = f"/bedarfe/gemeinsam/{joint.public_id}"
    words = text(lead, page)
    offered = set(re.findall(r'name="bedarf" value="(\w{10})"', words))
    assert offered == {needs[1].public_id, needs[3].public_id}
    lead.post(f"{page}/einladen", {"bedarf": needs[1].public_id})
    assert "Birkenmarkt ist eingeladen." in text(lead, page)
    assert [each.state for each in Joining.objects.order_by("pk")] == ["joined", "invited"]
    # What the town began, its need leads to.
    assert lead.get(f"/bedarfe/{needs[0].public_id}/gemeinsam")["Location"] == page


def test_a_wrong_day_is_said_at_the_form_and_nothing_is_lost(towns: Towns, needs: list[Need]) -> None:
    lead = browsers(towns)[0]
    said = {"title": "Zusammen", "purpose": "Ein Melder.", "join_until": "01.01.2020"}
    words = lead.post(f"/bedarfe/{needs[0].public_id}/gemeinsam", said).content.decode()
    assert "liegt in der Vergangenheit" in words
    assert "Ein Melder." in words
    assert JointNeed.objects.count() == 0


def test_who_is_invited_sees_names_and_who_takes_part_sees_needs_and_sums(
    towns: Towns, needs: list[Need], now: Any
) -> None:
    lead, guest, _, stranger = browsers(towns)
    joint = begun(lead, needs[0])
    page = f"/bedarfe/gemeinsam/{joint.public_id}"
    lead.post(f"{page}/einladen", {"bedarf": needs[1].public_id})
    assert stranger.get(page).status_code == 404

    words = text(guest, page)
    assert "Ihre Kommune ist eingeladen" in words
    assert ("25.000" in words, "Gefragt und nicht dabei" in words) == (False, False)
    invitation = Joining.objects.get(state="invited")
    guest.post(f"/bedarfe/gemeinsam/beitritt/{invitation.public_id}/beitreten")
    words = text(guest, page)
    assert "zusammen zwischen 10.000,00\xa0€ und 50.000,00\xa0€" in words
    assert "zusammen für 1.800 Menschen" in words
    # People of other towns are nobody's business here.
    assert "@" not in re.sub(r"<header.*?</header>", "", words, flags=re.DOTALL)
    assert ("Führen" in words, "Austreten" in words, "Austreten" in text(lead, page)) == (False, True, False)

    guest.post(f"/bedarfe/gemeinsam/beitritt/{invitation.public_id}/austreten")
    assert guest.get(page).status_code == 404
    assert "Birkenmarkt: ausgetreten" in text(lead, page)


def test_the_leading_town_closes_opens_changes_and_ends(towns: Towns, needs: list[Need]) -> None:
    lead, guest, *_ = browsers(towns)
    joint = begun(lead, needs[0])
    page = f"/bedarfe/gemeinsam/{joint.public_id}"
    lead.post(f"{page}/einladen", {"bedarf": needs[1].public_id})
    assert [guest.post(f"{page}/{each}").status_code for each in ("schliessen", "aendern", "einladen")] == [
        404
    ] * 3

    lead.post(f"{page}/schliessen")
    assert "Beitreten</span>" not in text(guest, page)
    lead.post(f"{page}/oeffnen", {"bis": "übermorgen"})
    assert "Geben Sie ein Datum ein" in text(lead, page)
    lead.post(f"{page}/oeffnen", {"bis": "01.02.2999"})
    said = {"title": "Anders", "purpose": "Neu.", "join_until": "01.03.2999", "lock_version": "2"}
    lead.post(f"{page}/aendern", said)
    joint.refresh_from_db()
    assert (joint.state, joint.title, f"{joint.join_until}") == ("open", "Anders", "2999-03-01")
    words = lead.post(f"{page}/aendern", said).content.decode()
    assert "jemand anderes gespeichert" in words

    invitation = Joining.objects.get(state="invited")
    guest.post(f"/bedarfe/gemeinsam/beitritt/{invitation.public_id}/beitreten")
    lead.post(f"{page}/beenden", {"grund": "Wir haben beschafft."})
    words = text(guest, page)
    assert "Wir haben beschafft." in words
    assert [lead.post(f"{page}/unfug").status_code, lead.get(f"{page}/beenden").status_code] == [404, 405]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_as_much_with_one_town_as_with_three(
    towns: Towns, needs: list[Need], now: Any, number: int, django_assert_num_queries: Any
) -> None:
    lead = browsers(towns)[0]
    joint = begun(lead, needs[0])
    for need in needs[1:number]:
        Joining.objects.create(
            joint=joint,
            need=need,
            state="joined",
            invited_at=now,
            invited_by="x",
            decided_at=now,
            decided_by="x",
        )
    JointNeed.objects.update(state="closed")
    lead.get(f"/bedarfe/gemeinsam/{joint.public_id}")
    with django_assert_num_queries(12):
        lead.get(f"/bedarfe/gemeinsam/{joint.public_id}")
