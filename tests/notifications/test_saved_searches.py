"""Saved searches: what is new in them is told, each solution once, at the rate that was chosen."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allmende.catalogue.actions import receive, withdraw
from allmende.catalogue.drafts import SolutionDraft, TextDraft
from allmende.catalogue.models import Solution
from allmende.jobs.actions import run_all
from allmende.lib.refusals import Refused
from allmende.mail.models import Letter
from allmende.notifications.actions import change_search, drop_search, look, mail_news, save_search, searching
from allmende.notifications.models import NewsItem, SavedSearch
from allmende.notifications.queries import searches_of
from allmende.notifications.telling import told
from allmende.search.actions import rebuild
from allmende.search.lasting import ids_found
from allmende.search.queries import Question
from tests.factories.market import HARVEST, Market
from tests.notifications.conftest import Cast

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
QUESTION = Question(text="Räume")

Keep = Callable[..., SavedSearch]
Publish = Callable[..., Solution]


@pytest.fixture
def keep(market: Market, cast: Cast, now: datetime.datetime) -> Keep:
    run_all()
    # What the opening of the market has told is not what these tests are about.
    NewsItem.objects.all().delete()
    Letter.objects.all().delete()

    def saved(question: Question = QUESTION, **changed: Any) -> SavedSearch:
        told: dict[str, Any] = {
            "title": "Räume buchen",
            "address": "/suche?q=R%C3%A4ume",
            "question": question,
            "rate": "at_once",
            "by": cast.actor("owner"),
            "now": now,
        }
        return save_search(changed.pop("user", cast.owner), **told | changed)

    return saved


@pytest.fixture
def publish(market: Market, now: datetime.datetime) -> Publish:
    """One solution more, and the index knows it."""

    def solution(name: str, summary: str = "Räume und Hallen buchen.") -> Solution:
        slug = name.lower().replace(" ", "-")
        draft = SolutionDraft(
            name=name,
            texts=(TextDraft(language="de", summary=summary),),
            repository_url=f"https://code.example.org/neu/{slug}",
            fields_of_action=("verwaltung",),
        )
        made = receive(draft, origin=market.city, key=slug, by=HARVEST, now=now).solution
        run_all()
        return made

    return solution


def news() -> list[NewsItem]:
    return list(NewsItem.objects.filter(category="searches").order_by("pk"))


def peek(now: datetime.datetime) -> bool:
    return look(seconds=60, now=now)


def test_what_is_there_already_is_no_news(keep: Keep, market: Market, now: datetime.datetime) -> None:
    saved = keep()
    assert saved.seen == [market.raum.public_id]
    assert (peek(now + MINUTE), news()) == (False, [])


def test_a_new_solution_is_told_once_with_its_name(
    keep: Keep, publish: Publish, cast: Cast, now: datetime.datetime
) -> None:
    keep()
    hall = publish("Hallenplaner")
    peek(now + MINUTE)
    peek(now + 2 * MINUTE)
    [item] = news()
    assert item.data == {"news": "eine neue Lösung", "solutions": [hall.public_id]}
    [said] = told([item], cast.actor("owner"))
    assert said.sentence == "Ihre gespeicherte Suche „Räume buchen“ findet eine neue Lösung."
    assert ([thing.title for thing in said.named], said.href) == (["Hallenplaner"], "/suche?q=R%C3%A4ume")


def test_the_mail_names_what_is_new(keep: Keep, publish: Publish, now: datetime.datetime) -> None:
    keep()
    hall = publish("Hallenplaner")
    peek(now + MINUTE)
    mail_news(now=now + MINUTE)
    letter = Letter.objects.get(kind="notifications.news")
    assert (
        "Ihre gespeicherte Suche „Räume buchen“ findet eine neue Lösung.\n"
        f"- Hallenplaner\n  http://localhost:8000/loesungen/{hall.public_id}\n"
        "http://localhost:8000/suche?q=R%C3%A4ume\n"
    ) in letter.text


def test_several_are_counted_and_what_does_not_fit_is_left_alone(
    keep: Keep, publish: Publish, now: datetime.datetime
) -> None:
    keep()
    for name in ("Eins", "Zwei", "Drei"):
        publish(name)
    publish("Bäderverwaltung", "Eintritt ins Freibad.")
    peek(now + MINUTE)
    [item] = news()
    assert (item.data["news"], len(item.data["solutions"])) == ("3 neue Lösungen", 3)


def test_what_goes_and_comes_back_is_no_news(
    keep: Keep, publish: Publish, market: Market, cast: Cast, now: datetime.datetime
) -> None:
    saved = keep()
    withdraw(market.raum, reason="Wird nicht mehr gepflegt.", by=cast.actor("staff"), now=now)
    run_all()
    peek(now + MINUTE)
    Solution.objects.filter(pk=market.raum.pk).update(
        state="published", withdrawn_at=None, withdrawal_reason=""
    )
    rebuild()
    peek(now + 2 * MINUTE)
    saved.refresh_from_db()
    assert (saved.seen, news()) == ([market.raum.public_id], [])


def test_what_is_gone_before_it_is_told_is_not_mailed(
    keep: Keep, publish: Publish, cast: Cast, now: datetime.datetime
) -> None:
    keep(rate="daily")
    hall = publish("Hallenplaner")
    peek(now + DAY)
    assert len(news()) == 1
    withdraw(hall, reason="Ein Versehen.", by=cast.actor("staff"), now=now)
    assert mail_news(now=now + 3 * DAY) == 0


@pytest.mark.parametrize(
    ("rate", "days"),
    [("at_once", [0, 1, 1]), ("daily", [0, 1, 1]), ("weekly", [0, 0, 1]), ("never", [0, 1, 1])],
)
def test_searches_are_looked_into_as_often_as_their_owner_wants_to_know(
    keep: Keep, publish: Publish, now: datetime.datetime, rate: str, days: list[int]
) -> None:
    keep(rate=rate)
    if rate == "at_once":
        now += DAY
    found = []
    for day in range(3):
        if day == 1:
            publish("Hallenplaner")
        peek(now + (day if day < 2 else 7) * DAY)
        found.append(len(news()))
    assert found == days


def test_filters_count_as_they_do_in_the_search(keep: Keep, publish: Publish, now: datetime.datetime) -> None:
    keep(Question(choices={"field": ("mobilitaet",)}), address="/suche?feld=mobilitaet")
    publish("Hallenplaner")
    peek(now + MINUTE)
    assert news() == []


def test_nothing_that_has_only_some_of_the_words_is_found(keep: Keep, market: Market) -> None:
    keep()
    assert ids_found(Question(text="Räume Laternen Freibad"), most=10) == []
    assert ids_found(Question(text="Räume"), most=10) == [market.raum.public_id]
    assert len(ids_found(Question(), most=10)) == 3
    assert len(ids_found(Question(), most=2)) == 2


def test_without_an_index_searches_wait(
    keep: Keep, publish: Publish, now: datetime.datetime, settings: Any, tmp_path: Path
) -> None:
    keep()
    settings.SEARCH_INDEX_DIR = tmp_path / "nowhere"
    assert (peek(now + MINUTE), news()) == (False, [])
    with pytest.raises(Refused):
        keep(address="/suche?q=Halle", question=Question(text="Halle"))


def test_a_look_that_takes_too_long_goes_on_later(
    keep: Keep, publish: Publish, now: datetime.datetime
) -> None:
    for number in range(3):
        keep(address=f"/suche?q=R%C3%A4ume&x={number}")
    publish("Hallenplaner")
    assert (look(seconds=-1, now=now + MINUTE), news()) == (True, [])
    assert (peek(now + MINUTE), len(news())) == (False, 3)


# ----------------------------------------------------------------------------------------------- to keep and to let go


def test_the_same_search_is_kept_once(keep: Keep) -> None:
    keep()
    with pytest.raises(Refused):
        keep(title="Noch einmal")


def test_a_search_needs_a_name_and_a_rate_and_must_not_find_everything(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ({"title": " \n "}, {"rate": "hourly"}):
        with pytest.raises(Refused):
            keep(**wrong)
    monkeypatch.setattr(searching, "MOST_FOUND", 2)
    with pytest.raises(Refused) as refusal:
        keep(Question())
    assert "Ergänzen Sie ein Wort oder einen Filter" in refusal.value.message
    monkeypatch.setattr(searching, "MOST_SEARCHES", 0)
    with pytest.raises(Refused):
        keep()
    assert SavedSearch.objects.count() == 0


def test_nobody_keeps_changes_or_drops_searches_of_others(
    keep: Keep, cast: Cast, now: datetime.datetime
) -> None:
    saved = keep()
    assert list(searches_of(cast.actor("colleague"))) == []
    with pytest.raises(Refused):
        keep(by=cast.actor("colleague"))
    for act in (drop_search, lambda *a, **k: change_search(*a, rate="never", **k)):
        with pytest.raises(Refused):
            act(saved, by=cast.actor("staff"), now=now)
    assert list(searches_of(cast.actor("owner"))) == [saved]


def test_another_rate_holds_for_what_waits(
    keep: Keep, publish: Publish, cast: Cast, now: datetime.datetime
) -> None:
    saved = keep()
    publish("Hallenplaner")
    peek(now + MINUTE)
    change_search(saved, rate="never", by=cast.actor("owner"), now=now)
    assert mail_news(now=now + DAY) == 0


def test_a_search_that_is_dropped_takes_its_news_along(
    keep: Keep, publish: Publish, cast: Cast, now: datetime.datetime
) -> None:
    saved = keep()
    publish("Hallenplaner")
    peek(now + MINUTE)
    drop_search(saved, by=cast.actor("owner"), now=now)
    assert (news(), SavedSearch.objects.count(), peek(now + DAY)) == ([], 0, False)
