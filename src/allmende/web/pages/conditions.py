"""Whether the pages that the law asks for are there, and whether an operator has written them."""

from datetime import datetime

from django.conf import settings

from allmende.web.pages.models import LegalPage
from allmende.web.pages.texts import TEXTS

# Begins every place that our first texts leave open.
OPEN = "Der Betreiber "


def texts(_now: datetime) -> tuple[str, str] | None:
    """What is wrong and how to mend it. The demo is nobody's site: what its texts leave open stays open."""
    if settings.DEMO:
        return None
    pages = list(LegalPage.objects.live())
    there = {page.address for page in pages}
    if missing := [text.title for text in TEXTS if text.address not in there]:
        return f"Diese Seiten fehlen: {', '.join(missing)}.", "Geben Sie ein: allmende ensure_pages"
    if unwritten := [page.title for page in pages if OPEN in page.body + page.contact]:
        return (
            f"Auf diesen Seiten fehlt noch, was nur Sie wissen: {', '.join(sorted(unwritten))}.",
            f"Suchen Sie dort unter /verwaltung/ nach „{OPEN}…“ und schreiben Sie hin, was für Sie gilt.",
        )
    return None
