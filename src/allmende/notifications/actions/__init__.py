"""Every write about news, saved searches and how often somebody wants mail."""

from allmende.notifications.actions.mailing import mail_news
from allmende.notifications.actions.noticing import note
from allmende.notifications.actions.preferring import prefer, unsubscribe
from allmende.notifications.actions.reading import forget, read, read_all
from allmende.notifications.actions.searching import change_search, drop_search, look, save_search
from allmende.notifications.actions.waiting import mail_waiting

__all__ = [
    "change_search",
    "drop_search",
    "forget",
    "look",
    "mail_news",
    "mail_waiting",
    "note",
    "prefer",
    "read",
    "read_all",
    "save_search",
    "unsubscribe",
]
