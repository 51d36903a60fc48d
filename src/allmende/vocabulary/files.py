"""Reads the vocabulary from its TOML files and checks that they agree with each other.

A file in `data/` is a scheme and carries its code as its name; a file in `crosswalk/` names its foreign scheme.
Faults are raised, not collected: these files come with the software, and a faulty one must not be shipped.
"""

import datetime
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from allmende.vocabulary.drafts import (
    CrosswalkDraft,
    FaultyVocabulary,
    SchemeDraft,
    TermDraft,
    VocabularyDraft,
)

HERE = Path(__file__).resolve().parent
_TERM_KEYS = {"code", "label", "definition", "synonyms", "valid_from", "valid_to", "replaced_by", "broader"}


def read(folder: Path = HERE) -> VocabularyDraft:
    """All schemes in `folder/data` and all crosswalks in `folder/crosswalk`. Raises `FaultyVocabulary`."""
    schemes = tuple(_scheme(path) for path in sorted((folder / "data").glob("*.toml")))
    crosswalks = tuple(_crosswalk(path) for path in sorted((folder / "crosswalk").glob("*.toml")))
    _check_targets(schemes, crosswalks)
    return VocabularyDraft(schemes=schemes, crosswalks=crosswalks)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise FaultyVocabulary(f"{path.name}: {fault}") from fault


def _scheme(path: Path) -> SchemeDraft:
    content = _load(path)
    terms = tuple(_term(path, place, entry) for place, entry in enumerate(content.get("term", ()), start=1))
    for fact in ("code", "label"):
        _once(path, fact, (getattr(term, fact) for term in terms))
    _check_relations(path, terms)
    return SchemeDraft(
        code=path.stem,
        label=_text(path, content, "label"),
        definition=_text(path, content, "definition"),
        terms=terms,
    )


def _term(path: Path, place: int, entry: Mapping[str, Any]) -> TermDraft:
    return TermDraft(
        code=_text(path, entry, "code"),
        label=_text(path, entry, "label"),
        definition=_text(path, entry, "definition"),
        synonyms=tuple(entry.get("synonyms", ())),
        order=place,
        valid_from=_day(path, entry, "valid_from"),
        valid_to=_day(path, entry, "valid_to"),
        replaced_by=entry.get("replaced_by"),
        broader=entry.get("broader"),
        extra={key: value for key, value in entry.items() if key not in _TERM_KEYS},
    )


def _text(path: Path, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise FaultyVocabulary(f"{path.name}: {entry.get('code', 'the scheme')} has no {key}")
    return value


def _day(path: Path, entry: Mapping[str, Any], key: str) -> datetime.date | None:
    value = entry.get(key)
    # A datetime is a date for Python, and would be compared with one to an error.
    if value is None or type(value) is datetime.date:
        return value
    raise FaultyVocabulary(f"{path.name}: {entry.get('code')}: {key} is not a day")


def _once(path: Path, fact: str, values: Iterable[str]) -> None:
    doubled = [value for value, count in Counter(values).items() if count > 1]
    if doubled:
        raise FaultyVocabulary(f"{path.name}: {fact} given twice: {', '.join(doubled)}")


def _check_relations(path: Path, terms: tuple[TermDraft, ...]) -> None:
    known = {term.code for term in terms}
    for term in terms:
        for other in (term.replaced_by, term.broader):
            if other is not None and (other not in known or other == term.code):
                raise FaultyVocabulary(
                    f"{path.name}: {term.code} refers to {other}, which is no other term here"
                )
        if term.valid_from and term.valid_to and term.valid_from > term.valid_to:
            raise FaultyVocabulary(f"{path.name}: {term.code} ends before it begins")


def _crosswalk(path: Path) -> CrosswalkDraft:
    content = _load(path)
    entries: Mapping[str, Mapping[str, Any]] = content.get("entries", {})
    return CrosswalkDraft(
        foreign_scheme=_text(path, content, "foreign_scheme"),
        targets={code: tuple(_pairs(entry)) for code, entry in entries.items() if "reason" not in entry},
        reasons={code: str(entry["reason"]) for code, entry in entries.items() if "reason" in entry},
    )


def _pairs(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for scheme, codes in entry.items():
        for code in codes:
            yield scheme, code


def _check_targets(schemes: tuple[SchemeDraft, ...], crosswalks: tuple[CrosswalkDraft, ...]) -> None:
    known = {(scheme.code, term.code) for scheme in schemes for term in scheme.terms}
    for crosswalk in crosswalks:
        for code, targets in crosswalk.targets.items():
            strange = [f"{ours} {target}" for ours, target in targets if (ours, target) not in known]
            if strange or not targets:
                detail = ", ".join(strange) or "nothing, without a reason"
                raise FaultyVocabulary(f"{crosswalk.foreign_scheme}: {code} leads to {detail}")
