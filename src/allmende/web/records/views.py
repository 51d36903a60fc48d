"""Everybody reads these: no account, nothing personal, no question to the database."""

from importlib.resources import files
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allmende.records import keys
from allmende.web.components.parts import Crumb

# Name in the address → package and file.
SCHEMAS = {"markterkundung-1": ("allmende.exploration", "content/record-1.schema.json")}


@require_safe
def published_keys(request: HttpRequest) -> HttpResponse:
    context = {"keys": keys.published(), "crumbs": [Crumb("Start", "/"), Crumb("Schlüssel")]}
    return render(request, "records/keys.html", context)


@require_safe
def published_keys_json(request: HttpRequest) -> HttpResponse:
    """What `allmende verify-record --key` reads; `until` is `null` for the one in use."""
    listed: list[dict[str, Any]] = [
        {
            "name": key.name,
            "algorithm": "Ed25519",
            "public": key.public,
            "pem": key.pem,
            "fingerprint": key.fingerprint,
            "since": key.since and key.since.isoformat(),
            "until": key.until and key.until.isoformat(),
        }
        for key in keys.published()
    ]
    return JsonResponse({"keys": listed})


@require_safe
def schema(request: HttpRequest, name: str) -> HttpResponse:
    if name not in SCHEMAS:
        raise Http404("Dieses Schema gibt es nicht.")
    package, path = SCHEMAS[name]
    text = files(package).joinpath(path).read_text(encoding="utf-8")
    return HttpResponse(text, content_type="application/schema+json")
