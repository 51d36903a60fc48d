"""From a publiccode.yml to a solution of ours: reads leniently, keeps words as given, guesses nothing."""

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from allmende.catalogue.drafts import (
    ClaimedUseDraft,
    DependencyDraft,
    FundingDraft,
    LinkDraft,
    ReleaseDraft,
    SolutionDraft,
)
from allmende.federation.formats.base import Context
from allmende.federation.formats.publiccode.lenient import (
    address_of,
    child,
    flag_of,
    items_of,
    language_of,
    line_of,
    link_of,
    texts_of,
)
from allmende.federation.formats.publiccode.licences import canonical_licence
from allmende.federation.formats.publiccode.people import contacts_of, contractors_of
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.publiccode.rules.small import is_date
from allmende.federation.formats.publiccode.texts import texts_by_language
from allmende.federation.formats.publiccode.vocabulary import MAINTENANCE_TYPES, SUPPORT_ALIASES
from allmende.federation.formats.yaml_source import Node

_KINDS: tuple[Literal["open", "proprietary", "hardware"], ...] = ("open", "proprietary", "hardware")
_COPYRIGHT = re.compile(r"^(?:©|\(c\)|copyright)?\s*(?:\d{4}(?:\s*[-–]\s*\d{4})?,?)?\s*", re.IGNORECASE)
_MAX = 300
"""Characters of a name or a line; longer ones are cut."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What was found to identify the solution; all checked."""

    name: str
    repository_url: str | None
    website_url: str | None


def draft_of(root: Node, identity: Identity, context: Context, report: Report) -> SolutionDraft:
    """The whole draft. Remarks about liberties taken go to the report."""
    categories = texts_of(child(root, "categories"))
    audience = child(root, "intendedAudience")
    scopes = texts_of(child(audience, "scope"))
    maintenance = child(root, "maintenance")
    contacts = contacts_of(maintenance)
    persons = frozenset(
        contact.name.casefold() for contact in contacts if contact.name and not contact.is_team
    )
    return SolutionDraft(
        name=identity.name,
        repository_url=identity.repository_url,
        website_url=identity.website_url,
        texts=texts_by_language(child(root, "description"), report),
        licence=_licence(root, report),
        maturity=_first(
            context, "publiccode_status", (line_of(child(root, "developmentStatus")),), "maturity"
        ),
        boundary=_first(context, "publiccode_category", categories, "boundary"),
        fields_of_action=_fields_of_action(context, categories, scopes),
        solution_types=_targets(context, "publiccode_category", categories, "solution_type"),
        topics=categories,
        platforms=texts_of(child(root, "platforms")),
        interface_languages=_languages(root),
        audiences=_targets(context, "publiccode_scope", scopes, "audience"),
        release=_release(root),
        maintenance=_maintenance(context, maintenance),
        maintainer=_maintainer(root, persons),
        maintainer_url=_maintainer_url(root),
        claimed_uses=_uses(root, persons),
        contacts=contacts,
        contractors=contractors_of(maintenance, report, context.today),
        dependencies=_dependencies(root),
        links=_links(root, report),
        funding=_funding(root),
        based_on=_based_on(root),
    )


def _targets(context: Context, foreign: str, codes: tuple[str, ...], scheme: str) -> tuple[str, ...]:
    found = (ours for code in codes for ours in context.targets(foreign, code.lower(), scheme))
    return tuple(dict.fromkeys(found))


def _first(context: Context, foreign: str, codes: tuple[str | None, ...], scheme: str) -> str | None:
    found = _targets(context, foreign, tuple(code for code in codes if code), scheme)
    return found[0] if found else None


def _fields_of_action(
    context: Context, categories: tuple[str, ...], scopes: tuple[str, ...]
) -> tuple[str, ...]:
    """What the software does comes before where it is used."""
    by_category = _targets(context, "publiccode_category", categories, "field_of_action")
    by_scope = _targets(context, "publiccode_scope", scopes, "field_of_action")
    return tuple(dict.fromkeys(by_category + by_scope))


def _licence(root: Node, report: Report) -> str | None:
    written = line_of(child(child(root, "legal"), "license"))
    licence = canonical_licence(written) if written else None
    if licence and licence != written:
        report.note(
            "legal.license",
            f"Wir lesen „{written}“ als {licence}; schreiben Sie das Lizenzkürzel in dieser Form.",
        )
    return licence


