"""Addresses of market explorations: a case, and under it one address for each step (`exploration.steps`)."""

from django.urls import path

from allmende.web.exploration import asking_urls, record_urls, research_urls
from allmende.web.exploration.views import (
    attachments,
    cases,
    conclusions,
    estimates,
    handing_in,
    people,
    sheets,
)

CASE = "markterkundungen/<str:public_id>"

urlpatterns = [
    path("markterkundungen", cases.every, name="cases"),
    path("markterkundungen/neu", cases.new, name="case_new"),
    path("bedarfe/<str:need>/markterkundung", cases.begin, name="case_begin"),
    *research_urls.FIRST,
    path(CASE, cases.show, name="case"),
    path(f"{CASE}/angaben", cases.particulars, name="case_particulars"),
    path(f"{CASE}/fristen", cases.deadlines, name="case_deadlines"),
    path(f"{CASE}/abweichung", cases.deviation, name="case_deviation"),
    path(f"{CASE}/anlagen", attachments.show, name="case_attachments"),
    path(f"{CASE}/anlagen/<str:file>/entfernen", attachments.remove, name="case_attachment_remove"),
    path(f"{CASE}/beteiligte", people.add, name="case_member_add"),
    path(f"{CASE}/beteiligte/<str:person>/beenden", people.end, name="case_member_end"),
    path(f"{CASE}/erklaerung", people.declaration, name="case_declaration"),
    path(f"{CASE}/erklaerung/folge", people.remedy, name="case_remedy"),
    path(f"{CASE}/vorbefassung/vorschlagen", conclusions.suggest, name="case_involvement_suggest"),
    path(f"{CASE}/vorbefassung/<int:row>/entfernen", conclusions.drop, name="case_involvement_drop"),
    path(f"{CASE}/freigabe/vorlegen", handing_in.submit, name="case_submit"),
    path(f"{CASE}/freigabe/zurueckholen", handing_in.take_back, name="case_take_back"),
    path(f"{CASE}/freigabe/zurueckgeben", handing_in.give_back, name="case_return"),
    path(f"{CASE}/abbrechen", handing_in.stop, name="case_stop"),
    *record_urls.urlpatterns,
    # The sheet of a step, on whichever page it stands.
    path(f"{CASE}/<slug:code>/blatt", sheets.save, name="case_sheet"),
    path(f"{CASE}/<slug:code>/blatt/sichern", sheets.autosave, name="case_autosave"),
    path(f"{CASE}/plan/festlegen", sheets.fix, name="case_fix_plan"),
    *research_urls.urlpatterns,
    *asking_urls.urlpatterns,
    *asking_urls.desk_urlpatterns,
    # One line a step. Whoever owns a step replaces its view and adds what hangs below it.
    path(f"{CASE}/bedarf", cases.need, name="case_bedarf"),
    path(f"{CASE}/zustaendigkeit", people.show, name="case_zustaendigkeit"),
    path(f"{CASE}/wege", sheets.sheet, {"code": "wege"}, name="case_wege"),
    path(f"{CASE}/plan", sheets.plan, name="case_plan"),
    path(f"{CASE}/auftragswert", estimates.estimate, name="case_auftragswert"),
    path(f"{CASE}/verfahrensart", estimates.procedure, name="case_verfahrensart"),
    path(
        f"{CASE}/schlussfolgerung", sheets.sheet, {"code": "schlussfolgerung"}, name="case_schlussfolgerung"
    ),
    path(f"{CASE}/vorbefassung", conclusions.involvements, name="case_vorbefassung"),
    path(f"{CASE}/freigabe", handing_in.show, name="case_freigabe"),
    path(f"{CASE}/vergabe", conclusions.award, name="case_vergabe"),
    path(f"{CASE}/nachlauf", conclusions.follow_up, name="case_nachlauf"),
]
