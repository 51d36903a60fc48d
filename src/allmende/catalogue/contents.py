"""What a working copy holds, as canonical JSON: drafts of a solution and of an offer, as far as they are written.

What a draft leaves at its default is not written, so that a field added later reads as "keine Angabe".
"""

import dataclasses
import datetime
import json
import types
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from allmende.catalogue.beyond import without
from allmende.catalogue.checks import check_letters
from allmende.catalogue.drafts import FileNotes, OfferDraft, SolutionDraft
from allmende.lib.canonical import canonical_json

Draft = TypeVar("Draft")


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is prepared: a solution, an offer, or both.

    `left_out`: codes of pieces of the solution that its owner does not want published. They stay here until then, so
    that a tick taken away by mistake can be set again.
    """

    solution: SolutionDraft | None = None
    offer: OfferDraft | None = None
    left_out: tuple[str, ...] = ()
    notes: FileNotes | None = None


def to_publish(content: Content) -> Content:
    """What becomes public of it: the solution without what its owner leaves out, and the offer."""
    solution = without(content.solution, content.left_out) if content.solution else None
    return Content(solution=solution, offer=content.offer)


def write(content: Content) -> str:
    """Canonical JSON; raises `Refused` for letters that no database holds."""
    check_letters(content)
    return canonical_json(_plain(content))


def read(text: str) -> Content:
    """What `write` has written. Raises ValueError or TypeError for anything else."""
    return _draft(Content, json.loads(text))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        stated = {field: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {field.name: _plain(each) for field, each in stated.items() if each != field.default}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _draft(kind: type[Draft], stated: Mapping[str, Any]) -> Draft:
    hints = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed, whatever its type variable says
    return kind(**{name: _value(hints[name], each) for name, each in stated.items() if name in hints})


def _value(hint: Any, stated: Any) -> Any:
    """A value of JSON as the type of a draft's field says it."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        (inner,) = [each for each in get_args(hint) if each is not type(None)]
        return None if stated is None else _value(inner, stated)
    if origin is tuple:
        return tuple(_value(get_args(hint)[0], each) for each in stated)
    if origin is Literal:
        return stated
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _draft(hint, stated)
    if hint is Decimal:
        return Decimal(stated)
    return datetime.date.fromisoformat(stated) if hint is datetime.date else stated


def solution_draft(stated: Mapping[str, Any], **rows: Any) -> SolutionDraft:
    """A draft from statements by field, as listings hold them (texts as `texts.<language>`), and rows in tables."""
    texts = [
        {"language": field.removeprefix("texts."), **value}
        for field, value in sorted(stated.items())
        if field.startswith("texts.")
    ]
    values = {field: value for field, value in stated.items() if not field.startswith("texts.")}
    draft = _draft(SolutionDraft, {**values, "texts": texts})
    return dataclasses.replace(draft, **rows)
