"""What the catalogue says for each criterion: met, not met, unknown; with a reason, a source and a value behind it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from allmende.catalogue.actions import confirm_use, publish_offer, receive
from allmende.catalogue.cost import estimate
from allmende.catalogue.drafts import DependencyDraft, OfferDraft
from allmende.catalogue.models import ConfirmedUse, Offer, PriceRow
from allmende.demand import facts_kept as facts
from allmende.demand.catalogue_words import WORDS
from allmende.demand.criteria import CRITERIA
from allmende.demand.judging import JUDGES, YEARLY, costs
from allmende.demand.statements import WORD_OF, Context, Subject, Wanted, statements, verdicts
from allmende.lib.actors import Actor
from tests.factories.market import DEMO, HARVEST, MELDER

PROGRAM = Actor.program("test")


def context(now, **said):
    return replace(
        Context(today=now.date(), actor=PROGRAM, population=6000, size_class=22, land="99"), **said
    )


def asked(subject, criterion, value, where):
    """The statement, after a look that the numbers say the same."""
    wanted = Wanted(criterion, value)
    (said,) = statements([subject], [wanted], where)[subject]
    assert WORD_OF[int(verdicts([subject], wanted, where)[0])] == said.verdict
    return said


@pytest.fixture
def melder(market):
    return Subject(market.melder.public_id)


@pytest.fixture
def service(market):
    """The melder with its offer: 500 euros once, 1,200 a year, run by a public body."""
    return Subject(market.melder.public_id, Offer.objects.get().public_id)


@pytest.fixture
def foreign(market):
    """Says nothing but its name and an English sentence."""
    return Subject(market.foreign.public_id)


def test_every_criterion_of_the_registry_is_judged_and_has_its_words_or_is_known_by_nobody():
    assert set(JUDGES) == set(CRITERIA)
    assert set(CRITERIA) - set(WORDS) == {"hosting_in_eu"}


@pytest.mark.parametrize(
    ("criterion", "value", "verdict"),
    [
        ("open_source", True, "met"),
        ("licence_known", True, "met"),
        ("delivery_model", ["self_hosted_oss"], "unknown"),
        ("hosting_in_eu", True, "unknown"),
        ("price_free_yearly", True, "unknown"),
        ("yearly_cost_at_most", "5000.00", "unknown"),
        ("one_off_cost_at_most", "5000.00", "unknown"),
        ("used_in_size_class", True, "met"),
        ("used_in_land", True, "met"),
        ("confirmed_uses_at_least", "1", "met"),
        ("confirmed_uses_at_least", "2", "unmet"),
        ("maturity", ["productive", "pilot"], "met"),
        ("maturity", ["pilot"], "unmet"),
        ("maintained", ["internal"], "unknown"),
        ("interface_language", ["de"], "unknown"),
        ("documentation", True, "unknown"),
        ("works_with", ["LDAP"], "unknown"),
        ("operator_public", True, "unknown"),
        ("support_offered", True, "unknown"),
        ("boundary", ["smart_city"], "met"),
        ("boundary", ["querschnitt"], "unmet"),
        ("vanished", True, "unknown"),
    ],
)
def test_what_the_entry_alone_says(melder, now, criterion, value, verdict):
    assert asked(melder, criterion, value, context(now)).verdict == verdict


@pytest.mark.parametrize(
    ("criterion", "value", "verdict"),
    [
        ("delivery_model", ["saas_provider"], "met"),
        ("delivery_model", ["on_premise"], "unmet"),
        ("price_free_yearly", True, "unmet"),
        ("yearly_cost_at_most", "1200.00", "met"),
        ("yearly_cost_at_most", "1199.99", "unmet"),
        ("one_off_cost_at_most", "500.00", "met"),
        ("one_off_cost_at_most", "0.00", "unmet"),
        ("operator_public", True, "met"),
    ],
)
def test_what_an_offer_says(service, now, criterion, value, verdict):
    assert asked(service, criterion, value, context(now)).verdict == verdict


@pytest.mark.parametrize("criterion", list(CRITERIA))
def test_where_nothing_is_said_nothing_is_met_and_nothing_failed(foreign, now, criterion):
    """Case 6 of the domain: "keine Angabe" is never shown as fulfilled nor as failed."""
    values = {"at_most": "0.00", "at_least": "1", "one_of": ["x"], "all_of": ["LDAP"], "flag": True}
    said = asked(foreign, criterion, values[CRITERIA[criterion].kind], context(now))
    assert (said.verdict, said.label, said.subject) == ("unknown", "keine Angabe", ("", ""))
    assert said.reason.endswith(".")


def test_the_source_is_the_origin_of_the_value_with_its_day(melder, market, now):
    said = asked(melder, "open_source", True, context(now))
    assert (said.reason, said.source, said.as_of, said.subject) == (
        "Die Lizenz EUPL-1.2 erlaubt es, die Software zu prüfen, zu ändern und weiterzugeben.",
        "Katalog, Angabe von „Katalog der Stadt“",
        date(2026, 2, 3),
        ("solution", market.melder.public_id),
    )


def test_a_use_is_the_word_of_the_town(melder, now):
    said = asked(melder, "used_in_land", True, context(now))
    assert (said.source, said.reason, said.subject) == (
        "laut Ahornstadt",
        "Eine Kommune in Ihrem Land hat den Einsatz bestätigt, zuletzt Ahornstadt.",
        ("use", ConfirmedUse.objects.get().public_id),
    )


def test_towns_that_confirmed_it_elsewhere_make_it_unmet_and_none_at_all_unknown(melder, foreign, now):
    here = context(now, size_class=50)
    assert asked(melder, "used_in_size_class", True, here).verdict == "unmet"
    assert asked(foreign, "used_in_size_class", True, here).verdict == "unknown"


def test_what_others_claim_is_no_confirmation(melder, now):
    """Birkenmarkt uses it as the catalogue of the city says; it has not said so itself."""
    assert asked(melder, "confirmed_uses_at_least", "2", context(now)).verdict == "unmet"


def test_a_town_of_no_known_size_compares_with_nobody(melder, now):
    assert asked(melder, "used_in_size_class", True, context(now, size_class=None)).verdict == "unknown"


def test_an_ended_use_is_none(melder, market, now):
    ConfirmedUse.objects.update(state="ended")
    facts.forget()
    assert asked(melder, "used_in_land", True, context(now)).verdict == "unknown"


def test_a_price_names_amount_limit_and_who_says_it(service, now):
    said = asked(service, "yearly_cost_at_most", "1000.00", context(now))
    assert (said.reason, said.source, said.as_of) == (
        "Das Angebot kostet für Sie mindestens 1.200\u00a0€ im Jahr; verlangt sind höchstens 1.000\u00a0€.",
        "laut Angebot von Beispiel-Software GmbH",
        date(2026, 1, 5),
    )


def test_what_a_lapsed_offer_says_is_unknown(service, now):
    """Case 5 of the domain, for what the catalogue knows: what has run out is not fulfilled any more."""
    Offer.objects.update(renew_by=now.date() - timedelta(days=1))
    facts.forget()
    said = asked(service, "operator_public", True, context(now))
    assert (said.verdict, said.reason) == (
        "unknown",
        "Keine gültige Angabe: Der Anbieter hat sein Angebot nicht mehr erneuert.",
    )


def test_on_its_last_day_an_offer_still_counts(service, now):
    Offer.objects.update(renew_by=now.date())
    facts.forget()
    assert asked(service, "operator_public", True, context(now)).verdict == "met"


def test_hidden_prices_are_unknown_to_the_public_and_known_to_the_administration(service, town, now):
    Offer.objects.update(prices_for="administration")
    facts.forget()
    seen = [
        asked(service, "yearly_cost_at_most", "2000.00", context(now, actor=actor)).verdict
        for actor in (Actor.anonymous(), town)
    ]
    assert seen == ["unknown", "met"]


def test_on_request_is_unknown_unless_what_is_known_is_too_much(service, now):
    Offer.objects.update(on_request=True)
    facts.forget()
    verdicts_ = [
        asked(service, "yearly_cost_at_most", limit, context(now)).verdict for limit in ("1000.00", "2000.00")
    ]
    assert verdicts_ == ["unmet", "unknown"]


PRICES = [
    [("yearly", 1200, "", None, None)],
    [("yearly", 1200, "inhabitant", None, 5000), ("yearly", 2400, "inhabitant", 5000, 20000)],
    [("yearly", 1200, "inhabitant", None, 5000)],
    [("monthly", "85.50", "", None, None), ("per_unit_yearly", "0.19", "inhabitant", None, None)],
    [("per_unit_yearly", "0.1234", "inhabitant", None, None)],
    [("per_unit_yearly", 3, "user", None, None)],
    [("yearly", 100, "", None, None), ("day_rate", 900, "day", None, None)],
    [("one_off", 100, "", None, None)],
    [("one_off", 100, "", None, None), ("yearly", 0, "", None, None)],
]


@pytest.mark.parametrize("population", [None, 0, 4999, 5000, 20000, 84_000_000])
@pytest.mark.parametrize("rows", PRICES)
def test_the_columns_reckon_as_the_calculator_does(service, now, rows, population):
    PriceRow.objects.all().delete()
    offer = Offer.objects.get()
    for place, (kind, amount, unit, low, high) in enumerate(rows):
        PriceRow.objects.create(
            offer=offer,
            position=place,
            kind=kind,
            amount=Decimal(amount),
            unit=unit,
            tier_from=low,
            tier_to=high,
        )
    facts.forget()
    known = facts.facts()
    row = known.where([service])[0]
    cents, is_known, _ = (column[row] for column in costs(known, YEARLY, context(now, population=population)))
    yearly = [each for each in offer.prices.all() if each.kind != "one_off"]
    # With a price of one side only the calculator also says that the other is silent; that is no part of this.
    told = estimate(yearly, units={"inhabitant": population}, term_months=12)
    silent = "Zu einmaligen Kosten sagt das Angebot nichts."
    assert (int(cents), bool(is_known)) == (
        int(told.yearly * 100),
        told.has_prices and all(sentence == silent for sentence in told.unknown),
    )


def test_systems_are_met_only_when_all_are_named(market, melder, now):
    draft = replace(MELDER, dependencies=(DependencyDraft(kind="open", name="PostgreSQL mit PostGIS"),))
    receive(draft, origin=market.city, key="melder.yml", by=HARVEST, now=now)
    said = [
        asked(melder, "works_with", systems, context(now)).verdict
        for systems in (["PostgreSQL"], ["postgis", "PostgreSQL"], ["PostgreSQL", "LDAP"], ["GIS"])
    ]
    assert said == ["met", "met", "unknown", "unknown"]


def test_help_is_offered_by_whoever_offers_to_run_it(market, melder, now):
    publish_offer(
        OfferDraft(
            title="Betrieb",
            kind="operation",
            seller=market.provider.public_id,
            delivery_model="saas_provider",
        ),
        solution=market.melder,
        by=DEMO,
        now=now,
    )
    said = asked(melder, "support_offered", True, context(now))
    assert (said.verdict, said.reason, said.subject[0]) == (
        "met",
        "Beispiel-Software GmbH bietet an: „Betrieb“.",
        "offer",
    )


def test_a_solution_that_is_not_public_is_said_nothing_about(now, market):
    nobody = Subject("0000000000")
    (said,) = statements([nobody], [Wanted("open_source", True)], context(now))[nobody]
    assert (said.verdict, said.subject) == ("unknown", ("", ""))


def test_statements_cost_the_same_number_of_queries_for_one_and_for_three(
    market, now, django_assert_max_num_queries
):
    wanted = [
        Wanted("open_source", True),
        Wanted("yearly_cost_at_most", "1.00"),
        Wanted("used_in_land", True),
    ]
    facts.facts()
    subjects = [Subject(each.public_id) for each in (market.melder, market.raum, market.foreign)]
    for some in (subjects[:1], subjects):
        with django_assert_max_num_queries(9):
            statements(some, wanted, context(now))


def test_a_new_use_is_known_at_the_next_look(market, melder, now):
    assert asked(melder, "confirmed_uses_at_least", "2", context(now)).verdict == "unmet"
    confirm_use(market.melder, organisation=market.neighbour, state="pilot", by=DEMO, now=now)
    assert asked(melder, "confirmed_uses_at_least", "2", context(now)).verdict == "met"
