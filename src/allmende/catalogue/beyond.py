"""What a draft of a solution holds beyond the pages of the form, piece by piece. Pure: no database.

A file brings more than anybody types: who is said to use it, versions, other languages. Whoever publishes has to see
each piece and may leave it out; so every field of a draft is either on a page of the form or a piece here.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any

from allmende.catalogue.drafts import DependencyDraft, LinkDraft, SolutionDraft, TextDraft
from allmende.lib.canonical import digest

# What the pages of the form offer to choose from; a draft may hold others, which are pieces then.
PLATFORMS_OF_FORM = ("web", "windows", "mac", "linux", "android", "ios")
LANGUAGES_OF_FORM = ("de", "en", "ar", "fr", "pl", "ro", "ru", "tr", "uk")
LINKS_OF_FORM = ("demo", "api", "opencode")

# Fields that no page of the form shows.
_SINGLE = ("release", "maintainer_url", "as_of")
_LISTS = ("claimed_uses", "contacts", "contractors", "funding", "based_on", "delivery_models", "topics")
# Lists of which the pages show a part.
_PARTLY = ("texts", "solution_types", "platforms", "interface_languages", "links")


@dataclass(frozen=True)
class Piece:
    """`kind`: the field of the draft that holds it, or the part of one. `value`: what would be published."""

    kind: str
    value: Any

    @property
    def code(self) -> str:
        """Names the piece as long as it says the same, also after drafts have got further fields."""
        return digest([self.kind, _stated(self.value)])[:16]


def _stated(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: each for name, each in asdict(value).items() if each not in (None, (), "")}
    return value


def german(draft: SolutionDraft | None) -> TextDraft | None:
    """The German words of a draft, if there are any."""
    texts = draft.texts if draft else ()
    return next((text for text in texts if text.language.split("-")[0].lower() == "de"), None)


def pieces(draft: SolutionDraft | None) -> list[Piece]:
    """Everything that would be published and that no page of the form shows, each once."""
    return list(dict.fromkeys(_pieces(draft))) if draft else []


def _pieces(draft: SolutionDraft) -> Iterator[Piece]:
    text = german(draft)
    if text and text.name:
        yield Piece("german_name", text.name)
    for name in ("texts", "claimed_uses", "release", "maintainer_url", "contractors", "contacts", "funding"):
        yield from _of_field(name, draft)
    for name in ("solution_types", "delivery_models", "topics", "platforms", "interface_languages"):
        yield from _of_field(name, draft)
    yield from (Piece("dependency_details", each) for each in draft.dependencies if _has_details(each))
    for name in ("links", "based_on", "as_of"):
        yield from _of_field(name, draft)
    yield from (Piece("link_labels", each) for each in _shown_links(draft) if each.label)


def _of_field(name: str, draft: SolutionDraft) -> Iterator[Piece]:
    value = getattr(draft, name)
    if name in _SINGLE:
        yield from [Piece(name, value)] if value is not None else []
        return
    on_pages = _on_pages(name, draft)
    yield from (Piece(name, each) for each in value if each not in on_pages)


def _on_pages(name: str, draft: SolutionDraft) -> Collection[Any]:
    """The part of a list that the pages show."""
    if name == "texts":
        return [german(draft)]
    if name == "solution_types":
        return draft.solution_types[:1]
    if name == "links":
        return _shown_links(draft)
    return {"platforms": PLATFORMS_OF_FORM, "interface_languages": LANGUAGES_OF_FORM}.get(name, ())


def _shown_links(draft: SolutionDraft) -> list[LinkDraft]:
    """The first link of each kind that has a field of its own."""
    found = {link.kind: link for link in reversed(draft.links) if link.kind in LINKS_OF_FORM}
    return list(found.values())


def _has_details(each: DependencyDraft) -> bool:
    return each.optional is not None or bool(each.version)


def without(draft: SolutionDraft, codes: Collection[str]) -> SolutionDraft:
    """The draft without these pieces; a code that it does not have (any more) changes nothing."""
    gone = {(piece.kind, piece.value) for piece in pieces(draft) if piece.code in codes}
    if not gone:
        return draft
    lists: dict[str, Any] = {
        name: tuple(each for each in getattr(draft, name) if (name, each) not in gone)
        for name in (*_LISTS, *_PARTLY)
    }
    single: dict[str, Any] = {name: None for name in _SINGLE if (name, getattr(draft, name)) in gone}
    needed = tuple(
        replace(each, optional=None, version=None) if ("dependency_details", each) in gone else each
        for each in draft.dependencies
    )
    lists["links"] = tuple(
        replace(each, label=None) if ("link_labels", each) in gone else each for each in lists["links"]
    )
    lists["texts"] = tuple(
        replace(each, name=None) if each == german(draft) and ("german_name", each.name) in gone else each
        for each in lists["texts"]
    )
    return replace(draft, dependencies=needed, **lists, **single)
