"""Addresses of the operator. What watches the site is answered before them: `health`."""

from django.urls import path

from allmende.web.operations import views

urlpatterns = [
    path("redaktion/betrieb", views.show, name="operations"),
    path("redaktion/betrieb/auftraege/<uuid:job_id>", views.decide, name="operations_job"),
]
