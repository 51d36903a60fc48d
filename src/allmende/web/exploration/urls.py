"""Addresses of market explorations: a case, and under it one address for each step (`exploration.steps`)."""

from django.urls import path

from allmende.web.exploration import research_urls
from allmende.web.exploration.views import cases, sheets

CASE = "markterkundungen/<str:public_id>"

urlpatterns = [
    path("markterkundungen", cases.every, name="cases"),
    *research_urls.FIRST,
    path(CASE, cases.show, name="case"),
    # The sheet of a step, on whichever page it stands.
    path(f"{CASE}/<slug:code>/blatt", sheets.save, name="case_sheet"),
    path(f"{CASE}/<slug:code>/blatt/sichern", sheets.autosave, name="case_autosave"),
    path(f"{CASE}/plan/festlegen", sheets.fix, name="case_fix_plan"),
    *research_urls.urlpatterns,
    # One line a step. Whoever owns a step replaces its view and adds what hangs below it.
    path(f"{CASE}/bedarf", sheets.sheet, {"code": "bedarf"}, name="case_bedarf"),
    path(f"{CASE}/zustaendigkeit", sheets.sheet, {"code": "zustaendigkeit"}, name="case_zustaendigkeit"),
    path(f"{CASE}/wege", sheets.sheet, {"code": "wege"}, name="case_wege"),
    path(f"{CASE}/plan", sheets.sheet, {"code": "plan"}, name="case_plan"),
    path(f"{CASE}/ansprache", sheets.sheet, {"code": "ansprache"}, name="case_ansprache"),
    path(f"{CASE}/auftragswert", sheets.sheet, {"code": "auftragswert"}, name="case_auftragswert"),
    path(
        f"{CASE}/schlussfolgerung", sheets.sheet, {"code": "schlussfolgerung"}, name="case_schlussfolgerung"
    ),
    path(f"{CASE}/vorbefassung", sheets.sheet, {"code": "vorbefassung"}, name="case_vorbefassung"),
    path(f"{CASE}/freigabe", sheets.sheet, {"code": "freigabe"}, name="case_freigabe"),
    path(f"{CASE}/vergabe", sheets.sheet, {"code": "vergabe"}, name="case_vergabe"),
    path(f"{CASE}/nachlauf", sheets.sheet, {"code": "nachlauf"}, name="case_nachlauf"),
]
