"""Addresses of the step in which a town asks companies, and of the question sets on the desk."""

from django.urls import path

from allmende.web.exploration.views import asking, asking_after, question_sets

CASE = "markterkundungen/<str:public_id>"
STEP = f"{CASE}/ansprache"
ONE = f"{STEP}/<str:questionnaire_id>"

urlpatterns = [
    path(STEP, asking.overview, name="case_ansprache"),
    path(f"{STEP}/neu", asking.begin, name="case_questionnaire_new"),
    path(ONE, asking.one, name="case_questionnaire"),
    path(f"{ONE}/fragen", asking.arrange, name="case_questions"),
    path(f"{ONE}/fragen/neu", asking.question, name="case_question_new"),
    path(f"{ONE}/fragen/<str:question_id>", asking.question, name="case_question"),
    path(f"{ONE}/unternehmen", asking.companies, name="case_recipients"),
    path(f"{ONE}/vorschau", asking.preview, name="case_preview"),
    path(f"{ONE}/antworten", asking_after.answers, name="case_answers"),
    path(f"{ONE}/nachweis", asking_after.proof, name="case_proof"),
    path(f"{ONE}/schritt", asking_after.step, name="case_asked_step"),
]
desk_urlpatterns = [
    path("redaktion/fragensammlungen", question_sets.every, name="desk_question_sets"),
    path("redaktion/fragensammlungen/<slug:code>", question_sets.one, name="desk_question_set"),
]
