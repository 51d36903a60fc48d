"""The logo of an organisation: choose a picture, replace it, show none."""

from datetime import UTC, datetime
from typing import ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from allmende.files.limits import LARGEST_LOGO
from allmende.files.queries import logo_of
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations.actions import remove_logo, set_logo
from allmende.organisations.rules import may_set_logo
from allmende.web.components.forms import KindForm
from allmende.web.files.uploads import PER_ACCOUNT, PER_ADDRESS, UploadField, bytes_of, sent_in
from allmende.web.organisations.loading import crumbs, organisation_of
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

CHOOSE = "Wählen Sie ein Bild aus."


class LogoForm(KindForm):
    sentences: ClassVar[dict[str, dict[str, str]]] = {"logo": {"required": CHOOSE, "invalid": CHOOSE}}

    logo = UploadField(
        label="Bild",
        help_text="PNG, JPEG oder WebP, höchstens 5 MB. Wir verkleinern es auf 512 × 512 Bildpunkte und entfernen, was "
        "sonst noch in der Datei steht, zum Beispiel den Ort der Aufnahme.",
        accept="image/png,image/jpeg,image/webp",
    )


@for_members
@limit_posts("upload", per_address=PER_ADDRESS, per_account=PER_ACCOUNT)
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    organisation = organisation_of(actor, public_id)
    if not may_set_logo(actor, organisation):
        raise PermissionDenied
    form = LogoForm(**sent_in(request))
    if form.is_valid():
        data = bytes_of(form.cleaned_data["logo"], most=LARGEST_LOGO)
        try:
            set_logo(data, organisation=organisation, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error("logo", refusal.message)
        else:
            messages.success(request, "Das Logo steht jetzt auf Ihrer öffentlichen Seite.")
            return redirect("organisation", public_id)
    context = {
        "organisation": organisation,
        "form": form,
        "logo": logo_of(public_id),
        "crumbs": crumbs(organisation, "Logo"),
    }
    return render(request, "organisations/logo.html", context)


@require_POST
@for_members
def remove(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    organisation = organisation_of(actor, public_id)
    return carry_out(
        request,
        "Das Logo ist entfernt.",
        lambda now: remove_logo(organisation, by=actor, now=now),
        then=f"/organisation/{public_id}",
    )
