"""Addresses of the operator. What watches the site is answered before them: `health`."""

from django.urls import path

from allmende.web.operations import retention, views

urlpatterns = [
    path("redaktion/betrieb", views.show, name="operations"),
    path("redaktion/betrieb/auftraege/<uuid:job_id>", views.decide, name="operations_job"),
    path("redaktion/betrieb/aufbewahrung", retention.show, name="retention"),
    path("redaktion/betrieb/aufbewahrung/<str:public_id>", retention.decide, name="retention_decide"),
]
