"""Addresses of histories."""

from django.urls import path

from allmende.web.history import views

urlpatterns = [
    path("redaktion/journal", views.search, name="desk_journal"),
    path("redaktion/journal/<int:entry>/text/<slug:name>", views.words, name="desk_journal_words"),
    path("<slug:kind>/<str:public_id>/verlauf", views.story, name="story"),
]
