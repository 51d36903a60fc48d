"""Every write of the catalogue, as verbs."""

from .identity import decide_distinct, merge, suspect, undo_merge
from .listings import mark_missing, mark_seen, withdraw_listing
from .offers import change_offer, publish_offer, withdraw_offer
from .origins import know_origin
from .receiving import Received, receive
from .solutions import erase, restore, withdraw
from .uses import confirm_use, end_use

__all__ = [
    "Received",
    "change_offer",
    "confirm_use",
    "decide_distinct",
    "end_use",
    "erase",
    "know_origin",
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
