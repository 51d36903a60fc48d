"""What is looked for: a need, as far as matching asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allmende.demand.models import Need
from allmende.demand.statements import Context, Wanted
from allmende.lib.actors import Actor
from allmende.retrieval.text import MAX_QUERY_LENGTH, MAX_QUERY_WORDS, query_tokens


@dataclass(frozen=True)
class Looking:
    """A need as matching reads it. `need` is its public id, "" for one that is only tried out.

    `fields`: codes of `field_of_action`, the first is the primary one.
    """

    title: str
    text: str
    fields: Sequence[str] = ()
    wanted: Sequence[Wanted] = ()
    need: str = ""

    @property
    def asked(self) -> str:
        """The words that are searched: the title, and of the text what says most. Never more than the engine reads."""
        return telling(f"{self.title}. {self.text}")

    @property
    def whole(self) -> str:
        """What is compared by meaning."""
        return " ".join(f"{self.title}. {self.text}".split())


def looking_for(need: Need) -> Looking:
    """What its published columns say. One query for the criteria, none where they are prefetched."""
    return Looking(
        title=need.title,
        text=" ".join(filter(None, (need.problem, need.goal, need.users))),
        fields=tuple(need.fields_of_action),
        wanted=tuple(
            Wanted(each.criterion, each.wanted, each.weight, each.text)  # type: ignore[arg-type]  # a constraint
            for each in need.criteria.all()
        ),
        need=need.public_id,
    )


def context_of(need: Need, actor: Actor, today: date) -> Context:
    """For whom it is judged: the town of the need; `actor` decides which prices are looked at."""
    region = need.organisation.region
    land = (region.land or region).key if region else ""
    return Context(
        today=today,
        actor=actor,
        population=need.population
        if need.population is not None
        else (region.population if region else None),
        size_class=region.size_class if region else None,
        land=land,
    )


def telling(text: str) -> str:
    """The text as it is where the engine can read all of it; else those of its words that say most, in their order.

    What a German town writes says most in its longest words, and what it says twice it means; each stands once.
    """
    plain = " ".join(text.split())
    # One word more than any question has is asked for as text of its own length, so pieces are read one by one.
    words = [word for word in plain.split(" ") if query_tokens(word)]
    if len(words) <= MAX_QUERY_WORDS and len(plain) <= MAX_QUERY_LENGTH:
        return plain
    bare = [word.strip(".,;:!?()„“\"'") for word in words]
    said: dict[str, int] = {}
    for word in bare:
        said[word.lower()] = said.get(word.lower(), 0) + 1
    first = {word.lower(): place for place, word in reversed(list(enumerate(bare)))}
    best = sorted(said, key=lambda word: (-min(len(word), 16) - 4 * (said[word] - 1), first[word]))
    kept = sorted(best[:MAX_QUERY_WORDS], key=first.__getitem__)
    return " ".join(bare[first[word]] for word in kept)[:MAX_QUERY_LENGTH]
