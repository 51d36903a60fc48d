"""Making the pages that every marketplace must have."""

from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Site

from allmende.journal.actions import record
from allmende.lib.actors import Actor
from allmende.organisations.roles import STAFF
from allmende.web.pages.models import LegalPage
from allmende.web.pages.texts import TEXTS, Text

ROOT_TITLE = "Feste Seiten"


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
    root = _root()
    if root.title != ROOT_TITLE:
        # Wagtail's own migration greets newcomers in English here.
        root.title = root.draft_title = ROOT_TITLE
        root.save(update_fields=["title", "draft_title"])
        Site.objects.filter(root_page=root).update(site_name="Allmende")
    pages: dict[str, Page] = {"": root}
    for text in TEXTS:
        above, slug = text.address.rsplit("/", 1)
        parent = pages[above]
        page = Page.objects.child_of(parent).filter(slug=slug).first()
        if page is None:
            page = _add(text, parent, now)
            added.append(text.address)
        pages[text.address] = page
    _let_staff_edit(pages[""])
    return added


def _let_staff_edit(root: Page) -> None:
    """Whoever holds a role of the platform may enter the back office and edit these pages; nothing else there."""
    enter = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    edit = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=("change_page", "publish_page")
    )
    for role in STAFF:
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(enter)
        for permission in edit:
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
