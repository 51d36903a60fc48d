"""All addresses, topic by topic."""

from django.urls import include, path

urlpatterns = [
    path("", include("allmende.web.urls")),
]
