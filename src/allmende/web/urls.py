"""Addresses of all topics: one line a topic, each topic knows its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("allmende.web.accounts.urls")),
    path("verwaltung/", include("allmende.web.accounts.back_office")),
    path("", include("allmende.web.files.urls")),
    path("", include("allmende.web.organisations.urls")),
    path("", include("allmende.web.notices.urls")),
    path("", include("allmende.web.history.urls")),
    path("", include("allmende.web.marketplace.urls")),
    path("", include("allmende.web.uses.urls")),
    path("", include("allmende.web.offers.urls")),
    path("", include("allmende.web.demand.urls")),
    path("", include("allmende.web.procurement.urls")),
    path("", include("allmende.web.exploration.urls")),
    path("", include("allmende.web.records.urls")),
    path("", include("allmende.web.answers.urls")),
    path("", include("allmende.web.desk.urls")),
    path("", include("allmende.web.notifications.urls")),
    path("", include("allmende.web.operations.urls")),
    path("", include("allmende.web.components.urls")),
    path("", include("allmende.web.pages.urls")),
    path("", include("allmende.web.shell.urls")),
]
