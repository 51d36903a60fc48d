"""An address that only takes a form, opened as if it were a page: words instead of an empty window."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string


class WrongMethodMiddleware:
    """Gives the bare 405 of `require_POST` a page. Whoever reloads or keeps such an address gets there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or request.method not in {"GET", "HEAD"}:
            return response
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html", request=request)
            response.headers["Content-Type"] = "text/html; charset=utf-8"
        return response
