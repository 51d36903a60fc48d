"""Attachments of a case: what is there, one more, one less."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from allmende.exploration import rules
from allmende.exploration.actions.attachments import ATTACHMENTS_EACH, attach, detach
from allmende.files.limits import LARGEST_DOCUMENT
from allmende.files.queries import all_documents_about, kept
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.web.exploration.forms import AttachmentForm
from allmende.web.exploration.pages import case_or_404, crumbs
from allmende.web.files.uploads import PER_ACCOUNT, PER_ADDRESS, bytes_of, sent_in
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@limit_posts("upload", per_address=PER_ADDRESS, per_account=PER_ACCOUNT)
@for_members
def show(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    form = AttachmentForm(**sent_in(request))
    if form.is_valid():
        sent = form.cleaned_data["document"]
        try:
            data = bytes_of(sent, most=LARGEST_DOCUMENT)
            file = attach(case, data, sent.name, by=actor, now=datetime.now(UTC))
        except Refused as refusal:
            form.add_error("document", refusal.message)
        else:
            messages.success(request, f"„{file.name}“ ist hochgeladen und wird jetzt geprüft.")
            return redirect("case_attachments", public_id)
    documents = all_documents_about("case", public_id)
    context = {
        "case": case,
        "form": form,
        "documents": documents,
        "may_edit": rules.may_edit(actor, case),
        "is_full": len(documents) >= ATTACHMENTS_EACH,
        "crumbs": crumbs(case, "Anlagen"),
    }
    return render(request, "exploration/attachments.html", context)


@require_POST
@for_members
def remove(request: HttpRequest, actor: Actor, public_id: str, file: str) -> HttpResponse:
    case = case_or_404(actor, public_id)
    found = kept(file) if is_public_id(file) else None
    if found is None or (found.about_type, found.about_id) != ("case", public_id):
        raise Http404("Diese Anlage gibt es nicht.")
    return carry_out(
        request,
        f"„{found.name}“ ist entfernt.",
        lambda now: detach(case, found, by=actor, now=now),
        then=f"/markterkundungen/{public_id}/anlagen",
    )
