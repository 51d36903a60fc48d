"""How news get into mail: at once, in the morning, on Mondays, never; each of them once."""

import datetime
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from allmende.accounts.models import User
from allmende.catalogue.actions import withdraw
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.models import Letter, UndeliverableAddress
from allmende.notifications.actions import mail_news, prefer, read, unsubscribe
from allmende.notifications.models import NewsItem, Preference
from allmende.notifications.queries import last_monday, last_morning, rates_of, unread_count
from allmende.notifications.unsubscribing import read_ticket, ticket_path
from tests.factories.market import Market
from tests.notifications.conftest import Cast

MINUTE = datetime.timedelta(minutes=1)
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# The tests' day is a Monday; at 9:00 UTC it is 10 o'clock here.
TODAY_AT_SEVEN = datetime.datetime(2026, 11, 23, 6, 0, tzinfo=datetime.UTC)

Make = Callable[..., NewsItem]


@pytest.fixture
def make(market: Market, cast: Cast, now: datetime.datetime) -> Make:
    """A piece of news for the owner, about the use of a solution."""

    def item(rate: str = "at_once", *, at: datetime.datetime = now, **changed: Any) -> NewsItem:
        told: dict[str, Any] = {
            "user": cast.owner,
            "kind": "catalogue.use_confirmed",
            "category": "use",
            "subject_type": "solution",
            "subject_id": market.melder.public_id,
            "data": {"town": "Ahornstadt"},
            "at": at,
            "noted_at": at,
            "rate": rate,
        }
        return NewsItem.objects.create(**told | changed)

    return item


def letters() -> list[Letter]:
    return list(Letter.objects.filter(kind="notifications.news").order_by("pk"))


# -------------------------------------------------------------------------------------------------------------- rates


def test_what_is_to_be_told_at_once_is_mailed_once(make: Make, cast: Cast, now: datetime.datetime) -> None:
    item = make()
    assert (mail_news(now=now), mail_news(now=now), mail_news(now=now + DAY)) == (1, 0, 0)
    [letter] = letters()
    assert (letter.to, letter.subject) == (
        cast.owner.email,
        "Ahornstadt bestätigt die Nutzung von „Mängelmelder“.",
    )
    assert (letter.about_type, letter.about_id) == ("account", cast.owner.public_id)
    item.refresh_from_db()
    assert item.mailed_at == now


def test_a_burst_is_one_letter_and_what_follows_waits_ten_minutes(
    make: Make, market: Market, now: datetime.datetime
) -> None:
    make()
    mail_news(now=now)
    for minute in range(1, 6):
        make(at=now + minute * MINUTE, subject_id=market.raum.public_id)
    assert [mail_news(now=now + minute * MINUTE) for minute in (6, 9)] == [0, 0]
    assert mail_news(now=now + 10 * MINUTE) == 1
    assert "„Raumbuchung“. (5-mal)" in letters()[1].text


def test_a_digest_gathers_until_seven_in_the_morning(make: Make, now: datetime.datetime) -> None:
    make("daily")
    make("daily", at=now + HOUR)
    tomorrow = TODAY_AT_SEVEN + DAY
    assert [mail_news(now=when) for when in (now + HOUR, tomorrow - MINUTE, tomorrow, tomorrow + HOUR)] == [
        0,
        0,
        1,
        0,
    ]
    assert letters()[0].subject == "Ahornstadt bestätigt die Nutzung von „Mängelmelder“."


def test_a_morning_that_was_missed_is_made_up(make: Make, now: datetime.datetime) -> None:
    make("daily")
    assert mail_news(now=TODAY_AT_SEVEN + DAY + 5 * HOUR) == 1


def test_weekly_news_come_on_mondays(make: Make, now: datetime.datetime) -> None:
    make("weekly")
    days = [TODAY_AT_SEVEN + number * DAY for number in range(1, 8)]
    assert [mail_news(now=when) for when in days] == [0, 0, 0, 0, 0, 0, 1]


def test_what_is_never_mailed_stands_in_the_site(make: Make, cast: Cast, now: datetime.datetime) -> None:
    make("never")
    assert (mail_news(now=now + 30 * DAY), unread_count(cast.owner)) == (0, 1)


