"""Who stands before an inquiry, by an account or by a personal link, and where its pages are."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest
from django.urls import reverse

from allmende.exploration.models import Inquiry
from allmende.exploration.queries.answering import CompanyView, inquiry_by_token, inquiry_for, view_of
from allmende.lib.actors import Actor
from allmende.lib.ids import is_public_id
from allmende.web.components.parts import Crumb

NOT_THERE = "Diese Anfrage gibt es nicht, oder sie ging nicht an Sie."
LINK_ENDED = (
    "Dieser Link öffnet nichts. Prüfen Sie, ob er vollständig ist. Hat die Kommune Ihre Adresse berichtigt, gilt der "
    "Link aus der neueren E-Mail."
)


@dataclass(frozen=True)
class Place:
    """One inquiry and by which right somebody sees it: `token` "" for an account."""

    inquiry: Inquiry
    actor: Actor
    token: str = ""

    @property
    def key(self) -> str:
        return self.token or self.inquiry.public_id

    @property
    def name(self) -> str:
        return "inquiry_link" if self.token else "inquiry"

    @property
    def page(self) -> str:
        return reverse(self.name, args=[self.key])

    @property
    def form(self) -> str:
        return reverse(f"{self.name}_answers", args=[self.key])

    @property
    def autosave(self) -> str:
        return reverse(f"{self.name}_autosave", args=[self.key])

    @property
    def print_page(self) -> str:
        return reverse(f"{self.name}_print", args=[self.key])

    @property
    def crumbs(self) -> list[Crumb]:
        title = self.inquiry.questionnaire.case.title
        before = [] if self.token else [Crumb("Anfragen", reverse("inquiries"))]
        return [Crumb("Start", "/"), *before, Crumb(title)]

    def view(self) -> CompanyView:
        return view_of(self.inquiry, self.actor, datetime.now(UTC))


def by_account(actor: Actor, public_id: str) -> Place:
    found = inquiry_for(actor, public_id) if is_public_id(public_id) else None
    if found is None:
        raise Http404(NOT_THERE)
    return Place(found, actor)


def by_link(_request: HttpRequest, token: str) -> Place:
    """Whoever has the link, signed in or not; what they do is signed as done by the link."""
    found = inquiry_by_token(token)
    if found is None:
        raise Http404(LINK_ENDED)
    return Place(found, Actor.anonymous(), token)
