"""What the data files say, read and checked; no database."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class TermDraft:
    """One term. It holds from `valid_from` up to and without `valid_to`; None is open.

    `replaced_by` and `broader` are codes of the same scheme. `extra` holds further facts that belong to the scheme,
    such as `population_from` of a size class.
    """

    code: str
    label: str
    definition: str
    synonyms: tuple[str, ...] = ()
    order: int = 0
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    replaced_by: str | None = None
    broader: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SchemeDraft:
    """A list of terms, in the order in which people shall read them."""

    code: str
    label: str
    definition: str
    terms: tuple[TermDraft, ...]


@dataclass(frozen=True, kw_only=True)
class CrosswalkDraft:
    """What the codes of one foreign scheme stand for: pairs of our scheme and our code, best first.

    A code in `reasons` has no counterpart, and the reason says why.
    """

    foreign_scheme: str
    targets: Mapping[str, tuple[tuple[str, str], ...]]
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class VocabularyDraft:
    """Everything that a folder of data files says."""

    schemes: tuple[SchemeDraft, ...]
    crosswalks: tuple[CrosswalkDraft, ...]


class FaultyVocabulary(Exception):
    """A data file contradicts itself or another one; the message says where, for whoever edits the file."""
