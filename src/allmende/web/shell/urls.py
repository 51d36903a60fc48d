"""Addresses that every website has."""

from django.urls import path

from allmende.web.shell import views

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon),
]
