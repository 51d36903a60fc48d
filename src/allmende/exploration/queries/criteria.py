"""What the need of a case asks for, as its steps speak of it."""

from allmende.demand.criteria import CRITERIA, label_of, told
from allmende.demand.models import NeedCriterion
from allmende.exploration.models import Case


def criteria_of(case: Case) -> list[NeedCriterion]:
    """The criteria in their order. One query."""
    return list(case.need.criteria.order_by("position"))


def in_words(criterion: NeedCriterion) -> str:
    """What is asked for, in one line: the town's own words, or the criterion with its value."""
    if criterion.text and not criterion.criterion:
        return criterion.text
    known = CRITERIA.get(criterion.criterion)
    return told(known, criterion.wanted) if known else label_of(criterion.criterion)


def labels_of(case: Case) -> dict[str, str]:
    """What each criterion says, by public id."""
    return {each.public_id: in_words(each) for each in criteria_of(case)}
