"""Addresses of the desk."""

from django.urls import path

from allmende.web.desk.views import (
    duplicates,
    findings,
    mine,
    misses,
    overview,
    records,
    regions,
    roles,
    solutions,
    sources,
    uses,
    words,
)

urlpatterns = [
    path("mein", mine.show, name="mine"),
    path("redaktion", overview.show, name="desk"),
    path("redaktion/quellen", sources.every, name="desk_sources"),
    path("redaktion/quellen/<slug:code>", sources.one, name="desk_source"),
    path("redaktion/quellen/<slug:code>/abgleichen", sources.harvest, name="desk_harvest"),
    path("redaktion/quellen/<slug:code>/fehlende", sources.accept, name="desk_accept_missing"),
    path("redaktion/quellen/<slug:code>/anhalten", sources.pause, name="desk_source_pause"),
    path("redaktion/quellen/<slug:code>/abstand", sources.rhythm, name="desk_source_rhythm"),
    path("redaktion/fehlende", records.held, name="desk_held"),
    path("redaktion/zurueckgestellt", records.waiting, name="desk_waiting"),
    path("redaktion/zurueckgestellt/<str:public_id>", records.one, name="desk_record"),
    path("redaktion/rollen", roles.show, name="desk_roles"),
    path("redaktion/rollen/<int:number>/beenden", roles.end, name="desk_role_end"),
    path("redaktion/rollen/vorschlaege/<str:public_id>", roles.decide, name="desk_role_proposal"),
    path("redaktion/begriffe", words.every, name="desk_words"),
    path("redaktion/begriffe/<str:code>", words.scheme, name="desk_scheme"),
    path("redaktion/begriffe/<str:code>/<str:word>", words.term, name="desk_term"),
    path("redaktion/ohne-treffer", misses.show, name="desk_misses"),
    path("redaktion/ohne-treffer/<str:public_id>", misses.decide, name="desk_settle_miss"),
    path("redaktion/dubletten", duplicates.show, name="desk_duplicates"),
    path("redaktion/dubletten/<str:public_id>", duplicates.decide, name="desk_decide"),
    path("redaktion/zusammenfuehrungen/<str:public_id>/zurueck", duplicates.undo, name="desk_undo_merge"),
    path("redaktion/regionen", regions.show, name="desk_regions"),
    path("redaktion/regionen/<str:public_id>", regions.decide, name="desk_succession"),
    path("redaktion/loesungen/<str:public_id>", solutions.show, name="desk_solution"),
    path("redaktion/loesungen/<str:public_id>/<slug:step>", solutions.step, name="desk_solution_step"),
    path("befunde/<str:public_id>", findings.show, name="findings"),
    path("loesungen/<str:public_id>/nutzung", uses.show, name="confirm_use"),
]
