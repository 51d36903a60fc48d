"""Published pages by their address."""

from wagtail.models import Site

from allmende.web.pages.models import LegalPage


def live_page(address: str) -> LegalPage | None:
    """The published page at an address such as "/ueber/rangfolge", or None."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return None
    path = f"{site.root_page.url_path}{address.strip('/')}/"
    page: LegalPage | None = LegalPage.objects.live().filter(url_path=path).first()
    return page
