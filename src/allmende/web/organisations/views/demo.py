"""The demo's accounts, one for each role: only where the demo runs."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string

from allmende.organisations.roles import ROLES
from allmende.web.components.parts import Crumb


def logins(request: HttpRequest) -> HttpResponse:
    """Who can be tried, with what password, and what to try with each."""
    if not settings.DEMO:
        raise Http404
    people = import_string(settings.DEMO_LOGINS)()
    context = {
        "people": [(each, ROLES[each["role"]] if each["role"] else None) for each in people["people"]],
        "password": people["password"],
        "crumbs": [Crumb("Start", "/"), Crumb("Demo-Konten")],
    }
    return render(request, "organisations/demo_logins.html", context)
