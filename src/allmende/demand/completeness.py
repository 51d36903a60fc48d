"""The pages of a need, and what is still missing before it can be published."""

from dataclasses import dataclass

from allmende.demand.criteria import CRITERIA, check_wanted, label_of
from allmende.demand.drafts import CriterionDraft, NeedDraft
from allmende.lib.refusals import Refused
from allmende.vocabulary.queries import current

STEPS = (
    "problem",
    "menschen",
    "handlungsfeld",
    "kriterien",
    "rahmen",
    "zusammenarbeit",
    "sichtbarkeit",
)
# Pages without which a need can be published.
OPTIONAL_STEPS = frozenset({"menschen", "kriterien", "rahmen", "zusammenarbeit"})


@dataclass(frozen=True)
class Gap:
    """Something missing or gone, and the page where it is mended. Each stands in the way of publishing."""

    step: str
    message: str


def gaps(draft: NeedDraft) -> list[Gap]:
    """What stands in the way of publishing, in the order of the pages."""
    found = []
    if not draft.problem:
        found.append(Gap("problem", "Beschreiben Sie das Problem."))
    if not draft.title:
        found.append(Gap("problem", "Geben Sie dem Bedarf einen Titel."))
    found += _fields(draft)
    found += [Gap("kriterien", message) for each in draft.criteria if (message := what_is_wrong(each))]
    if draft.budget_class and draft.budget_class not in current().known_codes("need_budget"):
        found.append(Gap("rahmen", "Wählen Sie das Budget neu aus: Diese Angabe gibt es nicht mehr."))
    return found


def what_is_wrong(said: CriterionDraft) -> str:
    """Why a criterion cannot be published, "" where it can: it has vanished, or its value has."""
    if not said.criterion:
        return ""
    criterion = CRITERIA.get(said.criterion)
    if criterion is None:
        return f"{label_of(said.criterion)}. Nehmen Sie es heraus oder sagen Sie es in eigenen Worten."
    try:
        check_wanted(criterion, said.wanted)
    except Refused as refusal:
        return refusal.message
    return ""


def _fields(draft: NeedDraft) -> list[Gap]:
    if not draft.fields_of_action:
        return [Gap("handlungsfeld", "Wählen Sie ein Handlungsfeld.")]
    known = current().known_codes("field_of_action")
    if all(code in known for code in draft.fields_of_action):
        return []
    return [Gap("handlungsfeld", "Wählen Sie das Handlungsfeld neu aus: Eines davon gibt es nicht mehr.")]
