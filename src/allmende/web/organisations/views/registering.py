"""Register an organisation that is no town: choose what it is, say who it is."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import apply_for
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.organisations.forms import GROUPS, RegistrationForm
from allmende.web.organisations.loading import posted
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts


@never_cache
def show(request: HttpRequest) -> HttpResponseBase:
    """First what kind of organisation it is, open to everybody; then the form, for whoever has signed in."""
    group = request.GET.get("art", "")
    if group in GROUPS:
        return _form(request, group)
    context = {
        "groups": [(code, title) for code, (title, _, _) in GROUPS.items()],
        "crumbs": [Crumb("Start", "/"), Crumb("Organisation anmelden")],
    }
    return render(request, "organisations/register.html", context)


@limit_posts("organisations", per_address="30/h", per_account="10/h")
@for_members
def _form(request: HttpRequest, actor: Actor, group: str) -> HttpResponse:
    labels = current().labels("organisation_type")
    form = RegistrationForm(posted(request), group=group, labels=labels)
    if request.method == "POST" and form.is_valid():
        try:
            claim = apply_for(form.draft(), by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Danke. Wir prüfen Ihre Anmeldung und melden uns per E-Mail.")
            return redirect("organisation", claim.organisation.public_id)
    context = {
        "form": form,
        "title": GROUPS[group][0],
        "crumbs": [
            Crumb("Start", "/"),
            Crumb("Organisation anmelden", "/organisationen/neu"),
            Crumb(GROUPS[group][0]),
        ],
    }
    return render(request, "organisations/register_form.html", context)
