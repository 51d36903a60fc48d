"""Every write of the catalogue, as verbs."""

from allmende.catalogue.actions.beforehand import Beforehand, look_ahead
from allmende.catalogue.actions.erasing import erase, erase_contact
from allmende.catalogue.actions.identity import decide_distinct, merge, suspect, undo_merge
from allmende.catalogue.actions.listings import mark_missing, mark_seen, withdraw_listing
from allmende.catalogue.actions.offers import change_offer, publish_offer, withdraw_offer
from allmende.catalogue.actions.origins import know_origin
from allmende.catalogue.actions.receiving import Received, receive
from allmende.catalogue.actions.solutions import restore, withdraw
from allmende.catalogue.actions.uses import confirm_use, end_use

__all__ = [
    "Beforehand",
    "Received",
    "change_offer",
    "confirm_use",
    "decide_distinct",
    "end_use",
    "erase",
    "erase_contact",
    "know_origin",
    "look_ahead",
    "mark_missing",
    "mark_seen",
    "merge",
    "publish_offer",
    "receive",
    "restore",
    "suspect",
    "undo_merge",
    "withdraw",
    "withdraw_listing",
    "withdraw_offer",
]
