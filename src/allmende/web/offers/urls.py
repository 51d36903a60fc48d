"""Addresses of self-service: German words, what is new before what has an id."""

from django.urls import path

from allmende.web.offers import desk
from allmende.web.offers.views import begin, claims, documents, finishing, importing, published, writing

urlpatterns = [
    path("angebote", published.every, name="offers"),
    path("angebote/neu", begin.new, name="offer_new"),
    path("angebote/neu/loesung", begin.new_solution, name="offer_new_solution"),
    path("angebote/neu/zu/<str:public_id>", begin.new_offer, name="offer_new_for"),
    path("angebote/einlesen", importing.show, name="offer_import"),
    path("angebote/<str:public_id>", writing.overview, name="offer_draft"),
    path("angebote/<str:public_id>/seite/<slug:code>", writing.step, name="offer_step"),
    path("angebote/<str:public_id>/seite/<slug:code>/sichern", writing.autosave, name="offer_autosave"),
    path("angebote/<str:public_id>/unterlagen", documents.of_draft, name="offer_draft_documents"),
    path("angebote/<str:public_id>/vorschau", finishing.preview, name="offer_preview"),
    path("angebote/<str:public_id>/pruefen", finishing.review, name="offer_review"),
    path("angebote/<str:public_id>/abgeben", finishing.hand_in, name="offer_hand_in"),
    path("angebote/<str:public_id>/zurueckholen", finishing.back, name="offer_take_back"),
    path("angebote/<str:public_id>/verwerfen", finishing.give_up, name="offer_drop"),
    path("angebot/<str:public_id>/bearbeiten", published.edit, name="offer_edit"),
    path("angebot/<str:public_id>/unterlagen", documents.of_offer, name="offer_documents"),
    path("unterlagen/<str:public_id>/entfernen", documents.remove, name="document_remove"),
    path("angebot/<str:public_id>/erneuern", published.renew, name="offer_renew"),
    path("angebot/<str:public_id>/zurueckziehen", published.withdraw, name="offer_withdraw"),
    path("aenderungen/<str:public_id>/antwort", published.answer_desk, name="offer_answer"),
    path("loesungen/<str:public_id>/uebernehmen", claims.show, name="claim_entry"),
    path("loesungen/<str:public_id>/zurueckziehen", claims.withdraw, name="own_entry_withdraw"),
    path("loesungen/<str:public_id>/angaben", published.own_entry, name="offer_own_entry"),
    path("redaktion/angebote", desk.checks, name="desk_checks"),
    path("redaktion/angebote/<str:public_id>", desk.check, name="desk_check"),
    path("redaktion/angebote/<str:public_id>/vorschau", desk.check_preview, name="desk_check_preview"),
    path("redaktion/angebote/<str:public_id>/veroeffentlichen", desk.publish, name="desk_check_publish"),
    path("redaktion/angebote/<str:public_id>/zurueckgeben", desk.give_back, name="desk_check_return"),
    path("redaktion/aenderungen", desk.edits, name="desk_edits"),
    path("redaktion/aenderungen/<str:public_id>", desk.edit, name="desk_edit"),
    path("redaktion/aenderungen/<str:public_id>/entscheiden", desk.decide_edit, name="desk_edit_decide"),
    path("redaktion/uebernahmen", desk.claims, name="desk_claims"),
    path("redaktion/uebernahmen/<str:public_id>", desk.claim, name="desk_claim"),
    path("redaktion/uebernahmen/<str:public_id>/entscheiden", desk.decide_claim, name="desk_claim_decide"),
]
