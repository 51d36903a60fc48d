"""Making the pages that every marketplace must have."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.web.pages.models import LegalPage
from allmende.web.pages.texts import TEXTS, Text


def _root() -> Page:
    """The root of the tree of addresses; Wagtail's first migration makes one, a cleared database has none."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is not None:
        return site.root_page
    top = Page.get_first_root_node()
    home = Page.objects.child_of(top).first() or top.add_child(instance=Page(title="Allmende", slug="start"))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Allmende")
    return home


def _add(text: Text, parent: Page, now: datetime) -> Page:
    slug = text.address.rsplit("/", 1)[1]
    day = timezone.localtime(now).date()
    page = LegalPage(title=text.title, slug=slug, body=text.body, contact=text.contact, as_of=day)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


@transaction.atomic
def note(kind: str, page: LegalPage, *, by: Actor, now: datetime) -> None:
    """Write into the journal what Wagtail has done with a page."""
    record(kind, subject=("page", str(page.pk)), by=by, now=now)


@transaction.atomic
def ensure_pages(*, by: Actor, now: datetime) -> list[str]:
    """Add the pages that are missing, with a text to begin with; gives their addresses. What exists stays as it is."""
    added = []
    pages: dict[str, Page] = {"": _root()}
    for text in TEXTS:
        above, slug = text.address.rsplit("/", 1)
        parent = pages[above]
        page = Page.objects.child_of(parent).filter(slug=slug).first()
        if page is None:
            page = _add(text, parent, now)
            added.append(text.address)
        pages[text.address] = page
    return added