def _languages(root: Node) -> tuple[str, ...]:
    written = texts_of(child(child(root, "localisation"), "availableLanguages"))
    tags = (language_of(tag) for tag in written)
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def _release(root: Node) -> ReleaseDraft | None:
    version = line_of(child(root, "softwareVersion"))
    released = line_of(child(root, "releaseDate")) or ""
    released_on = datetime.date.fromisoformat(released) if is_date(released) else None
    if not version and not released_on:
        return None
    return ReleaseDraft(version=version[:100] if version else None, released_on=released_on)


def _maintenance(context: Context, maintenance: Node | None) -> str | None:
    written = line_of(child(maintenance, "type"))
    if written not in MAINTENANCE_TYPES:
        return None
    return _first(context, "publiccode_maintenance", (written,), "maintenance")


def _maintainer(root: Node, persons: frozenset[str]) -> str | None:
    """A body. A person who is named as contact, too, stays among the contacts, which are not shown without a rule."""
    legal = child(root, "legal")
    candidates = (
        line_of(child(child(root, "organisation"), "name")),
        line_of(child(legal, "mainCopyrightOwner")),
        line_of(child(legal, "repoOwner")),
    )
    names = (_COPYRIGHT.sub("", name)[:_MAX] for name in candidates if name and not name.startswith("legal/"))
    return next((name for name in names if name and name.casefold() not in persons), None)


def _maintainer_url(root: Node) -> str | None:
    return link_of(child(child(root, "organisation"), "uri"))


def _uses(root: Node, persons: frozenset[str]) -> tuple[ClaimedUseDraft, ...]:
    """Names as given; the same name in other capitals counts once, and a contact person is no user."""
    names: dict[str, str] = {}
    for name in texts_of(child(root, "usedBy")):
        names.setdefault(name.casefold(), name[:_MAX])
    return tuple(ClaimedUseDraft(name=name) for key, name in names.items() if key not in persons)


def _dependencies(root: Node) -> tuple[DependencyDraft, ...]:
    section = child(root, "dependsOn")
    found = []
    for kind in _KINDS:
        for item in items_of(child(section, kind)):
            name = line_of(child(item, "name")) if item.kind == "mapping" else line_of(item)
            if name:
                optional = flag_of(child(item, "optional"))
                found.append(
                    DependencyDraft(
                        kind=kind, name=name[:_MAX], optional=optional, version=_needed_version(item)
                    )
                )
    return tuple(dict.fromkeys(found))


def _needed_version(item: Node) -> str | None:
    version = line_of(child(item, "version"))
    least, most = line_of(child(item, "versionMin")), line_of(child(item, "versionMax"))
    if least and most:
        return least if least == most else f"{least} – {most}"
    if least:
        return f"ab {least}"
    return f"bis {most}" if most else version


def _links(root: Node, report: Report) -> tuple[LinkDraft, ...]:
    links = []
    roadmap = address_of(child(root, "roadmap"), report, "roadmap")
    if roadmap:
        links.append(LinkDraft(kind="roadmap", url=roadmap))
    for entry in _descriptions(root):
        api = link_of(child(entry, "apiDocumentation"))
        if api:
            links.append(LinkDraft(kind="api", url=api))
    for item in items_of(child(root, "supports")):
        link = _standard(child(item, "id"))
        if link:
            links.append(link)
    return tuple(dict.fromkeys(links))


def _descriptions(root: Node) -> list[Node]:
    description = child(root, "description")
    return [entry.value for entry in description.entries] if description else []


def _standard(identifier: Node | None) -> LinkDraft | None:
    alias = (line_of(identifier) or "").removeprefix("alias:")
    if alias in SUPPORT_ALIASES:
        return LinkDraft(kind="standard", url=SUPPORT_ALIASES[alias], label=alias)
    address = link_of(identifier)
    return LinkDraft(kind="standard", url=address) if address else None


def _funding(root: Node) -> tuple[FundingDraft, ...]:
    found = []
    for item in items_of(child(root, "fundedBy")):
        is_section = item.kind == "mapping"
        name = line_of(child(item, "name")) if is_section else line_of(item)
        uri = child(item, "uri") if is_section else None
        programme = name or line_of(uri)
        if programme:
            found.append(FundingDraft(programme=programme[:_MAX], url=link_of(uri)))
    return tuple(dict.fromkeys(found))


def _based_on(root: Node) -> tuple[str, ...]:
    links = (link_of(item) for item in items_of(child(root, "isBasedOn")))
    return tuple(dict.fromkeys(link for link in links if link))
