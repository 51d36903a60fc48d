"""Documents beside an offer, published or being written: what is there, one more, one less."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from allmende.catalogue import queries, rules
from allmende.catalogue.actions import add_document, prepare_document, remove_document
from allmende.catalogue.contents import read
from allmende.catalogue.models import Offer
from allmende.files.limits import DOCUMENTS_EACH, LARGEST_DOCUMENT
from allmende.files.models import StoredFile
from allmende.files.queries import all_documents_about, kept, retired_about
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.lib.refusals import Refused
from allmende.organisations.rules import is_staff
from allmende.web.components.forms import KindForm
from allmende.web.components.parts import Crumb
from allmende.web.files.uploads import PER_ACCOUNT, PER_ADDRESS, UploadField, bytes_of, sent_in
from allmende.web.offers.pages import HOME, crumbs, own_copy
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

TITLE = "Nachweise und Unterlagen"
CHOOSE = "Wählen Sie eine Datei aus."
Store = Callable[[bytes, str, datetime], StoredFile]


class DocumentForm(KindForm):
    sentences: ClassVar[dict[str, dict[str, str]]] = {"document": {"required": CHOOSE, "invalid": CHOOSE}}

    document = UploadField(
        label="Datei",
        help_text="PDF, ODT, ODS, DOCX oder XLSX, höchstens 10 MB, ohne Makros und ohne Passwort. Zum Beispiel eine "
        "Preisliste, eine Erklärung zur Barrierefreiheit oder ein Zertifikat.",
        accept=".pdf,.odt,.ods,.docx,.xlsx",
    )


@for_members
@limit_posts("upload", per_address=PER_ADDRESS, per_account=PER_ACCOUNT)
def of_offer(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Of a published or withdrawn offer: for whoever keeps it, and for staff to take something away."""
    offer = _offer(actor, public_id)
    context = {
        "what": offer.title,
        "may_add": offer.state == "published" and rules.may_add_documents(actor, offer),
        "retired": retired_about("offer", public_id),
        "is_staff": is_staff(actor),
        "is_public": offer.state == "published",
        "back": reverse("offers") if not is_staff(actor) else offer_page(offer),
        "crumbs": [*HOME, Crumb(offer.title), Crumb(TITLE)],
    }
    return _page(
        request,
        actor,
        ("offer", public_id),
        lambda data, name, now: add_document(offer, data, name, by=actor, now=now),
        context,
    )


def offer_page(offer: Offer) -> str:
    return reverse("solution", args=[offer.solution.public_id])


@for_members
@limit_posts("upload", per_address=PER_ADDRESS, per_account=PER_ACCOUNT)
def of_draft(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Of an offer that is not published yet."""
    copy = own_copy(actor, public_id)
    if not copy.is_new:
        raise Http404("Die Unterlagen stehen beim Angebot selbst.")
    context = {
        "what": "",
        "may_add": copy.can_be_edited,
        "is_public": False,
        "back": reverse("offer_draft", args=[public_id]),
        "crumbs": crumbs(copy, read(copy.content), Crumb(TITLE)),
    }
    return _page(
        request,
        actor,
        ("working_copy", public_id),
        lambda data, name, now: prepare_document(copy, data, name, by=actor, now=now),
        context,
    )


def _page(
    request: HttpRequest, actor: Actor, about: tuple[str, str], store: Store, context: dict[str, Any]
) -> HttpResponse:
    form = DocumentForm(**sent_in(request))
    if form.is_valid():
        sent = form.cleaned_data["document"]
        try:
            file = store(bytes_of(sent, most=LARGEST_DOCUMENT), sent.name, datetime.now(UTC))
        except Refused as refusal:
            form.add_error("document", refusal.message)
        else:
            messages.success(request, f"„{file.name}“ ist hochgeladen und wird jetzt geprüft.")
            return redirect(request.path)
    documents = all_documents_about(*about)
    context |= {
        "title": TITLE,
        "form": form,
        "documents": [(file, rules.may_remove_document(actor, file)) for file in documents],
        "is_full": len(documents) >= DOCUMENTS_EACH,
        "most": DOCUMENTS_EACH,
    }
    return render(request, "offers/documents.html", context)


def _offer(actor: Actor, public_id: str) -> Offer:
    related = Offer.objects.select_related("solution") if is_staff(actor) else queries.kept_offers(actor)
    offer = related.filter(public_id=public_id).first() if is_public_id(public_id) else None
    if offer is None:
        raise Http404("Dieses Angebot gibt es nicht.")
    return offer


@require_POST
@for_members
def remove(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    file = kept(public_id) if is_public_id(public_id) else None
    if (
        file is None
        or file.about_type not in ("offer", "working_copy")
        or not rules.may_remove_document(actor, file)
    ):
        raise Http404("Diese Unterlage gibt es nicht.")
    return carry_out(
        request,
        f"„{file.name}“ ist entfernt.",
        lambda now: remove_document(file, by=actor, now=now),
        then=_page_of(file, actor),
    )


def _page_of(file: StoredFile, actor: Actor) -> str:
    """Where the file stood. Staff sees what is not published on the desk's own page."""
    if file.about_type == "offer":
        return reverse("offer_documents", args=[file.about_id])
    page = "desk_check" if is_staff(actor) else "offer_draft_documents"
    return reverse(page, args=[file.about_id])
