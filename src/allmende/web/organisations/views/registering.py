"""Register an organisation that is no town: choose what it is, say who it is."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from allmende.catalogue.queries.makers import entries_made_by
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.actions import apply_for, take_over
from allmende.organisations.models import Organisation
from allmende.organisations.queries import public_organisations, taken_for
from allmende.vocabulary.queries import current
from allmende.web.components.parts import Crumb
from allmende.web.organisations.forms import GROUPS, NEW_ENTRY, RegistrationForm, WhichForm
from allmende.web.organisations.loading import posted
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts


@never_cache
def show(request: HttpRequest) -> HttpResponseBase:
    """First what kind of organisation it is, open to everybody; then the form, for whoever has signed in."""
    group = request.GET.get("art") or _group_of(_from_entry(request).get("kind", ""))
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
    """Whoever is called like an entry that is there is asked whether they mean it, before there is one more."""
    labels = dict(current().labels("organisation_type"))
    form = RegistrationForm(posted(request), group=group, labels=labels, initial=_from_entry(request))
    which, alike = None, []
    if request.method == "POST" and form.is_valid():
        alike = taken_for(form.draft().name)
        free = [each for each in alike if each.state == "named"]
        asked = request.POST if "entry" in request.POST or "gefragt" in request.POST else None
        which = WhichForm(asked, entries=[_entry(each, labels) for each in free]) if alike else None
        if which is None or which.is_valid():
            chosen = which.cleaned_data["entry"] if which else NEW_ENTRY
            entry = next((each for each in free if each.public_id == chosen), None)
            if answer := _apply(request, form, entry, actor):
                return answer
    context = {
        "form": form,
        "which": which,
        "taken": [each for each in alike if each.state != "named"],
        "made_by": entries_made_by(form.draft().name) if which is not None else [],
        "title": GROUPS[group][0],
        "crumbs": [
            Crumb("Start", "/"),
            Crumb("Organisation anmelden", "/organisationen/neu"),
            Crumb(GROUPS[group][0]),
        ],
    }
    return render(request, "organisations/register_form.html", context)


def _apply(
    request: HttpRequest, form: RegistrationForm, entry: Organisation | None, actor: Actor
) -> HttpResponse | None:
    """The application is made; None where it was refused, and the form says why."""
    now = datetime.now(UTC)
    try:
        if entry is None:
            claim = apply_for(form.draft(), by=actor, now=now)
        else:
            claim = take_over(entry, form.draft(), by=actor, now=now)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, "Danke. Wir prüfen Ihre Anmeldung und melden uns per E-Mail.")
    return redirect("organisation", claim.organisation.public_id)


def _group_of(kind: str) -> str:
    return next((code for code, (_, kinds, _) in GROUPS.items() if kind in kinds), "")


def _entry(organisation: Organisation, labels: dict[str, str]) -> tuple[str, str]:
    known = (labels.get(organisation.kind, ""), organisation.website_url)
    facts = ", ".join(part for part in known if part)
    return organisation.public_id, f"Ja, das sind wir: {organisation.name}" + (f" ({facts})" if facts else "")


def _from_entry(request: HttpRequest) -> dict[str, str]:
    """Whoever comes from the page of an entry need not type its name."""
    public_id = request.GET.get("eintrag", "")
    entry = public_organisations().filter(public_id=public_id).first() if is_public_id(public_id) else None
    if entry is None or entry.state != "named":
        return {}
    return {"name": entry.name, "kind": entry.kind, "website_url": entry.website_url}
