"""What the topics say to a person on /mein, put into one order: what waits for this person comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allmende.web.components.parts import Section, Task

WAITING = {"open": 0, "look": 1}
BEGUN = ("begun", "elsewhere")


@dataclass(frozen=True)
class Work:
    """`waiting`: this person's turn, what has a last day first. `begun`: drafts, and what others look at.

    `ways`: what one may do at any time, by topic; `settled`: all the rest.
    """

    waiting: tuple[Task, ...]
    begun: tuple[Task, ...]
    settled: tuple[Task, ...]
    ways: tuple[Section, ...]

    @classmethod
    def of(cls, sections: Sequence[Section]) -> "Work":
        """Each task once, however many topics name it; otherwise in the order of the topics."""
        tasks = list(dict.fromkeys(task for section in sections for task in section.tasks))
        waiting = [task for task in tasks if task.state in WAITING]
        begun = [task for task in tasks if task.state in BEGUN]
        settled = [task for task in tasks if task.state not in (*WAITING, *BEGUN, "optional")]
        return cls(tuple(sorted(waiting, key=_turn)), tuple(begun), tuple(settled), _ways(sections))


def _turn(task: Task) -> tuple[int, date]:
    return WAITING[task.state], task.until or date.max


def _ways(sections: Sequence[Section]) -> tuple[Section, ...]:
    kept = [(each.title, [task for task in each.tasks if task.state == "optional"]) for each in sections]
    return tuple(Section(title, ways) for title, ways in kept if ways)