def test_what_was_read_in_the_site_is_not_mailed(make: Make, cast: Cast, now: datetime.datetime) -> None:
    item = make("daily")
    assert read(item, by=cast.actor("owner"), now=now) == 1
    assert mail_news(now=now + 2 * DAY) == 0


def test_all_that_is_due_to_a_person_comes_in_one_letter_and_to_others_in_theirs(
    make: Make, market: Market, cast: Cast, now: datetime.datetime
) -> None:
    make("daily", at=now - DAY)
    make(at=now, subject_id=market.raum.public_id, kind="catalogue.offer_lapsed", category="tasks", data={})
    make(at=now, user=cast.competitor)
    assert mail_news(now=now) == 2
    mine = next(letter for letter in letters() if letter.to == cast.owner.email)
    assert mine.subject == "2 Nachrichten von Allmende"
    assert mine.text.index("Was auf Sie wartet\n---") < mine.text.index("Nutzung Ihrer Lösungen\n---")


def test_a_long_list_is_cut_and_says_so(make: Make, market: Market, now: datetime.datetime) -> None:
    for number in range(33):
        make(data={"town": f"Stadt {number}"})
    mail_news(now=now)
    [letter] = letters()
    assert letter.subject == "33 Nachrichten von Allmende"
    assert letter.text.count("bestätigt die Nutzung") == 30
    assert "3 weitere Nachrichten stehen hier:\nhttp://localhost:8000/mein/nachrichten\n" in letter.text


# ------------------------------------------------------------------------------------------------- what is not mailed


def test_what_its_reader_may_not_see_any_more_is_not_mailed(
    make: Make, market: Market, cast: Cast, now: datetime.datetime
) -> None:
    item = make("daily")
    withdraw(market.melder, reason="Wird nicht mehr gepflegt.", by=cast.actor("staff"), now=now)
    assert mail_news(now=now + 2 * DAY) == 0
    item.refresh_from_db()
    assert item.mailed_at is not None


def test_of_an_organisation_that_somebody_left_nothing_more_is_mailed(
    make: Make, market: Market, cast: Cast, now: datetime.datetime
) -> None:
    make(kind="catalogue.offer_renewal_due", subject_type="working_copy", subject_id="0000000000", data={})
    cast.owner.memberships.update(ended_at=now)
    assert mail_news(now=now) == 0


def test_who_has_no_account_any_more_gets_no_mail(make: Make, cast: Cast, now: datetime.datetime) -> None:
    make()
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    assert mail_news(now=now) == 0


def test_an_address_that_takes_no_letters_gets_none(make: Make, cast: Cast, now: datetime.datetime) -> None:
    make()
    UndeliverableAddress.objects.create(
        address=cast.owner.email.lower(), bounces=2, since=now, last_at=now, last_status="5.1.1"
    )
    assert mail_news(now=now) == 0


def test_an_address_that_nobody_can_write_to_holds_up_no_other(
    make: Make, cast: Cast, now: datetime.datetime
) -> None:
    make()
    User.objects.filter(pk=cast.owner.pk).update(email="kaputt@@stadt.example")
    make(user=cast.competitor)
    assert mail_news(now=now) == 1


# --------------------------------------------------------------------------------------------------------- the letter


def test_the_letter_says_everything_in_plain_text(
    make: Make, market: Market, cast: Cast, now: datetime.datetime
) -> None:
    make()
    mail_news(now=now)
    [letter] = letters()
    path = ticket_path(cast.owner, ["use"])
    assert letter.text == (
        "Guten Tag,\n\n"
        "Ahornstadt bestätigt die Nutzung von „Mängelmelder“.\n"
        f"http://localhost:8000/loesungen/{market.melder.public_id}\n\n"
        "-- \n"
        "Sie bekommen diese E-Mail, weil Sie ein Konto bei Allmende haben. Wie oft wir Ihnen schreiben, stellen Sie "
        "hier ein:\nhttp://localhost:8000/mein/nachrichten/einstellungen\n\n"
        f"Keine solchen E-Mails mehr, ohne Anmeldung:\nhttp://localhost:8000{path}\n"
    )
    assert letter.headers == {
        "List-Unsubscribe": f"<http://localhost:8000{path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_a_name_with_a_line_break_becomes_no_header(
    make: Make, market: Market, now: datetime.datetime
) -> None:
    type(market.melder).objects.filter(pk=market.melder.pk).update(
        name="Melder\r\nBcc: alle@stadt.example\u2028{thing}"
    )
    make()
    assert mail_news(now=now) == 1
    assert (
        letters()[0].subject
        == "Ahornstadt bestätigt die Nutzung von „Melder Bcc: alle@stadt.example {thing}“."
    )


