"""The e-mail domains of an organisation, and whom they let in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.organisations import queries
from allmende.organisations.actions import admit, propose_domain, remove_domain
from allmende.organisations.rules import may_manage
from allmende.web.organisations.forms import DomainForm
from allmende.web.organisations.loading import organisation_of
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@require_POST
@limit_posts("domain", per_address="100/h", per_account="20/h")
@for_members
def add(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    organisation = organisation_of(actor, public_id)
    form = DomainForm(request.POST)
    then = f"/organisation/{public_id}#domains"
    if not form.is_valid():
        messages.error(request, "Geben Sie die Domain ein, die in Ihren E-Mail-Adressen nach dem @ steht.")
        return redirect(then)
    return carry_out(
        request,
        "Danke. Wir sehen uns die Domain an. Bis dahin lässt sie niemanden herein.",
        lambda now: propose_domain(organisation, form.cleaned_data["domain"], by=actor, now=now),
        then=then,
    )


@require_POST
@limit_posts("domain", per_address="100/h", per_account="20/h")
@for_members
def change(request: HttpRequest, actor: Actor, public_id: str, domain: str) -> HttpResponse:
    """Let people in at once, after a look, or no longer."""
    organisation = organisation_of(actor, public_id)
    found = queries.domains(organisation).filter(public_id=domain).first()
    if found is None or not may_manage(actor, organisation):
        raise Http404
    then = f"/organisation/{public_id}#domains"
    if request.POST.get("was") == "entfernen":
        return carry_out(
            request,
            f"Die Domain {found.domain} ist entfernt.",
            lambda now: remove_domain(found, by=actor, now=now),
            then=then,
        )
    return carry_out(
        request,
        f"Für {found.domain} gilt jetzt die neue Regel.",
        lambda now: admit(found, request.POST.get("was", ""), by=actor, now=now),
        then=then,
    )
