"""How often mail comes, category by category."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from allmende.accounts.models import User
from allmende.lib.actors import Actor
from allmende.mail.actions import trust_again
from allmende.mail.queries import is_undeliverable
from allmende.notifications.actions import prefer
from allmende.notifications.categories import RATE_HINTS, RATES
from allmende.notifications.queries import categories_for, rates_of, searches_of
from allmende.web.components.parts import Crumb
from allmende.web.notifications.forms import RatesForm
from allmende.web.notifications.views.news import CRUMBS
from allmende.web.shell.access import carry_out, for_members
from allmende.web.shell.limits import limit_posts


@for_members
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    user = request.user
    posted = request.POST if request.method == "POST" else None
    form = RatesForm(posted, rates=rates_of(user), categories=categories_for(actor))
    if request.method == "POST" and form.is_valid():
        return carry_out(
            request,
            "Gespeichert. So oft schreiben wir Ihnen ab jetzt.",
            lambda now: prefer(user, form.rates, by=actor, now=now),
            then="news_rates",
        )
    context = {
        "form": form,
        "meanings": [(RATES[code], hint) for code, hint in RATE_HINTS.items()],
        "searches": searches_of(actor).count(),
        "is_undeliverable": is_undeliverable(user.email),
        "crumbs": [*CRUMBS, Crumb("Nachrichten", "/mein/nachrichten"), Crumb("Einstellungen")],
    }
    return render(request, "notifications/rates.html", context)


@require_POST
@limit_posts("mail_address", per_address="100/h", per_account="20/h")
@for_members
def trust_address(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The owner of the address says that it works again."""
    assert isinstance(request.user, User)  # noqa: S101  # for_members has let in nobody else
    address = request.user.email
    return carry_out(
        request,
        "Danke. Wir schreiben wieder an diese Adresse.",
        lambda now: trust_again(address),
        then="news_rates",
    )
