"""One address a page, so that a page nobody wrote is a 404 and never hides another topic."""

from django.urls import path

from allmende.web.pages import views
from allmende.web.pages.texts import TEXTS

urlpatterns = [
    path(text.address.removeprefix("/"), views.show, {"address": text.address}, name=f"page_{text.name}")
    for text in TEXTS
]
