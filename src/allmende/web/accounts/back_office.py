"""The back office (Wagtail) behind our own sign-in.

Wagtail's sign-in page takes a password alone and would walk around the second factor, so its address leads to ours.
"""

from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse
from django.utils.http import urlencode


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send strangers to the one sign-in. Who is signed in and still sent here lacks the right: 403, and no loop."""
    if request.user.is_authenticated:
        # Wagtail left its own sentence; our page says the same in better words.
        list(get_messages(request))
        raise PermissionDenied
    return redirect(
        f"{reverse('account_login')}?{urlencode({'next': request.GET.get('next', '/verwaltung/')})}"
    )


def nothing_here(request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", sign_in),
    re_path(r"^password_reset/", nothing_here),
    path("dokumente/", include("wagtail.documents.urls")),
    path("", include("wagtail.admin.urls")),
]
