"""Every write of the catalogue, as verbs."""

from allmende.catalogue.actions.beforehand import Beforehand, look_ahead
from allmende.catalogue.actions.checking import accept, publish_change, return_copy
from allmende.catalogue.actions.claims import claim, end_claim, grant_claim, refuse_claim
from allmende.catalogue.actions.documents import add_document, prepare_document, remove_document
from allmende.catalogue.actions.erasing import erase, erase_contact
from allmende.catalogue.actions.erasure_proposals import (
    carry_out_erasure,
    propose_erasure,
    refuse_erasure,
    take_back_erasure,
)
from allmende.catalogue.actions.giving_up import withdraw_own_entry
from allmende.catalogue.actions.identity import decide_distinct, merge, suspect, undo_merge
from allmende.catalogue.actions.later_edits import acknowledge, answer, ask_about
from allmende.catalogue.actions.listings import mark_missing, mark_seen, withdraw_listing
from allmende.catalogue.actions.missing import (
    attach_missing,
    decline_missing,
    enter_missing,
    name_missing,
    take_back_missing,
)
from allmende.catalogue.actions.offers import change_offer, publish_offer, withdraw_offer
from allmende.catalogue.actions.origins import know_origin
from allmende.catalogue.actions.receiving import Received, receive
from allmende.catalogue.actions.renewing import remind_of_renewals, renew_offer
from allmende.catalogue.actions.solutions import restore, withdraw
from allmende.catalogue.actions.uses import confirm_use, end_use
from allmende.catalogue.actions.working_copies import (
    begin_change,
    begin_new_solution,
    begin_offer,
    begin_solution_change,
    drop,
    save,
    submit,
    take_back,
)

__all__ = [
    "Beforehand",
    "Received",
    "accept",
    "acknowledge",
    "add_document",
    "answer",
    "ask_about",
    "attach_missing",
    "begin_change",
    "begin_new_solution",
    "begin_offer",
    "begin_solution_change",
    "carry_out_erasure",
    "change_offer",
    "claim",
    "confirm_use",
    "decide_distinct",
    "decline_missing",
    "drop",
    "end_claim",
    "end_use",
    "enter_missing",
    "erase",
    "erase_contact",
    "grant_claim",
    "know_origin",
    "look_ahead",
    "mark_missing",
    "mark_seen",
    "merge",
    "name_missing",
    "prepare_document",
    "propose_erasure",
    "publish_change",
    "publish_offer",
    "receive",
    "refuse_claim",
    "refuse_erasure",
    "remind_of_renewals",
    "remove_document",
    "renew_offer",
    "restore",
    "return_copy",
    "save",
    "submit",
    "suspect",
    "take_back",
    "take_back_erasure",
    "take_back_missing",
    "undo_merge",
    "withdraw",
    "withdraw_listing",
    "withdraw_offer",
    "withdraw_own_entry",
]
