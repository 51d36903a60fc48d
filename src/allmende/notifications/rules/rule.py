"""What a rule is: whose news a journal entry is, and how it is said."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from allmende.accounts.models import User
from allmende.journal.queries import Entry

Data = Mapping[str, str | int]


def the_subject(entry: Entry) -> tuple[str, str]:
    return entry.subject_type, entry.subject_id


def no_words(entry: Entry) -> Data:
    return {}


def always(entry: Entry) -> bool:
    return True


@dataclass(frozen=True)
class Rule:
    """Journal kind → who is told (`who`), of which category, in which words.

    `sentence` is German and whole; `{thing}` is the title of what it is about, other names come from `data`. `about`
    is what it is about where that is not the subject of the entry. `by_mail` False: whoever acts writes a letter of
    their own, or there is nobody to write to.
    """

    kind: str
    category: str
    who: Callable[[Entry], Iterable[User]]
    sentence: str
    about: Callable[[Entry], tuple[str, str]] = the_subject
    data: Callable[[Entry], Data] = no_words
    when: Callable[[Entry], bool] = always
    by_mail: bool = True
    # Where one kind has several rules, or several kinds one sentence.
    code: str = ""
    # Where there is something to do: the path of that page, with `{id}` for the id of what it is about.
    page: str = ""

    @property
    def name(self) -> str:
        """What its items are called."""
        return self.code or self.kind
