"""What the web topics themselves write into the journal: pages that an operator edits."""

KINDS = {
    "web.page_published": "Seite veröffentlicht",
    "web.page_unpublished": "Seite zurückgezogen",
}
