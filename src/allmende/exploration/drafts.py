"""What is handed in for parts of a case."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class TalkDraft:
    """Minutes of a talk. `candidate` is a public id, "" for a company that is not on the list; `held_at` its begin."""

    candidate: str = ""
    company_name: str = ""
    held_at: datetime
    minutes_long: int
    participants: str = ""
    content: str = ""
    told_to_company: str = ""
