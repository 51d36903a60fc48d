"""Only the town itself says what it uses."""

from datetime import date, timedelta

import pytest

from allmende.catalogue.actions import confirm_use, end_use, withdraw
from allmende.catalogue.models import ConfirmedUse
from allmende.catalogue.queries import uses_of
from allmende.lib.refusals import Refused

SINCE = date(2025, 4, 1)


@pytest.fixture
def clerk(town, member_of):
    return member_of("municipality_editor", town)


@pytest.fixture
def use(solution, town, clerk, now):
    return confirm_use(solution, organisation=town, state="productive", since=SINCE, by=clerk, now=now)


def test_the_town_confirms_its_use_and_the_solution_gets_a_new_edition(use, solution):
    solution.refresh_from_db()
    assert (use.state, use.since, solution.edition_number) == ("productive", SINCE, 2)


def test_confirmed_again_it_is_one_use_brought_up_to_date(use, solution, town, clerk, now):
    confirm_use(solution, organisation=town, state="pilot", by=clerk, now=now)

    assert [(row.state, row.since) for row in ConfirmedUse.objects.all()] == [("pilot", SINCE)]


def test_neither_provider_nor_staff_nor_a_neighbour_nor_a_stranger_speaks_for_the_town(
    solution, town, provider, competitor, member_of, stranger, now
):
    for actor in (
        member_of("provider_editor", provider),
        member_of("municipality_editor", competitor),
        member_of("operator_admin"),
        stranger,
    ):
        with pytest.raises(Refused, match=r"Das kann nur die Kommune selbst bestätigen\."):
            confirm_use(solution, organisation=town, state="productive", by=actor, now=now)
    assert ConfirmedUse.objects.count() == 0


def test_a_town_ends_its_use_and_that_stays_visible(use, town, clerk, now):
    ended = end_use(use, ended_on=date(2026, 6, 30), note="zu teuer", by=clerk, now=now)

    confirmed, _ = uses_of(town)
    assert (ended.state, ended.note) == ("ended", "zu teuer")
    assert [(row.state, row.ended_on) for row in confirmed] == [("ended", date(2026, 6, 30))]


@pytest.mark.parametrize("day", [date(2025, 3, 31), date(2030, 1, 1)])
def test_a_use_ends_between_its_beginning_and_today(use, clerk, now, day):
    with pytest.raises(Refused, match="zwischen dem Beginn der Nutzung und heute"):
        end_use(use, ended_on=day, by=clerk, now=now)


def test_an_ended_use_cannot_end_again_but_begin_again(use, solution, town, clerk, now):
    end_use(use, ended_on=date(2026, 6, 30), by=clerk, now=now)

    with pytest.raises(Refused, match="Aus „beendet“ kann nicht „beendet“ werden"):
        end_use(use, ended_on=date(2026, 7, 1), by=clerk, now=now)
    again = confirm_use(solution, organisation=town, state="productive", by=clerk, now=now)
    assert (again.state, again.ended_on) == ("productive", None)


def test_a_use_does_not_begin_in_the_future(solution, town, clerk, now):
    with pytest.raises(Refused, match="liegt in der Zukunft"):
        confirm_use(
            solution,
            organisation=town,
            state="pilot",
            since=now.date() + timedelta(days=1),
            by=clerk,
            now=now,
        )


def test_a_withdrawn_solution_cannot_be_confirmed(solution, town, clerk, member_of, now):
    withdraw(solution, reason="Fehler", by=member_of("catalogue_editor"), now=now)

    with pytest.raises(Refused, match="veröffentlichten Lösung"):
        confirm_use(solution, organisation=town, state="pilot", by=clerk, now=now)
