"""What a person takes along, and what goes with the account."""

import datetime

from allmende.accounts.models import User
from allmende.jobs.actions import run_all
from allmende.lib.actors import Actor
from allmende.mail.models import Letter
from allmende.notifications.actions import forget, prefer, read, read_all
from allmende.notifications.models import NewsItem, Preference, SavedSearch
from allmende.notifications.personal import erase, export
from allmende.notifications.queries import unread_count
from tests.factories.market import Market
from tests.notifications.conftest import Cast, Tell

DAY = datetime.timedelta(days=1)


def searched(user: User, now: datetime.datetime) -> SavedSearch:
    return SavedSearch.objects.create(
        user=user, title="Räume", address="/suche?q=x", rate="daily", made_at=now, looked_at=now
    )


def test_a_person_takes_along_news_searches_wishes_and_letters(
    market: Market, cast: Cast, now: datetime.datetime
) -> None:
    run_all()
    prefer(cast.owner, {"use": "never"}, by=cast.actor("owner"), now=now)
    searched(cast.owner, now)
    parts = {part.code: list(part.rows) for part in export(cast.owner)}
    assert sorted(str(row["Nachricht"]) for row in parts["news"]) == [
        "Ahornstadt bestätigt die Nutzung von „Mängelmelder“.",
        "Sie haben jetzt eine Rolle bei Beispiel-Software GmbH: „Angebote der Organisation“.",
    ]
    assert [(row["Name"], row["E-Mail"]) for row in parts["saved_searches"]] == [("Räume", "täglich")]
    assert {"Worüber": "Nutzung Ihrer Lösungen", "E-Mail": "nie"} in parts["preferences"]
    assert [(row["An"], row["Stand"]) for row in parts["letters"]] == [(cast.owner.email, "verschickt")]


def test_nothing_of_an_erased_person_is_left(market: Market, cast: Cast, now: datetime.datetime) -> None:
    run_all()
    for person in (cast.owner, cast.colleague):
        searched(person, now)
        Preference.objects.create(user=person, category="use", rate="never")
    erase(cast.owner, by=cast.actor("owner"), now=now)
    for personal in (NewsItem, SavedSearch, Preference):
        assert personal.objects.filter(user=cast.owner).count() == 0
        assert personal.objects.filter(user=cast.colleague).exists() is True
    assert Letter.objects.filter(to=cast.owner.email).count() == 0
    assert Letter.objects.filter(to=cast.colleague.email).exists() is True


def test_what_is_opened_is_read_with_all_that_says_the_same_up_to_then(
    market: Market, cast: Cast, now: datetime.datetime
) -> None:
    def item(day: int, **changed: object) -> NewsItem:
        told = {
            "user": cast.owner,
            "kind": "catalogue.use_confirmed",
            "category": "use",
            "subject_type": "solution",
            "subject_id": market.melder.public_id,
            "data": {"town": "Ahornstadt"},
            "at": now + day * DAY,
            "noted_at": now,
            "rate": "never",
        }
        return NewsItem.objects.create(**told | changed)

    items = [item(0), item(1), item(2), item(0, data={"town": "Birkenmarkt"}), item(0, user=cast.colleague)]
    assert read(items[1], by=cast.actor("owner"), now=now) == 2
    assert [bool(NewsItem.objects.get(pk=each.pk).read_at) for each in items] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert read(items[1], by=cast.actor("colleague"), now=now) == 1
    assert (read_all(by=cast.actor("owner"), now=now), unread_count(cast.owner)) == (2, 0)
    assert read_all(by=Actor.program("x"), now=now) == 0


def test_news_are_forgotten_after_a_year(
    market: Market, cast: Cast, tell: Tell, now: datetime.datetime
) -> None:
    number = len(tell("catalogue.use_confirmed"))
    assert (forget(now=now + 365 * DAY), forget(now=now + 366 * DAY), number) == (0, 3, 3)
