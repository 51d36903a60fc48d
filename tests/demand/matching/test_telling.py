"""Who is told of what fits, once; the other way round; and towns with the same need."""

import pytest

from allmende.catalogue.actions import publish_offer
from allmende.catalogue.drafts import OfferDraft
from allmende.catalogue.models import Solution
from allmende.demand.actions.matching import match_need, match_solution
from allmende.demand.follow import match_needs, match_solutions
from allmende.demand.matching import needs_for, similar_needs
from allmende.demand.matching.other_way import _are_alike
from allmende.demand.matching.told import fitting_for, told_needs
from allmende.demand.models import FoundMatch, Need
from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for
from allmende.search.actions import rebuild
from tests.factories.market import DEMO
from tests.factories.needs import a_published_need
from tests.factories.people import somebody

PROGRAM = Actor.program("demand")


@pytest.fixture
def need(market, town, now):
    """Public; needs what the Mängelmelder does."""
    return a_published_need(market.town, by=town, now=now)


def told():
    return sorted(FoundMatch.objects.values_list("organisation__name", "solution__name"))


def test_the_providers_of_what_fits_are_told(need, market, now):
    assert match_need(need, by=PROGRAM, now=now) == 2
    assert told() == [("Amt für Beispiele", "Mängelmelder"), ("Beispiel-Software GmbH", "Mängelmelder")]
    entries = of_kinds("demand.match_found")
    assert sorted((each.subject_id, each.organisation, each.data["solutions"]) for each in entries) == sorted(
        (need.public_id, body.public_id, [market.melder.public_id])
        for body in (market.provider, market.other_provider)
    )


def test_nobody_is_told_twice(need, now):
    match_need(need, by=PROGRAM, now=now)
    assert (match_need(need, by=PROGRAM, now=now), FoundMatch.objects.count()) == (0, 2)
    assert of_kinds("demand.match_found").count() == 2


def test_a_must_that_fails_is_no_news(need, market, now):
    Solution.objects.filter(pk=market.melder.pk).update(licence="SSPL-1.0")
    assert match_need(need, by=PROGRAM, now=now) == 0


def test_a_provider_that_is_not_confirmed_is_told_nothing(need, market, now):
    Organisation.objects.update(state="named", accredited_at=None)
    need.organisation.refresh_from_db()
    assert match_need(need, by=PROGRAM, now=now) == 0
    Organisation.objects.filter(pk=market.town.pk).update(state="accredited", accredited_at=now)
    need.organisation.refresh_from_db()
    assert match_need(need, by=PROGRAM, now=now) == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"visibility": "own"}, []),
        ({"visibility": "administration"}, []),
        ({"state": "closed"}, []),
    ],
)
def test_a_company_is_not_told_of_what_it_may_not_read(need, market, now, changed, expected):
    if changed.get("state"):
        changed = changed | {"ended_at": now}
    Need.objects.filter(pk=need.pk).update(**changed)
    need.refresh_from_db()
    match_need(need, by=PROGRAM, now=now)
    assert told() == expected


def test_a_town_is_not_told_of_its_own_need(need, market, now):
    publish_offer(
        OfferDraft(title="Von uns", kind="operation", operator=market.town.public_id),
        solution=market.melder,
        by=DEMO,
        now=now,
    )
    match_need(need, by=PROGRAM, now=now)
    assert "Ahornstadt" not in [name for name, _ in told()]


def test_a_changed_offer_finds_the_open_needs(need, market, now):
    rebuild()
    assert match_solution(market.melder, by=PROGRAM, now=now) == 2
    assert match_solution(market.raum, by=PROGRAM, now=now) == 0


def test_both_ways_tell_the_same_once(need, market, now):
    rebuild()
    match_need(need, by=PROGRAM, now=now)
    assert match_solution(market.melder, by=PROGRAM, now=now) == 0


