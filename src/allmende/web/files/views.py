"""Hands out a file, so that a browser can do nothing with it but show our own drawing or save it."""

from typing import Final

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from allmende.files.models import StoredFile
from allmende.files.places import place_of
from allmende.files.queries import served
from allmende.lib.ids import is_public_id
from allmende.organisations.queries import actor_for
from allmende.web.files.reach import reach_of

GONE = "Diese Datei gibt es nicht, oder sie ist nicht für Sie bestimmt."
HEADERS: Final = {
    # Even opened as a page of its own it may load nothing, run nothing and is of no origin.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A replaced logo has a new address; an hour is how long a removed one may still be seen.
CACHED: Final = {"logo": "public, max-age=3600", "document": "public, max-age=300"}


@require_safe
def show(request: HttpRequest, public_id: str, name: str) -> HttpResponseBase:
    file = served(public_id) if is_public_id(public_id) else None
    if file is None or file.name != name:
        raise Http404(GONE)
    reach = reach_of(file, actor_for(request.user))
    if reach is None:
        raise Http404(GONE)
    etag = f'"{file.digest}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged if unchanged is not None else _content(file)
    for header, value in HEADERS.items():
        response.headers[header] = value
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHED[file.kind] if reach == "everybody" else "private, no-store"
    return response


def _content(file: StoredFile) -> FileResponse:
    try:
        content = place_of(file).open("rb")
    except FileNotFoundError:
        raise Http404(GONE) from None
    # Only what we drew ourselves is shown; everything else is saved.
    return FileResponse(
        content, as_attachment=file.kind != "logo", filename=file.name, content_type=file.content_type
    )
