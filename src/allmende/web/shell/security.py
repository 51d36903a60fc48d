"""Headers that every answer carries, and the one place where the content policy is looser."""

from collections.abc import Callable
from typing import Final

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

BACK_OFFICE: Final = "/verwaltung/"
# Nothing here asks for a device; a script that got in somehow may not either.
PERMISSIONS_POLICY: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)
# Wagtail's editor writes inline scripts and styles and shows its pages in a frame; no visitor gets there.
_WAGTAIL: Final = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}


class SecurityHeadersMiddleware:
    """Stands inside the CSP middleware, which reads what is noted on the answer here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path_info.startswith(BACK_OFFICE):
            response._csp_replace = _WAGTAIL  # type: ignore[attr-defined]  # how django-csp's decorators say it
            response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response.headers:
            # A key of a second factor or a name must not lie about in the browser of a shared computer.
            add_never_cache_headers(response)
        return response
