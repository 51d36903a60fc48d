"""The long list, what was decided about each entry, and what has become of it since."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from allmende.catalogue.models import Edition, Solution
from allmende.catalogue.queries import final_target
from allmende.exploration.models import Candidate, Case
from allmende.exploration.steps import StepState
from allmende.organisations.models import Organisation

# § 28 VgV and § 20 UVgO name no number; the practice of explorations does.
ENOUGH_COMPANIES = 3
FEW_COMPANIES = (
    "Auf der kurzen Liste stehen weniger als drei Unternehmen. Fragen Sie möglichst mehrere: So verlangt es der "
    "Wettbewerb, und ein einzelnes Angebot zeigt keinen Markt. Gibt es nicht mehr, halten Sie fest, wo Sie gesucht "
    "haben."
)
FEW_COMPANIES_SOURCE = (
    "Grundsatz des Wettbewerbs: § 97 Absatz 1 GWB, § 2 Absatz 1 UVgO; Markterkundung: § 28 VgV, § 20 UVgO. "
    "Eine feste Zahl nennen sie nicht; drei ist eine Faustregel der Praxis. Stand 2026, keine Rechtsberatung."
)
NEWCOMERS = (
    "Schließen Sie niemanden allein deshalb aus, weil er neu am Markt ist oder noch keine bestätigten Einsätze hat. "
    "Sie können einen Neuling mit dem Grund „Neu am Markt und bewusst dabei“ auf der Liste lassen."
)
# Parts of an edition beside its values.
PARTS = {
    "name": "Name",
    "offers": "Angebote und Preise",
    "confirmed_uses": "bestätigte Nutzungen",
    "claimed_uses": "Nutzungen laut Quellen",
    "releases": "Versionen",
    "funding": "Förderung",
}


@dataclass(frozen=True)
class Drift:
    """What differs today from what was seen. `sentences` are German; `parts` are parts of the entry (`PARTS`), `fields`
    codes of fields whose value differs."""

    sentences: Sequence[str] = ()
    parts: Sequence[str] = ()
    fields: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.sentences or self.parts or self.fields)


NO_DRIFT = Drift()


def candidates_of(case: Case, state: str = "") -> QuerySet[Candidate]:
    """The list by name, with whom each belongs to; of one state of `CANDIDATE` only where it is named."""
    rows = Candidate.objects.filter(case=case)
    if state:
        rows = rows.filter(state=state)
    return rows.select_related(
        "solution__merged_into__merged_into", "company__merged_into", "offer", "search"
    ).order_by("solution_name", "company_name", "pk")


def decided(case: Case) -> Counter[str]:
    """How many of the list are in each state."""
    return Counter(case.candidates.values_list("state", flat=True))


def companies_kept(case: Case) -> int:
    """How many different companies the short list has; an entry without a company counts as one of its own."""
    rows = case.candidates.filter(state="kept").values_list("company_id", "company_name", "pk")
    # Keys of different tables may be the same number.
    return len(
        {
            ("company", company) if company else ("name", name) if name else ("entry", pk)
            for company, name, pk in rows
        }
    )


def few_companies(case: Case) -> bool:
    """Whether to warn: the list is decided, and fewer than three companies are left."""
    states = decided(case)
    return bool(states) and not states["open"] and companies_kept(case) < ENOUGH_COMPANIES


def step_state(case: Case) -> StepState:
    """Done when every entry is decided; few companies are told and do not stop anybody."""
    states = decided(case)
    if not states:
        return StepState("open", "Noch steht nichts auf der Liste.")
    if states["open"]:
        rest = "1 Eintrag" if states["open"] == 1 else f"{states['open']} Einträge"
        return StepState("begun", f"Über {rest} ist noch zu entscheiden.")
    return StepState("done", FEW_COMPANIES if companies_kept(case) < ENOUGH_COMPANIES else "")


def drift_of(candidates: Sequence[Candidate]) -> dict[int, Drift]:
    """What has changed since each came onto the list, by key. Two queries where editions differ, else none.

    The rows have to come from `candidates_of`, which loads solutions, offers and companies with them.
    """
    moved = [row for row in candidates if _has_new_edition(row)]
    contents = _contents(moved)
    return {row.pk: _drift(row, contents) for row in candidates}


def _has_new_edition(row: Candidate) -> bool:
    return (
        row.solution is not None
        and row.edition_number > 0
        and row.solution.edition_number != row.edition_number
    )


def _contents(rows: Iterable[Candidate]) -> Mapping[tuple[str, int], Mapping[str, Any] | None]:
    """Editions as they were seen and as they are; None for one that was redacted."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.solution is not None:
            numbers = wanted.setdefault(row.solution.public_id, set())
            numbers.update((row.edition_number, row.solution.edition_number))
    if not wanted:
        return {}
    asked = Q()
    for public_id, numbers in wanted.items():
        asked |= Q(subject_id=public_id, number__in=numbers)
    found = Edition.objects.filter(asked, subject_type=Solution.journal_type)
    return {
        (each.subject_id, each.number): json.loads(each.content) if each.content else None for each in found
    }


def _drift(row: Candidate, contents: Mapping[tuple[str, int], Mapping[str, Any] | None]) -> Drift:
    sentences = [*_of_solution(row.solution), *_of_company(row.company), *_of_offer(row)]
    parts: list[str] = []
    fields: list[str] = []
    if row.solution is not None and _has_new_edition(row):
        before = contents.get((row.solution.public_id, row.edition_number))
        after = contents.get((row.solution.public_id, row.solution.edition_number))
        if before is None:
            sentences.append(
                "Die gesehene Ausgabe ist im Katalog aus rechtlichen Gründen nicht mehr zu lesen."
            )
        elif after is not None:
            parts = [label for name, label in PARTS.items() if before.get(name) != after.get(name)]
            fields = _fields(before.get("values", {}), after.get("values", {}))
    return Drift(sentences, parts, fields) if sentences or parts or fields else NO_DRIFT


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _of_solution(solution: Solution | None) -> list[str]:
    if solution is None or solution.state == "published":
        return []
    if solution.state == "merged":
        return [f"Der Eintrag ist mit „{final_target(solution).name}“ zusammengeführt."]
    if solution.state == "withdrawn":
        return [f"Der Eintrag ist zurückgezogen: {solution.withdrawal_reason}"]
    return ["Der Eintrag ist nicht mehr veröffentlicht."]


def _of_company(company: Organisation | None) -> list[str]:
    if company is None:
        return []
    if company.merged_into is not None:
        return [f"Das Unternehmen steht jetzt unter „{company.merged_into.name}“."]
    return ["Das Unternehmen ist zurzeit gesperrt."] if company.state == "suspended" else []


def _of_offer(row: Candidate) -> list[str]:
    if row.offer is None or row.offer.state == "published":
        return []
    return ["Das Angebot ist nicht mehr veröffentlicht."]
