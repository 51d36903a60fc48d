"""Organisations, the people in them, and how somebody comes to act for one."""

from allmende.organisations.models.bodies import EmailDomain, Organisation, PostalAddress
from allmende.organisations.models.claims import MOST_ATTEMPTS, Claim
from allmende.organisations.models.merges import OrganisationMerge
from allmende.organisations.models.people import Absence, Invitation, JoinRequest, Membership, RoleProposal
from allmende.organisations.models.profiles import MunicipalityProfile

__all__ = [
    "MOST_ATTEMPTS",
    "Absence",
    "Claim",
    "EmailDomain",
    "Invitation",
    "JoinRequest",
    "Membership",
    "MunicipalityProfile",
    "Organisation",
    "OrganisationMerge",
    "PostalAddress",
    "RoleProposal",
]
