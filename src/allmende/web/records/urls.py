"""Addresses for whoever proves a document or reads its data."""

from django.urls import path

from allmende.web.records import views

urlpatterns = [
    path("schluessel", views.published_keys, name="record_keys"),
    path("schluessel.json", views.published_keys_json, name="record_keys_json"),
    path("schema/<slug:name>.json", views.schema, name="record_schema"),
]
