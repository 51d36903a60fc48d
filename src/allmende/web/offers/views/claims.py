"""An organisation says that an entry is its own."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from allmende.catalogue.actions import claim, withdraw_own_entry
from allmende.catalogue.queries import (
    offers_of_others,
    open_claims_of,
    owned_solutions,
    owner_of,
    visible_to,
)
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.models import Organisation
from allmende.web.components.drafting import version_in
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.offers.pages import HOME, organisations_for
from allmende.web.shell.access import for_members
from allmende.web.shell.limits import limit_posts


class ClaimForm(KindForm):
    organisation = forms.ChoiceField(
        label="Zu welcher Organisation gehört der Eintrag?", widget=forms.RadioSelect
    )
    evidence = forms.CharField(
        label="Woran sieht man das?",
        help_text=(
            "Zum Beispiel: Wir haben die Software entwickelt; im Quellcode steht unser Name als Rechteinhaberin. "
            "Nennen Sie eine Adresse, unter der man es nachlesen kann."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = [(each.public_id, each.name) for each in organisations]


@limit_posts("entry_claim", per_address="150/h", per_account="30/h")
@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Say whose the entry is and why; or see that somebody has said so already."""
    published = visible_to(actor).filter(state="published", public_id=public_id)
    solution = published.first() if is_public_id(public_id) else None
    if solution is None:
        raise Http404("Diese Lösung gibt es nicht.")
    organisations = organisations_for(actor)
    first = {"organisation": organisations[0].public_id} if len(organisations) == 1 else {}
    form = ClaimForm(request.POST or None, organisations=organisations, initial=first)
    if request.method == "POST" and organisations and form.is_valid():
        own = next(each for each in organisations if each.public_id == form.cleaned_data["organisation"])
        try:
            claim(
                solution,
                organisation=own,
                evidence=form.cleaned_data["evidence"],
                by=actor,
                now=datetime.now(UTC),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Danke. Die Redaktion prüft das und schreibt Ihnen.")
            return redirect("offers")
    context = {
        "solution": solution,
        "organisations": organisations,
        "owner": owner_of(solution),
        "made": open_claims_of(actor).filter(solution=solution).first(),
        "form": form,
        "crumbs": [
            Crumb("Start", "/"),
            Crumb(solution.name, reverse("solution", args=[public_id])),
            Crumb("Eintrag übernehmen"),
        ],
    }
    return render(request, "offers/claim.html", context)


class EntryWithdrawForm(KindForm):
    reason = forms.CharField(
        label="Warum ziehen Sie den Eintrag zurück?",
        help_text="Ein Satz genügt, zum Beispiel: Wir entwickeln die Software nicht weiter. Der Grund ist öffentlich.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


@limit_posts("entry_withdraw", per_address="150/h", per_account="30/h")
@for_members
def withdraw(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Take one's own entry off the marketplace, or let go of it where others offer the solution."""
    owned = owned_solutions(actor).filter(state="granted", solution__public_id=public_id[:10]).first()
    if owned is None:
        raise Http404("Dieser Eintrag gehört nicht zu Ihrer Organisation.")
    form = EntryWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            noted = withdraw_own_entry(
                owned.solution,
                organisation=owned.organisation,
                reason=form.cleaned_data["reason"],
                lock_version=version_in(request),
                by=actor,
                now=datetime.now(UTC),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, WITHDRAWN[noted.act].format(name=owned.solution.name))
            return redirect("offers")
    version = owned.solution.lock_version if request.method != "POST" else max(version_in(request), 0)
    context = {
        "solution": owned.solution,
        "others": offers_of_others(owned.solution, owned.organisation).count(),
        "users": owned.solution.confirmed_uses.exclude(state="ended").count(),
        "form": form,
        "version": version,
        "crumbs": [*HOME, Crumb(owned.solution.name), Crumb("Eintrag zurückziehen")],
    }
    return render(request, "offers/withdraw_entry.html", context)


WITHDRAWN = {
    "withdrawn": "Der Eintrag „{name}“ ist zurückgezogen.",
    "given_up": "Der Eintrag „{name}“ gehört nicht mehr zu Ihrer Organisation. Die Redaktion entscheidet, ob er "
    "stehen bleibt.",
}
