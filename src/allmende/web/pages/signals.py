"""What Wagtail's editor does with our pages comes to the journal here, and so to the cache of pages."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import page_published, page_unpublished

from allmende.lib.actors import Actor
from allmende.web.pages import actions
from allmende.web.pages.models import LegalPage


def _actor(user: Any) -> Actor:
    return Actor("person", user.public_id) if user else Actor.program("wagtail")


@receiver(page_published, sender=LegalPage)
def _note_published(instance: LegalPage, revision: Any = None, **kwargs: Any) -> None:
    user = getattr(revision, "user", None)
    actions.note("web.page_published", instance, by=_actor(user), now=timezone.now())


@receiver(page_unpublished, sender=LegalPage)
def _note_unpublished(instance: LegalPage, **kwargs: Any) -> None:
    actions.note("web.page_unpublished", instance, by=_actor(None), now=timezone.now())
