"""Where entries come from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.catalogue.queries import origins
from allmende.federation.queries import last_runs
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.marketplace.addresses import choosing


# Not kept in the page cache: a harvest without a change moves no version, and its day stands here.
def show(request: HttpRequest) -> HttpResponse:
    """All origins by precedence: how much comes from each, under which licence, and how the last harvest ended."""
    kinds, runs = current().labels("origin_kind"), last_runs()
    rows = [
        {
            "origin": origin,
            "kind": kinds.get(origin.kind, ""),
            "href": choosing("origin", origin.code),
            "run": runs.get(origin.pk),
        }
        for origin in origins()
    ]
    context = {"crumbs": (Crumb("Start", "/"), Crumb("Daten")), "rows": rows}
    return render(request, "marketplace/origins.html", context)
