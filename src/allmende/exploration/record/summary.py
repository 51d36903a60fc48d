"""What will be frozen, counted part by part: for whoever approves."""

from dataclasses import dataclass

from allmende.exploration.models import Answer, Case, Inquiry
from allmende.files.queries import all_documents_about


@dataclass(frozen=True)
class Part:
    """`step` is the step whose page shows it, "" where it has none."""

    label: str
    count: int
    step: str = ""


def summary_of(case: Case) -> list[Part]:
    """A fixed number of queries."""
    inquiries = Inquiry.objects.filter(questionnaire__case=case)
    answered, silent = (inquiries.filter(state=state).count() for state in ("answered", "silent"))
    return [
        Part("Beteiligte", case.members.count(), "zustaendigkeit"),
        Part("Erklärungen zu Interessenkonflikten", case.declarations.count(), "zustaendigkeit"),
        Part("Recherchen", case.searches.count(), "recherche"),
        Part("Einträge der langen Liste", case.candidates.count(), "auswahl"),
        Part("davon auf der kurzen Liste", case.candidates.filter(state="kept").count(), "auswahl"),
        Part("angefragte Unternehmen", inquiries.count(), "ansprache"),
        Part("beantwortete Anfragen", answered, "ansprache"),
        Part("Anfragen ohne Antwort", silent, "ansprache"),
        Part("vertrauliche Antworten", _confidential(case), "ansprache"),
        Part("Gespräche", case.talks.count(), "gespraeche"),
        Part("Schätzungen des Auftragswerts", case.estimates.count(), "auftragswert"),
        Part("Vorbefassungen", case.involvements.count(), "vorbefassung"),
        Part("Abweichungen", case.deviations.count()),
        Part("Anlagen", len(all_documents_about(case.journal_type, case.public_id))),
    ]


def _confidential(case: Case) -> int:
    return Answer.objects.filter(inquiry__questionnaire__case=case, is_confidential=True).count()
