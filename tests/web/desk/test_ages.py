"""Since when something waits in a queue and how much is late: what the mail says is what the lists say."""

import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from allmende.catalogue.models import DuplicateSuspicion, MissingSolution, Notice
from allmende.lib.actors import Actor
from allmende.notifications.waiting import Waiting
from allmende.organisations.models import Claim, EmailDomain
from allmende.search.models import Miss
from allmende.web.desk.ages import Ages
from allmende.web.desk.queues import QUEUES, queue
from allmende.web.desk.told import waiting_for
from tests.factories.market import Market
from tests.factories.people import somebody

STAFF = Actor("person", "0000000000", frozenset({("operator_admin", None)}))
# Friday, Monday and Tuesday two weeks before the tests' Monday: after ten working days the first of them is late.
LATE, LAST, EASY = (datetime.date(2026, 11, day) for day in (6, 9, 10))


def at(day: datetime.date, hour: int = 12) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def ages(code: str, now: datetime.datetime) -> Ages | None:
    found = queue(code)
    return found.ages(STAFF, now, found.days) if found.ages else None


def test_every_queue_but_one_knows_its_ages_and_an_empty_one_says_so(
    market: Market, now: datetime.datetime
) -> None:
    assert [each.code for each in QUEUES if each.ages is None] == ["post"]
    told = {each.code: each.ages(STAFF, now, each.days) for each in QUEUES if each.ages}
    assert told == dict.fromkeys(told, Ages(None, 0))
    assert waiting_for(STAFF, now) == []


def test_the_last_day_is_in_time_until_it_is_over(market: Market, now: datetime.datetime) -> None:
    for number, day in enumerate((LATE, LAST, LAST, EASY)):
        # Late in the evening and early in the morning are the same day here, and not in UTC.
        MissingSolution.objects.create(
            organisation=market.town, name=f"F{number}", folded_name=f"f{number}", purpose="x",
            named_at=at(day, (23, 0, 23, 12)[number]), named_by="x",
        )  # fmt: skip
    assert ages("genannt", now) == Ages(LATE, 1)
    assert ages("genannt", at(LAST + datetime.timedelta(days=14), 23)) == Ages(LATE, 1)
    assert ages("genannt", at(LAST + datetime.timedelta(days=15), 0)) == Ages(LATE, 3)
    [told] = waiting_for(STAFF, now)
    title = "Genannte Lösungen aufnehmen"
    assert told == Waiting(title, 4, "/redaktion/genannt", 10, oldest=LATE, overdue=1)


def test_a_letter_that_nobody_answered_waits_from_its_last_day_on(
    market: Market, now: datetime.datetime
) -> None:
    user = somebody("decision_maker", market.neighbour, now=now)
    # Long ago, whatever clocks say: which letters have run out is asked of them.
    applied, ended = datetime.date(2020, 1, 7), datetime.date(2020, 2, 4)
    claim = Claim.objects.create(organisation=market.town, user=user, task="Amt", made_at=at(applied))
    assert ages("anmeldungen", now) == Ages(applied, 1)
    Claim.objects.filter(pk=claim.pk).update(
        state="code_sent", code_hash="x", sent_at=at(applied), sent_by="x", expires_at=at(ended)
    )
    assert ages("anmeldungen", now) == Ages(ended, 1)
    assert ages("anmeldungen", at(datetime.date(2020, 2, 7))) == Ages(ended, 0)


def test_a_hearing_waits_for_the_desk_once_its_time_is_over(market: Market, now: datetime.datetime) -> None:
    said: dict[str, Any] = {
        "subject_type": "solution",
        "subject_id": market.melder.public_id,
        "subject_name": "M",
    }
    said |= {"reason": "wrong", "what": "x", "received_at": at(datetime.date(2026, 9, 1))}
    Notice.objects.create(state="hearing", heard_at=at(LATE), heard_until=datetime.date(2026, 11, 20), **said)
    assert ages("meldungen", now) == Ages(datetime.date(2026, 11, 20), 0)
    Notice.objects.create(state="open", **said)
    assert ages("meldungen", now) == Ages(datetime.date(2026, 9, 1), 1)


def test_the_dates_of_pairs_and_searches(market: Market, now: datetime.datetime) -> None:
    first, second = sorted((market.melder, market.raum), key=lambda each: each.pk)
    DuplicateSuspicion.objects.create(first=first, second=second, found_at=at(LATE))
    assert ages("dubletten", now) == Ages(LATE, 1)
    for day in (LATE, datetime.date(2026, 10, 23)):
        Miss.objects.create(text=f"x{day}", count=3, first_day=day, last_day=LAST)
    assert ages("ohne-treffer", now) == Ages(datetime.date(2026, 10, 23), 1)


def test_the_mail_counts_what_the_lists_show(market: Market, staff: Client) -> None:
    today = timezone.localdate()
    for number in range(20):
        day = at(today - datetime.timedelta(days=number), number)
        EmailDomain.objects.create(
            organisation=market.town, domain=f"a{number}.example", proposed_at=day, proposed_by="person:x"
        )
        MissingSolution.objects.create(
            organisation=market.town, name=f"F{number}", folded_name=f"f{number}", purpose="x", named_at=day,
            named_by="x",
        )  # fmt: skip
    for code in ("domains", "genannt"):
        page = staff.get(queue(code).address).content.decode()
        told = ages(code, at(today))
        assert told == Ages(today - datetime.timedelta(days=19), page.count("Überfällig seit"))
        assert 0 < told.overdue < 20
