"""From a need to its solutions: what is found, in which order, and why something is not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from allmende.catalogue.actions import publish_offer
from allmende.catalogue.drafts import OfferDraft, PriceDraft
from allmende.catalogue.models import Offer, Solution
from allmende.demand import facts_kept as facts
from allmende.demand.matching import Looking, match_one, matches, why_not
from allmende.demand.matching.nearness import IndexAway
from allmende.demand.matching.wanting import context_of, looking_for, telling
from allmende.demand.statements import Context, Wanted
from allmende.lib.actors import Actor
from allmende.retrieval.text import MAX_QUERY_WORDS, query_tokens
from allmende.search.actions import rebuild
from tests.factories.market import DEMO, more_solutions
from tests.factories.needs import a_published_need

LOOKING = Looking(
    "Schäden an Straßen melden", "Menschen rufen an, wenn eine Laterne kaputt ist.", ("verwaltung",)
)


@pytest.fixture
def where(now):
    return Context(today=now.date(), actor=Actor.program("test"), population=6000, size_class=22, land="99")


def wanting(*wanted):
    return replace(LOOKING, wanted=wanted)


def names(found):
    by_id = dict(Solution.objects.values_list("public_id", "name"))
    return [by_id[match.solution] for match in found.matches]


def test_what_the_text_brings_is_found_and_nothing_else(market, where):
    found = matches(LOOKING, where, threshold=0)
    assert (names(found), found.total) == (["Mängelmelder", "Potholes"], 2)


def test_the_match_says_what_it_is_made_of(market, where):
    (match,) = matches(wanting(Wanted("open_source", True)), where).matches
    assert (match.points, match.position, match.near.field, match.near.kind, match.met_share) == (
        100,
        1,
        1,
        1,
        1,
    )
    assert match.text_evidence == "Die Beschreibung passt zu Ihrem Text und zum Handlungsfeld."
    assert match.position_reason == (
        "100 von 100 Punkten: Nähe zum Bedarf 100 von 100, erfüllte Kriterien 100 von 100."
    )


def test_the_same_need_gets_the_same_answer_again(market, where):
    looking = wanting(Wanted("open_source", True), Wanted("documentation", True, "should"))
    assert matches(looking, where, threshold=0) == matches(looking, where, threshold=0)


def test_who_fails_a_must_is_shown_last_and_as_such(market, where, now):
    more_solutions(2, market.editors, now)
    Solution.objects.filter(name="Raumbuchung").update(licence="SSPL-1.0")
    facts.forget()
    looking = Looking("Räume und Hallen", "Hallen reservieren", (), (Wanted("open_source", True),))
    rebuild()
    found = matches(looking, where, threshold=0)
    assert (names(found)[-1], found.matches[-1].failed_musts, found.failing) == ("Raumbuchung", 1, 1)
    assert found.matches[-1].position_reason == "Steht hinter allen, die kein Muss-Kriterium verfehlen."
    assert [said.verdict for _, said in found.matches[-1].must_unmet] == ["unmet"]


def test_what_is_unknown_is_counted_and_does_not_put_anybody_last(market, where):
    (match,) = matches(wanting(Wanted("hosting_in_eu", True)), where).matches
    assert (match.number("unknown"), match.failed_musts, match.unknown_musts) == (1, 0, 1)


def test_own_words_are_met_by_nobody_and_asked_for(market, where):
    (match,) = matches(wanting(Wanted("", None, "must", "Fotos lassen sich anhängen.")), where).matches
    assert match.criteria[0].verdict == "unknown"
    assert (
        match.criteria[0].reason
        == "Das haben Sie in eigenen Worten verlangt. Fragen Sie den Anbieter danach."
    )


def test_the_best_offer_stands_for_the_solution(market, where, now):
    cheap = publish_offer(
        OfferDraft(
            title="Günstiger",
            seller=market.other_provider.public_id,
            delivery_model="saas_public",
            prices=(PriceDraft(kind="yearly", amount=Decimal(300)),),
            as_of=date(2026, 1, 5),
        ),
        solution=market.melder,
        by=DEMO,
        now=now,
    )
    (match,) = matches(wanting(Wanted("yearly_cost_at_most", "500.00")), where).matches
    assert match.offer == cheap.public_id


def test_who_names_no_price_does_not_come_before_who_does(market, where):
    """A solution that is had only through an offer is judged by its offers, not as if there were none."""
    Solution.objects.filter(pk=market.melder.pk).update(licence="")
    facts.forget()
    (match,) = matches(wanting(Wanted("yearly_cost_at_most", "500.00")), where).matches
    assert (match.offer, match.failed_musts) == (Offer.objects.get().public_id, 1)


def test_the_threshold_is_the_readers_choice(market, where):
    assert [len(matches(LOOKING, where, threshold=points).matches) for points in (0, 100)] == [2, 1]
    unknown = wanting(Wanted("hosting_in_eu", True))
    assert [len(matches(unknown, where, threshold=points).matches) for points in (90, 91)] == [1, 0]


def test_why_not_for_a_name_that_nobody_knows(where):
    assert why_not(LOOKING, None, where).sentences == ("Unter diesem Namen gibt es hier keine Lösung.",)


def test_why_not_for_what_the_text_does_not_bring(market, where):
    said = why_not(LOOKING, market.raum, where)
    assert (said.name, said.match.position, said.sentences) == (
        "Raumbuchung",
        None,
        (
            "Die Suche findet die Lösung mit dem Text Ihres Bedarfs nicht: Ihre Beschreibung sagt anderes, als Sie "
            "geschrieben haben.",
        ),
    )


def test_why_not_for_a_failed_must(market, where):
    said = why_not(wanting(Wanted("maturity", ["pilot"])), market.melder, where)
    assert said.sentences == (
        "Ein Muss-Kriterium ist nicht erfüllt: Reifegrad: „Produktiv“.",
        "In der ganzen Reihenfolge steht sie an Stelle 2.",
    )


def test_why_not_for_too_few_points(market, where):
    said = why_not(wanting(Wanted("hosting_in_eu", True, "should")), market.melder, where, threshold=95)
    assert said.sentences == (
        "Sie hat 90 Punkte; Ihre Liste beginnt bei 95.",
        "In der ganzen Reihenfolge steht sie an Stelle 1.",
    )


def test_why_not_for_what_is_withdrawn(market, where):
    Solution.objects.filter(pk=market.melder.pk).update(
        state="withdrawn", withdrawn_at=market.melder.changed_at, withdrawal_reason="doppelt"
    )
    facts.forget()
    said = why_not(LOOKING, market.melder, where)
    assert said.sentences == (
        "Die Lösung ist zurzeit nicht veröffentlicht und wird deshalb nicht verglichen.",
    )


def test_one_solution_against_the_need_says_what_the_list_says(market, where):
    looking = wanting(Wanted("open_source", True))
    assert match_one(looking, market.melder.public_id, where) == matches(looking, where).matches[0]


def test_a_need_is_read_as_its_town_wrote_it(market, town, now):
    need = a_published_need(market.town, by=town, now=now)
    looking, context = looking_for(need), context_of(need, town, now.date())
    assert [each.criterion for each in looking.wanted] == ["open_source", "", "yearly_cost_at_most"]
    assert (context.population, context.size_class, context.land) == (6000, 22, "99")


def test_a_long_text_is_searched_by_its_telling_words_and_a_short_one_as_it_is():
    short = "Schlaglöcher melden"
    long = " ".join(f"Wort{letter}fahrzeug und" for letter in "abcdefghijklmnopqrstuvwxyz" * 2) + " Rathaus"
    assert telling(short) == short
    assert len(query_tokens(telling(long))) <= MAX_QUERY_WORDS
    assert telling(long) == telling(long)


def test_an_empty_text_finds_nothing(market, where):
    assert matches(Looking("", ""), where).total == 0


def test_without_an_index_it_says_so(db, where):
    with pytest.raises(IndexAway):
        matches(LOOKING, where)


def test_the_number_of_queries_does_not_grow_with_what_is_found(
    market, where, now, django_assert_max_num_queries
):
    looking = Looking("Räume und Hallen", "Hallen reservieren", (), (Wanted("open_source", True),))
    matches(looking, where)
    with django_assert_max_num_queries(14):
        matches(looking, where, threshold=0)
    more_solutions(3, market.editors, now)
    matches(looking, where)
    with django_assert_max_num_queries(14):
        matches(looking, where, threshold=0)
