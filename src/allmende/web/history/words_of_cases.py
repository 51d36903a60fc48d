"""German words for what entries about needs and market explorations say beside their kind."""

from collections.abc import Mapping
from typing import Any

from allmende.demand.models.outcomes import OUTCOMES
from allmende.exploration.models import MatrixEntry
from allmende.exploration.models.cases import CASE_ROLES
from allmende.exploration.states import CANDIDATE
from allmende.exploration.steps import STEPS
from allmende.vocabulary.queries import labels

DETAILS: Mapping[str, str] = {
    "asked": "gefragte Unternehmen",
    "basis": "Grundlage",
    "before": "vorher",
    "case": "Markterkundung",
    "corrected": "berichtigt",
    "count": "Anzahl",
    "criterion": "Kriterium",
    "digest": "Prüfsumme",
    "dropped": "entfernt",
    "due_on": "fällig am",
    "entries": "Einträge",
    "form": "Form",
    "has_conflict": "Interessenkonflikt",
    "hits_before": "Treffer vorher",
    "is_done": "fertig",
    "is_offered": "wird angeboten",
    "join_until": "Beitritt bis",
    "joint": "gemeinsamer Bedarf",
    "minutes": "Minuten",
    "need": "Bedarf",
    "not_asked": "nicht angesprochen",
    "page": "Seite",
    "provider": "Anbieter",
    "public": "öffentlicher Schlüssel",
    "questions": "Fragen",
    "record": "Dokumentation",
    "remedied": "Folge festgehalten",
    "result": "Ergebnis",
    "shared": "allen mitgeteilt",
    "silent": "ohne Antwort",
    "solutions": "Lösungen",
    "step": "Schritt",
    "suggested": "Vorschläge",
    "taken_back": "zurückgeholt",
    "told": "erinnert",
    "version": "Fassung",
    "without_confidential": "ohne vertrauliche Antworten",
}
SUBJECTS: Mapping[str, str] = {
    "audit_access": "Einsicht für die Prüfung",
    "candidate": "Kandidat",
    "case": "Markterkundung",
    "company_question": "Rückfrage",
    "frozen_record": "Dokumentation",
    "inquiry": "Anfrage",
    "joining": "Beitritt",
    "joint_need": "gemeinsamer Bedarf",
    "logged_search": "Recherche",
    "need": "Bedarf",
    "need_response": "Antwort auf einen Bedarf",
    "outcome": "Ergebnis",
    "question_set": "Fragensammlung",
    "questionnaire": "Fragebogen",
    "talk": "Gespräch",
}
PROGRAMS: Mapping[str, str] = {"demand": "Allmende von selbst", "exploration": "Allmende von selbst"}
_CODES: Mapping[str, Mapping[str, str]] = {
    "step": {step.code: step.title for step in STEPS.values()},
    "role": dict(CASE_ROLES),
    "kind": dict(OUTCOMES),
    "result": dict(MatrixEntry.RESULTS),
    "basis": dict(MatrixEntry.BASES),
    "state": dict(CANDIDATE.labels),
}


def said(name: str, value: Any) -> str:
    """The words that a code stands for; "" where it is none of ours."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if name == "reason":
        return labels("candidate_reason").get(str(value), "")
    if name == "procedure":
        return labels("award_procedure").get(str(value), "")
    return _CODES.get(name, {}).get(str(value), "")
