"""Which solutions and offers fit a need, which needs fit an offer, which towns need the same, and why.

Pure where it counts: `order` is the written rule (docs/explanation/matching.md), `wanting` what is looked for. Nobody
pays for a place, and nothing here depends on who made or sells a solution.
"""

from allmende.demand.matching.finding import (
    Found,
    Match,
    WhyNot,
    match_one,
    matches,
    why_not,
)
from allmende.demand.matching.other_way import Fitting, needs_for, similar_needs
from allmende.demand.matching.wanting import Looking, context_of, looking_for

__all__ = [
    "Fitting",
    "Found",
    "Looking",
    "Match",
    "WhyNot",
    "context_of",
    "looking_for",
    "match_one",
    "matches",
    "needs_for",
    "similar_needs",
    "why_not",
]
