from allmende.catalogue.models.editions import Edition
from allmende.catalogue.models.erasures import ErasureProposal
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
from allmende.catalogue.models.notices import Notice, NoticeContact
from allmende.catalogue.models.offers import PRICES_FOR, Offer, OfferContact, PriceRow
from allmende.catalogue.models.solutions import Solution, SolutionTerm, SolutionText
from allmende.catalogue.models.uses import ConfirmedUse, MissingSolution
from allmende.catalogue.models.working_copies import EntryClaim, LaterEdit, WorkingCopy

__all__ = [
    "PRICES_FOR",
    "ClaimedUse",
    "ConfirmedUse",
    "Contact",
    "DuplicateSuspicion",
    "Edition",
    "EntryClaim",
    "ErasureProposal",
    "Funding",
    "LaterEdit",
    "Listing",
    "Merge",
    "MissingSolution",
    "Notice",
    "NoticeContact",
    "Offer",
    "OfferContact",
    "Origin",
    "PriceRow",
    "Release",
    "Solution",
    "SolutionTerm",
    "SolutionText",
    "Statement",
    "SuppressedContact",
    "WorkingCopy",
]
