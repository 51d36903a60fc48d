"""The columns follow the catalogue: what has changed is read again, and the answers are those of a whole reading."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from allmende.catalogue.actions import (
    change_offer,
    confirm_use,
    end_use,
    publish_offer,
    receive,
    withdraw,
    withdraw_offer,
)
from allmende.catalogue.drafts import DependencyDraft, OfferDraft, PriceDraft
from allmende.catalogue.models import ConfirmedUse, Offer, Solution
from allmende.demand import facts_kept
from allmende.demand.criteria import CRITERIA
from allmende.demand.facts_read import read
from allmende.demand.judging import judge
from allmende.demand.statements import Context, Wanted
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from tests.factories.market import DEMO, HARVEST, MELDER, RAUM

VALUES = {
    "delivery_model": ["saas_provider", "saas_public"],
    "maturity": ["productive"],
    "maintained": ["internal"],
    "interface_language": ["de"],
    "boundary": ["smart_city"],
    "yearly_cost_at_most": "1000.00",
    "one_off_cost_at_most": "600.00",
    "confirmed_uses_at_least": "2",
    "works_with": ["PostgreSQL"],
}
OFFER = OfferDraft(
    title="Günstiger",
    kind="operation",
    delivery_model="saas_public",
    prices=(PriceDraft(kind="yearly", amount=Decimal(300)), PriceDraft(kind="one_off", amount=Decimal(1))),
)


def answers(columns, now):
    """Every verdict about every subject, whatever the order of rows."""
    context = Context(now.date(), Actor.program("x"), population=6000, size_class=22, land="99")
    said = {code: judge(columns, Wanted(code, VALUES.get(code, True)), context) for code in CRITERIA}
    return {
        subject: {code: int(verdicts[place]) for code, verdicts in said.items()}
        for place, subject in enumerate(columns.subjects)
    }


def changed_melder(market, now):
    draft = replace(
        MELDER,
        licence="MIT",
        maturity="pilot",
        dependencies=(DependencyDraft(kind="open", name="PostgreSQL"),),
    )
    receive(draft, origin=market.city, key="melder.yml", by=HARVEST, now=now)


def new_solution(market, now):
    receive(replace(RAUM, name="Hallenbuchung"), origin=market.city, key="halle.yml", by=HARVEST, now=now)


def withdrawn_solution(market, now):
    withdraw(market.raum, reason="doppelt", by=DEMO, now=now)


def new_offer(market, now):
    draft = replace(OFFER, seller=market.other_provider.public_id)
    publish_offer(draft, solution=market.melder, by=DEMO, now=now)


def changed_offer(market, now):
    draft = replace(OFFER, supplier=market.provider.public_id, as_of=date(2026, 1, 5))
    change_offer(Offer.objects.get(), draft, by=DEMO, now=now)


def withdrawn_offer(market, now):
    withdraw_offer(Offer.objects.get(), reason="eingestellt", by=DEMO, now=now)


def new_use(market, now):
    confirm_use(market.raum, organisation=market.neighbour, state="pilot", by=DEMO, now=now)


def ended_use(market, now):
    end_use(ConfirmedUse.objects.order_by("pk")[0], ended_on=now.date(), by=DEMO, now=now)


@pytest.fixture
def reads(monkeypatch):
    """What was asked of the tables: None for everything, else the solutions."""
    asked = []

    def noted(solutions=None):
        asked.append(solutions)
        return read(solutions)

    monkeypatch.setattr(facts_kept, "read", noted)
    return asked


@pytest.mark.parametrize(
    "change",
    [
        changed_melder,
        new_solution,
        withdrawn_solution,
        new_offer,
        changed_offer,
        withdrawn_offer,
        new_use,
        ended_use,
    ],
)
def test_after_a_change_only_what_has_changed_is_read_and_nothing_is_missed(market, now, reads, change):
    facts_kept.facts()
    change(market, now)
    assert answers(facts_kept.facts(), now) == answers(read(), now)
    assert [None if each is None else len(each) for each in reads] == [None, 1]


def test_many_changes_one_after_the_other_are_all_seen(market, now, reads):
    facts_kept.facts()
    for change in (changed_melder, new_offer, new_use, new_solution, ended_use, withdrawn_solution):
        change(market, now)
        assert answers(facts_kept.facts(), now) == answers(read(), now)
    assert reads.count(None) == 1


def test_many_changes_at_once_are_all_seen(market, now, reads):
    facts_kept.facts()
    for change in (changed_melder, new_offer, new_use, new_solution):
        change(market, now)
    assert answers(facts_kept.facts(), now) == answers(read(), now)


def test_where_nothing_has_changed_one_query_is_asked(market, django_assert_num_queries):
    facts_kept.facts()
    with django_assert_num_queries(1):
        facts_kept.facts()


def test_too_many_changes_are_read_with_everything_else(market, now, reads, monkeypatch):
    facts_kept.facts()
    monkeypatch.setattr(facts_kept, "MOST_AT_ONCE", 1)
    new_use(market, now)
    assert answers(facts_kept.facts(), now) == answers(read(), now)
    assert reads == [None, None]


def test_an_empty_catalogue_has_no_rows_and_takes_its_first_one(db, now):
    assert facts_kept.facts().subjects == ()
    assert answers(facts_kept.facts(), now) == {}


def test_from_nothing_to_something(market, now, reads):
    Solution.objects.update(state="draft")
    assert facts_kept.facts().subjects == ()
    Solution.objects.filter(pk=market.melder.pk).update(state="published")
    changed_melder(market, now)
    assert answers(facts_kept.facts(), now) == answers(read(), now)


def test_an_organisation_that_becomes_another_kind_changes_its_offers(market, now):
    facts_kept.facts()
    Organisation.objects.filter(pk=market.other_provider.pk).update(kind="sme")
    with transaction.atomic():
        record("organisations.accredited", subject=market.other_provider, by=DEMO, now=now)
    assert answers(facts_kept.facts(), now) == answers(read(), now)
