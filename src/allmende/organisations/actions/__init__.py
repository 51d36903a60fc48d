"""Every write about organisations, as verbs."""

from allmende.organisations.actions.absences import end_absence, report_absence
from allmende.organisations.actions.accreditation import for_region, register, restore, suspend
from allmende.organisations.actions.applying import apply_for, claim_town, take_over
from allmende.organisations.actions.claims import (
    accept_claim,
    enter_code,
    note_returned_letter,
    refuse_claim,
    send_letter,
    withdraw_claim,
)
from allmende.organisations.actions.invitations import accept_invitation, invite, withdraw_invitation
from allmende.organisations.actions.joining import (
    accept_request,
    admit,
    confirm_domain,
    join,
    propose_domain,
    refuse_request,
    remove_domain,
    withdraw_request,
)
from allmende.organisations.actions.leaving import leave
from allmende.organisations.actions.logos import remove_logo, set_logo
from allmende.organisations.actions.merging import confirm_merge, propose_merge, refuse_merge, undo_merge
from allmende.organisations.actions.profiles import save_profile
from allmende.organisations.actions.proposals import confirm_proposal, propose_role, refuse_proposal
from allmende.organisations.actions.roles import end_role, grant_role

__all__ = [
    "accept_claim",
    "accept_invitation",
    "accept_request",
    "admit",
    "apply_for",
    "claim_town",
    "confirm_domain",
    "confirm_merge",
    "confirm_proposal",
    "end_absence",
    "end_role",
    "enter_code",
    "for_region",
    "grant_role",
    "invite",
    "join",
    "leave",
    "note_returned_letter",
    "propose_domain",
    "propose_merge",
    "propose_role",
    "refuse_claim",
    "refuse_merge",
    "refuse_proposal",
    "refuse_request",
    "register",
    "remove_domain",
    "remove_logo",
    "report_absence",
    "restore",
    "save_profile",
    "send_letter",
    "set_logo",
    "suspend",
    "take_over",
    "undo_merge",
    "withdraw_claim",
    "withdraw_invitation",
    "withdraw_request",
]
