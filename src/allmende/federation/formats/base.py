"""What a reader of a foreign format gets and gives. Pure: bytes in, a draft and findings out."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from allmende.catalogue.drafts import Reading

Targets = tuple[tuple[str, str], ...]
"""Pairs of our scheme and our code, such as `("field_of_action", "mobilitaet")`."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a reader may know beside the bytes.

    `crosswalk` maps a foreign scheme (`publiccode_category`, `publiccode_scope`, `publiccode_status` …) and a foreign
    code to our terms. `profile` holds the source's own settings for the format. `today` is the day of the run.
    """

    today: datetime.date
    crosswalk: Mapping[str, Mapping[str, Targets]] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)

    def targets(self, foreign_scheme: str, foreign_code: str, scheme: str) -> tuple[str, ...]:
        """Our codes of one scheme for a foreign code, in the order of the crosswalk; empty where none is known."""
        pairs = self.crosswalk.get(foreign_scheme, {}).get(foreign_code, ())
        return tuple(code for ours, code in pairs if ours == scheme)


class Format(Protocol):
    """A reader: never raises for what the bytes hold, however broken; a defect of a file is a finding."""

    code: str
    label: str
    version: int
    """Raised whenever the same bytes read differently: the next harvest then reads everything anew."""

    def profile_problems(self, profile: Mapping[str, Any]) -> tuple[str, ...]:
        """German sentences about what in a source's profile this format cannot use; empty where all is well."""
        ...

    def wants(self, path: str, context: Context) -> bool:
        """Whether a file of this name (relative, with `/`) is a record of this format; the profile may say which."""
        ...

    def read(self, content: bytes, *, path: str, context: Context) -> Reading:
        """Read one record. Bounded in time and memory for any bytes up to the size limit of the fetch."""
        ...
