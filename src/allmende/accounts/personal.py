"""What a person takes along: plain rows under a heading, readable by people and by machines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Value = str | int | bool | datetime | None


@dataclass(frozen=True)
class PersonalData:
    """One topic of an export. `rows` hold German labels and values; `None` is shown as "keine Angabe".

    `code` names the topic in the file for machines, `title` on the page.
    """

    code: str
    title: str
    rows: Sequence[Mapping[str, Value]] = field(default_factory=tuple)
