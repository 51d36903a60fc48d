from allmende.catalogue.models.editions import Edition
from allmende.catalogue.models.identity import DuplicateSuspicion, Merge
from allmende.catalogue.models.listings import (
    ClaimedUse,
    Contact,
    Funding,
    Listing,
    Origin,
    Release,
    Statement,
    SuppressedContact,
)
from allmende.catalogue.models.offers import Offer, PriceRow
from allmende.catalogue.models.solutions import Solution, SolutionTerm, SolutionText
from allmende.catalogue.models.uses import ConfirmedUse

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
    "SuppressedContact",
]
