"""Every address that the resolver knows, except Wagtail's back office, which has rights of its own."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

BACK_OFFICE = "verwaltung/"


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern; what has no name is called by its pattern."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if path.startswith(BACK_OFFICE):
            continue
        if isinstance(pattern, URLPattern):
            yield pattern.name or path, path
        else:
            yield from addresses(pattern, path)


def views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, object]]:
    """Path and view of everything, the back office included."""
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield path.replace("^", ""), pattern.callback
        else:
            yield from views(pattern, path)
