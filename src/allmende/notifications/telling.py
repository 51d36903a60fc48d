"""From news to sentences, for the person who is told, as far as that person may see what they are about now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from allmende.lib.actors import Actor
from allmende.notifications.models import NewsItem
from allmende.notifications.rules import PAGES, SENTENCES
from allmende.notifications.thing import Thing
from allmende.notifications.things import seen

# More names make a list and no news.
MOST_NAMED = 10


@dataclass(frozen=True)
class Told:
    """One sentence with its page, for one item or for several that say the same of the same thing.

    `named` are things named below it. `is_gone`: what it was about can no longer be seen; `sentence` says only that.
    """

    items: tuple[NewsItem, ...]
    sentence: str
    href: str
    category: str
    at: datetime
    named: tuple[Thing, ...] = ()
    is_gone: bool = False

    @property
    def times(self) -> int:
        return len(self.items)

    @property
    def is_read(self) -> bool:
        return all(item.read_at for item in self.items)

    @property
    def public_id(self) -> str:
        """Of the latest: by it the reader opens all of them."""
        return self.items[0].public_id


GONE = "Was diese Nachricht betraf, gibt es nicht mehr, oder Sie dürfen es nicht mehr sehen."


def told(items: Sequence[NewsItem], actor: Actor) -> list[Told]:
    """The items as sentences, in their order; those that say the same of the same thing are one, at the first's
    place. One look-up for each type of subject, however many items."""
    things = seen([subject for item in items for subject in _subjects(item)], actor)
    groups: dict[tuple[object, ...], list[NewsItem]] = {}
    for item in items:
        groups.setdefault(_key(item), []).append(item)
    return [_told(tuple(group), things) for group in groups.values()]


def visible(items: Sequence[NewsItem], actor: Actor) -> list[Told]:
    """The same without what can no longer be seen: for mail, which says nothing of that."""
    return [each for each in told(items, actor) if not each.is_gone]


def _subjects(item: NewsItem) -> Iterable[tuple[str, str]]:
    yield item.subject_type, item.subject_id
    for public_id in _named(item):
        yield "solution", public_id


def _named(item: NewsItem) -> list[str]:
    return [str(public_id) for public_id in item.data.get("solutions", ())][:MOST_NAMED]


def _key(item: NewsItem) -> tuple[object, ...]:
    """Read and unread ones stay apart, so that news never hides behind what is known."""
    words = tuple(sorted((name, str(value)) for name, value in item.data.items()))
    return item.kind, item.subject_type, item.subject_id, words, item.read_at is None


def _told(group: tuple[NewsItem, ...], things: Mapping[tuple[str, str], Thing]) -> Told:
    item = group[0]
    thing = things.get((item.subject_type, item.subject_id))
    wanted = _named(item)
    named = tuple(things["solution", each] for each in wanted if ("solution", each) in things)
    is_gone = thing is None or (bool(wanted) and not named)
    sentence = SENTENCES.get(item.kind)
    if sentence is None or thing is None or is_gone:
        return Told(group, GONE, "", item.category, item.at, is_gone=True)
    words = {name: value for name, value in item.data.items() if name != "solutions"}
    return Told(
        group,
        sentence.format(**{"thing": thing.title, **words, **thing.words}),
        PAGES[item.kind].format(id=item.subject_id) if item.kind in PAGES else thing.href,
        item.category,
        item.at,
        named,
    )
