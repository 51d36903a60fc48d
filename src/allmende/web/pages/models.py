from typing import ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]


class LegalPage(Page):
    """A page at a fixed address (its path below the site's root), with text and a contact of its own."""

    body = RichTextField("Text", features=FEATURES)
    contact = RichTextField(
        "Kontakt",
        features=["bold", "ul", "link"],
        blank=True,
        help_text="Steht unter dem Text; auf der Seite zur Barrierefreiheit ist es der Kontakt für Rückmeldungen.",
    )
    # Stated by a person: an edit of a comma is no new state of a declaration.
    as_of = models.DateField("Stand", help_text="Wann der Inhalt zuletzt geprüft wurde.")

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("body"),
        FieldPanel("contact"),
        FieldPanel("as_of"),
    ]
    template = "pages/legal_page.html"
    subpage_types: ClassVar = ["web.LegalPage"]
    parent_page_types: ClassVar = ["wagtailcore.Page", "web.LegalPage"]

    class Meta:
        verbose_name = "Seite mit festem Text"
        verbose_name_plural = "Seiten mit festem Text"

    @property
    def address(self) -> str:
        """ "/ueber/rangfolge": the slugs below the site's root, without a slash at the end."""
        return "/" + "/".join(self.url_path.strip("/").split("/")[1:])

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Wagtail asks where the page lives; its own tree of addresses is not served."""
        sites = self._get_relevant_site_root_paths(request)
        return (sites[0].site_id, sites[0].root_url, self.address) if sites else None
