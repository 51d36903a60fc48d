"""The gallery and the page that it shows."""

from django.urls import path

from allmende.web.components import gallery

urlpatterns = [
    path("komponenten", gallery.show, name="gallery"),
    path("komponenten/bestaetigen", gallery.confirm, name="gallery_confirm"),
]
