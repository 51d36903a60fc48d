"""Addresses about uses, and about what towns miss."""

from django.urls import path

from allmende.web.uses import desk
from allmende.web.uses.views import missing, one, own

urlpatterns = [
    path("mein/nutzung", own.show, name="own_uses"),
    path("loesungen/<str:public_id>/nutzung", one.show, name="confirm_use"),
    path("fehlende-loesung", missing.new, name="missing_new"),
    path("fehlende-loesung/<str:public_id>", missing.one, name="missing"),
    path("fehlende-loesung/<str:public_id>/zuruecknehmen", missing.take_back, name="missing_take_back"),
    path("redaktion/genannt", desk.every, name="desk_missing"),
    path("redaktion/genannt/<str:public_id>", desk.one, name="desk_missing_one"),
]
