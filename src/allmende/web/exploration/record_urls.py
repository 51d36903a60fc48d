"""Addresses of the record of a case: approving, what it gives out, and reading for an audit."""

from django.urls import path

from allmende.web.exploration.views import auditing, record

CASE = "markterkundungen/<str:public_id>"

urlpatterns = [
    path(f"{CASE}/freigabe/freigeben", record.approve_case, name="case_approve"),
    path(f"{CASE}/dokumentation", record.show, name="case_record"),
    path(f"{CASE}/dokumentation/lesen", record.read, name="case_record_read"),
    path(f"{CASE}/dokumentation/<slug:form>", record.export, name="case_export"),
    path(f"{CASE}/einsicht", auditing.accesses, name="case_accesses"),
    path(f"{CASE}/einsicht/<str:access>/beenden", auditing.end, name="case_access_end"),
    path("pruefung", auditing.every, name="audits"),
    path("pruefung/<str:public_id>", auditing.show, name="audit"),
    path("pruefung/<str:public_id>/dokumentation/<slug:form>", auditing.export, name="audit_export"),
]
