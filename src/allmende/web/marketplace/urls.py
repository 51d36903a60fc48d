"""Addresses of the marketplace: a plain list, German words."""

from django.urls import path

from allmende.web.marketplace.views import (
    comparison,
    origins,
    providers,
    search,
    solutions,
    start,
    suggest,
    towns,
    why,
)
from allmende.web.marketplace.views import map as usage_map

urlpatterns = [
    path("", start.show, name="start"),
    path("suche", search.show, name="search"),
    path("suche/vorschlaege", suggest.show, name="suggest"),
    path("suche/warum/<str:public_id>", why.show, name="why"),
    path("karte", usage_map.show, name="map"),
    path("karte/gemeinden.svg", usage_map.ground, name="map_ground"),
    path("kommunen", towns.find, name="towns"),
    path("kommunen/<str:key>", towns.show, name="town"),
    path("anbieter", providers.listing, name="providers"),
    path("anbieter/<str:public_id>", providers.show, name="provider"),
    path("daten", origins.show, name="origins"),
    path("loesungen/<str:public_id>", solutions.solution, name="solution"),
    path("loesungen/<str:public_id>/ausgaben", solutions.editions, name="editions"),
    path("loesungen/<str:public_id>/ausgabe/<int:number>", solutions.edition, name="edition"),
    path("loesungen/<str:public_id>/ausgabe/<int:number>.json", solutions.edition_json, name="edition_json"),
    path("vergleich", comparison.comparison, name="comparison"),
    path("vergleich.xlsx", comparison.comparison_xlsx, name="comparison_xlsx"),
    path("vergleich.csv", comparison.comparison_csv, name="comparison_csv"),
]
