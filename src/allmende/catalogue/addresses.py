"""Addresses of repositories, brought into one form so that the same place is recognised."""

import re
from urllib.parse import urlsplit

_SSH = re.compile(r"^(?:ssh://)?[\w.-]+@(?P<host>[\w.-]+)[:/](?P<path>.+)$")
# Where forges put branches, files and issues behind the repository's own address.
_INSIDE = re.compile(r"/(?:-/)?(?:tree|blob|src|raw|issues|wiki|releases)(?:/.*)?$")
_FORGES = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "gitlab.opencode.de")


def repository_key(url: str | None) -> str:
    """The address without scheme, case, `.git`, trailing slash, `www.`, query and inner path; "" for no address.

    A candidate key and not the identity: several solutions may live in one repository.
    """
    text = (url or "").strip()
    if not text:
        return ""
    if ssh := _SSH.match(text):
        host, path = ssh["host"], "/" + re.split(r"[?#]", ssh["path"])[0]
    else:
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            host, path = parts.hostname or "", parts.path
        except ValueError:
            return ""
    host = host.lower().removeprefix("www.")
    path = re.sub(r"/{2,}", "/", path).lower().rstrip("/")
    if host in _FORGES or host.startswith("gitlab."):
        path = _INSIDE.sub("", path)
    path = path.removesuffix(".git").rstrip("/")
    return f"{host}{path}" if host and path else ""


def is_repository_address(url: str) -> bool:
    """Whether the text is an address in the web or one that git understands (`git@host:path`)."""
    return is_web_address(url) or bool(_SSH.match(url.strip()))


def is_web_address(url: str) -> bool:
    """Whether the text is an http(s) address with a host: the only kind that a page may link to."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
