"""Addresses of histories."""

from django.urls import path

from allmende.web.history import views

urlpatterns = [
    path("redaktion/journal", views.search, name="desk_journal"),
    path("<slug:kind>/<str:public_id>/verlauf", views.story, name="story"),
]
