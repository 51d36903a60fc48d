"""What a person was told, the latest first."""

from datetime import UTC, datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from allmende.lib.actors import Actor
from allmende.notifications.actions import read, read_all
from allmende.notifications.queries import news_of
from allmende.notifications.telling import told
from allmende.web.components.parts import Crumb, Paging
from allmende.web.marketplace.addresses import first, parameters_of
from allmende.web.shell.access import carry_out, for_members

PER_PAGE = 20
CRUMBS = (Crumb("Start", "/"), Crumb("Meine Arbeit", "/mein"))


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every page says the same of the same thing once, with how often."""
    parameters = parameters_of(request)
    page = Paginator(news_of(actor), PER_PAGE).get_page(first(parameters, "seite") or "1")
    context = {
        "news": told(list(page.object_list), actor),
        "unread": news_of(actor).filter(read_at=None).count(),
        "paging": Paging.of(request.path, parameters, page.number, page.paginator.num_pages),
        "crumbs": [*CRUMBS, Crumb("Nachrichten")],
    }
    return render(request, "notifications/news.html", context)


@require_POST
@for_members
def read_everything(request: HttpRequest, actor: Actor) -> HttpResponse:
    return carry_out(
        request, "Alle Nachrichten sind gelesen.", lambda now: read_all(by=actor, now=now), then="news"
    )


@for_members
def open_one(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """To what it is about; opened is read. Following the link once more does no harm."""
    item = news_of(actor).filter(public_id=public_id).first()
    if item is None:
        raise Http404
    read(item, by=actor, now=datetime.now(UTC))
    [said] = told([item], actor)
    if said.is_gone:
        messages.info(request, said.sentence)
        return redirect("news")
    return redirect(said.href)
