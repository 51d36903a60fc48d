"""Which of a page's addresses is the repository, which the website, and which say too much about persons."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from allmende.catalogue.drafts import LinkDraft

FORGES = (
    "github.com",
    "gitlab.com",
    "gitlab.*",
    "codeberg.org",
    "bitbucket.org",
    "git.*",
)
_NO_OWNERS = frozenset(("orgs", "search", "topics", "users", "sponsors", "features", "settings", "explore"))
_NETWORKS = (
    "twitter.com",
    "x.com",
    "facebook.com",
    "*.facebook.com",
    "linkedin.com",
    "*.linkedin.com",
    "instagram.com",
    "xing.com",
    "*.xing.com",
    "t.me",
    "youtube.com",
    "*.slack.com",
)
"""There one finds persons and talk, and seldom the software."""
_WEBSITE_WORDS = ("website", "webseite", "homepage", "projekt", "app", "karte")
_OTHER_WORDS = (
    "datenquelle",
    "code",
    "repo",
    "datensatz",
    "kontakt",
    "blog",
    "artikel",
    "presse",
    "video",
    "vortrag",
    "quelle",
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """An address with the words that stand beside it."""

    url: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Sorted:
    repository: str | None
    website: str | None
    others: tuple[LinkDraft, ...]


def sort_links(named: Iterable[Named], hosts: tuple[str, ...]) -> Sorted:
    """The first repository is the repository, the best-named other address the website."""
    kept = [each for each in dict.fromkeys(named) if not _is_among(_host(each.url), _NETWORKS)]
    repository = next((each for each in kept if is_repository(each.url, hosts)), None)
    places = [each for each in kept if not _is_forge(each.url, hosts)]
    website = min(places, key=_distance, default=None)
    if website and _distance(website) == _FAR:
        website = None
    others = [each for each in kept if each not in (repository, website)]
    return Sorted(
        repository=repository.url if repository else None,
        website=website.url if website else None,
        others=tuple(_draft(each, hosts) for each in others),
    )


def is_repository(url: str, hosts: tuple[str, ...] = ()) -> bool:
    """An owner and a name on a host of repositories; not a list of them, a search or a person's page."""
    return _is_forge(url, hosts) and not is_overview(url)


def is_overview(url: str) -> bool:
    """On a known forge, an address that is no single repository."""
    if not _is_forge(url, ()):
        return False
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return len(parts) < 2 or parts[0].lower() in _NO_OWNERS


def _draft(each: Named, hosts: tuple[str, ...]) -> LinkDraft:
    kind = "repository" if _is_forge(each.url, hosts) else "other"
    return LinkDraft(kind=kind, url=each.url, label=each.label[:200] or None)


_FAR = 9


def _distance(each: Named) -> int:
    """How far an address is from being the website, by the words beside it."""
    label = each.label.lower()
    if any(word in label for word in _OTHER_WORDS):
        return _FAR
    return next((at for at, word in enumerate(_WEBSITE_WORDS) if word in label), len(_WEBSITE_WORDS))


def _is_forge(url: str, hosts: tuple[str, ...]) -> bool:
    return _is_among(_host(url), hosts or FORGES)


def _is_among(host: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(host, pattern) for pattern in patterns)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""
