"""What a source says of its pages, as it stands in the source's profile (TOML or JSON)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

_BLANK = re.compile(r"\{(path|stem|slug)\}")
_PLURAL = ("topics", "website")


@dataclass(frozen=True, kw_only=True)
class Use:
    """The body that runs the catalogue says with each page that it uses the software itself."""

    name: str
    ags: str | None = None
    url: str | None = None
    """Key of the front matter that holds the address of the body's own installation."""
    unless_tags: tuple[str, ...] = ()
    """Tags of pages about software that is no longer in use."""
    built_tags: tuple[str, ...] = ()
    """Tags of software that the body has built itself: it is the maintainer then."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How the pages of one source are to be read.

    `folder`: glob patterns of the pages that are entries, `*` within one folder and `**` across folders; none: every
    page with front matter. `fields`: our name → keys of the front matter, in the order in which they are tried: name,
    licence, repository, website, summary, topics, status, language, links (a list of name and url).
    `only` and `never`: a page is an entry only where, or never where, a key has this value.
    `translations`: language → pattern of pages that say the same in another language.
    `ignore_topics`: patterns of topics that say nothing about the software. `links`: key → our kind of link.
    `people`: keys that list persons; their names are taken out of the page's words.
    `licences`: what the pages call a licence → SPDX. `record_url`: where people read the page; `{path}`, `{stem}` and
    `{slug}` (stem without a date in front) stand for it. `licence`: of the texts, not of the software.
    """

    folder: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]]
    language: str | None = None
    record_url: str = ""
    licence: str | None = None
    only: Mapping[str, str]
    never: Mapping[str, str]
    translations: Mapping[str, str]
    links: Mapping[str, str]
    licences: Mapping[str, str]
    repository_hosts: tuple[str, ...] = ()
    ignore_topics: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    use: Use | None = None

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Profile":
        """Read leniently: a part of the wrong kind counts as not written."""
        return cls(
            folder=_texts(written.get("folder")),
            fields={ours: _texts(keys) for ours, keys in _table(written.get("fields")).items()},
            language=_text(written.get("language")),
            record_url=_text(written.get("record_url")) or "",
            licence=_text(written.get("licence")),
            only=_pairs(written.get("only")),
            never=_pairs(written.get("never")),
            translations=_pairs(written.get("translations")),
            links=_pairs(written.get("links")),
            licences=_pairs(written.get("licences")),
            repository_hosts=_texts(written.get("repository_hosts")),
            ignore_topics=tuple(each.lower() for each in _texts(written.get("ignore_topics"))),
            people=_texts(written.get("people")),
            use=_use(_table(written.get("use"))),
        )

    def keys(self, field: str) -> tuple[str, ...]:
        """The keys that may hold a field; without a word in the profile, a key of our own name for it."""
        return self.fields.get(field, () if field in _PLURAL else (field,))

    def is_entry(self, path: str) -> bool:
        return not self.folder or any(matches(path, pattern) for pattern in self.folder)

    def translation(self, path: str) -> str | None:
        """The language in which this page repeats another one."""
        return next((tag for tag, pattern in self.translations.items() if matches(path, pattern)), None)

    def ignores(self, topic: str) -> bool:
        return any(fnmatchcase(topic.lower(), pattern) for pattern in self.ignore_topics)

    def address_of(self, path: str) -> str | None:
        """Where people read the page."""
        if not self.record_url:
            return None
        stem = PurePosixPath(path).stem
        values = {"path": path, "stem": stem, "slug": slug_of(stem)}
        return _BLANK.sub(lambda match: quote(values[match[1]]), self.record_url)


def matches(path: str, pattern: str) -> bool:
    """`*` and `?` stay within one folder, `**` stands for any number of folders."""
    return _match(tuple(path.split("/")), tuple(pattern.split("/")))


def _match(parts: tuple[str, ...], patterns: tuple[str, ...]) -> bool:
    if not patterns:
        return not parts
    if patterns[0] == "**":
        return any(_match(parts[at:], patterns[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], patterns[0]) and _match(parts[1:], patterns[1:])


def slug_of(stem: str) -> str:
    """How Hugo names a page: a date in front of the file's name is not part of its address."""
    try:
        date.fromisoformat(stem[:10])
    except ValueError:
        return stem.lower()
    return stem[10:].strip(" -_").lower() or stem.lower()


def problems_of(written: Mapping[str, Any]) -> tuple[str, ...]:
    """What is wrong with a profile, in German; empty where it can be used."""
    problems = []
    unknown = sorted(set(written) - _KNOWN)
    if unknown:
        problems.append(
            f"Das Profil kennt „{'“, „'.join(unknown)}“ nicht. Möglich sind: {', '.join(sorted(_KNOWN))}."
        )
    strange = sorted(set(_table(written.get("fields"))) - _FIELDS)
    if strange:
        problems.append(
            f"Unter „fields“ gibt es „{'“, „'.join(strange)}“ nicht. Möglich sind: {', '.join(sorted(_FIELDS))}."
        )
    if "use" in written and _use(_table(written["use"])) is None:
        problems.append("Unter „use“ fehlt „name“: wer die Software einsetzt.")
    return tuple(problems)


_FIELDS = {
    "name",
    "licence",
    "repository",
    "website",
    "summary",
    "topics",
    "status",
    "language",
    "links",
}
# `files` and `additions` are for every format: which files are records, and what the operator knows beside them.
_KNOWN = set(Profile.__dataclass_fields__) | {"files", "additions"}


def _use(table: Mapping[str, Any]) -> Use | None:
    name = _text(table.get("name"))
    if name is None:
        return None
    return Use(
        name=name,
        ags=_text(table.get("ags")),
        url=_text(table.get("url")),
        unless_tags=_texts(table.get("unless_tags")),
        built_tags=_texts(table.get("built_tags")),
    )


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _pairs(value: Any) -> dict[str, str]:
    return {key: str(each) for key, each in _table(value).items() if isinstance(each, str | bool | int)}


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(each.strip() for each in values if isinstance(each, str) and each.strip())
