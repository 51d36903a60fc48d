"""Save searches, and look for what is new in them."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic

from django.db import transaction

from allmende.accounts.models import User
from allmende.jobs.actions import enqueue
from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.notifications.actions.noticing import MAIL_NEWS
from allmende.notifications.categories import RATES
from allmende.notifications.models import NewsItem, SavedSearch
from allmende.notifications.queries import searches_to_look_into
from allmende.notifications.rules import SEARCH_NEWS
from allmende.notifications.telling import MOST_NAMED
from allmende.search.lasting import ids_found
from allmende.search.queries import Question, SearchUnavailable, state

logger = logging.getLogger(__name__)

MOST_SEARCHES = 50
# Whoever is told of everything is told of nothing.
MOST_FOUND = 500


@transaction.atomic
def save_search(
    user: User,
    *,
    title: str,
    address: str,
    question: Question,
    rate: str,
    by: Actor,
    now: datetime,
) -> SavedSearch:
    """Keep a question of one's own. What it finds today is no news; `Refused` where that is more than one can follow.

    `address` is the path of the search page with its query string, which asks the same as `question`.
    """
    require(by.kind == "person" and by.id == user.public_id)
    title = " ".join(title.split())[:200]
    if not title:
        raise Refused("Geben Sie der Suche einen Namen.")
    _require_rate(rate)
    User.objects.select_for_update().get(pk=user.pk)
    if SavedSearch.objects.filter(user=user, address=address).exists():
        raise Refused("Diese Suche haben Sie schon gespeichert.")
    if SavedSearch.objects.filter(user=user).count() >= MOST_SEARCHES:
        raise Refused(f"Sie haben schon {MOST_SEARCHES} Suchen gespeichert. Löschen Sie zuerst eine davon.")
    saved = SavedSearch.objects.create(
        user=user,
        title=title,
        address=address,
        text=question.text,
        choices={facet: list(codes) for facet, codes in question.choices.items()},
        rate=rate,
        seen=_found_now(question),
        made_at=now,
        looked_at=now,
        looked_in=state(),
    )
    record("notifications.search_saved", subject=saved, by=by, now=now)
    return saved


def _found_now(question: Question) -> list[str]:
    try:
        found = ids_found(question, most=MOST_FOUND + 1)
    except SearchUnavailable as error:
        raise Refused(
            "Die Suche wird gerade neu aufgebaut. Versuchen Sie es in einer Minute noch einmal."
        ) from error
    if len(found) > MOST_FOUND:
        raise Refused(
            f"Diese Suche findet mehr als {MOST_FOUND} Lösungen. Ergänzen Sie ein Wort oder einen Filter, damit Sie "
            "nur von dem hören, was Sie angeht."
        )
    return sorted(found)


def _require_rate(rate: str) -> None:
    if rate not in RATES:
        raise Refused("Wählen Sie aus, wie oft wir Ihnen schreiben sollen.")


@transaction.atomic
def change_search(saved: SavedSearch, *, rate: str, by: Actor, now: datetime) -> None:
    """How often mail tells of it."""
    _require_own(saved, by)
    _require_rate(rate)
    SavedSearch.objects.filter(pk=saved.pk).update(rate=rate)
    waiting = NewsItem.objects.filter(
        user=saved.user_id, subject_type=saved.journal_type, subject_id=saved.public_id, mailed_at=None
    )
    waiting.update(rate=rate)
    record(
        "notifications.preference_changed",
        subject=saved.user,
        by=by,
        now=now,
        data={"search": saved.public_id},
    )


@transaction.atomic
def drop_search(saved: SavedSearch, *, by: Actor, now: datetime) -> None:
    """Forget a search, and what was told of it."""
    _require_own(saved, by)
    record("notifications.search_dropped", subject=saved, by=by, now=now)
    NewsItem.objects.filter(
        user=saved.user_id, subject_type=saved.journal_type, subject_id=saved.public_id
    ).delete()
    saved.delete()


def _require_own(saved: SavedSearch, by: Actor) -> None:
    require(by.kind == "person" and by.id == saved.user.public_id)


def look(*, seconds: float, now: datetime) -> bool:
    """Look into saved searches that may find something new, for a while; whether some are left to be looked into."""
    until, current = monotonic() + seconds, state()
    if not current.strip("/"):
        return False
    due = searches_to_look_into(now, current)
    for saved in due.select_related("user").iterator(chunk_size=50):
        if monotonic() > until:
            return True
        try:
            _look_into(saved, current, now)
        except SearchUnavailable:
            logger.info("the index is being made anew, saved searches wait")
            return False
    return False


def _look_into(saved: SavedSearch, current: str, now: datetime) -> None:
    question = Question(text=saved.text, choices=saved.choices)
    found = ids_found(question, most=MOST_FOUND)
    with transaction.atomic():
        locked = SavedSearch.objects.select_for_update().filter(pk=saved.pk).first()
        if locked is None:
            return
        known = set(locked.seen)
        fresh = [public_id for public_id in found if public_id not in known]
        locked.seen, locked.looked_at, locked.looked_in = sorted(known.union(fresh)), now, current
        locked.save(update_fields=["seen", "looked_at", "looked_in"])
        if fresh:
            _tell(locked, fresh, now)


def _tell(saved: SavedSearch, fresh: Sequence[str], now: datetime) -> None:
    NewsItem.objects.create(
        user=saved.user,
        kind=SEARCH_NEWS,
        category="searches",
        subject_type=saved.journal_type,
        subject_id=saved.public_id,
        data=_words(fresh),
        at=now,
        noted_at=now,
        rate=saved.rate,
    )
    if saved.rate == "at_once":
        enqueue(MAIL_NEWS)


def _words(fresh: Sequence[str]) -> Mapping[str, object]:
    news = "eine neue Lösung" if len(fresh) == 1 else f"{len(fresh)} neue Lösungen"
    return {"news": news, "solutions": list(fresh[:MOST_NAMED])}
