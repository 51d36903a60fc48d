"""Saved searches: keep one, say how often to hear of it, let it go."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.notifications.actions import change_search, drop_search, save_search
from allmende.notifications.categories import CATEGORIES, RATES
from allmende.notifications.models import SavedSearch
from allmende.notifications.queries import searches_of
from allmende.search.labels import known
from allmende.web.components.parts import Crumb, Option
from allmende.web.marketplace.addresses import SearchAddress, parameters_of
from allmende.web.marketplace.facets import SHORT_LABELS
from allmende.web.notifications.forms import SearchForm
from allmende.web.notifications.views.news import CRUMBS
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts

HERE = Crumb("Gespeicherte Suchen", "/mein/suchen")
LONGEST_TITLE = 200


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All of them, by name, each with its rate."""
    context = {
        "searches": [(each, _options(each)) for each in searches_of(actor)],
        "crumbs": [*CRUMBS, Crumb(HERE.label)],
    }
    return render(request, "notifications/searches.html", context)


def _options(saved: SavedSearch) -> list[Option]:
    return [Option(code, label, chosen=code == saved.rate) for code, label in RATES.items()]


@limit_posts("saved_search", per_address="300/h", per_account="60/h")
@for_members
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is to be saved stands in the address, as on the search page; name and rate are asked for."""
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    user, address = request.user, _lasting(request)
    asked = {"title": title_of(address), "rate": CATEGORIES["searches"].usual}
    form = SearchForm(request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        return carry_out(
            request,
            f"Die Suche „{said['title']}“ ist gespeichert. Wir sagen Ihnen Bescheid, wenn es Neues gibt.",
            lambda now: save_search(
                user,
                title=said["title"],
                address=address.href,
                question=address.question,
                rate=said["rate"],
                by=actor,
                now=now,
            ),
            then="saved_searches",
        )
    context = {
        "form": form,
        "address": address,
        "what": _what(address),
        "crumbs": [*CRUMBS, HERE, Crumb("Suche speichern")],
    }
    return render(request, "notifications/search_new.html", context)


def _lasting(request: HttpRequest) -> SearchAddress:
    """The search without what is only about looking at it: page and order."""
    return replace(SearchAddress.of(parameters_of(request)), page=1, order=None)


def _what(address: SearchAddress) -> list[tuple[str, list[str]]]:
    """Words and filters in German: label and values."""
    labels = known().labels
    said = [("Suchwörter", [address.text])] if address.text else []
    return said + [
        (SHORT_LABELS[facet], [labels[facet].get(code, code) for code in codes])
        for facet, codes in address.choices.items()
    ]


def title_of(address: SearchAddress) -> str:
    """A name to begin with: what was typed, and the filters behind it."""
    values = [value for _, values in _what(address) for value in values]
    return ", ".join(values)[:LONGEST_TITLE] or "Alle Lösungen"


def _own(actor: Actor, public_id: str) -> SavedSearch:
    saved = searches_of(actor).select_related("user").filter(public_id=public_id).first()
    if saved is None:
        raise Http404
    return saved


@require_POST
@for_members
def change(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    saved, rate = _own(actor, public_id), request.POST.get("rate", "")
    return carry_out(
        request,
        f"Gespeichert. E-Mails zu „{saved.title}“: {RATES.get(rate, '')}.",
        lambda now: change_search(saved, rate=rate, by=actor, now=now),
        then="saved_searches",
    )


@require_POST
@for_members
def drop(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    saved = _own(actor, public_id)
    return carry_out(
        request,
        f"Die Suche „{saved.title}“ ist gelöscht.",
        lambda now: drop_search(saved, by=actor, now=now),
        then="saved_searches",
    )
