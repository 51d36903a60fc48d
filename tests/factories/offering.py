"""Complete contents to submit, and the steps from a working copy to a published offer; for several tests."""

from dataclasses import replace
from decimal import Decimal

from allmende.catalogue.actions import accept, begin_new_solution, begin_offer, save, submit
from allmende.catalogue.contents import Content, read
from allmende.catalogue.drafts import ContactDraft, OfferDraft, PriceDraft, SolutionDraft, TextDraft
from allmende.catalogue.models import WorkingCopy


def an_offer(organisation, **more):
    told = {
        "title": "Betrieb im Land",
        "kind": "operation",
        "supplier": organisation.public_id,
        "delivery_model": "saas_provider",
        "price_model": "subscription_flat",
        "prices": (PriceDraft(kind="yearly", amount=Decimal(1200)),),
        "contact": ContactDraft(name="Vertrieb", email="angebot@beispiel.example", is_team=True),
    }
    return OfferDraft(**{**told, **more})


def a_solution(**more):
    told = {
        "name": "Baumkataster Beispiel",
        "texts": (
            TextDraft(language="de", summary="Alle Bäume der Stadt auf einer Karte, mit ihrer Pflege."),
        ),
        "website_url": "https://baum.example.org",
        "repository_url": "https://code.example.org/baum/kataster",
        "fields_of_action": ("verwaltung",),
    }
    return SolutionDraft(**{**told, **more})


def fresh(copy):
    return WorkingCopy.objects.get(pk=copy.pk)


def filled(copy, content, *, by, now):
    """The copy with this content saved on its first page."""
    step = "was" if content.offer is None else "betrieb"
    return save(copy, content, step=step, is_done=True, lock_version=fresh(copy).lock_version, by=by, now=now)


def submitted_offer(solution, organisation, *, by, now, **more):
    copy = begin_offer(solution, organisation=organisation, by=by, now=now)
    copy = filled(copy, Content(offer=an_offer(organisation, **more)), by=by, now=now)
    return submit(copy, lock_version=copy.lock_version, by=by, now=now)


def submitted_solution(organisation, *, by, now, **more):
    copy = begin_new_solution(organisation, by=by, now=now)
    content = replace(read(copy.content), solution=a_solution(**more), offer=an_offer(organisation))
    copy = filled(copy, content, by=by, now=now)
    return submit(copy, lock_version=copy.lock_version, by=by, now=now)


def published_offer(solution, organisation, *, by, desk, now, **more):
    copy = submitted_offer(solution, organisation, by=by, now=now, **more)
    return accept(copy, lock_version=copy.lock_version, by=desk, now=now).offer
