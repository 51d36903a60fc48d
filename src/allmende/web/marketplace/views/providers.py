"""Who offers something: the list, and one provider with its offers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from allmende.catalogue.models import Offer
from allmende.catalogue.queries import offers_of
from allmende.catalogue.queries import providers as known_providers
from allmende.catalogue.rules import may_submit
from allmende.files.queries import logo_of
from allmende.lib.actors import Actor
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for, merged_away, public_organisations
from allmende.organisations.rules import is_staff, may_see_register
from allmende.vocabulary.queries import Vocabulary, current
from allmende.web.components.parts import Crumb
from allmende.web.components.templatetags.formats import joined
from allmende.web.marketplace.cards import lowest_cost
from allmende.web.shell.page_cache import public_page

CRUMBS = (Crumb("Start", "/"), Crumb("Anbieter", "/anbieter"))


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """All organisations with offers, by name."""
    kinds = current().labels("organisation_type")
    rows = [(each, kinds.get(each.kind, ""), number) for each, number in known_providers()]
    return render(
        request, "marketplace/providers.html", {"crumbs": (CRUMBS[0], Crumb("Anbieter")), "rows": rows}
    )


@public_page
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One provider; 404 for an unknown id."""
    provider = public_organisations().filter(public_id=public_id[:10]).first()
    if provider is None or provider.public_id != public_id:
        if now_in := merged_away(public_id[:10]):
            return redirect("provider", now_in.public_id)
        raise Http404
    vocabulary, actor = current(), actor_for(request.user)
    context = {
        "crumbs": (*CRUMBS, Crumb(provider.name)),
        "provider": provider,
        "logo": logo_of(provider.public_id),
        "kind": vocabulary.labels("organisation_type").get(provider.kind, ""),
        "register": register_of(provider) if may_see_register(actor, provider) else "",
        "offers": [_offer(offer, provider, vocabulary, actor) for offer in offers_of(provider, actor)],
        "desk": is_staff(actor),
    }
    return render(request, "marketplace/provider.html", context)


def _offer(offer: Offer, provider: Organisation, vocabulary: Vocabulary, actor: Actor) -> dict[str, Any]:
    return {
        "offer": offer,
        "kind": vocabulary.labels("offer_kind").get(offer.kind, offer.kind),
        "roles": joined(roles_in(offer, provider)),
        "delivery": vocabulary.labels("delivery_model").get(offer.delivery_model, ""),
        "cost": lowest_cost([offer]),
        "has_lapsed": offer.has_lapsed(timezone.localdate()),
        # Staff changes what is published at the desk, not here.
        "may_edit": any(may_submit(actor, party) for party in offer.parties),
    }


def register_of(provider: Organisation) -> str:
    """Legal form and register number in one line; "" where there is neither."""
    number = f"{provider.register_number}, {provider.register_court}" if provider.register_number else ""
    form = provider.get_legal_form_display() if provider.legal_form else ""
    return ", ".join(part for part in (form, number) if part)


def roles_in(offer: Offer, provider: Organisation) -> list[str]:
    """What the organisation does in this offer, as verbs."""
    verbs = {"supplier": "liefert", "operator": "betreibt", "seller": "verkauft"}
    return [verb for role, verb in verbs.items() if getattr(offer, f"{role}_id") == provider.pk]
