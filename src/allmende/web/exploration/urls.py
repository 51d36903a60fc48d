"""Addresses of market explorations: a case, and under it one address for each step (`exploration.steps`)."""

from django.urls import path

from allmende.web.exploration.views import cases, sheets

CASE = "markterkundungen/<str:public_id>"

urlpatterns = [
    path("markterkundungen", cases.every, name="cases"),
    path(CASE, cases.show, name="case"),
    # One line a step. Whoever owns a step replaces its view and adds what hangs below it.
    path(f"{CASE}/bedarf", sheets.sheet, {"code": "bedarf"}, name="case_bedarf"),
    path(f"{CASE}/zustaendigkeit", sheets.sheet, {"code": "zustaendigkeit"}, name="case_zustaendigkeit"),
    path(f"{CASE}/wege", sheets.sheet, {"code": "wege"}, name="case_wege"),
    path(f"{CASE}/plan", sheets.sheet, {"code": "plan"}, name="case_plan"),
    path(f"{CASE}/recherche", sheets.sheet, {"code": "recherche"}, name="case_recherche"),
    path(f"{CASE}/auswahl", sheets.sheet, {"code": "auswahl"}, name="case_auswahl"),
    path(f"{CASE}/ansprache", sheets.sheet, {"code": "ansprache"}, name="case_ansprache"),
    path(f"{CASE}/gespraeche", sheets.sheet, {"code": "gespraeche"}, name="case_gespraeche"),
    path(f"{CASE}/auswertung", sheets.sheet, {"code": "auswertung"}, name="case_auswertung"),
    path(f"{CASE}/auftragswert", sheets.sheet, {"code": "auftragswert"}, name="case_auftragswert"),
    path(
        f"{CASE}/schlussfolgerung", sheets.sheet, {"code": "schlussfolgerung"}, name="case_schlussfolgerung"
    ),
    path(f"{CASE}/vorbefassung", sheets.sheet, {"code": "vorbefassung"}, name="case_vorbefassung"),
    path(f"{CASE}/freigabe", sheets.sheet, {"code": "freigabe"}, name="case_freigabe"),
    path(f"{CASE}/vergabe", sheets.sheet, {"code": "vergabe"}, name="case_vergabe"),
    path(f"{CASE}/nachlauf", sheets.sheet, {"code": "nachlauf"}, name="case_nachlauf"),
]
