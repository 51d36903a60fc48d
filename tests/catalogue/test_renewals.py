"""Once a year an offer is renewed: reminded of 60 days before, marked after, never taken away."""

from datetime import date, timedelta

import pytest

from allmende.catalogue.actions import publish_offer, remind_of_renewals, renew_offer, withdraw_offer
from allmende.catalogue.models import Offer
from allmende.catalogue.tasks import remind
from allmende.journal.queries import of_kinds
from allmende.lib.actors import Actor
from allmende.lib.refusals import OutOfDate, Refused
from tests.factories.offering import an_offer

HARVEST = Actor.program("harvest")
DUE, LAPSED = "catalogue.offer_renewal_due", "catalogue.offer_lapsed"


@pytest.fixture
def editor(provider, member_of):
    return member_of("provider_editor", provider)


@pytest.fixture
def offer(solution, provider, now):
    return publish_offer(an_offer(provider), solution=solution, by=HARVEST, now=now)


def told(kind):
    return of_kinds(kind).count()


def after(now, days):
    return now + timedelta(days=days)


def test_an_offer_holds_for_a_year(offer):
    assert offer.renew_by == date(2027, 11, 23)


@pytest.mark.parametrize(
    ("days", "due", "lapsed"),
    [(0, 0, 0), (304, 0, 0), (305, 1, 0), (365, 1, 0), (366, 0, 1), (800, 0, 1)],
)
def test_who_is_told_when(offer, now, days, due, lapsed):
    assert remind_of_renewals(by=HARVEST, now=after(now, days)) == due + lapsed
    assert (told(DUE), told(LAPSED)) == (due, lapsed)


def test_each_is_told_once(offer, now):
    for days in (305, 306, 365, 366, 400):
        remind_of_renewals(by=HARVEST, now=after(now, days))
    assert (told(DUE), told(LAPSED)) == (1, 1)
    assert of_kinds(DUE).get().data["renew_by"] == "2027-11-23"


def test_a_renewed_offer_holds_another_year_and_is_reminded_of_again(offer, editor, now):
    remind_of_renewals(by=HARVEST, now=after(now, 310))
    offer.refresh_from_db()
    renewed = renew_offer(offer, lock_version=offer.lock_version, by=editor, now=after(now, 320))
    assert renewed.renew_by == date(2028, 10, 8)
    assert remind_of_renewals(by=HARVEST, now=after(now, 330)) == 0
    remind_of_renewals(by=HARVEST, now=after(now, 320 + 310))
    assert told(DUE) == 2


def test_an_offer_that_was_not_renewed_stays_and_says_so(offer, now):
    assert not offer.has_lapsed(date(2027, 11, 23))
    assert offer.has_lapsed(date(2027, 11, 24))
    remind_of_renewals(by=HARVEST, now=after(now, 366))
    offer.refresh_from_db()
    assert offer.state == "published"


def test_a_lapsed_offer_can_be_renewed(offer, editor, now):
    remind_of_renewals(by=HARVEST, now=after(now, 400))
    offer = renew_offer(Offer.objects.get(), by=editor, now=after(now, 401))
    assert not offer.has_lapsed(date(2028, 1, 1))
    assert offer.lapsed_of is None


def test_renewing_long_before_says_nothing_and_is_refused(offer, editor, now):
    with pytest.raises(Refused, match=r"Erneuern können Sie es ab dem 24\.09\.2027"):
        renew_offer(offer, by=editor, now=after(now, 100))


def test_what_is_withdrawn_is_neither_renewed_nor_reminded_of(offer, editor, now):
    withdraw_offer(offer, reason="Eingestellt.", by=editor, now=now)
    assert remind_of_renewals(by=HARVEST, now=after(now, 400)) == 0
    with pytest.raises(Refused, match="nur ein veröffentlichtes Angebot"):
        renew_offer(offer, by=editor, now=after(now, 400))


def test_an_offer_without_a_day_is_left_alone_until_somebody_renews_it(offer, editor, now):
    Offer.objects.update(renew_by=None)
    assert remind_of_renewals(by=HARVEST, now=after(now, 400)) == 0
    assert renew_offer(Offer.objects.get(), by=editor, now=now).renew_by == date(2027, 11, 23)


def test_whoever_renews_what_a_colleague_has_changed_is_told(offer, editor, now):
    with pytest.raises(OutOfDate):
        renew_offer(offer, lock_version=offer.lock_version - 1, by=editor, now=after(now, 320))


def test_the_daily_job_tells_nothing_twice(offer):
    Offer.objects.update(renew_by=date(2020, 1, 1))
    remind.func()
    remind.func()
    assert told(LAPSED) == 1
