"""Addresses of the marketplace: a plain list, German words."""

from django.urls import path

from allmende.web.marketplace.views import comparison, search, solutions

urlpatterns = [
    path("suche", search.show, name="search"),
    path("loesungen/<str:public_id>", solutions.solution, name="solution"),
    path("loesungen/<str:public_id>/ausgaben", solutions.editions, name="editions"),
    path("loesungen/<str:public_id>/ausgabe/<int:number>", solutions.edition, name="edition"),
    path("loesungen/<str:public_id>/ausgabe/<int:number>.json", solutions.edition_json, name="edition_json"),
    path("vergleich", comparison.comparison, name="comparison"),
    path("vergleich.xlsx", comparison.comparison_xlsx, name="comparison_xlsx"),
    path("vergleich.csv", comparison.comparison_csv, name="comparison_csv"),
]
