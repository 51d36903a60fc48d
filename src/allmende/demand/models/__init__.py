"""Needs with their criteria and editions, what providers answer, joint needs, and what became of them."""

from allmende.demand.models.joint import Joining, JointNeed
from allmende.demand.models.matches import FoundMatch
from allmende.demand.models.needs import Need, NeedCriterion, NeedEdition
from allmende.demand.models.outcomes import Outcome
from allmende.demand.models.responses import NeedResponse

__all__ = [
    "FoundMatch",
    "Joining",
    "JointNeed",
    "Need",
    "NeedCriterion",
    "NeedEdition",
    "NeedResponse",
    "Outcome",
]
