"""Addresses of needs: German words, what is fixed before what has an id."""

from django.urls import path

from allmende.web.demand.views import (
    finishing,
    joint,
    matches,
    outcomes,
    reading,
    responding,
    statistics,
    writing,
)

NEED = "bedarfe/<str:public_id>"
JOINT = "bedarfe/gemeinsam/<str:public_id>"

urlpatterns = [
    path("bedarfe", reading.listing, name="needs"),
    path("bedarfe/neu", writing.new, name="need_new"),
    path("bedarfe/eigene", reading.own_needs, name="own_needs"),
    path("bedarfe/antworten", responding.own, name="own_responses"),
    path("bedarfe/antworten/<str:public_id>/<slug:act>", responding.decide, name="need_response"),
    path("bedarfe/passend", matches.fitting_needs, name="fitting_needs"),
    path("bedarfe/statistik", statistics.page, name="needs_statistics"),
    path("bedarfe/statistik.csv", statistics.file, name="needs_statistics_file"),
    path("bedarfe/gemeinsam/beitritt/<str:public_id>/<slug:step>", joint.decide, name="joining_act"),
    path(JOINT, joint.show, name="joint"),
    path(f"{JOINT}/aendern", joint.change, name="joint_change"),
    path(f"{JOINT}/einladen", joint.invite, name="joint_invite"),
    path(f"{JOINT}/<slug:step>", joint.act, name="joint_act"),
    path(NEED, reading.show, name="need"),
    path(f"{NEED}/gemeinsam", joint.begin, name="need_joint"),
    path(f"{NEED}/ergebnis", outcomes.state, name="need_outcome"),
    path(f"{NEED}/loesungen", matches.fitting_solutions, name="need_matches"),
    path(f"{NEED}/ausgabe/<int:number>", reading.edition, name="need_edition"),
    path(f"{NEED}/bearbeiten", writing.overview, name="need_edit"),
    path(f"{NEED}/seite/<slug:code>", writing.step, name="need_step"),
    path(f"{NEED}/seite/<slug:code>/sichern", writing.autosave, name="need_autosave"),
    path(f"{NEED}/pruefen", finishing.review, name="need_review"),
    path(f"{NEED}/veroeffentlichen", finishing.hand_in, name="need_publish"),
    path(f"{NEED}/verwerfen", finishing.drop, name="need_drop"),
    path(f"{NEED}/zurueckziehen", finishing.withdraw_need, name="need_withdraw"),
    path(f"{NEED}/abschliessen", finishing.close_need, name="need_close"),
    path(f"{NEED}/vorlage", writing.copy, name="need_copy"),
    path(f"{NEED}/antworten", responding.answer, name="need_answer"),
]
