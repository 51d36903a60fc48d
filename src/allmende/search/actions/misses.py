"""Searches in vain: noted, counted, settled, forgotten."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused, require
from allmende.search import rules
from allmende.search.definition import FACETS
from allmende.search.engine import spool
from allmende.search.models import Miss
from allmende.search.queries import Page
from allmende.search.spool import Line
from allmende.search.states import MISS

# A search in vain is forgotten so long after it was made for the last time.
KEEP = timedelta(days=365)
# Whoever asks at random must not fill the table; what is in it already goes on being counted. Where it is full, open
# ones that were asked for once make room, the oldest first.
MOST = 20_000
LONGEST_REASON = 500

COUNTER = Actor.program("search")
Key = tuple[str, str]
"""Text and facets, as in `Miss`."""


def note_miss(page: Page, *, now: datetime) -> bool:
    """Note that somebody looked in vain; whether it was noted. Cheap (a line in a file), never raises.

    Nobody is named, and a question that looks personal is not kept. To be called for people and not for robots, once
    for each page that is made; what comes from a page cache is not counted, so such a page is better not kept.
    """
    if not page.is_miss:
        return False
    facets = [facet for facet, codes in page.question.choices.items() if codes and facet in FACETS]
    return spool().add(page.question.text, facets, near=page.total > 0, day=timezone.localdate(now))


def count_misses(*, now: datetime) -> int:
    """Bring what was noted into the database and forget what is too old; how many searches there were.

    Killed between database and file it counts the searches of a minute twice, and loses none.
    """
    with spool().taken() as lines, transaction.atomic():
        _count(_tallies(lines), now)
        Miss.objects.filter(last_day__lt=timezone.localdate(now) - KEEP).delete()
    return len(lines)


@dataclass(frozen=True)
class _Tally:
    count: int
    near: int
    first_day: date
    last_day: date


def _tallies(lines: Iterable[Line]) -> Mapping[Key, _Tally]:
    by_key: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        by_key[line.text, ",".join(line.facets)].append(line)
    return {
        key: _Tally(
            len(same),
            sum(line.near for line in same),
            min(line.day for line in same),
            max(line.day for line in same),
        )
        for key, same in by_key.items()
    }


def _count(tallies: Mapping[Key, _Tally], now: datetime) -> None:
    texts = {text for text, _ in tallies}
    known = {
        (miss.text, miss.facets): miss for miss in Miss.objects.select_for_update().filter(text__in=texts)
    }
    for key, tally in tallies.items():
        if key in known:
            _again(known[key], tally, now)
    fresh = Counter({key: tally.count for key, tally in tallies.items() if key not in known})
    Miss.objects.bulk_create(
        Miss(
            text=text,
            facets=facets,
            count=(tally := tallies[text, facets]).count,
            near=tally.near,
            first_day=tally.first_day,
            last_day=tally.last_day,
        )
        for (text, facets), _ in fresh.most_common(_room_for(len(fresh)))
    )


def _room_for(wanted: int) -> int:
    """So many fit in, after the oldest that were asked for once have made room."""
    lacking = min(wanted, MOST) - (MOST - Miss.objects.count())
    if lacking > 0:
        once = (
            Miss.objects.filter(state="open", count=1).order_by("last_day", "pk").values_list("pk", flat=True)
        )
        gone = list(once[:lacking])
        for start in range(0, len(gone), 500):
            Miss.objects.filter(pk__in=gone[start : start + 500]).delete()
    return max(0, MOST - Miss.objects.count())


def _again(miss: Miss, tally: _Tally, now: datetime) -> None:
    """Asked for once more. What was answered and is missed on a later day comes back: the answer is not found."""
    is_back = miss.state == "answered" and tally.last_day > miss.last_day and tally.count > tally.near
    miss.count += tally.count
    miss.near += tally.near
    miss.first_day = min(miss.first_day, tally.first_day)
    miss.last_day = max(miss.last_day, tally.last_day)
    miss.save(update_fields=["count", "near", "first_day", "last_day"])
    if is_back:
        _become(miss, "open", because="", by=COUNTER, now=now)


@transaction.atomic
def settle(miss: Miss, *, outcome: str, because: str, by: Actor, now: datetime) -> Miss:
    """Editors are done with it: `outcome` is "answered" (there is something now) or "not_ours". Keeps the reason."""
    require(rules.may_settle_misses(by))
    because = " ".join(because.split())
    if not because:
        raise Refused("Bitte schreiben Sie in einem Satz, warum die Suche erledigt ist.")
    if len(because) > LONGEST_REASON:
        raise Refused(f"Die Begründung ist zu lang. Bitte fassen Sie sie in {LONGEST_REASON} Zeichen.")
    if outcome not in ("answered", "not_ours"):
        raise Refused("Sagen Sie, ob die Suche beantwortet ist oder nicht unsere Sache.")
    miss = Miss.objects.select_for_update().get(pk=miss.pk)
    return _become(miss, outcome, because=because, by=by, now=now)


@transaction.atomic
def reopen(miss: Miss, *, by: Actor, now: datetime) -> Miss:
    """It was settled by mistake."""
    require(rules.may_settle_misses(by))
    miss = Miss.objects.select_for_update().get(pk=miss.pk)
    return _become(miss, "open", because="", by=by, now=now)


def _become(miss: Miss, state: str, *, because: str, by: Actor, now: datetime) -> Miss:
    MISS.require_move(miss.state, state)
    miss.state, miss.because = state, because
    miss.save(update_fields=["state", "because"])
    # The question itself stays out of the journal, which never forgets.
    kind = "search.miss_reopened" if state == "open" else "search.miss_settled"
    record(kind, subject=miss, by=by, now=now, data={"state": state})
    return miss
