"""One solution or two, decided on the page."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from allmende.catalogue.actions import merge, suspect
from allmende.catalogue.models import DuplicateSuspicion, EntryClaim, Merge, Offer, Solution
from allmende.organisations.actions import grant_role
from tests.factories.market import HARVEST, Market
from tests.factories.people import signed_in, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(market: Market, now: datetime) -> DuplicateSuspicion:
    return suspect(market.melder, market.foreign, reason="Gleiche Aufgabe.", by=HARVEST, now=now)


def decide(client: Client, pair: DuplicateSuspicion, choice: str) -> str:
    answer = client.post(f"/redaktion/dubletten/{pair.public_id}", {"ziel": choice}, follow=True)
    return answer.content.decode()


def test_a_pair_stands_side_by_side_with_what_is_known(staff: Client, pair: DuplicateSuspicion) -> None:
    page = staff.get("/redaktion/dubletten").content.decode()
    assert "Mängelmelder und Potholes" in page
    assert "Gleiche Aufgabe." in page
    assert "Wartet seit 23.11.2026" in page
    assert "07.12.2026" in page  # ten working days
    page = staff.get(f"/redaktion/dubletten/{pair.public_id}").content.decode()
    assert "Gleiche Aufgabe." in page
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "EUPL-1.2" in body
    assert ">läuft auf" not in body  # nobody says anything about it


def test_merging_names_what_stays_and_can_be_undone(
    staff: Client, pair: DuplicateSuspicion, market: Market
) -> None:
    page = decide(staff, pair, market.melder.public_id)
    assert "„Potholes“ ist jetzt Teil von „Mängelmelder“." in page
    market.foreign.refresh_from_db()
    assert (market.foreign.state, market.foreign.merged_into) == ("merged", market.melder)
    merge = Merge.objects.get()
    address = f"/redaktion/zusammenfuehrungen/{merge.public_id}/zurueck"
    page = staff.post(address, follow=True).content.decode()
    assert "Die Zusammenführung ist rückgängig gemacht." in page
    assert "Mängelmelder und Potholes" in page  # waits again
    market.foreign.refresh_from_db()
    assert market.foreign.state == "published"
    assert "ist schon rückgängig gemacht" in staff.post(address, follow=True).content.decode()


def test_the_other_one_may_stay(staff: Client, pair: DuplicateSuspicion, market: Market) -> None:
    decide(staff, pair, market.foreign.public_id)
    market.melder.refresh_from_db()
    assert market.melder.merged_into == market.foreign


def test_two_stay_two_and_are_not_asked_about_again(staff: Client, pair: DuplicateSuspicion) -> None:
    page = decide(staff, pair, "keine")
    assert "Die beiden Lösungen bleiben getrennt." in page
    assert "Hier wartet nichts" in page
    pair.refresh_from_db()
    assert pair.state == "distinct"


@pytest.mark.parametrize("choice", ["keine", "melder", "foreign"])
def test_the_second_click_is_told_that_all_is_decided(
    staff: Client, pair: DuplicateSuspicion, market: Market, choice: str
) -> None:
    decide(staff, pair, market.melder.public_id)
    second = {"keine": "keine", "melder": market.melder.public_id, "foreign": market.foreign.public_id}[
        choice
    ]
    assert "Dieses Paar ist schon entschieden." in decide(staff, pair, second)
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("choice", ["", "0000000000", "raum", "<script>"])
def test_no_choice_decides_nothing(
    staff: Client, pair: DuplicateSuspicion, market: Market, choice: str
) -> None:
    page = decide(staff, pair, market.raum.public_id if choice == "raum" else choice)
    assert "Wählen Sie, welche der beiden Lösungen bleibt" in page
    pair.refresh_from_db()
    assert pair.state == "open"


def test_an_unknown_pair_is_told_kindly(staff: Client, market: Market) -> None:
    answer = staff.post("/redaktion/dubletten/%00unfug", {"ziel": "keine"}, follow=True)
    assert "Dieses Paar ist schon entschieden." in answer.content.decode()


def test_without_pairs_the_page_says_when_some_may_come(staff: Client, market: Market) -> None:
    assert "Zweifelhafte Paare erscheinen hier" in staff.get("/redaktion/dubletten").content.decode()


def test_after_a_decision_comes_the_next_pair_and_then_the_list(
    staff: Client, pair: DuplicateSuspicion, market: Market, now: datetime
) -> None:
    later = suspect(
        market.raum, market.foreign, reason="Gleicher Zweck.", by=HARVEST, now=now + timedelta(days=1)
    )
    answer = staff.post(f"/redaktion/dubletten/{pair.public_id}", {"ziel": "keine"})
    assert answer["Location"] == f"/redaktion/dubletten/{later.public_id}#eintrag"
    page = staff.get(f"/redaktion/dubletten/{later.public_id}").content.decode()
    assert "Eintrag 1 von 1" in page
    assert (
        staff.post(f"/redaktion/dubletten/{later.public_id}", {"ziel": "keine"})["Location"]
        == "/redaktion/dubletten"
    )


def test_a_pair_has_neighbours_shortcuts_and_a_way_to_the_decision(
    staff: Client, pair: DuplicateSuspicion, market: Market, now: datetime
) -> None:
    later = suspect(
        market.raum, market.foreign, reason="Gleicher Zweck.", by=HARVEST, now=now + timedelta(days=1)
    )
    page = staff.get(f"/redaktion/dubletten/{pair.public_id}").content.decode()
    assert '<a class="am-skip" href="#entscheidung">' in page
    assert '<h1 id="eintrag" tabindex="-1">' in page
    assert f'href="/redaktion/dubletten/{later.public_id}#eintrag" accesskey="n"' in page
    keys = re.findall(r'accesskey="(.)"', page)
    assert sorted(keys) == sorted(set(keys))


def test_columns_of_equal_names_are_told_apart(
    staff: Client, pair: DuplicateSuspicion, market: Market
) -> None:
    Solution.objects.filter(pk__in=(market.melder.pk, market.foreign.pk)).update(name="Gleicher Name")
    page = staff.get(f"/redaktion/dubletten/{pair.public_id}").text
    for each in (market.melder, market.foreign):
        assert f'<th scope="col">Gleicher Name ({each.public_id})<span class="am-definitions__note">' in page
        assert (
            f'data-label="Gleicher Name ({each.public_id})"' in page
        )  # where the table is blocks, at 320 pixels
    assert page.count(f", hier seit {market.melder.first_seen_at:%d.%m.%Y}</span></th>") == 2


def test_whoever_belongs_to_one_side_reads_beforehand_that_somebody_else_decides(
    pair: DuplicateSuspicion, market: Market, now: datetime
) -> None:
    """Away or not: the page asks nothing that the action would refuse."""
    user = somebody("catalogue_editor", now=now)
    grant_role("provider_editor", user=user, organisation=market.provider, by=HARVEST, now=now)
    Offer.objects.filter(solution__in=[market.melder, market.foreign]).delete()
    EntryClaim.objects.create(
        solution=market.melder, organisation=market.provider, state="granted", claimed_at=now
    )
    client = signed_in(user)
    page = client.get(f"/redaktion/dubletten/{pair.public_id}").content.decode()
    assert "entscheidet jemand anderes aus der Redaktion" in page
    assert 'name="ziel"' not in page
    assert "entscheidet jemand anderes aus der Redaktion" in decide(client, pair, "keine")

    merge(market.foreign, into=market.melder, reason="Gleich.", by=HARVEST, now=now)
    page = client.get("/redaktion/dubletten").content.decode()
    assert "Rückgängig machen kann das jemand anderes aus der Redaktion" in page
    assert "/zurueck" not in page
