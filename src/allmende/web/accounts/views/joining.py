"""To an identity provider and back, and joining what it says with an account that is there already."""

import logging
from urllib.parse import urlsplit

from allauth.socialaccount.providers.openid_connect import views as openid
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from requests import RequestException

from allmende.accounts.models import User
from allmende.web.accounts.providers import belongs_to, did_not_work, forget_waiting, waiting_to_join
from allmende.web.shell.limits import limit_posts

log = logging.getLogger(__name__)


@require_POST
@limit_posts("provider_login", per_address="30/m")
@never_cache
def depart(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider, by way of a page: our content policy lets no form lead to a foreign host, not even by way of
    a redirect, and which hosts a provider passes one on to nobody can know beforehand."""
    try:
        response: HttpResponseBase = openid.login(request, provider_id)
    except RequestException as trouble:
        log.warning("Identity provider %s does not answer: %s", provider_id, trouble)
        return did_not_work(request)
    target = response.headers.get("Location", "")
    if not urlsplit(target).netloc:
        return response
    return render(request, "accounts/depart.html", {"target": target, "host": urlsplit(target).hostname})


@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Join what the provider said with the account one has just signed in to; both know the same confirmed address."""
    login = waiting_to_join(request)
    if login is None:
        return redirect("account")
    context = {
        "provider": login.provider.name,
        "address": next(each.email for each in login.email_addresses if each.verified),
        "is_other": False,
    }
    if isinstance(request.user, User):
        if not belongs_to(login, request.user):
            return render(request, "accounts/join.html", context | {"is_other": True})
        if request.method == "POST":
            return _joined(request, request.user, str(context["provider"]))
    return render(request, "accounts/join.html", context)


def _joined(request: HttpRequest, user: User, provider: str) -> HttpResponse:
    login = waiting_to_join(request)
    forget_waiting(request)
    if login is None or "no" in request.POST:
        return redirect("account")
    login.connect(request, user)
    messages.success(request, f"Sie können sich ab jetzt auch über „{provider}“ anmelden.")
    return redirect("account")
