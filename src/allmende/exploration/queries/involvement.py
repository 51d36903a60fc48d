"""Companies that took part in the preparation, as far as the case itself knows it."""

from allmende.exploration.models import Candidate, Case, Inquiry, Talk

ANSWERED = "Hat den Fragebogen beantwortet."
TALKED = "Es gab ein Gespräch oder eine Vorführung."
Suggestion = tuple[str, Candidate | None, str, str]


def suggestions(case: Case) -> list[Suggestion]:
    """Company, candidate, how it took part and what it learned, for those without a row; by name."""
    found: dict[str, tuple[Candidate | None, list[str], list[str]]] = {}
    inquiries = Inquiry.objects.filter(questionnaire__case=case, state="answered")
    for inquiry in inquiries.select_related("candidate").order_by("pk"):
        _add(found, inquiry.company_name, inquiry.candidate, ANSWERED, "")
    for talk in Talk.objects.filter(case=case).select_related("candidate").order_by("pk"):
        _add(found, talk.company_name, talk.candidate, TALKED, talk.told_to_company)
    present = set(case.involvements.values_list("company_name", flat=True))
    return [
        (company, candidate, " ".join(how), "\n".join(knows))
        for company, (candidate, how, knows) in sorted(found.items())
        if company not in present
    ]


def _add(
    found: dict[str, tuple[Candidate | None, list[str], list[str]]],
    company: str,
    candidate: Candidate | None,
    how: str,
    knows: str,
) -> None:
    _, said, learned = found.setdefault(company, (candidate, [], []))
    if how not in said:
        said.append(how)
    if knows and knows not in learned:
        learned.append(knows)
