"""Addresses of the rules of procurement."""

from django.urls import path

from allmende.web.procurement.views import desk, own, public

urlpatterns = [
    path("vergaberegeln", public.show, name="procurement_rules"),
    path("vergaberegeln/auftragswert", public.calculate, name="procurement_calculator"),
    path("organisation/<str:public_id>/vergaberegeln", own.show, name="organisation_rules"),
    path("organisation/<str:public_id>/vergaberegeln/<str:rule>", own.change, name="organisation_rule"),
    path("redaktion/vergaberegeln", desk.every, name="desk_rules"),
    path("redaktion/vergaberegeln/neu", desk.new, name="desk_rule_new"),
    path("redaktion/vergaberegeln/<str:public_id>", desk.one, name="desk_rule"),
]
