"""What waits at the desk comes to the staff by mail: on mornings of working days, once, and never empty."""

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from allmende.accounts.models import User
from allmende.catalogue.actions import name_missing
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.mail.models import Letter, UndeliverableAddress
from allmende.notifications.actions import mail_waiting, prefer, unsubscribe
from allmende.notifications.desk_letters import desk_news
from allmende.notifications.models import DeskRound, NewsItem
from allmende.notifications.personal import erase, export
from allmende.notifications.queries import desk_mornings, rates_of
from allmende.notifications.unsubscribing import ticket_path
from allmende.notifications.waiting import Waiting
from allmende.organisations.actions import propose_role
from allmende.organisations.queries import actor_for
from tests.factories.market import Market
from tests.notifications.conftest import Cast, person

HERE = ZoneInfo("Europe/Berlin")
# Who is of the staff here has been so since Monday, 10 o'clock.
TUESDAY = datetime.datetime(2026, 11, 24, 7, 0, tzinfo=HERE)
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)

Name = Callable[[datetime.date], None]


@pytest.fixture
def name(market: Market, cast: Cast) -> Name:
    """A town names a solution that is missing, on some day at noon."""

    def missing(day: datetime.date) -> None:
        noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=HERE)
        named = f"Fachverfahren {day:%d}"
        name_missing(market.town, name=named, purpose="Für das Amt.", by=cast.actor("town"), now=noon)

    return missing


def letters() -> list[Letter]:
    return list(Letter.objects.filter(kind="notifications.desk").order_by("pk"))


# ----------------------------------------------------------------------------------------------------- the mornings


@pytest.mark.parametrize(
    ("local", "daily", "weekly"),
    [
        ("2026-11-23 07:00", "2026-11-23", "2026-11-23"),
        ("2026-11-26 18:30", "2026-11-26", "2026-11-23"),
        # Easter Monday is nobody's working day: the week begins on Tuesday.
        ("2026-04-07 07:00", "2026-04-07", "2026-04-07"),
        ("2026-04-10 09:00", "2026-04-10", "2026-04-07"),
        # The first working day after clocks went forward.
        ("2027-03-30 07:00", "2027-03-30", "2027-03-30"),
    ],
)
def test_mornings_are_those_of_working_days(local: str, daily: str, weekly: str) -> None:
    now = datetime.datetime.fromisoformat(local).replace(tzinfo=HERE).astimezone(datetime.UTC)
    found = {rate: morning.strftime("%Y-%m-%d %H:%M") for rate, morning in desk_mornings(now).items()}
    assert found == {"daily": f"{daily} 07:00", "weekly": f"{weekly} 07:00"}


@pytest.mark.parametrize(
    "local",
    ["2026-11-23 06:59", "2026-11-28 12:00", "2026-11-29 07:00", "2026-04-06 09:00", "2026-12-25 09:00"],
)
def test_before_seven_and_on_days_off_nothing_is_due(local: str) -> None:
    assert desk_mornings(datetime.datetime.fromisoformat(local).replace(tzinfo=HERE)) == {}


# ------------------------------------------------------------------------------------------------------- the letter