# ------------------------------------------------------------------------------------------------------------ mornings


@pytest.mark.parametrize(
    ("local", "morning", "monday"),
    [
        ("2026-11-23 07:00", "2026-11-23", "2026-11-23"),
        ("2026-11-23 06:59", "2026-11-22", "2026-11-16"),
        ("2026-11-29 23:00", "2026-11-29", "2026-11-23"),
        # Clocks go forward, and back: it is 7 o'clock as people's clocks show it.
        ("2027-03-28 07:00", "2027-03-28", "2027-03-22"),
        ("2026-10-25 06:30", "2026-10-24", "2026-10-19"),
    ],
)
def test_mornings_are_those_of_clocks_here(local: str, morning: str, monday: str) -> None:
    here = ZoneInfo("Europe/Berlin")
    now = datetime.datetime.fromisoformat(local).replace(tzinfo=here).astimezone(datetime.UTC)
    found = [when(now).astimezone(here) for when in (last_morning, last_monday)]
    assert [each.strftime("%Y-%m-%d %H:%M") for each in found] == [f"{morning} 07:00", f"{monday} 07:00"]


# ------------------------------------------------------------------------------------------------- what people choose


def test_a_choice_holds_for_what_comes_and_for_what_waits(
    make: Make, cast: Cast, now: datetime.datetime
) -> None:
    waiting, quiet = make("daily"), make("never")
    prefer(cast.owner, {"use": "weekly"}, by=cast.actor("owner"), now=now)
    assert rates_of(cast.owner)["use"] == "weekly"
    assert [NewsItem.objects.get(pk=each.pk).rate for each in (waiting, quiet)] == ["weekly", "never"]
    prefer(cast.owner, {"use": "at_once"}, by=cast.actor("owner"), now=now)
    assert (mail_news(now=now), Preference.objects.count()) == (1, 1)


@pytest.mark.parametrize("rates", [{"use": "hourly"}, {"unknown": "daily"}, {"post": "daily"}])
def test_choices_that_do_not_exist_are_refused(
    cast: Cast, now: datetime.datetime, rates: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        prefer(cast.owner, rates, by=cast.actor("owner"), now=now)
    assert Preference.objects.count() == 0


def test_nobody_chooses_for_others(cast: Cast, now: datetime.datetime) -> None:
    for other in (cast.actor("colleague"), cast.actor("staff"), Actor.program("x"), Actor.anonymous()):
        with pytest.raises(Refused):
            prefer(cast.owner, {"use": "never"}, by=other, now=now)


def test_whoever_holds_the_link_of_a_mail_stops_mail_and_nothing_else(
    make: Make, cast: Cast, now: datetime.datetime
) -> None:
    make("daily")
    ticket = read_ticket(ticket_path(cast.owner, ["use", "searches"]).rpartition("/")[2])
    assert ticket is not None
    assert (ticket.user, ticket.categories) == (cast.owner, ("searches", "use"))
    unsubscribe(ticket.user, ticket.categories, now=now)
    unsubscribe(ticket.user, ticket.categories, now=now)
    assert {code for code, rate in rates_of(cast.owner).items() if rate == "never"} == {
        "use",
        "searches",
        "post",
    }
    assert (mail_news(now=now + 2 * DAY), unread_count(cast.owner)) == (0, 1)


def test_a_link_that_we_did_not_write_opens_nothing(cast: Cast) -> None:
    good = ticket_path(cast.owner, ["use"]).rpartition("/")[2]
    other = cast.colleague.public_id
    forged = [
        "",
        ".",
        good[:-1],
        good + "x",
        good.replace("use", "tasks"),
        re.sub(r"^\w{10}", other, good),
        f"{other}.use:",
        "\x00",
        "é" * 10,
    ]
    assert [read_ticket(text) for text in forged] == [None] * len(forged)


def test_the_link_of_an_account_that_is_gone_opens_nothing(cast: Cast) -> None:
    ticket = ticket_path(cast.owner, ["use"]).rpartition("/")[2]
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    assert read_ticket(ticket) is None
