"""How it ended for one company, in sentences that it may read: its own result, and nothing of anybody else."""

from allmende.exploration.models import Candidate, Inquiry
from allmende.organisations.queries import standing_for
from allmende.vocabulary.queries import current as vocabulary

_KEPT = "Ihre Lösung bleibt auf der kurzen Liste. Über einen Auftrag ist damit noch nichts entschieden."
_DROPPED = "Ihre Lösung steht nicht mehr auf der kurzen Liste."
_NOT_ARRIVED = "Unsere Anfrage kam bei Ihnen nicht an. Für die Auswertung lag deshalb nichts von Ihnen vor."


def result_of(inquiry: Inquiry) -> list[str]:
    """Kept or dropped, with the structured reason; the town's own words about it stay in the file."""
    own = own_candidates(inquiry)
    if inquiry.state == "bounced":
        return [_NOT_ARRIVED]
    if any(each.state == "kept" for each in own):
        return [_KEPT]
    reasons = list(dict.fromkeys(_reason(each) for each in own if each.state == "dropped" and each.reason))
    return [_DROPPED, *reasons] if own else []


def own_candidates(inquiry: Inquiry) -> list[Candidate]:
    """All entries of the list behind which this company stands."""
    case = inquiry.questionnaire.case
    if inquiry.organisation is None:
        return [inquiry.candidate] if inquiry.candidate else []
    here = standing_for(inquiry.organisation)
    rows = Candidate.objects.filter(case=case).select_related("company__merged_into")
    return [each for each in rows if each.company is not None and standing_for(each.company) == here]


def _reason(candidate: Candidate) -> str:
    label = vocabulary().labels("candidate_reason").get(candidate.reason, candidate.reason)
    about = f" Es geht um: {candidate.criterion_label}." if candidate.criterion_label else ""
    return f"Der Grund: {label}.{about}"
