"""From a page to a solution of ours. Findings name the keys as the page spells them."""

from collections.abc import Iterator

from allmende.catalogue.drafts import ClaimedUseDraft, LinkDraft, SolutionDraft, TextDraft
from allmende.federation.formats.base import Context
from allmende.federation.formats.markdown.cleaning import (
    plain_markdown,
    plain_text,
    shortened,
    summary_of,
)
from allmende.federation.formats.markdown.language import guess_language
from allmende.federation.formats.markdown.links import Named, Sorted, is_overview, sort_links
from allmende.federation.formats.markdown.persons import HIDDEN_NAME, names_of, without_names
from allmende.federation.formats.markdown.profile import Profile
from allmende.federation.formats.privacy import HIDDEN_EMAIL, is_email
from allmende.federation.formats.publiccode.lenient import (
    address_of,
    items_of,
    language_of,
    line_of,
    texts_of,
)
from allmende.federation.formats.publiccode.licences import canonical_licence
from allmende.federation.formats.publiccode.placeholders import is_placeholder_address, is_placeholder_name
from allmende.federation.formats.publiccode.report import Report
from allmende.federation.formats.yaml_source import Node

_LONGEST_NAME = 300
_LONGEST_TOPIC = 100
_MOST_TOPICS = 50


class Refusal(Exception):
    """The page cannot be taken over; `reasons` are German sentences for whoever keeps it."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def draft_of(root: Node, body: str, profile: Profile, context: Context, report: Report) -> SolutionDraft:
    """The whole draft; raises `Refusal` where no name or no address can be found. Remarks go to the report."""
    keys = _Keys(root, profile, report)
    name, found = plain_text(keys.line("name") or "") or None, _addresses(keys)
    reasons = [*_name_reasons(name), *_address_reasons(found)]
    if reasons or name is None:
        raise Refusal(tuple(reasons))
    all_tags = keys.texts("topics")
    tags = tuple(tag for tag in all_tags if not profile.ignores(tag))
    return SolutionDraft(
        name=name[:_LONGEST_NAME],
        texts=tuple(_texts(keys, body)),
        repository_url=found.repository,
        website_url=found.website,
        licence=_licence(keys),
        maturity=_maturity(keys, context),
        boundary=next(iter(_targets(context, tags, "boundary")), None),
        fields_of_action=_targets(context, tags, "field_of_action"),
        solution_types=_targets(context, tags, "solution_type"),
        topics=tuple(dict.fromkeys(tag[:_LONGEST_TOPIC] for tag in tags))[:_MOST_TOPICS],
        maintainer=_builder(profile, all_tags),
        claimed_uses=_uses(keys, all_tags),
        links=found.others,
    )


class _Keys:
    """The front matter seen through the profile."""

    def __init__(self, root: Node, profile: Profile, report: Report) -> None:
        self.root, self.profile, self.report = root, profile, report

    def line(self, field: str) -> str | None:
        return next((line for line in map(line_of, self._nodes(field)) if line), None)

    def texts(self, field: str) -> tuple[str, ...]:
        """The texts of all keys of a field, each once."""
        found = (text for node in self._nodes(field) for text in texts_of(node))
        return tuple(dict.fromkeys(found))

    def addresses(self, field: str) -> Iterator[str]:
        for key in self.profile.keys(field):
            if url := self.address(key):
                yield url

    def address(self, key: str) -> str | None:
        """The web address under a key of the page; what is none is worth a remark."""
        node = self.root.get(key)
        written = line_of(node)
        if written is None:
            return None
        url = address_of(node, self.report, key)
        if url is None:
            self.report.warning(key, f"„{key}“ ist keine Adresse im Netz; schreiben Sie sie mit https://.")
        return url

    def links(self) -> Iterator[Named]:
        """Pairs of name and address; mail addresses and broken ones are passed over."""
        for key in self.profile.keys("links"):
            for item in items_of(self.root.get(key)):
                node = item.get("url") or item.get("link") if item.kind == "mapping" else item
                written = line_of(node) or ""
                if not written or is_email(written):
                    continue
                url = address_of(node, self.report, key)
                if url is None:
                    message = (
                        f"„{written[:100]}“ unter „{key}“ ist keine Adresse; schreiben Sie sie mit https://."
                    )
                    self.report.warning(key, message)
                    continue
                yield Named(
                    url=url, label=(line_of(item.get("name")) or "") if item.kind == "mapping" else ""
                )

    def _nodes(self, field: str) -> Iterator[Node]:
        for key in self.profile.keys(field):
            if node := self.root.get(key):
                yield node


def _addresses(keys: _Keys) -> Sorted:
    """What the page itself calls its repository and its website comes before what is found among its links."""
    hosts = keys.profile.repository_hosts
    stated = next(keys.addresses("repository"), None)
    websites = list(keys.addresses("website"))
    named = [Named(url=url, label="website") for url in websites] + list(keys.links())
    repository = stated if stated and not is_overview(stated) else None
    found = sort_links((each for each in named if each.url != repository), hosts)
    others = [*_overview(stated), *found.others, *_extra_links(keys)]
    if repository and found.repository:
        others.append(LinkDraft(kind="repository", url=found.repository))
    website = found.website or (stated if stated and is_overview(stated) and not found.repository else None)
    return Sorted(
        repository=repository or found.repository,
        website=website,
        others=tuple(dict.fromkeys(each for each in others if each.url != website)),
    )


def _overview(stated: str | None) -> Iterator[LinkDraft]:
    """Several repositories at once: a place to look, and no sign by which a solution is known again."""
    if stated and is_overview(stated):
        yield LinkDraft(kind="repository", url=stated)


def _extra_links(keys: _Keys) -> Iterator[LinkDraft]:
    for key, kind in keys.profile.links.items():
        if url := keys.address(key):
            yield LinkDraft(kind=kind, url=url)


def _name_reasons(name: str | None) -> Iterator[str]:
    if name is None:
        yield "Der Vorspann nennt keinen Namen; ergänzen Sie den Titel."
    elif is_placeholder_name(name):
        yield f"Der Name „{name[:100]}“ ist ein Platzhalter; setzen Sie den Namen der Lösung ein."


def _address_reasons(found: Sorted) -> Iterator[str]:
    if not (found.repository or found.website):
        yield (
            "Die Seite nennt weder den Quellcode noch eine Website der Lösung; "
            "ergänzen Sie eine der beiden Adressen."
        )
        return
    address = found.repository or found.website or ""
    if is_placeholder_address(address):
        yield f"„{address[:100]}“ ist eine Beispieladresse; setzen Sie die richtige ein."


def _texts(keys: _Keys, body: str) -> Iterator[TextDraft]:
    names = names_of(keys.root, keys.profile.people)
    cleaned = without_names(plain_markdown(body), names)
    if HIDDEN_NAME in cleaned:
        keys.report.note("", "Der Text nennt Personen aus dem Vorspann; wir zeigen ihre Namen nicht.")
    if HIDDEN_EMAIL in cleaned:
        keys.report.note("", "Der Text enthält eine E-Mail-Adresse; wir zeigen sie nicht.")
    stated = keys.line("summary")
    opening = without_names(plain_markdown(stated), names) if stated else ""
    summary = shortened(plain_text(opening)) or summary_of(cleaned)
    if not summary and not cleaned:
        keys.report.warning("", "Die Seite beschreibt die Lösung nicht; ergänzen Sie ein bis zwei Sätze.")
        return
    language = _language(keys, plain_text(cleaned))
    description = cleaned if cleaned and plain_text(cleaned) != summary else None
    yield TextDraft(language=language, summary=summary, description=description)


def _language(keys: _Keys, words: str) -> str:
    """What the page or the profile says, unless the words are clearly of another language."""
    stated = language_of(keys.line("language") or "") or language_of(keys.profile.language or "")
    guessed = guess_language(words)
    if stated and guessed and guessed != stated.split("-")[0]:
        keys.report.note(
            "", f"Der Text ist nicht in der Sprache „{stated}“; wir kennzeichnen ihn als „{guessed}“."
        )
        return guessed
    return stated or guessed or "und"


def _licence(keys: _Keys) -> str | None:
    written = keys.line("licence")
    if written is None:
        return None
    licence = canonical_licence(keys.profile.licences.get(written, written))
    if licence is None:
        key = next((key for key in keys.profile.keys("licence") if keys.root.get(key)), "")
        keys.report.warning(
            key,
            f"„{written[:100]}“ sagt nicht genau, welche Lizenz gilt; nennen Sie das SPDX-Kürzel "
            "mit der Fassung, zum Beispiel GPL-3.0-only.",
        )
    return licence


def _maturity(keys: _Keys, context: Context) -> str | None:
    """The first of the comma-separated words that says how far the software is."""
    words = (word.strip().lower() for word in (keys.line("status") or "")[:500].split(","))
    found = (code for word in words for code in context.targets("status_word", word, "maturity"))
    return next(found, None)


def _targets(context: Context, tags: tuple[str, ...], scheme: str) -> tuple[str, ...]:
    found = (code for tag in tags for code in context.targets("tag_word", tag.lower(), scheme))
    return tuple(dict.fromkeys(found))


def _has(tags: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return not {tag.lower() for tag in tags}.isdisjoint(each.lower() for each in wanted)


def _builder(profile: Profile, tags: tuple[str, ...]) -> str | None:
    use = profile.use
    return use.name if use and _has(tags, use.built_tags) else None


def _uses(keys: _Keys, tags: tuple[str, ...]) -> tuple[ClaimedUseDraft, ...]:
    use = keys.profile.use
    if use is None or _has(tags, use.unless_tags):
        return ()
    url = keys.address(use.url) if use.url else None
    return (ClaimedUseDraft(name=use.name, ags=use.ags, url=url),)
