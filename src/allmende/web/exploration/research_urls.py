"""Addresses of the steps in which a town looks, chooses, talks and compares."""

from django.urls import path

from allmende.web.exploration.views import comparison, research, selection, talks

CASE = "markterkundungen/<str:public_id>"
LOOK, LIST, TALK, MATRIX = (f"{CASE}/{step}" for step in ("recherche", "auswahl", "gespraeche", "auswertung"))
CANDIDATE = f"{LIST}/<str:candidate_id>"

# Before the address of a case, which would take it for one.
FIRST = [path("markterkundungen/festhalten", research.keep, name="keep_search")]
urlpatterns = [
    path(LOOK, research.research, name="case_recherche"),
    path(f"{LOOK}/eintragen", research.look, name="case_look"),
    path(f"{LOOK}/suche", research.here, name="case_look_here"),
    path(f"{LOOK}/schnappschuss", research.snapshot, name="case_snapshot"),
    path(f"{LOOK}/schnappschuss-passend", research.snapshot_of_matches, name="case_snapshot_matches"),
    path(f"{LOOK}/<str:search_id>", research.one, name="case_search"),
    path(f"{LOOK}/<str:search_id>/berichtigen", research.look, name="case_look_again"),
    path(f"{LOOK}/<str:search_id>/auf-die-liste", research.add, name="case_add_from_search"),
    path(LIST, selection.selection, name="case_auswahl"),
    path(f"{LIST}/entscheiden", selection.decide_all, name="case_decide"),
    path(f"{LIST}/neu", selection.add, name="case_add"),
    path(CANDIDATE, selection.one, name="case_candidate"),
    path(f"{CANDIDATE}/nicht-angesprochen", selection.not_asked, name="case_not_asked"),
    path(TALK, talks.talks, name="case_gespraeche"),
    path(f"{TALK}/neu", talks.one, name="case_talk_new"),
    path(f"{TALK}/<str:talk_id>", talks.one, name="case_talk"),
    path(f"{TALK}/<str:talk_id>/mitgeteilt", talks.share, name="case_talk_share"),
    path(MATRIX, comparison.comparison, name="case_auswertung"),
    path(f"{MATRIX}/tabelle.xlsx", comparison.as_file, name="case_matrix_xlsx"),
    path(
        f"{MATRIX}/anforderungen.docx", comparison.requirements, {"ending": "docx"}, name="case_requirements"
    ),
    path(
        f"{MATRIX}/anforderungen.txt",
        comparison.requirements,
        {"ending": "txt"},
        name="case_requirements_txt",
    ),
    path(f"{MATRIX}/<str:candidate_id>/<str:criterion>", comparison.cell, name="case_cell"),
]
