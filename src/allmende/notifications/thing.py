"""What one piece of news is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Thing:
    """`title` stands in the sentence, in quotation marks where the sentence has them; `href` is a path of this site.

    `words`: others of the sentence that are true now and need not have been when it was noted.
    """

    title: str
    href: str
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
