"""What a list of waiting things and one of its entries show, the same for every queue of the desk.

A topic makes `Line`s for its list (fragment `components/_queue_list.html` with `lines`) and a `Place` for the page of
one entry, which extends `components/queue_entry.html` and fills the blocks `entry` and `decision`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from allmende.lib.workdays import after_working_days


@dataclass(frozen=True)
class Line:
    """One thing that waits: what it is, why it is here, since when, and until when we want to be done with it."""

    title: str
    href: str
    why: str
    since: datetime
    until: date
    is_late: bool

    @classmethod
    def of(cls, title: str, href: str, *, why: str, since: datetime, days: int, now: datetime) -> "Line":
        """`days`: how many working days the queue gives itself."""
        until = after_working_days(timezone.localdate(since), days)
        return cls(title, href, why, since, until, timezone.localdate(now) > until)


# Where focus goes after a decision: the heading of the next entry, which `queue_entry.html` gives this id.
ANCHOR = "eintrag"


@dataclass(frozen=True)
class Place:
    """Where an entry stands in its queue. Addresses are "" where there is none; `list_href` is the list."""

    number: int
    total: int
    previous: str
    next: str
    list_href: str
    list_label: str

    @classmethod
    def of(cls, addresses: Sequence[str], current: str, *, list_href: str, list_label: str) -> "Place":
        """`addresses` of all that waits, what waits longest first. An entry decided already has number 0."""
        if current not in addresses:
            return cls(0, len(addresses), "", next(iter(addresses), ""), list_href, list_label)
        at = addresses.index(current)
        return cls(
            number=at + 1,
            total=len(addresses),
            previous=addresses[at - 1] if at else "",
            next=addresses[at + 1] if at + 1 < len(addresses) else "",
            list_href=list_href,
            list_label=list_label,
        )

    @classmethod
    def among(cls, ids: Sequence[str], current: str, *, one: str, every: str, label: str) -> "Place":
        """The same by ids; `one` and `every` are the names of the addresses of an entry and of the list."""
        addresses = [reverse(one, args=[each]) for each in ids]
        here = reverse(one, args=[current])
        return cls.of(addresses, here, list_href=reverse(every), list_label=label)

    @property
    def then(self) -> str:
        """Where a decision leads: to the next entry, else to one that was left out, else to the list."""
        href = self.next or self.previous
        return f"{href}#{ANCHOR}" if href else self.list_href