def test_the_letter_says_how_much_waits_since_when_and_where(
    name: Name, cast: Cast, now: datetime.datetime
) -> None:
    for day in (6, 9, 10):
        name(datetime.date(2026, 11, day))
    assert mail_waiting(now=TUESDAY) == 1
    [letter] = letters()
    path = ticket_path(cast.staff, ["desk"])
    assert (letter.to, letter.subject) == (
        cast.staff.email,
        "Redaktion: 3 warten, 2 davon sind überfällig",
    )
    assert letter.text == (
        "Guten Tag,\n\n"
        "das wartet in der Redaktion auf Sie:\n\n"
        "Genannte Lösungen aufnehmen\n"
        "3 warten, 2 davon sind überfällig. Am längsten seit 18 Tagen. Ziel: binnen 10 Arbeitstagen.\n"
        "http://localhost:8000/redaktion/genannt\n\n"
        "-- \n"
        "Sie bekommen diese E-Mail, weil Sie ein Konto bei Allmende haben. Wie oft wir Ihnen schreiben, stellen Sie "
        "hier ein:\nhttp://localhost:8000/mein/nachrichten/einstellungen\n\n"
        f"Keine solchen E-Mails mehr, ohne Anmeldung:\nhttp://localhost:8000{path}\n"
    )
    assert letter.headers == {
        "List-Unsubscribe": f"<http://localhost:8000{path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert (letter.about_type, letter.about_id) == ("account", cast.staff.public_id)
    # What waits is counted, it is no news: the site has a page for it.
    assert NewsItem.objects.count() == 0


@pytest.mark.parametrize(
    ("count", "overdue", "days", "said"),
    [
        (1, None, None, "1 wartet. Ziel"),
        (4, None, None, "4 warten. Ziel"),
        (1, 0, 0, "1 wartet. Seit heute. Ziel"),
        (1, 1, 18, "1 wartet und ist überfällig. Seit 18 Tagen. Ziel"),
        (2, 0, 1, "2 warten. Am längsten seit gestern. Ziel"),
        (2, 1, 2, "2 warten, 1 davon ist überfällig. Am längsten seit 2 Tagen. Ziel"),
        (2, 2, 30, "2 warten, alle sind überfällig. Am längsten seit 30 Tagen. Ziel"),
    ],
)
def test_every_number_makes_a_sentence(count: int, overdue: int | None, days: int | None, said: str) -> None:
    today = TUESDAY.date()
    oldest = None if days is None else today - days * DAY
    queue = Waiting("Angebote prüfen", count, "/redaktion/angebote", 10, oldest, overdue)
    assert f"Angebote prüfen\n{said}" in desk_news(User(public_id="0000000000"), [queue], today).text


def test_the_subject_adds_up_the_queues() -> None:
    queues = [Waiting("Eins", 2, "/a", 3, overdue=1), Waiting("Zwei", 5, "/b", 3)]
    letter = desk_news(User(public_id="0000000000"), queues, TUESDAY.date())
    assert letter.subject == "Redaktion: 7 warten, 1 davon ist überfällig"
    assert letter.text.index("Eins\n") < letter.text.index("Zwei\n")


# ------------------------------------------------------------------------------------------------ who, and how often


def test_it_comes_once_a_working_morning_as_long_as_something_waits(name: Name) -> None:
    name(datetime.date(2026, 11, 23))
    days = [TUESDAY + number * DAY for number in range(7)]
    sent = [
        (mail_waiting(now=day - MINUTE), mail_waiting(now=day), mail_waiting(now=day + MINUTE))
        for day in days
    ]
    working, off = (0, 1, 0), (0, 0, 0)
    assert sent == [working, working, working, working, off, off, working]
    assert len({letter.message_id for letter in letters()}) == 5


def test_an_empty_desk_makes_no_mail_and_what_comes_later_waits_for_the_next_morning(
    name: Name, cast: Cast
) -> None:
    assert mail_waiting(now=TUESDAY) == 0
    name(TUESDAY.date())
    assert (mail_waiting(now=TUESDAY + 300 * MINUTE), mail_waiting(now=TUESDAY + DAY)) == (0, 1)


def test_a_morning_that_was_missed_is_made_up_on_the_same_day(name: Name) -> None:
    name(datetime.date(2026, 11, 23))
    assert mail_waiting(now=TUESDAY + 300 * MINUTE) == 1


def test_whoever_has_just_become_staff_is_told_on_the_next_morning(
    name: Name, now: datetime.datetime
) -> None:
    name(now.date())
    assert (mail_waiting(now=now), mail_waiting(now=TUESDAY)) == (0, 1)


def test_weekly_is_the_first_working_day_of_the_week(name: Name, cast: Cast, now: datetime.datetime) -> None:
    name(now.date())
    prefer(cast.staff, {"desk": "weekly"}, by=cast.actor("staff"), now=now)
    assert [mail_waiting(now=TUESDAY + number * DAY) for number in range(8)] == [0, 0, 0, 0, 0, 0, 1, 0]


def test_everybody_gets_only_the_queues_they_may_open(name: Name, cast: Cast, now: datetime.datetime) -> None:
    operators = [person("operator_admin", None, now) for _ in range(2)]
    propose_role("operator_admin", user=cast.town, reason="Hilft mit.", by=actor_for(operators[0]), now=now)
    name(now.date())
    assert mail_waiting(now=TUESDAY) == 3
    told = {letter.to: letter.text.count("/redaktion/") for letter in letters()}
    # The editor confirms no roles, and nobody their own proposal.
    assert told == {cast.staff.email: 1, operators[0].email: 1, operators[1].email: 2}


def test_nobody_else_is_told(name: Name, cast: Cast, now: datetime.datetime) -> None:
    name(now.date())
    cast.staff.memberships.update(ended_at=now)
    assert (mail_waiting(now=TUESDAY), DeskRound.objects.count()) == (0, 0)


def test_an_account_or_an_address_that_is_gone_gets_nothing_and_holds_up_no_other(
    name: Name, cast: Cast, now: datetime.datetime
) -> None:
    lost, broken, gone = (person("catalogue_editor", None, now) for _ in range(3))
    UndeliverableAddress.objects.create(
        address=lost.email, bounces=2, since=now, last_at=now, last_status="5.1.1"
    )
    User.objects.filter(pk=broken.pk).update(email="kaputt@@stadt.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    name(now.date())
    assert mail_waiting(now=TUESDAY) == 1
    assert [letter.to for letter in letters()] == [cast.staff.email]


def test_whom_to_tell_costs_the_same_with_one_and_with_three_and_nothing_at_night(
    cast: Cast, now: datetime.datetime, django_assert_num_queries: Callable[[int], object]
) -> None:
    for _ in range(2):
        person("catalogue_editor", None, now)
    mail_waiting(now=TUESDAY)
    for when, cost in ((TUESDAY + MINUTE, 3), (TUESDAY - MINUTE, 0)):
        with django_assert_num_queries(cost):  # type: ignore[attr-defined]
            mail_waiting(now=when)


# --------------------------------------------------------------------------------------------------- what is chosen


def test_the_staff_chooses_daily_weekly_or_never_and_nobody_else_does(
    cast: Cast, now: datetime.datetime
) -> None:
    for rate in ("daily", "weekly", "never"):
        prefer(cast.staff, {"desk": rate}, by=cast.actor("staff"), now=now)
        assert rates_of(cast.staff)["desk"] == rate
    for who, user, rate in (("staff", cast.staff, "at_once"), ("owner", cast.owner, "daily")):
        with pytest.raises(Refused):
            prefer(user, {"desk": rate}, by=cast.actor(who), now=now)


def test_the_link_below_the_mail_stops_it(name: Name, cast: Cast, now: datetime.datetime) -> None:
    name(now.date())
    unsubscribe(cast.staff, ["desk"], now=now)
    assert mail_waiting(now=TUESDAY) == 0
    assert {code for code, rate in rates_of(cast.staff).items() if rate == "never"} == {"desk", "post"}


def test_only_the_staff_takes_the_wish_along_and_the_round_goes_with_the_account(
    name: Name, cast: Cast, now: datetime.datetime
) -> None:
    name(now.date())
    mail_waiting(now=TUESDAY)
    wishes = {
        user: [row["Worüber"] for part in export(user) if part.code == "preferences" for row in part.rows]
        for user in (cast.staff, cast.owner)
    }
    assert [list(rows).count("Was am Schreibtisch wartet") for rows in wishes.values()] == [1, 0]
    assert DeskRound.objects.filter(user=cast.staff).exists()
    erase(cast.staff, by=Actor.program("accounts"), now=now)
    assert DeskRound.objects.count() == 0
