"""The one address of a file: its id decides, its name is there for people."""

from django.urls import path

from allmende.web.files import views

urlpatterns = [path("dateien/<str:public_id>/<str:name>", views.show, name="file")]
