from .editions import Edition
from .identity import DuplicateSuspicion, Merge
from .listings import ClaimedUse, Contact, Funding, Listing, Origin, Release, Statement
from .offers import Offer, PriceRow
from .solutions import Solution, SolutionTerm, SolutionText
from .uses import ConfirmedUse

__all__ = [
    "ClaimedUse",
    "ConfirmedUse",
    "Contact",
    "DuplicateSuspicion",
    "Edition",
    "Funding",
    "Listing",
    "Merge",
    "Offer",
    "Origin",
    "PriceRow",
    "Release",
    "Solution",
    "SolutionTerm",
    "SolutionText",
    "Statement",
]
