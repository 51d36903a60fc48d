"""Addresses about notices."""

from django.urls import path

from allmende.web.notices import desk, views

urlpatterns = [
    path("melden/<slug:kind>/<str:public_id>", views.report, name="report"),
    path("meldungen/<str:public_id>/stellungnahme", views.own_statement, name="own_statement"),
    path("meldungen/<str:public_id>/stellungnahme/<str:key>", views.statement, name="statement"),
    path("meldungen/<str:public_id>/bestaetigen/<str:key>", views.confirm, name="confirm_notice"),
    path("meldungen/<str:public_id>/<str:key>", views.follow, name="follow_notice"),
    path("redaktion/meldungen", desk.every, name="desk_notices"),
    path("redaktion/meldungen/<str:public_id>", desk.one, name="desk_notice"),
]
