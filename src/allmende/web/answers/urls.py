"""Addresses for companies that are asked: by their account, and by a personal link."""

from django.urls import path

from allmende.web.answers import views

BY_ACCOUNT, BY_LINK = "anfragen/<str:public_id>", "anfrage/<str:token>"

urlpatterns = [
    path("anfragen", views.inbox, name="inquiries"),
    path(BY_ACCOUNT, views.own, name="inquiry"),
    path(f"{BY_ACCOUNT}/antworten", views.own_form, name="inquiry_answers"),
    path(f"{BY_ACCOUNT}/antworten/sichern", views.own_autosave, name="inquiry_autosave"),
    path(f"{BY_ACCOUNT}/drucken", views.own_print, name="inquiry_print"),
    path(BY_LINK, views.linked, name="inquiry_link"),
    path(f"{BY_LINK}/antworten", views.linked_form, name="inquiry_link_answers"),
    path(f"{BY_LINK}/antworten/sichern", views.linked_autosave, name="inquiry_link_autosave"),
    path(f"{BY_LINK}/drucken", views.linked_print, name="inquiry_link_print"),
]