def test_the_needs_for_a_solution_are_those_that_it_fits(need, market, now):
    rebuild()
    provider = Actor("person", "x", frozenset({("provider_editor", market.provider.public_id)}))
    (fitting,) = needs_for(market.melder, provider, today=now.date())
    assert (fitting.need, fitting.match.solution, fitting.match.failed_musts) == (
        need,
        market.melder.public_id,
        0,
    )
    assert needs_for(market.foreign, provider, today=now.date()) == []


def test_a_provider_sees_its_own_and_another_one_does_not(need, market, now):
    match_need(need, by=PROGRAM, now=now)
    provider = actor_for(somebody("provider_editor", market.provider, now=now), on=now.date())
    stranger = Actor.anonymous()
    rows = told_needs(provider)
    assert [row.need for row in rows] == [need]
    assert [each.match.points for each in fitting_for(rows, provider, today=now.date())] == [rows[0].points]
    assert list(told_needs(stranger)) == []


def test_a_closed_need_is_shown_to_nobody_any_more(need, market, now):
    match_need(need, by=PROGRAM, now=now)
    provider = actor_for(somebody("provider_editor", market.provider, now=now), on=now.date())
    Need.objects.filter(pk=need.pk).update(state="closed", ended_at=now)
    assert list(told_needs(provider)) == []


def test_towns_with_the_same_need_are_found_also_where_only_towns_may_read_it(need, market, town, now):
    neighbour = actor_for(somebody("municipality_editor", market.neighbour, now=now), on=now.date())
    same = a_published_need(
        market.neighbour, by=neighbour, now=now, visibility="administration", title="Kaputte Laternen melden"
    )
    other = a_published_need(
        market.neighbour,
        by=neighbour,
        now=now,
        title="Bücher der Bücherei ausleihen",
        problem="Wir verleihen 9000 Bücher mit Karteikarten.",
        goal="Lesende finden 24 Stunden am Tag, was da ist.",
        fields_of_action=("bildung",),
    )
    rebuild()
    assert similar_needs(need, town) == [same]
    assert similar_needs(other, town) == []
    # A stranger reads what is for all alone, and that is about something else.
    assert similar_needs(need, Actor.anonymous()) == []


def test_needs_that_share_no_more_than_the_words_of_any_office_are_not_similar(need, market, town, now):
    neighbour = actor_for(somebody("municipality_editor", market.neighbour, now=now), on=now.date())

    def of_the_neighbour(title, problem, field):
        return a_published_need(
            market.neighbour,
            by=neighbour,
            now=now,
            title=title,
            problem=problem,
            goal="",
            fields_of_action=(field,),
        )

    halls = of_the_neighbour(
        "Hallen online anfragen",
        "Vereine fragen per E-Mail und am Telefon an. Zweimal im Monat ist eine Halle doppelt vergeben.",
        "ehrenamt",
    )
    streets = of_the_neighbour(
        "Gerüste online beantragen",
        "Betriebe fragen per E-Mail und am Telefon an. Zweimal im Jahr ist eine Straße doppelt vergeben.",
        "mobilitaet",
    )
    gyms = of_the_neighbour(
        "Turnhallen belegen",
        "Vereine fragen am Telefon nach einer Halle. Immer wieder ist eine Halle doppelt vergeben.",
        "ehrenamt",
    )
    assert _are_alike(halls, gyms)
    assert _are_alike(gyms, halls)
    assert not _are_alike(halls, need)
    assert not _are_alike(streets, need)


def test_a_need_that_changes_is_compared_in_a_job_of_its_own(need, market, now, monkeypatch):
    enqueued = []
    monkeypatch.setattr("allmende.demand.follow.enqueue", lambda *job: enqueued.append(job))
    entry = of_kinds("demand.need_published").get()
    match_needs([entry, entry])
    offers = of_kinds("catalogue.offer_published")
    match_solutions(list(offers) * 2)
    match_solutions(list(of_kinds("catalogue.solution_published")))
    job = ("allmende.demand.tasks.match_solution_again", market.melder.public_id)
    assert enqueued == [("allmende.demand.tasks.match_need_again", need.public_id), job, job]
